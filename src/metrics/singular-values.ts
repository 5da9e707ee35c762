// Singular values of a square matrix and the Cholesky factor of a positive semidefinite one, in float64 on typed arrays.
// For the Fréchet distance; no tensors and no checks.
//
// Householder's reduction to a bidiagonal matrix, whose singular values are the eigenvalues of a symmetric tridiagonal
// matrix with zeros on its diagonal (G. Golub and W. Kahan, SIAM J. Numer. Anal. 2 (1965) 205), found by QL steps with
// implicit shifts (J. H. Wilkinson and C. Reinsch, Linear Algebra (1971), II/4).

/** Relative size below which the pivot of a semidefinite matrix is rounding. */
const PIVOT = 1e-14;

/** QL steps for one eigenvalue; a few are usual. */
const MOST_STEPS = 60;

/**
 * The lower factor of `A = L Lᵀ`. A pivot that is 0 up to rounding leaves its column 0, so that a singular covariance
 * has a factor, too.
 *
 * @param A - `[n, n]` row-major, symmetric, positive semidefinite
 * @param n - its size; cost n³/3
 */
export function choleskyFactor(A: Float64Array, n: number): Float64Array {
  const L = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, A[i * n + i]!);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = A[i * n + j]!;
      for (let k = 0, a = i * n, b = j * n; k < j; k++) rest -= L[a + k]! * L[b + k]!;
      if (i === j) L[i * n + i] = rest > PIVOT * n * largest ? Math.sqrt(rest) : 0;
      else if (L[j * n + j]! > 0) L[i * n + j] = rest / L[j * n + j]!;
    }
  }
  return L;
}

/**
 * `LᵀM` of two lower triangular matrices.
 *
 * @param L - `[n, n]`
 * @param M - `[n, n]`
 * @returns `[n, n]`; cost n³/3
 */
export function transposedProduct(L: Float64Array, M: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const factor = L[k * n + i]!;
      if (factor === 0) continue;
      for (let j = 0, from = k * n, to = i * n; j <= k; j++) out[to + j]! += factor * M[from + j]!;
    }
  }
  return out;
}

/**
 * The sum of all singular values, to rounding of the largest one.
 *
 * @param A - `[n, n]` row-major; destroyed
 * @param n - its size; cost 8 n³/3
 */
export function singularSum(A: Float64Array, n: number): number {
  const off = bidiagonal(A, n);
  const d = new Float64Array(2 * n);
  tridiagonalEigenvalues(d, off);
  // They come in pairs ±σ.
  return d.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
}

/** Reduces A to bidiagonal form; returns diagonal and superdiagonal in turn, and a last 0. */
function bidiagonal(A: Float64Array, n: number): Float64Array {
  const off = new Float64Array(2 * n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let i = k; i < n; i++) v[i] = A[i * n + k]!;
    off[2 * k] = reflector(v, k, n);
    reflectColumns(A, n, k, v, w);
    if (k + 1 === n) break;
    for (let j = k + 1; j < n; j++) v[j] = A[k * n + j]!;
    off[2 * k + 1] = reflector(v, k + 1, n);
    reflectRows(A, n, k, v);
  }
  return off;
}

/**
 * Turns `x[from…n)` into v with `H = 1 − v vᵀ`, `H x = α e₁`.
 *
 * @returns α
 */
function reflector(x: Float64Array, from: number, n: number): number {
  let squares = 0;
  for (let i = from; i < n; i++) squares += x[i]! * x[i]!;
  const first = x[from]!;
  const alpha = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  x[from] = first - alpha;
  // vᵀv = 2: |x − α e₁|² = 2 (|x|² − α x₁).
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares - alpha * first);
  for (let i = from; i < n; i++) x[i]! *= scale;
  return alpha;
}

/** `A ← (1 − v vᵀ) A` on rows k… and columns k + 1…. */
function reflectColumns(
  A: Float64Array,
  n: number,
  k: number,
  v: Float64Array,
  w: Float64Array,
): void {
  w.fill(0, k + 1);
  for (let i = k; i < n; i++) {
    const factor = v[i]!;
    for (let j = k + 1, at = i * n; j < n; j++) w[j]! += factor * A[at + j]!;
  }
  for (let i = k; i < n; i++) {
    const factor = v[i]!;
    for (let j = k + 1, at = i * n; j < n; j++) A[at + j]! -= factor * w[j]!;
  }
}

/** `A ← A (1 − v vᵀ)` on rows k + 1… and columns k + 1…. */
function reflectRows(A: Float64Array, n: number, k: number, v: Float64Array): void {
  for (let i = k + 1; i < n; i++) {
    let product = 0;
    for (let j = k + 1, at = i * n; j < n; j++) product += A[at + j]! * v[j]!;
    for (let j = k + 1, at = i * n; j < n; j++) A[at + j]! -= product * v[j]!;
  }
}

/**
 * Eigenvalues of a symmetric tridiagonal matrix.
 *
 * @param d - diagonal; afterwards the eigenvalues, in no order
 * @param e - what stands beside it, `e[i]` between i and i + 1, and one spare entry; destroyed
 */
export function tridiagonalEigenvalues(d: Float64Array, e: Float64Array): void {
  for (let l = 0; l < d.length; l++) {
    for (let step = 0; step < MOST_STEPS; step++) {
      const m = firstSplit(d, e, l);
      if (m === l) break;
      implicitStep(d, e, l, m);
    }
  }
}

/** The first place from l where the matrix falls apart. */
function firstSplit(d: Float64Array, e: Float64Array, l: number): number {
  let m = l;
  for (; m < d.length - 1; m++) {
    // Measured by the neighbours off the diagonal as well: on a diagonal of zeros they are all the size there is.
    const size =
      Math.abs(d[m]!) +
      Math.abs(d[m + 1]!) +
      (m > l ? Math.abs(e[m - 1]!) : 0) +
      Math.abs(e[m + 1]!);
    if (Math.abs(e[m]!) <= Number.EPSILON * size) break;
  }
  return m;
}

/** One QL step with Wilkinson's shift on the block l … m. */
function implicitStep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const ratio = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.sqrt(ratio * ratio + 1);
  let g = d[m]! - d[l]! + e[l]! / (ratio + (ratio < 0 ? -root : root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    [s, c] = [f / r, g / r];
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}
