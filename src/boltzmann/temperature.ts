// The inverse temperature at which samples of a known model were drawn, by maximum pseudo-likelihood, with bootstrap errors.

import { ArgumentError, ShapeError } from "../errors.js";
import { localFields } from "../ising/energies.js";
import { stream, uniformArray } from "../random.js";
import type { HostModel } from "../ising/model.js";
import type { SampleSet } from "../ising/sample-set.js";

/** Rows of spins and how often each was drawn. */
export type WeightedSamples = Pick<SampleSet, "samples"> & {
  /** `[rows]`, multiplicities, or probabilities of states. Default 1. */
  readonly numOccurrences?: ArrayLike<number>;
};

/** Options of {@link effectiveBeta}. */
export type EffectiveBetaOptions = {
  /** `[n]`, not 0 for spins that were held; they say nothing about the temperature. Default none. */
  readonly clamped?: ArrayLike<number>;
  /** Bootstrap samples of the rows; 0 gives no error. Default 100. */
  readonly bootstrap?: number;
  /** Of the bootstrap; its sample r draws from event r. Default 0. */
  readonly seed?: number;
};

/** An estimate of β. */
export type BetaEstimate = {
  readonly beta: number;
  /** Standard error by bootstrap; NaN where there is none: without bootstrap, or with weights that are not multiplicities. */
  readonly error: number;
  /** What is unusual about the samples; null if nothing is. */
  readonly warning: string | null;
};

/** Alignments x = s F of rows and sites, and the weights of the rows. */
type Alignments = {
  readonly x: Float64Array;
  readonly weights: Float64Array;
  readonly sites: number;
};

/**
 * The β of greatest pseudo-likelihood: the root of `g(β) = Σ x σ(−2 β x)` over samples and free sites, x = s_i F_i, F the
 * local field of the model. It needs neither log Z nor the sampler's cooperation.
 *
 * @param model - without population; use `replica(model, p)` and `set.ofModel(p)`
 * @param samples - a sample set, or spins with multiplicities or weights
 * @returns +∞ if no spin is against its field and some are along it, −∞ for the opposite, NaN if all fields are 0; negative,
 * with a warning, if spins are against their fields on average
 * @throws ShapeError if sizes disagree; ArgumentError for a population, no rows or negative weights
 * @see J. Raymond, S. Yarkoni and E. Andriyash, Frontiers in ICT 3, 23 (2016)
 */
export function effectiveBeta(
  model: HostModel,
  samples: WeightedSamples,
  options: EffectiveBetaOptions = {},
): BetaEstimate {
  const { bootstrap = 100, seed = 0 } = options;
  if (!Number.isInteger(bootstrap) || bootstrap < 0) {
    throw new ArgumentError(
      `effectiveBeta: argument \`bootstrap\` must be an integer of at least 0, but is ${bootstrap}.`,
    );
  }
  const alignments = alignmentsOf(model, samples, options.clamped);
  const special = specialCase(alignments);
  if (special !== null) return { ...special, error: NaN };
  const beta = root(alignments, alignments.weights, 0);
  return {
    beta,
    error: bootstrapError(alignments, beta, bootstrap, seed),
    warning:
      beta < 0
        ? "Spins are against their fields on average, so that the estimate is negative: is the sign of the model right?"
        : null,
  };
}

function alignmentsOf(
  model: HostModel,
  { samples, numOccurrences }: WeightedSamples,
  clamped: ArrayLike<number> | undefined,
): Alignments {
  const { n } = model.graph;
  if (model.population !== 1) {
    throw new ArgumentError(
      `effectiveBeta: argument \`model\` must be one model, but is a population of ${model.population}. Use replica(model, p) and set.ofModel(p).`,
    );
  }
  const fields = localFields(model, samples);
  const rows = samples.length / n;
  const free = Array.from({ length: n }, (_, i) => i).filter((i) => (clamped?.[i] ?? 0) === 0);
  checkLength("clamped", clamped, n);
  const sites = free.length;
  const x = new Float64Array(rows * sites);
  for (let row = 0; row < rows; row++) {
    free.forEach((i, at) => (x[row * sites + at] = samples[row * n + i]! * fields[row * n + i]!));
  }
  return { x, weights: checkedWeights(numOccurrences, rows), sites };
}

