// Maps of density matrices on vectors of Pauli expectation values, `R_ij = tr(P_i E(P_j)) / 2^k`: real. Letters are
// digits I = 0, X = 1, Y = 2, Z = 3, the first wire slowest, so that the product of two words is their exclusive or.

import { adjoint, multiply, type MatrixData } from "../matrix.js";
import { pauliCoefficients } from "../observables.js";
import { allWords } from "./kraus.js";
import { pauliMatrix } from "../pauli.js";

/** The transfer matrix of a map given by its Kraus operators; of a unitary, by itself. */
export function transferMatrix(operators: readonly MatrixData[]): readonly (readonly number[])[] {
  const wires = Math.log2(operators[0]!.re.length);
  const columns = allWords(wires).map((word) => {
    const P = pauliMatrix(word);
    const images = operators.map((K) => multiply(multiply(K, P), adjoint(K)));
    const parts = images.map((own) => pauliCoefficients(own).map(({ coefficient }) => coefficient));
    return parts[0]!.map((_, i) => parts.reduce((sum, part) => sum + part[i]!, 0));
  });
  return columns.map((_, i) => columns.map((column) => column[i]!));
}

/** The index of the letters of a word. */
export function lettersIndex(word: string): number {
  return [...word].reduce((index, letter) => 4 * index + "IXYZ".indexOf(letter), 0);
}

/** One summand of a map: entry i takes `weights[i]` times entry `i ^ offset`. */
export type Summand = { readonly offset: number; readonly weights: Float32Array };

/** What `get` says of the letters of some wires, for each index of n wires. */
function onWires(wires: readonly number[], n: number, get: (own: number) => number): Float32Array {
  const shifts = wires.map((wire) => 2 * (n - 1 - wire));
  return Float32Array.from({ length: 4 ** n }, (_, index) =>
    get(shifts.reduce((own, shift) => 4 * own + ((index >> shift) & 3), 0)),
  );
}

/** A transfer matrix on some wires as summands on all: one for each offset that it has. */
export function summandsOf(
  R: readonly (readonly number[])[],
  wires: readonly number[],
  n: number,
): readonly Summand[] {
  return R.flatMap((_, delta) => {
    if (R.every((row, i) => Math.abs(row[i ^ delta]!) < 1e-14)) return [];
    const offset = wires.reduce((bits, wire, i) => {
      const letter = (delta >> (2 * (wires.length - 1 - i))) & 3;
      return bits | (letter << (2 * (n - 1 - wire)));
    }, 0);
    return [{ offset, weights: onWires(wires, n, (i) => R[i]![i ^ delta]!) }];
  });
}

/** `−i Q P` for letters Q and P, without the i of their product: the power of i of Q P. */
const POWER = [
  [0, 0, 0, 0],
  [0, 0, 1, 3],
  [0, 3, 0, 1],
  [0, 1, 3, 0],
] as const;

/**
 * The signs of a rotation `exp(−i θ P/2)`: words Q that anticommute with P become `cos θ Q + sin θ s_Q W` in
 * expectation, W = Q P up to its phase; `s` is 0 where they commute.
 */
export function rotationSigns(word: string): Summand {
  let powers: number[] = [0];
  for (const letter of word) {
    const P = "IXYZ".indexOf(letter);
    powers = powers.flatMap((power) => POWER.map((row) => (power + row[P]!) % 4));
  }
  // −i times i^power: i^(power + 3).
  const sign = [0, 1, 0, -1] as const;
  return { offset: lettersIndex(word), weights: Float32Array.from(powers, (power) => sign[power]!) }; // prettier-ignore
}
