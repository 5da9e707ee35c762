// The Inception Score of class probabilities, and how samples spread over the classes. The classifier is the caller's.

import { ArgumentError } from "../errors.js";
import { checkPoints, type Points } from "./samples.js";

/** An Inception Score. */
export type InceptionScore = {
  /** Mean over the splits, from 1 (all alike or all undecided) to the number of classes. */
  readonly score: number;
  /** Standard deviation over the splits (divisor: their number); 0 for one. */
  readonly std: number;
};

/** Samples per class, by the class of largest probability. */
export type ClassHistogram = {
  /** `[classes]`. */
  readonly counts: Int32Array;
  /** Fraction of samples in the rarest class. */
  readonly smallest: number;
  /** Fraction of samples in the commonest class. */
  readonly largest: number;
};

/** Rows of probabilities may miss a sum of 1 by this: they come from float32. */
const SUM_TOLERANCE = 1e-3;

/**
 * Inception Score `exp(mean_x KL(p(y|x) ‖ p(y)))` with natural logarithms, `0 ln 0 = 0`.
 *
 * @param probabilities - `p(y|x)`, a row per sample, one column a class
 * @param options - `splits`: parts of consecutive samples that are scored each by itself, default 1
 * @returns mean and standard deviation over the splits
 * @throws ArgumentError if a row is no probability, or there are fewer samples than splits
 * @see QAAAN eq. 17; T. Salimans et al., arXiv 1606.03498
 */
export function inceptionScore(
  probabilities: Points,
  { splits = 1 }: { readonly splits?: number } = {},
): InceptionScore {
  const n = checkProbabilities("inceptionScore", probabilities);
  if (!Number.isInteger(splits) || splits < 1 || splits > n) {
    throw new ArgumentError(
      `inceptionScore: argument \`splits\` must be an integer from 1 to the number of samples (${n}), but is ${splits}.`,
    );
  }
  const edges = Array.from({ length: splits + 1 }, (_, k) => Math.floor((k * n) / splits));
  const scores = edges.slice(1).map((end, k) => scoreOf(probabilities, edges[k]!, end));
  const score = scores.reduce((a, b) => a + b, 0) / splits;
  const variance = scores.reduce((sum, one) => sum + (one - score) ** 2, 0) / splits;
  return { score, std: Math.sqrt(variance) };
}

/** `exp(H(mean p) − mean H(p))` of the samples from `first` up to `end`. */
function scoreOf({ values, width }: Points, first: number, end: number): number {
  const mean = new Float64Array(width);
  let information = 0;
  for (let i = first * width; i < end * width; i++) {
    mean[i % width]! += values[i]! / (end - first);
    information += plogp(values[i]!) / (end - first);
  }
  return Math.exp(mean.reduce((sum, p) => sum - plogp(p), information));
}

function plogp(p: number): number {
  return p > 0 ? p * Math.log(p) : 0;
}

/**
 * Counts samples by their most probable class (the first one of equals).
 *
 * @param probabilities - a row per sample, one column a class
 * @returns counts, and the fractions of the rarest and the commonest class
 * @throws ArgumentError if a row is no probability
 */
export function classHistogram(probabilities: Points): ClassHistogram {
  const n = checkProbabilities("classHistogram", probabilities);
  const { values, width } = probabilities;
  const counts = new Int32Array(width);
  for (let row = 0; row < n; row++) {
    let best = 0;
    for (let k = 1; k < width; k++) {
      if (values[row * width + k]! > values[row * width + best]!) best = k;
    }
    counts[best]!++;
  }
  return { counts, smallest: Math.min(...counts) / n, largest: Math.max(...counts) / n };
}

function checkProbabilities(where: string, points: Points): number {
  const n = checkPoints(where, "probabilities", points);
  const { values, width } = points;
  for (let row = 0; row < n; row++) {
    let sum = 0;
    let isNegative = false;
    for (let k = 0; k < width; k++) {
      sum += values[row * width + k]!;
      isNegative ||= values[row * width + k]! < 0;
    }
    if (!isNegative && Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
    throw new ArgumentError(
      `${where}: argument \`probabilities\` must have rows of numbers ≥ 0 with sum 1, ` +
        `but row ${row} has ${isNegative ? "a negative number" : `sum ${sum}`}.`,
    );
  }
  return n;
}
