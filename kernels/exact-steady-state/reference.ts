// The full steady state in plain float64, written as in README.md: the oracle of the other forms.

import { pauliMaps, rates } from "./superoperators.js";
import type { Matrix } from "./superoperators.js";

/** A vector of three components. */
export type Vector = readonly [number, number, number];

/** One sample and one output: N inputs with angles theta, phi and couplings J `[N][3][3]`. */
export type ExactProblem = {
  readonly theta: readonly number[];
  readonly phi?: readonly number[];
  readonly J: readonly Matrix[];
  readonly gamma: number;
  readonly polarization: number;
};

/** Rows (a, -b, d) of one input's couplings in its own frame (v', -v'', v). */
export function frameCouplings(J: Matrix, theta: number, phi = 0): Vector[] {
  const [st, ct, sp, cp] = [Math.sin(theta), Math.cos(theta), Math.sin(phi), Math.cos(phi)];
  const frame = [
    [-ct * cp, -ct * sp, st],
    [sp, -cp, 0],
    [st * cp, st * sp, ct],
  ];
  const entry = (u: readonly number[], l: number): number =>
    u.reduce((sum, x, k) => sum + x * J[k]![l]!, 0);
  return frame.map((u) => [entry(u, 0), entry(u, 1), entry(u, 2)]);
}

/** A nonzero entry of C_k ⊗ A_l + A_k ⊗ C_l: from (i2, o2) of an input and the output to (i, o). */
type Term = {
  readonly to: readonly [i: number, o: number];
  readonly from: readonly [i2: number, o2: number];
  readonly k: number;
  readonly l: number;
  readonly factor: number;
};

/** The 108 terms of an input. */
function termsAt(polarization: number): Term[] {
  const { C, A } = pauliMaps(polarization);
  const unpolarized = pauliMaps(0);
  const terms: Term[] = [];
  const axes = [0, 1, 2, 3];
  for (const k of [0, 1, 2])
    for (const l of [0, 1, 2])
      for (const i of axes)
        for (const i2 of axes) {
          const [rotation, exchange] = [C[k]![i]![i2]!, A[k]![i]![i2]!];
          if (rotation === 0 && exchange === 0) continue;
          for (const o of axes)
            for (const o2 of axes) {
              const factor =
                rotation * unpolarized.A[l]![o]![o2]! + exchange * unpolarized.C[l]![o]![o2]!;
              if (factor !== 0) terms.push({ to: [i, o], from: [i2, o2], k, l, factor });
            }
        }
  return terms;
}

/** K of ds/dt = (K - Γ D) s: every input's couplings on its own axis and the last, that of the output. */
export function generator({ theta, phi, J, polarization }: ExactProblem): Float64Array[] {
  const N = theta.length;
  const K = Array.from({ length: 4 ** (N + 1) }, () => new Float64Array(4 ** (N + 1)));
  const terms = termsAt(polarization);
  theta.forEach((angle, n) => {
    const c = frameCouplings(J[n]!, angle, phi?.[n]);
    const step = 4 ** (N - n);
    // The other inputs as they are: components whose indices on both axes are 0.
    const others = Array.from(K.keys()).filter(
      (at) => Math.floor(at / step) % 4 === 0 && at % 4 === 0,
    );
    for (const { to, from, k, l, factor } of terms)
      for (const at of others)
        K[at + to[0] * step + to[1]]![at + from[0] * step + from[1]]! += c[k]![l]! * factor;
  });
  return K;
}

/** Solves A X = B by elimination with row pivots; both are overwritten, and B becomes X. */
export function solveInPlace(A: Float64Array[], B: Float64Array[]): void {
  const n = A.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(A[i]![k]!) > Math.abs(A[pivot]![k]!)) pivot = i;
    [A[k], A[pivot]] = [A[pivot]!, A[k]!];
    [B[k], B[pivot]] = [B[pivot]!, B[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = A[i]![k]! / A[k]![k]!;
      if (factor === 0) continue;
      subtract(A[i]!, A[k]!, factor, k);
      subtract(B[i]!, B[k]!, factor, 0);
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) subtract(B[k]!, B[j]!, A[k]![j]!, 0);
    B[k] = B[k]!.map((x) => x / A[k]![k]!);
  }
}