function checkedWeights(given: ArrayLike<number> | undefined, rows: number): Float64Array {
  checkLength("numOccurrences", given, rows);
  const weights = given === undefined ? new Float64Array(rows).fill(1) : Float64Array.from(given);
  const wrong = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong < 0 && weights.some((weight) => weight > 0)) return weights;
  throw new ArgumentError(
    "effectiveBeta: argument `samples` must hold rows with weights of at least 0, some of them positive, but " +
      (wrong < 0 ? "has no such row." : `row ${wrong} has weight ${weights[wrong]!}.`),
  );
}

function checkLength(name: string, given: ArrayLike<number> | undefined, length: number): void {
  if (given === undefined || given.length === length) return;
  throw new ShapeError(
    `effectiveBeta: argument \`${name}\` must have ${length} entries, but has ${given.length}.`,
  );
}

function specialCase({ x, weights, sites }: Alignments): Omit<BetaEstimate, "error"> | null {
  const counted = x.filter((_, at) => weights[Math.floor(at / sites)]! > 0);
  const along = counted.some((value) => value > 0);
  const against = counted.some((value) => value < 0);
  if (along && against) return null;
  if (along) {
    return {
      beta: Infinity,
      warning: "No spin is against its field: every large β fits the samples.",
    };
  }
  if (against) {
    return {
      beta: -Infinity,
      warning: "No spin is along its field: is the sign of the model right?",
    };
  }
  return { beta: NaN, warning: "All fields are 0: the samples say nothing about β." };
}

/** g and its derivative at β. */
function pseudoGradient(
  { x, sites }: Alignments,
  weights: Float64Array,
  beta: number,
): readonly [number, number] {
  let [value, slope] = [0, 0];
  for (const [row, weight] of weights.entries()) {
    if (weight === 0) continue;
    for (let at = row * sites; at < (row + 1) * sites; at++) {
      const own = x[at]!;
      const wrong = 1 / (1 + Math.exp(2 * beta * own));
      value += weight * own * wrong;
      slope -= 2 * weight * own * own * wrong * (1 - wrong);
    }
  }
  return [value, slope];
}

/**
 * Newton's method inside the bracket that has been seen, as g falls from positive to negative. Far from the root g is flat:
 * steps are then limited to a growth that reaches any β in few steps.
 */
function root(of: Alignments, weights: Float64Array, start: number): number {
  const unit = 1 / of.x.reduce((most, own) => Math.max(most, Math.abs(own)), 0);
  let [lo, hi, beta] = [-Infinity, Infinity, start];
  for (let step = 0; step < 200; step++) {
    const [value, slope] = pseudoGradient(of, weights, beta);
    if (value === 0) return beta;
    if (value > 0) lo = beta;
    else hi = beta;
    const reach = 2 * (Math.abs(beta) + unit);
    const newton = slope < 0 ? beta - value / slope : Math.sign(value) * Infinity;
    const next = Math.min(Math.max(newton, beta - reach), beta + reach);
    if (Math.abs(next - beta) <= 1e-14 * (Math.abs(beta) + unit)) return next;
    beta = next > lo && next < hi ? next : (lo + hi) / 2;
  }
  return beta;
}

/** Rows are the independent draws, not sites; a row of multiplicity k is k draws. */
function bootstrapError(of: Alignments, beta: number, count: number, seed: number): number {
  const { weights } = of;
  if (count < 2 || !weights.every((weight) => Number.isInteger(weight))) return NaN;
  const draws = Array.from(weights, (weight, row) => new Array<number>(weight).fill(row)).flat();
  const estimates = Float64Array.from({ length: count }, (_, r) => {
    const resampled = new Float64Array(weights.length);
    for (const u of uniformArray(stream(seed, "bootstrap", r), draws.length)) {
      resampled[draws[Math.floor(u * draws.length)]!]! += 1;
    }
    return specialCase({ ...of, weights: resampled })?.beta ?? root(of, resampled, beta);
  });
  const mean = estimates.reduce((a, b) => a + b, 0) / count;
  const squares = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (count - 1));
}
