// The exponential in plain float64: Taylor's series of the matrix over a power of 2, squared. The oracle of the other
// forms.

/** A real matrix by rows. */
export type Matrix = readonly (readonly number[])[];

function product(A: Matrix, B: Matrix): number[][] {
  return A.map((row) => B[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * B[k]![j]!, 0)));
}

/** `exp(A)`. */
export function exponentialReference(A: Matrix): number[][] {
  const norm = Math.max(...A.map((row) => row.reduce((sum, x) => sum + Math.abs(x), 0)));
  const squarings = Math.max(0, Math.ceil(Math.log2(norm)) + 3);
  const X = A.map((row) => row.map((x) => x / 2 ** squarings));
  let term: number[][] = A.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  let sum = term;
  for (let k = 1; k < 20; k++) {
    term = product(term, X).map((row) => row.map((x) => x / k));
    sum = sum.map((row, i) => row.map((x, j) => x + term[i]![j]!));
  }
  for (let k = 0; k < squarings; k++) sum = product(sum, sum);
  return sum;
}
