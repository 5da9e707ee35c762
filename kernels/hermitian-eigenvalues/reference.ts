// Eigenvalues in plain float64: Jacobi's rotations on [[Re, -Im], [Im, Re]], a real symmetric matrix that has each
// eigenvalue twice. The oracle of the other forms.

/** Turns rows or columns p and q. */
function turn(A: number[][], p: number, q: number, c: number, s: number): void {
  for (const row of A) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  A[p]!.forEach((x, j) => {
    const y = A[q]![j]!;
    A[p]![j] = c * x - s * y;
    A[q]![j] = s * x + c * y;
  });
}

/** Eigenvalues of the Hermitian part of `re + i im`, the smallest first. */
export function hermitianEigenvaluesReference(
  re: readonly (readonly number[])[],
  im: readonly (readonly number[])[],
): number[] {
  const n = re.length;
  const entry = (i: number, j: number): number => {
    const [k, l] = [i % n, j % n];
    const [x, y] = [(re[k]![l]! + re[l]![k]!) / 2, (im[k]![l]! - im[l]![k]!) / 2];
    return i < n === j < n ? x : (i < n ? -1 : 1) * y;
  };
  const A = Array.from({ length: 2 * n }, (_, i) =>
    Array.from({ length: 2 * n }, (__, j) => entry(i, j)),
  );
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < 2 * n; p++)
      for (let q = p + 1; q < 2 * n; q++) {
        if (A[p]![q] === 0) continue;
        const theta = (A[q]![q]! - A[p]![p]!) / (2 * A[p]![q]!);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(1, theta));
        const c = 1 / Math.hypot(1, t);
        turn(A, p, q, c, t * c);
      }
  const all = A.map((row, i) => row[i]!).sort((a, b) => a - b);
  return all.filter((_, i) => i % 2 === 0);
}
