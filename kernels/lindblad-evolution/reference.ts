// The evolution in plain float64 complex numbers: Taylor's series of the superoperator's action, in steps so short that
// each is exact to rounding. The oracle of the other forms.

/** A complex matrix by rows, as its parts. */
export type ComplexMatrix = {
  readonly re: readonly (readonly number[])[];
  readonly im: readonly (readonly number[])[];
};

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function build(
  n: number,
  entry: (i: number, j: number) => readonly [number, number],
): ComplexMatrix {
  const part = (p: 0 | 1): number[][] => range(n).map((i) => range(n).map((j) => entry(i, j)[p]));
  return { re: part(0), im: part(1) };
}

/** `A B`, `A† B` or `A B†`. */
function product(A: ComplexMatrix, B: ComplexMatrix, adjoint?: "A" | "B"): ComplexMatrix {
  const n = A.re.length;
  const entry = (X: ComplexMatrix, i: number, j: number, dagger: boolean): [number, number] =>
    dagger ? [X.re[j]![i]!, -X.im[j]![i]!] : [X.re[i]![j]!, X.im[i]![j]!];
  return build(n, (i, j) => {
    let [re, im] = [0, 0];
    for (const k of range(n)) {
      const [x, y] = entry(A, i, k, adjoint === "A");
      const [u, v] = entry(B, k, j, adjoint === "B");
      re += x * u - y * v;
      im += x * v + y * u;
    }
    return [re, im];
  });
}

/** `a A + b B` for real a and b. */
function combined(a: number, A: ComplexMatrix, b: number, B: ComplexMatrix): ComplexMatrix {
  return build(A.re.length, (i, j) => [
    a * A.re[i]![j]! + b * B.re[i]![j]!,
    a * A.im[i]![j]! + b * B.im[i]![j]!,
  ]);
}

const zero = (n: number): ComplexMatrix => build(n, () => [0, 0]);
const sum = (terms: readonly ComplexMatrix[], n: number): ComplexMatrix =>
  terms.reduce((a, b) => combined(1, a, 1, b), zero(n));

/** `(A + A†) / 2`. */
function hermitian(A: ComplexMatrix): ComplexMatrix {
  return build(A.re.length, (i, j) => [
    (A.re[i]![j]! + A.re[j]![i]!) / 2,
    (A.im[i]![j]! - A.im[j]![i]!) / 2,
  ]);
}

/** `G = −iH − ½ Σ L†L`. */
function generator(H: ComplexMatrix, jumps: readonly ComplexMatrix[]): ComplexMatrix {
  const n = H.re.length;
  const h = hermitian(H);
  const loss = sum(
    jumps.map((L) => product(L, L, "A")),
    n,
  );
  return build(n, (i, j) => [
    h.im[i]![j]! - loss.re[i]![j]! / 2,
    -h.re[i]![j]! - loss.im[i]![j]! / 2,
  ]);
}

const size = (A: ComplexMatrix): number =>
  Math.max(...A.re.map((row, i) => row.reduce((s, x, j) => s + Math.hypot(x, A.im[i]![j]!), 0)));

/** The Hermitian part of rho0, evolved for the time t. */
export function evolutionReference(
  H: ComplexMatrix,
  jumps: readonly ComplexMatrix[],
  rho0: ComplexMatrix,
  t: number,
): ComplexMatrix {
  const n = H.re.length;
  const G = generator(H, jumps);
  const derivative = (X: ComplexMatrix): ComplexMatrix => {
    const drift = combined(1, product(G, X), 1, product(X, G, "B"));
    const gains = jumps.map((L) => product(product(L, X), L, "B"));
    return combined(1, drift, 1, sum(gains, n));
  };
  const norm =
    2 * size(G) + jumps.reduce((s, L) => s + size(L) * size(product(L, L, "A")) ** 0.5, 0);
  const steps = Math.max(1, Math.ceil(norm * t));
  let rho = hermitian(rho0);
  for (let s = 0; s < steps; s++) {
    let term = rho;
    for (let k = 1; k <= 24; k++) {
      term = combined(t / steps / k, derivative(term), 0, term);
      rho = combined(1, rho, 1, term);
    }
  }
  return rho;
}
