// Gaussian elimination with partial pivoting in plain float64 loops: the oracle of the other forms.

/** A matrix by rows. */
export type Matrix = readonly (readonly number[])[];

/** Adds `f` times one row to another. */
function combine(into: number[], from: readonly number[], f: number): void {
  from.forEach((value, j) => (into[j]! += f * value));
}

/** X of `A X = B`; not finite where a pivot is 0. */
export function linearSolveReference(A: Matrix, B: Matrix): number[][] {
  const n = A.length;
  const rows = A.map((row, i) => [...row, ...B[i]!]);
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[p]![k]!)) p = i;
    [rows[k], rows[p]] = [rows[p]!, rows[k]!];
    for (let i = k + 1; i < n; i++) combine(rows[i]!, rows[k]!, -rows[i]![k]! / rows[k]![k]!);
  }
  for (let k = n - 1; k >= 0; k--) {
    const pivot = rows[k]![k]!;
    rows[k] = rows[k]!.map((value) => value / pivot);
    for (let i = 0; i < k; i++) combine(rows[i]!, rows[k]!, -rows[i]![k]!);
  }
  return rows.map((row) => row.slice(n));
}

function norm1(A: Matrix): number {
  const sums = A[0]!.map((_, j) => A.reduce((sum, row) => sum + Math.abs(row[j]!), 0));
  return Math.max(...sums);
}

/** `1 / (‖A‖₁ ‖A⁻¹‖₁)` from the inverse itself. */
export function reciprocalConditionReference(A: Matrix): number {
  const identity = A.map((_, i) => A.map((__, j) => (i === j ? 1 : 0)));
  return 1 / (norm1(A) * norm1(linearSolveReference(A, identity)));
}
