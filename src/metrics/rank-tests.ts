// Whether one group of numbers is larger than another, by ranks: Wilcoxon's signed-rank test of pairs and the test of
// Mann and Whitney, each with an estimate of the shift and its interval (J. L. Hodges and E. L. Lehmann, Ann. Math.
// Statist. 34 (1963) 598). Exact with ties: the law is that of the ranks as they are.

import { ArgumentError } from "../errors.js";
import { choiceSumLaw, doubledRanks, subsetSumLaw, tails } from "./ranks.js";
import { checkSameLength, checkSamples } from "./samples.js";

/** What a comparison says. */
export type Comparison = {
  /** Two-sided: the probability of ranks as uneven as these or more if there is no difference. */
  readonly pValue: number;
  /** Hodges and Lehmann's estimate of by how much the first is larger. */
  readonly shift: number;
  /** Interval of the shift of at least the confidence asked for; infinite where there are too few numbers for it. */
  readonly interval: readonly [number, number];
  /** Probability that a number of the first is larger than one of the second (ties count half): ½ for no effect. */
  readonly superiority: number;
};

/** Options of both tests. */
export type ComparisonOptions = {
  /** Of the interval, in (0, 1). Default 0.95. */
  readonly confidence?: number;
};

/** More numbers than this together have no exact law here. */
const MOST = 200;

/**
 * Wilcoxon's signed-rank test of pairs, for example two methods with the same seeds. Pairs that are equal stand on
 * neither side. Exact.
 *
 * @param x - n numbers
 * @param y - n numbers, each the partner of one of `x`
 * @returns p-value, median shift `x − y` over Walsh averages, its interval; superiority counts pairs
 * @throws ShapeError if the lengths differ; ArgumentError if they are empty, not finite or more than 200
 */
export function signedRankTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: ComparisonOptions = {},
): Comparison {
  const where = "signedRankTest";
  checkSameLength(where, ["x", "y"], x, y);
  checkGroups(where, x, y, x.length);
  const differences = Float64Array.from({ length: x.length }, (_, i) => x[i]! - y[i]!);
  const unequal = differences.filter((d) => d !== 0);
  const ranks = doubledRanks(unequal.map(Math.abs));
  const statistic = ranks.reduce((sum, rank, i) => sum + (unequal[i]! > 0 ? rank : 0), 0);
  const untied = subsetSumLaw(Int32Array.from(differences, (_, i) => i + 1));
  return {
    pValue: twoSided(subsetSumLaw(ranks), statistic),
    ...shiftOf(walshAverages(differences), untied, alphaOf(where, options)),
    superiority: superiorityOf(differences),
  };
}

/**
 * The test of Mann and Whitney (Wilcoxon's rank-sum test) of two independent groups. Exact.
 *
 * @param x - n numbers
 * @param y - m numbers
 * @returns p-value, median of all `x_i − y_j`, its interval, and U/(n m) as superiority
 * @throws ArgumentError if one is empty, not finite, or they are more than 200 together
 */
export function mannWhitneyTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: ComparisonOptions = {},
): Comparison {
  const where = "mannWhitneyTest";
  checkGroups(where, x, y, x.length + y.length);
  const ranks = doubledRanks([...Array.from(x), ...Array.from(y)]);
  const statistic = ranks.subarray(0, x.length).reduce((a, b) => a + b, 0);
  const between = Float64Array.from(Array.from(x).flatMap((a) => Array.from(y, (b) => a - b)));
  // The number of pairs x > y without ties: the sum of n of the ranks 1 … n + m, less its smallest value.
  const least = (x.length * (x.length + 1)) / 2;
  const plain = choiceSumLaw(
    Int32Array.from(ranks, (_, i) => i + 1),
    x.length,
  );
  return {
    pValue: twoSided(choiceSumLaw(ranks, x.length), statistic),
    ...shiftOf(between, plain.subarray(least, least + between.length + 1), alphaOf(where, options)),
    superiority: superiorityOf(between),
  };
}

function checkGroups(
  where: string,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  count: number,
): void {
  checkSamples(where, "x", x);
  checkSamples(where, "y", y);
  if (count <= MOST) return;
  throw new ArgumentError(`${where}: the numbers must be at most ${MOST}, but are ${count}.`);
}

function alphaOf(where: string, { confidence = 0.95 }: ComparisonOptions): number {
  if (confidence > 0 && confidence < 1) return 1 - confidence;
  throw new ArgumentError(
    `${where}: argument \`confidence\` must lie between 0 and 1, but is ${confidence}.`,
  );
}

function twoSided(law: Float64Array, statistic: number): number {
  return Math.min(1, 2 * Math.min(...tails(law, statistic)));
}

function superiorityOf(differences: Float64Array): number {
  return (
    differences.reduce((sum, d) => sum + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0) / differences.length
  );
}

/** All means of two differences, each also with itself. */
function walshAverages(differences: Float64Array): Float64Array {
  const d = Array.from(differences);
  return Float64Array.from(d.flatMap((a, i) => d.slice(i).map((b) => (a + b) / 2)));
}

/** The median of values, and the two between which a count with this law leaves out α at most. */
function shiftOf(
  values: Float64Array,
  law: Float64Array,
  alpha: number,
): Pick<Comparison, "shift" | "interval"> {
  const sorted = values.sort();
  const middle = sorted.length >> 1;
  const shift =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  let outside = 0;
  let below = law[0]!;
  // With probability `below` at most so many values lie on the wrong side of the true shift.
  while (below <= alpha / 2) below += law[++outside]!;
  const interval: [number, number] =
    outside === 0
      ? [-Infinity, Infinity]
      : [sorted[outside - 1]!, sorted[sorted.length - outside]!];
  return { shift, interval };
}
