// Checks that matrices given by users are what they must be: square on their wires, unitary, Hermitian.

import { ArgumentError, ShapeError } from "../errors.js";
import { adjoint, identityMatrix, largestDifference, multiply, type MatrixData } from "./matrix.js";

const TOLERANCE = 1e-6;

/** Throws unless the matrix is 2^k × 2^k and finite. */
export function checkSquare(where: string, A: MatrixData, wires: number): void {
  const size = 2 ** wires;
  const square = [A.re, A.im].every(
    (part) => part.length === size && part.every((row) => row.length === size),
  );
  if (!square) {
    throw new ShapeError(
      `${where}: argument \`matrix\` must be ${size} × ${size} on ${wires} wires, but is ${A.re.length} × ${A.re[0]?.length ?? 0}.`,
    );
  }
  if ([A.re, A.im].some((part) => part.some((row) => !row.every(Number.isFinite)))) {
    throw new ArgumentError(
      `${where}: argument \`matrix\` must be finite, but has NaN or Infinity.`,
    );
  }
}

/** Throws unless `A† A = 1` to 1e-6. */
export function checkUnitary(where: string, A: MatrixData, wires: number): void {
  checkSquare(where, A, wires);
  const off = largestDifference(multiply(adjoint(A), A), identityMatrix(A.re.length));
  if (off <= TOLERANCE) return;
  throw new ArgumentError(
    `${where}: argument \`matrix\` must be unitary, but A†A differs from the identity by ${off.toExponential(1)}.`,
  );
}

/** Throws unless `|A − A†| ≤ 1e-6 max|A|`. */
export function checkHermitian(where: string, A: MatrixData, wires: number): void {
  checkSquare(where, A, wires);
  const zero = { re: A.re.map((row) => row.map(() => 0)), im: A.im.map((row) => row.map(() => 0)) };
  const [off, size] = [largestDifference(A, adjoint(A)), largestDifference(A, zero)];
  if (off <= TOLERANCE * size) return;
  throw new ArgumentError(
    `${where}: argument \`matrix\` must be Hermitian, but A differs from A† by ${off.toExponential(1)}.`,
  );
}
