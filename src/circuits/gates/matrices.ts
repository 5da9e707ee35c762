// Matrices of the gates that are not controlled forms of others, in float64, straight from their definitions.

import { diagonalMatrix, matrix, matrixOf, multiply, type MatrixData } from "../matrix.js";
import { pauliMatrix } from "../pauli.js";

const R = Math.SQRT1_2;

const cis = (t: number): readonly [number, number] => [Math.cos(t), Math.sin(t)];

/** `exp(−i t P/2)` of a Pauli word. */
export function pauliRotation(word: string, t: number): MatrixData {
  const P = pauliMatrix(word);
  const [c, s] = [Math.cos(t / 2), Math.sin(t / 2)];
  return matrixOf(P.re.length, (i, j) => [
    (i === j ? c : 0) + s * P.im[i]![j]!,
    0 - s * P.re[i]![j]!,
  ]);
}

/** `RZ(c) RY(b) RZ(a)`. */
export function rotMatrix(a: number, b: number, c: number): MatrixData {
  return multiply(pauliRotation("Z", c), multiply(pauliRotation("Y", b), pauliRotation("Z", a)));
}

/** `e^{ig} [[c, −e^{il} s], [e^{ip} s, e^{i(p+l)} c]]`. */
export function u3Matrix(t: number, p: number, l: number, g = 0): MatrixData {
  const [c, s] = [Math.cos(t / 2), Math.sin(t / 2)];
  const entry = (size: number, angle: number): readonly [number, number] => [
    size * Math.cos(angle),
    size * Math.sin(angle),
  ];
  const entries = [
    [entry(c, g), entry(-s, g + l)],
    [entry(s, g + p), entry(c, g + p + l)],
  ];
  return matrixOf(2, (i, j) => entries[i]![j]!);
}

/** `diag(1, e^{it})`. */
export function phaseMatrix(t: number): MatrixData {
  return diagonalMatrix([1, Math.cos(t)], [0, Math.sin(t)]);
}

/** A 2 × 2 block `[[a, b], [b', a]]` of complex entries on two basis states, the identity elsewhere. */
function onPair(
  size: number,
  [first, second]: readonly [number, number],
  block: readonly (readonly (readonly [number, number])[])[],
): MatrixData {
  const place = (k: number): number => (k === first ? 0 : k === second ? 1 : -1);
  return matrixOf(size, (i, j) => {
    const [row, column] = [place(i), place(j)];
    if (row < 0 || column < 0) return [i === j ? 1 : 0, 0];
    return block[row]![column]!;
  });
}

/** A gate on (01, 10) with these diagonal and off-diagonal entries. */
export function exchange(
  diagonal: readonly [number, number],
  off: readonly [number, number],
): MatrixData {
  return onPair(4, [1, 2], [
    [diagonal, off],
    [off, diagonal],
  ]); // prettier-ignore
}

/** `[[c, −s], [s, c]]` on two basis states. */
export function givens(size: number, pair: readonly [number, number], t: number): MatrixData {
  const [c, s] = [Math.cos(t / 2), Math.sin(t / 2)];
  return onPair(size, pair, [
    [[c, 0], [0 - s, 0]],
    [[s, 0], [c, 0]],
  ]); // prettier-ignore
}

/** `PSWAP(t)`: `e^{it} X` on (01, 10). */
export function phaseSwap(t: number): MatrixData {
  return exchange([0, 0], cis(t));
}

/** `IsingXY(t)`: `[[c, i s], [i s, c]]` on (01, 10). */
export function isingXY(t: number): MatrixData {
  return exchange([Math.cos(t / 2), 0], [0, Math.sin(t / 2)]);
}

/** A gate without parameters. */
// prettier-ignore
export type ConstantGate =
  | "I" | "X" | "Y" | "Z" | "H" | "S" | "Sdg" | "T"
  | "Tdg" | "SX" | "SXdg" | "SWAP" | "ISWAP" | "SISWAP" | "ECR";

/** The matrices without parameters. */
// prettier-ignore
export const CONSTANT_MATRICES: Readonly<Record<ConstantGate, MatrixData>> = {
  I: matrix([[1, 0], [0, 1]]),
  X: matrix([[0, 1], [1, 0]]),
  Y: matrix([[0, 0], [0, 0]], [[0, -1], [1, 0]]),
  Z: matrix([[1, 0], [0, -1]]),
  H: matrix([[R, R], [R, -R]]),
  S: phaseMatrix(Math.PI / 2),
  Sdg: phaseMatrix(-Math.PI / 2),
  T: phaseMatrix(Math.PI / 4),
  Tdg: phaseMatrix(-Math.PI / 4),
  SX: matrix([[0.5, 0.5], [0.5, 0.5]], [[0.5, -0.5], [-0.5, 0.5]]),
  SXdg: matrix([[0.5, 0.5], [0.5, 0.5]], [[-0.5, 0.5], [0.5, -0.5]]),
  SWAP: exchange([0, 0], [1, 0]),
  ISWAP: exchange([0, 0], [0, 1]),
  SISWAP: exchange([R, 0], [0, R]),
  ECR: matrix(
    [[0, 0, R, 0], [0, 0, 0, R], [R, 0, 0, 0], [0, R, 0, 0]],
    [[0, 0, 0, R], [0, 0, R, 0], [0, -R, 0, 0], [-R, 0, 0, 0]],
  ),
};