function subtract(row: Float64Array, other: Float64Array, factor: number, from: number): void {
  for (let j = from; j < row.length; j++) row[j]! -= factor * other[j]!;
}

/** Everything that the derivation names. */
export type ExactSteps = {
  readonly K: readonly Float64Array[];
  readonly D: readonly number[];
  /** A⁻¹ K_QP with A = D_Q - K_QQ/Γ, one row for each component of Q. */
  readonly X: readonly Float64Array[];
  /** Symmetric part of K_PQ X without its first column, which is beta. */
  readonly Ms: readonly Vector[];
  readonly beta: Vector;
  /** 2 Γ h and the axial vector of the antisymmetric part. */
  readonly w: Vector;
  readonly r: Vector;
  /** The other components of the state. */
  readonly rhoQ: readonly number[];
};

const dot = (a: readonly number[] | Float64Array, b: readonly number[]): number =>
  b.reduce((sum, x, i) => sum + a[i]! * x, 0);
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/**
 * r of (M + [w]×) r = -beta: -[adj(M) beta + w (w·beta) - (M w) × beta] / den, den = det M + w·M w; NaN where den is 0 to
 * rounding and the steady state not unique.
 */
function closedForm(M: readonly Vector[], w: Vector, beta: Vector): Vector {
  const apply = (rows: readonly Vector[], x: Vector): Vector => [
    dot(rows[0]!, x),
    dot(rows[1]!, x),
    dot(rows[2]!, x),
  ];
  const adjugate = [cross(M[1]!, M[2]!), cross(M[2]!, M[0]!), cross(M[0]!, M[1]!)];
  const Mw = apply(M, w);
  const [first, last] = [apply(adjugate, beta), cross(Mw, beta)];
  const den = dot(M[0]!, adjugate[0]!) + dot(w, Mw);
  const m = (M[0]![0] + M[1]![1] + M[2]![2]) / 2;
  if (!(Math.abs(den) > 1e-12 * Math.abs(m) * (m * m + dot(w, w)))) return [NaN, NaN, NaN];
  const part = (i: 0 | 1 | 2): number => -(first[i] + w[i] * dot(w, beta) - last[i]) / den;
  return [part(0), part(1), part(2)];
}

/** The full steady state with its intermediate results: P is the output alone, Q the rest. */
export function exactSteps(problem: ExactProblem): ExactSteps {
  const { gamma } = problem;
  const K = generator(problem);
  const D = rates(problem.theta.length);
  const A = K.slice(4).map((row, i) =>
    row.slice(4).map((x, j) => (i === j ? D[i + 4]! : 0) - x / gamma),
  );
  const X = K.slice(4).map((row) => row.slice(0, 4));
  solveInPlace(A, X);
  const B = [1, 2, 3].map((i) =>
    [0, 1, 2, 3].map((j) => X.reduce((sum, row, q) => sum + K[i]![q + 4]! * row[j]!, 0)),
  );
  const at = (i: number, j: number): number => B[i]![j + 1]!;
  const Ms = [0, 1, 2].map(
    (i) => [0, 1, 2].map((j) => (at(i, j) + at(j, i)) / 2) as unknown as Vector,
  );
  const turn = (i: number, j: number): number =>
    gamma * K[i + 1]![j + 1]! + (at(i, j) - at(j, i)) / 2;
  const w: Vector = [turn(2, 1), turn(0, 2), turn(1, 0)];
  const beta: Vector = [B[0]![0]!, B[1]![0]!, B[2]![0]!];
  const r = closedForm(Ms, w, beta);
  const rhoQ = X.map((row) => dot(row, [1, ...r]) / gamma);
  return { K, D, X, Ms, beta, w, r, rhoQ };
}

/** Steady Bloch vector of one output; NaN where it is not unique. */
export function exactSteadyState(problem: ExactProblem): Vector {
  return exactSteps(problem).r;
}
