// A unitary matrix as a product of gates on one wire under control of all others: Givens rotations that take its
// columns to the identity, each between basis states that differ in one bit (Nielsen and Chuang, section 4.5).

import { matrixOf, multiply, type MatrixData } from "../matrix.js";
import type { Control } from "../operation.js";

/** `e^{i g} RZ(c) RY(b) RZ(a)` on one wire where the controls have their values; angles g, a, b, c. */
export type ControlledTurn = {
  readonly controls: readonly Control[];
  readonly wire: number;
  readonly angles: readonly [g: number, a: number, b: number, c: number];
};

type Entry = readonly [re: number, im: number];

const entry = (A: MatrixData, i: number, j: number): Entry => [A.re[i]![j]!, A.im[i]![j]!];
const argument = ([re, im]: Entry): number => Math.atan2(im, re);
const modulus = ([re, im]: Entry): number => Math.hypot(re, im);

const product = ([a, b]: Entry, [c, d]: Entry): Entry => [a * c - b * d, a * d + b * c];

/** The angles of a 2 × 2 unitary: the phase is half that of its determinant, the others those of what is left. */
export function eulerAngles(A: MatrixData): readonly [number, number, number, number] {
  const [p, r] = [entry(A, 0, 0), entry(A, 1, 0)];
  const [ps, qr] = [product(p, entry(A, 1, 1)), product(entry(A, 0, 1), r)];
  const g = argument([ps[0] - qr[0], ps[1] - qr[1]]) / 2;
  // p = e^{i(g − (a + c)/2)} cos(b/2), r = e^{i(g + (c − a)/2)} sin(b/2); one that vanishes has no say.
  const plus = modulus(p) < 1e-14 ? 0 : 2 * (g - argument(p));
  const minus = modulus(r) < 1e-14 ? 0 : 2 * (argument(r) - g);
  return [g, (plus - minus) / 2, 2 * Math.atan2(modulus(r), modulus(p)), (plus + minus) / 2];
}

/** A 2 × 2 block on basis states i and j. */
function embedded(size: number, i: number, j: number, block: MatrixData): MatrixData {
  const place = (k: number): number => (k === i ? 0 : k === j ? 1 : -1);
  return matrixOf(size, (row, column) => {
    const [r, c] = [place(row), place(column)];
    if (r < 0 || c < 0) return [row === column ? 1 : 0, 0];
    return entry(block, r, c);
  });
}

/** The basis states in an order in which neighbours differ in one bit. */
function gray(size: number): readonly number[] {
  return Array.from({ length: size }, (_, k) => k ^ (k >> 1));
}

/** The 2 × 2 unitary that takes (x, y) to (r, 0). */
function annihilator(x: Entry, y: Entry): MatrixData {
  const r = Math.hypot(modulus(x), modulus(y));
  const [a, b] = [[x[0] / r, x[1] / r], [y[0] / r, y[1] / r]] as const; // prettier-ignore
  return {
    re: [[a[0], b[0]], [-b[0], a[0]]],
    im: [[-a[1], -b[1]], [-b[1], a[1]]],
  }; // prettier-ignore
}

function adjointOf({ re, im }: MatrixData): MatrixData {
  return matrixOf(2, (i, j) => [re[j]![i]!, 0 - im[j]![i]!]);
}

/** The block on two neighbours as a controlled turn of the wire in which they differ. */
function turnOf(i: number, j: number, block: MatrixData, wires: readonly number[]): ControlledTurn {
  const last = wires.length - 1;
  const bit = Math.log2(i ^ j);
  const wire = wires[last - bit]!;
  const controls = wires.flatMap((own, at) =>
    own === wire ? [] : [{ wire: own, value: ((i >> (last - at)) & 1) as 0 | 1 }],
  );
  // The block's first state must be the one whose bit is 0.
  const upright =
    ((i >> bit) & 1) === 0 ? block : matrixOf(2, (r, c) => entry(block, 1 - r, 1 - c));
  return { controls, wire, angles: eulerAngles(upright) };
}

/** The gates whose product is the matrix, in time order. */
export function twoLevel(A: MatrixData, wires: readonly number[]): readonly ControlledTurn[] {
  const size = A.re.length;
  if (size === 2) return [{ controls: [], wire: wires[0]!, angles: eulerAngles(A) }];
  const order = gray(size);
  const undone: ControlledTurn[] = [];
  let rest = A;
  for (let column = 0; column < size - 1; column++) {
    for (let row = size - 1; row > column; row--) {
      const [i, j] = [order[row - 1]!, order[row]!];
      const [x, y] = [entry(rest, i, order[column]!), entry(rest, j, order[column]!)];
      if (modulus(y) < 1e-15) continue;
      const block = annihilator(x, y);
      rest = multiply(embedded(size, i, j, block), rest);
      undone.push(turnOf(i, j, adjointOf(block), wires));
    }
  }
  // What is left is diagonal: a phase for each of its entries, two by two.
  const phases = order.flatMap((i, k) => {
    if (k % 2 === 1) return [];
    const j = order[k + 1]!;
    const block = { re: [[rest.re[i]![i]!, 0], [0, rest.re[j]![j]!]], im: [[rest.im[i]![i]!, 0], [0, rest.im[j]![j]!]] }; // prettier-ignore
    return [turnOf(i, j, block, wires)];
  });
  return [...phases, ...undone.reverse()];
}
