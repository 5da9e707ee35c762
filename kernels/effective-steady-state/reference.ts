// The effective equation in plain float64 loops, written as in README.md: the oracle of the other forms.

/** A vector of three components. */
export type Vector = readonly [number, number, number];

/** One sample and one output: N inputs with angles theta, phi and couplings J `[N][3][3]`. */
export type EffectiveProblem = {
  readonly theta: readonly number[];
  readonly phi?: readonly number[];
  readonly J: readonly (readonly (readonly number[])[])[];
  /** Γ; `Infinity` for the limit. */
  readonly gamma: number;
  readonly polarization: number;
};

/** h, M and beta of dr/dt = 2 h × r + (M r + beta) / Γ. */
export type EffectiveEquation = {
  readonly h: Vector;
  readonly M: readonly Vector[];
  readonly beta: Vector;
};

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const plus = (a: Vector, b: Vector, s = 1): Vector => [
  a[0] + s * b[0],
  a[1] + s * b[1],
  a[2] + s * b[2],
];
const apply = (M: readonly Vector[], x: Vector): Vector => [
  dot(M[0]!, x),
  dot(M[1]!, x),
  dot(M[2]!, x),
];

/** Jᵀ v. */
function transposed(J: readonly (readonly number[])[], v: Vector): Vector {
  const column = (l: number): number => J[0]![l]! * v[0] + J[1]![l]! * v[1] + J[2]![l]! * v[2];
  return [column(0), column(1), column(2)];
}

/** |x|² I - x xᵀ. */
function projector(x: Vector): Vector[] {
  const s = dot(x, x);
  return [0, 1, 2].map(
    (i) => [0, 1, 2].map((j) => (i === j ? s : 0) - x[i]! * x[j]!) as unknown as Vector,
  );
}

/** The coefficients of the effective equation (open-system derivation in README.md). */
export function effectiveEquation({
  theta,
  phi,
  J,
  polarization: z,
}: EffectiveProblem): EffectiveEquation {
  let h: Vector = [0, 0, 0];
  let beta: Vector = [0, 0, 0];
  let M: Vector[] = [h, h, h];
  theta.forEach((t, n) => {
    const [st, ct, sp, cp] = [
      Math.sin(t),
      Math.cos(t),
      Math.sin(phi?.[n] ?? 0),
      Math.cos(phi?.[n] ?? 0),
    ];
    const d = transposed(J[n]!, [st * cp, st * sp, ct]);
    const a = transposed(J[n]!, [-ct * cp, -ct * sp, st]);
    const b = transposed(J[n]!, [-sp, cp, 0]);
    h = plus(h, d, z);
    beta = plus(beta, cross(a, b), -16 * z);
    const [Pa, Pb, Pd] = [projector(a), projector(b), projector(d)];
    M = M.map((row, i) => plus(plus(plus(row, Pa[i]!, -8), Pb[i]!, -8), Pd[i]!, -4 * (1 - z * z)));
  });
  return { h, M, beta };
}

/** Steady Bloch vector of one output; NaN where it is not unique (u < 1e-12). */
export function effectiveSteadyState(problem: EffectiveProblem): Vector {
  const { h, M, beta } = effectiveEquation(problem);
  if (!(uniqueness(problem) > 1e-12)) return [NaN, NaN, NaN];
  if (problem.gamma === Infinity) {
    const s = -dot(h, beta) / dot(h, apply(M, h));
    return [s * h[0], s * h[1], s * h[2]];
  }
  const w: Vector = [2 * problem.gamma * h[0], 2 * problem.gamma * h[1], 2 * problem.gamma * h[2]];
  const Mw = apply(M, w);
  const adjugate = [cross(M[1]!, M[2]!), cross(M[2]!, M[0]!), cross(M[0]!, M[1]!)];
  const den = dot(M[0]!, adjugate[0]!) + dot(w, Mw);
  const sum = plus(plus(apply(adjugate, beta), w, dot(w, beta)), cross(Mw, beta), -1);
  return [-sum[0] / den, -sum[1] / den, -sum[2] / den];
}

/** u = -den / (m (m² + |w|²)), m = -tr M / 2: in (0, 1], and 0 where the steady state is not unique. */
export function uniqueness(problem: EffectiveProblem): number {
  const { h, M } = effectiveEquation(problem);
  const m = -(M[0]![0] + M[1]![1] + M[2]![2]) / 2;
  if (problem.gamma === Infinity) return -dot(h, apply(M, h)) / (m * dot(h, h));
  const w: Vector = [2 * problem.gamma * h[0], 2 * problem.gamma * h[1], 2 * problem.gamma * h[2]];
  const den = dot(M[0]!, cross(M[1]!, M[2]!)) + dot(w, apply(M, w));
  return -den / (m * (m * m + dot(w, w)));
}
