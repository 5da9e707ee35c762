// The evolution in plain float64 complex numbers: Taylor's series of the superoperator's action, in steps so short that
// each is exact to rounding. The oracle of the other forms. A matrix is its real parts by rows, then the imaginary ones.

type Matrix = Float64Array;

/** `C += A B`, with A or B replaced by its adjoint if wanted. */
function addProduct(C: Matrix, A: Matrix, B: Matrix, n: number, adjoint?: "A" | "B"): void {
  const d = n * n;
  const [p, q] = [adjoint === "A", adjoint === "B"];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) {
        const [a, b] = [p ? k * n + i : i * n + k, q ? j * n + k : k * n + j];
        const [x, y] = [A[a]!, p ? -A[d + a]! : A[d + a]!];
        const [u, v] = [B[b]!, q ? -B[d + b]! : B[d + b]!];
        C[i * n + j]! += x * u - y * v;
        C[d + i * n + j]! += x * v + y * u;
      }
}

/** `(A + A†) / 2`. */
function hermitian(A: Matrix, n: number): Matrix {
  const d = n * n;
  return A.map((x, at) => {
    const [i, j] = [Math.floor((at % d) / n), at % n];
    return at < d ? (x + A[j * n + i]!) / 2 : (x - A[d + j * n + i]!) / 2;
  });
}

/** `G = −iH − ½ Σ L†L`. */
function generator(H: Matrix, jumps: readonly Matrix[], n: number): Matrix {
  const d = n * n;
  const loss = new Float64Array(2 * d);
  for (const L of jumps) addProduct(loss, L, L, n, "A");
  const h = hermitian(H, n);
  return loss.map((x, at) => (at < d ? h[d + at]! : -h[at - d]!) - x / 2);
}

/** `G X + X G† + Σ L X L†`. */
function derivative(G: Matrix, jumps: readonly Matrix[], X: Matrix, n: number): Matrix {
  const Y = new Float64Array(X.length);
  addProduct(Y, G, X, n);
  addProduct(Y, X, G, n, "B");
  for (const L of jumps) {
    const LX = new Float64Array(X.length);
    addProduct(LX, L, X, n);
    addProduct(Y, LX, L, n, "B");
  }
  return Y;
}

const squares = (A: Matrix): number => A.reduce((sum, x) => sum + x * x, 0);

/** The Hermitian part of rho0, evolved for the time t under the Hermitian part of H. */
export function evolutionReference(
  H: Matrix,
  jumps: readonly Matrix[],
  rho0: Matrix,
  n: number,
  t: number,
): Matrix {
  const G = generator(H, jumps, n);
  const norm = 2 * Math.sqrt(squares(G)) + jumps.reduce((sum, L) => sum + squares(L), 0);
  const steps = Math.max(1, Math.ceil((norm * t) / 2));
  let rho = hermitian(rho0, n);
  for (let s = 0; s < steps; s++) {
    let term = rho;
    for (let k = 1; k <= 22; k++) {
      term = derivative(G, jumps, term, n).map((x) => (x * t) / steps / k);
      rho = rho.map((x, i) => x + term[i]!);
    }
  }
  return rho;
}
