// Small complex matrices in float64 on plain arrays, row-major: those of gates and observables. Not tensors.

/** A square complex matrix as data, row by row. */
export type MatrixData = {
  readonly re: readonly (readonly number[])[];
  readonly im: readonly (readonly number[])[];
};

/** The matrix with these entries; the imaginary part is 0 where it is not given. */
export function matrix(re: readonly (readonly number[])[], im?: MatrixData["im"]): MatrixData {
  return { re, im: im ?? re.map((row) => row.map(() => 0)) };
}

/** The matrix with these entries, computed from row and column. */
export function matrixOf(
  size: number,
  entry: (row: number, column: number) => readonly [number, number],
): MatrixData {
  const rows = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => entry(i, j)),
  );
  return {
    re: rows.map((row) => row.map(([x]) => x)),
    im: rows.map((row) => row.map(([, y]) => y)),
  };
}

/** A diagonal matrix. */
export function diagonalMatrix(re: readonly number[], im: readonly number[]): MatrixData {
  return matrixOf(re.length, (i, j) => (i === j ? [re[i]!, im[i]!] : [0, 0]));
}

/** `A B`. */
export function multiply(a: MatrixData, b: MatrixData): MatrixData {
  return matrixOf(a.re.length, (i, j) => {
    let [x, y] = [0, 0];
    for (let k = 0; k < a.re.length; k++) {
      const [ar, ai, br, bi] = [a.re[i]![k]!, a.im[i]![k]!, b.re[k]![j]!, b.im[k]![j]!];
      x += ar * br - ai * bi;
      y += ar * bi + ai * br;
    }
    return [x, y];
  });
}

/** `A†`. */
export function adjoint(a: MatrixData): MatrixData {
  // 0 - x, and not -x, spares the negative zeros that are ugly in files.
  return matrixOf(a.re.length, (i, j) => [a.re[j]![i]!, 0 - a.im[j]![i]!]);
}

/** The largest modulus of an entry of `A − B`. */
export function largestDifference(a: MatrixData, b: MatrixData): number {
  let largest = 0;
  a.re.forEach((row, i) => {
    row.forEach((x, j) => {
      largest = Math.max(largest, Math.hypot(x - b.re[i]![j]!, a.im[i]![j]! - b.im[i]![j]!));
    });
  });
  return largest;
}

/** The identity. */
export function identityMatrix(size: number): MatrixData {
  return matrixOf(size, (i, j) => [i === j ? 1 : 0, 0]);
}

/** The matrix that acts as A where all controls, listed first, have these values, and as the identity elsewhere. */
export function controlledMatrix(a: MatrixData, values: readonly number[]): MatrixData {
  const inner = a.re.length;
  const block = values.reduce((index, bit) => 2 * index + bit, 0) * inner;
  const inside = (k: number): boolean => k >= block && k < block + inner;
  return matrixOf(inner * 2 ** values.length, (i, j) =>
    inside(i) && inside(j)
      ? [a.re[i - block]![j - block]!, a.im[i - block]![j - block]!]
      : [i === j ? 1 : 0, 0],
  );
}
