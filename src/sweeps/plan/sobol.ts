// Points of the Sobol sequence by their index, shifted for a study. Knows no parameters.

import { ArgumentError } from "../../errors.js";
import { philoxInto, STREAMS } from "./philox.js";
import { DIRECTIONS } from "./sobol-directions.js";

/** Dimensions that have direction numbers. */
export const SOBOL_DIMENSIONS: number = DIRECTIONS.length;

const BITS = 32;

// m_k = 2a₁m_{k-1} ⊕ … ⊕ 2^s m_{k-s} ⊕ m_{k-s} with the polynomial's coefficients a; v_k = m_k 2^(32-k).
function vectorsOf([polynomial, ...first]: readonly [number, ...number[]]): Uint32Array {
  const degree = 31 - Math.clz32(polynomial);
  const v = new Uint32Array(BITS);
  for (let k = 0; k < BITS; k++) {
    const given = first[k];
    if (given !== undefined) v[k] = given << (BITS - 1 - k);
    else if (degree === 0) v[k] = 1 << (BITS - 1 - k);
    else {
      let next = v[k - degree]! ^ (v[k - degree]! >>> degree);
      for (let j = 1; j < degree; j++) {
        if ((polynomial >>> (degree - j)) & 1) next ^= v[k - j]!;
      }
      v[k] = next;
    }
  }
  return v;
}

const vectors: readonly Uint32Array[] = DIRECTIONS.map(vectorsOf);

/**
 * The 32 bits of coordinate d of point j: `⊕ v_k` over the bits k of `j ⊕ ⌊j/2⌋`; times 2⁻³² a number in [0, 1).
 *
 * @param j - index of the point, an integer ≥ 0 and < 2³²
 * @param d - dimension, below {@link SOBOL_DIMENSIONS}
 * @throws ArgumentError where one is out of range
 */
export function sobolWord(j: number, d: number): number {
  const v = vectors[d];
  if (v === undefined || !(j >= 0 && j < 2 ** 32)) {
    throw new ArgumentError(
      `sobolWord: arguments \`j\`, \`d\` must be below 2³² and ${String(SOBOL_DIMENSIONS)}, but are ${String(j)}, ${String(d)}.`,
    );
  }
  let gray = (j ^ (j >>> 1)) >>> 0;
  let word = 0;
  for (let k = 0; gray !== 0; k++, gray >>>= 1) {
    if (gray & 1) word ^= v[k]!;
  }
  return word >>> 0;
}

/** The digital shift of a study's coordinate d: without it, point 0 is a corner of the space. */
export function sobolShift(key: readonly [number, number], d: number): number {
  const words = new Uint32Array(4);
  philoxInto(key, 0, d, STREAMS.sobolShift, words);
  return words[0]!;
}
