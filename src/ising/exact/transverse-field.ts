// Exact thermal averages of few spins in a transverse field: what path-integral samplers are measured by.

import { ArgumentError, ShapeError } from "../../errors.js";
import { replica } from "../model.js";
import { betas } from "./beta.js";
import { classicalEnergies } from "./distribution.js";
import type { HostModel } from "../model.js";
import type { Beta } from "./beta.js";
import type { Marginals } from "./marginals.js";

const MAX_SPINS = 10;

/** Exponent of one Chebyshev step: few terms, and no digits lost to states far above the lowest. */
const STEP = 8;
const TERMS = 36;

/** Options of {@link transverseField}. */
export type TransverseFieldOptions = {
  /** Γ, one or `[P]`, not negative. */
  readonly gamma: number | ArrayLike<number>;
  /** Inverse temperature, one or `[P]`. Default 1. */
  readonly beta?: Beta;
};

/** Exact averages of `exp(−βH)`. */
export type TransverseFieldMoments = Marginals & {
  /** ln tr exp(−βH), `[P]`. */
  readonly logZ: Float64Array;
  /** ⟨H⟩, `[P]`. */
  readonly energies: Float64Array;
  /** ⟨σᶻᵢ⟩, `[P, n]`. */
  readonly magnetisations: Float64Array;
  /** ⟨σᶻ_u σᶻ_v⟩ of the edges, `[P, E]`. */
  readonly correlations: Float64Array;
  /** ⟨σˣᵢ⟩, `[P, n]`. */
  readonly transverse: Float64Array;
};

type Hamiltonian = {
  readonly n: number;
  readonly gamma: number;
  /** (diagonal − centre) / radius, so that the spectrum lies in [−1, 1]. */
  readonly diagonal: Float64Array;
  readonly centre: number;
  readonly radius: number;
};

/** A column of exp(−βH/2): a unit vector times `exp(logScale)`. */
type Column = { readonly vector: Float64Array; readonly logScale: number };

/**
 * Exact averages of `H = E(σᶻ) − Γ Σ σˣᵢ` at inverse temperature β.
 *
 * @param of - a model of arrays with at most 10 spins
 * @param options - Γ and β
 * @throws ArgumentError for more spins, or for Γ negative or not finite
 * @remarks Every column of exp(−βH/2) is found by Chebyshev steps; nothing is diagonalised. Cost: O(4^n n β‖H‖).
 */
export function transverseField(
  of: HostModel,
  options: TransverseFieldOptions,
): TransverseFieldMoments {
  const { n } = of.graph;
  if (n > MAX_SPINS) {
    throw new ArgumentError(
      `transverseField: argument \`model\` must have at most ${MAX_SPINS} spins, but has ${n}: matrices of 2^${n} × 2^${n}. Use path-integral sampling.`,
    );
  }
  const gammas = gammasOf(of, options.gamma);
  const all = betas("transverseField", of, options.beta ?? 1);
  const edges = of.graph.edges.length / 2;
  const out = {
    logZ: new Float64Array(of.population),
    energies: new Float64Array(of.population),
    magnetisations: new Float64Array(of.population * n),
    correlations: new Float64Array(of.population * edges),
    transverse: new Float64Array(of.population * n),
  };
  all.forEach((beta, p) => {
    const one = averagesOf(replica(of, p), gammas[p]!, beta);
    out.logZ.set(one.logZ, p);
    out.energies.set(one.energies, p);
    out.magnetisations.set(one.magnetisations, p * n);
    out.correlations.set(one.correlations, p * edges);
    out.transverse.set(one.transverse, p * n);
  });
  return out;
}

function gammasOf(of: HostModel, gamma: number | ArrayLike<number>): Float64Array {
  const list =
    typeof gamma === "number"
      ? new Float64Array(of.population).fill(gamma)
      : Float64Array.from(gamma);
  if (list.length !== of.population) {
    throw new ShapeError(
      `transverseField: argument \`gamma\` must be a number or have one entry for each of the ${of.population} replicas, but has ${list.length}.`,
    );
  }
  const wrong = list.find((value) => !(value >= 0 && value < Infinity));
  if (wrong === undefined) return list;
  throw new ArgumentError(
    `transverseField: argument \`gamma\` must be finite and not negative, but is ${wrong}.`,
  );
}

