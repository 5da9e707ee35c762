// The steady state in plain float64 complex numbers, from the superoperator with columns stacked: the oracle of the
// other forms, which work with real coordinates.

/** A complex matrix by rows, as its parts. */
export type ComplexMatrix = {
  readonly re: readonly (readonly number[])[];
  readonly im: readonly (readonly number[])[];
};

type Entry = readonly [re: number, im: number];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const at = (A: ComplexMatrix, i: number, j: number): Entry => [A.re[i]![j]!, A.im[i]![j]!];

/** `conj(a) b`. */
const conjTimes = (a: Entry, b: Entry): Entry => [
  a[0] * b[0] + a[1] * b[1],
  a[0] * b[1] - a[1] * b[0],
];

function build(n: number, entry: (i: number, j: number) => Entry): ComplexMatrix {
  const part = (p: 0 | 1): number[][] => range(n).map((i) => range(n).map((j) => entry(i, j)[p]));
  return { re: part(0), im: part(1) };
}

/** `-i H - ½ Σ L† L` for the Hermitian part of H. */
function generator(H: ComplexMatrix, jumps: readonly ComplexMatrix[]): ComplexMatrix {
  const n = H.re.length;
  return build(n, (i, j) => {
    const [a, b] = [at(H, i, j), at(H, j, i)];
    let [re, im] = [(a[1] - b[1]) / 2, -(a[0] + b[0]) / 2];
    for (const L of jumps)
      for (const k of range(n)) {
        const [x, y] = conjTimes(at(L, k, i), at(L, k, j));
        re -= x / 2;
        im -= y / 2;
      }
    return [re, im];
  });
}

/** The superoperator `I ⊗ K + K* ⊗ I + Σ L* ⊗ L`, columns stacked. */
export function liouvillianReference(
  H: ComplexMatrix,
  jumps: readonly ComplexMatrix[],
): ComplexMatrix {
  const n = H.re.length;
  const K = generator(H, jumps);
  return build(n * n, (row, column) => {
    const [i, j] = [row % n, Math.floor(row / n)];
    const [k, l] = [column % n, Math.floor(column / n)];
    let [re, im] = [0, 0];
    const plus = (x: Entry): void => {
      re += x[0];
      im += x[1];
    };
    if (j === l) plus(at(K, i, k));
    if (i === k) plus([K.re[j]![l]!, -K.im[j]![l]!]);
    for (const L of jumps) plus(conjTimes(at(L, j, l), at(L, i, k)));
    return [re, im];
  });
}

/** `x` of `A x = b`, rows `[A | b]` in real numbers, by Gauss and Jordan with partial pivoting. */
function solveRows(rows: number[][]): number[] {
  rows.forEach((_, k) => {
    const below = rows.slice(k).map((row) => Math.abs(row[k]!));
    const p = k + below.indexOf(Math.max(...below));
    [rows[k], rows[p]] = [rows[p]!, rows[k]!];
    const pivot = rows[k].map((x) => x / rows[k]![k]!);
    rows.forEach((row, i) => {
      const factor = i === k ? 0 : row[k]!;
      rows[i] = i === k ? pivot : row.map((x, j) => x - factor * pivot[j]!);
    });
  });
  return rows.map((row) => row.at(-1)!);
}

/** The state rho with `𝓛 rho = 0` and trace 1; not finite where it is not unique. */
export function lindbladReference(
  H: ComplexMatrix,
  jumps: readonly ComplexMatrix[],
): ComplexMatrix {
  const n = H.re.length;
  const d = n * n;
  const L = liouvillianReference(H, jumps);
  const onDiagonal = (s: number): boolean => s % n === Math.floor(s / n);
  // 𝓛 + |σ)(1| in real numbers, [[Re, -Im], [Im, Re]], and σ behind it.
  const rows = range(2 * d).map((r) => {
    const row = range(2 * d).map((c) => {
      const [i, j] = [r % d, c % d];
      const same = r < d === c < d;
      const trace = same && onDiagonal(i) && onDiagonal(j) ? 1 / n : 0;
      return trace + (same ? L.re[i]![j]! : (r < d ? -1 : 1) * L.im[i]![j]!);
    });
    return [...row, r < d && onDiagonal(r) ? 1 / n : 0];
  });
  const x = solveRows(rows);
  return build(n, (i, j) => [x[i + n * j]!, x[d + i + n * j]!]);
}