function averagesOf(of: HostModel, gamma: number, beta: number): TransverseFieldMoments {
  const { n, edges } = of.graph;
  const E = classicalEnergies(of);
  const H = hamiltonian(n, E, gamma);
  const columns = Array.from(E, (_, x) => column(H, x, beta));
  // tr(A² O) with A = exp(−βH/2): the diagonal of A² is the squared length of its columns.
  const top = columns.reduce((most, { logScale }) => Math.max(most, logScale), -Infinity);
  const weights = columns.map(({ logScale }) => Math.exp(2 * (logScale - top)));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = (value: (x: number) => number): number =>
    weights.reduce((sum, weight, x) => sum + weight * value(x), 0) / total;
  const spin = (x: number, i: number): number => ((x >>> i) & 1 ? 1 : -1);
  const magnetisations = Float64Array.from({ length: n }, (_, i) => mean((x) => spin(x, i)));
  const correlations = Float64Array.from({ length: edges.length / 2 }, (_, e) =>
    mean((x) => spin(x, edges[2 * e]!) * spin(x, edges[2 * e + 1]!)),
  );
  const transverse = Float64Array.from({ length: n }, (_, i) =>
    mean((x) => overlap(columns[x]!.vector, i)),
  );
  const energy = mean((x) => E[x]!) - gamma * transverse.reduce((a, b) => a + b, 0);
  const logZ = 2 * top + Math.log(total);
  return {
    ...{ logZ: Float64Array.of(logZ), energies: Float64Array.of(energy) },
    ...{ magnetisations, correlations, transverse },
  };
}

/** vᵀ σˣᵢ v. */
function overlap(vector: Float64Array, i: number): number {
  return vector.reduce((sum, value, x) => sum + value * vector[x ^ (1 << i)]!, 0);
}

/** Scaled by bounds on the spectrum: the diagonal's, and nΓ beyond. */
function hamiltonian(n: number, E: Float64Array, gamma: number): Hamiltonian {
  const low = E.reduce((a, b) => Math.min(a, b)) - n * gamma;
  const high = E.reduce((a, b) => Math.max(a, b)) + n * gamma;
  const centre = (low + high) / 2;
  const radius = Math.max((high - low) / 2, 1e-300);
  const diagonal = E.map((value) => (value - centre) / radius);
  return { n, gamma: gamma / radius, diagonal, centre, radius };
}

/** exp(−βH/2) applied to a basis state. */
function column(H: Hamiltonian, x: number, beta: number): Column {
  const exponent = (beta / 2) * H.radius;
  const steps = Math.ceil(exponent / STEP);
  const coefficients = chebyshevCoefficients(steps === 0 ? 0 : exponent / steps);
  let vector = new Float64Array(H.diagonal.length);
  vector[x] = 1;
  let logScale = (-beta / 2) * H.centre;
  for (let step = 0; step < steps; step++) {
    vector = chebyshevStep(H, vector, coefficients);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    for (let y = 0; y < vector.length; y++) vector[y]! /= length;
    logScale += Math.log(length);
  }
  return { vector, logScale };
}

/** Those of exp(−a y) on [−1, 1]: I₀(a), then 2(−1)^k I_k(a). */
function chebyshevCoefficients(a: number): Float64Array {
  return Float64Array.from({ length: TERMS }, (_, k) => {
    let term = 1;
    for (let j = 1; j <= k; j++) term *= a / 2 / j;
    let bessel = 0;
    for (let m = 1; bessel + term !== bessel; m++) {
      bessel += term;
      term *= (a / 2) ** 2 / (m * (m + k));
    }
    return (k === 0 ? 1 : 2) * (k % 2 === 0 ? 1 : -1) * bessel;
  });
}

/** Σ c_k T_k(H) v by the three-term recurrence. */
function chebyshevStep(
  H: Hamiltonian,
  vector: Float64Array,
  coefficients: Float64Array,
): Float64Array<ArrayBuffer> {
  let before = vector;
  let now = multiply(H, vector);
  const out = new Float64Array(vector.length);
  for (let y = 0; y < out.length; y++) {
    out[y] = coefficients[0]! * before[y]! + coefficients[1]! * now[y]!;
  }
  for (let k = 2; k < coefficients.length; k++) {
    const next = multiply(H, now);
    for (let y = 0; y < out.length; y++) {
      next[y] = 2 * next[y]! - before[y]!;
      out[y]! += coefficients[k]! * next[y]!;
    }
    [before, now] = [now, next];
  }
  return out;
}

function multiply({ n, gamma, diagonal }: Hamiltonian, vector: Float64Array): Float64Array {
  const out = new Float64Array(vector.length);
  for (let x = 0; x < out.length; x++) {
    let flipped = 0;
    for (let i = 0; i < n; i++) flipped += vector[x ^ (1 << i)]!;
    out[x] = diagonal[x]! * vector[x]! - gamma * flipped;
  }
  return out;
}
