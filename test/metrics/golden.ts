// The golden cases of the measures, typed. They were computed in float64 with NumPy.

import { readFileSync } from "node:fs";
import type { Points } from "../../src/metrics/index.js";
import type { Tolerance } from "../support/close-to.js";

type Case<Inputs, Expected> = Inputs & {
  readonly name: string;
  readonly expected: Expected;
  readonly tolerance: number;
};

type Numbers<Names extends string> = Readonly<Record<Names, number>>;
type Lists<Names extends string> = Readonly<Record<Names, readonly number[]>>;
type Rows<Names extends string> = Readonly<Record<Names, readonly (readonly [number, number])[]>>;

/** Distances of two histograms by the name of the function. */
export type Distances = Numbers<
  "hellinger" | "overlap" | "totalVariation" | "jensenShannon" | "jsDistance"
>;
type Interval = Numbers<"lo" | "hi" | "bins">;
type Neighbours = Numbers<"precision" | "recall" | "density" | "coverage">;
type PairOfSets = Numbers<
  "biased" | "unbiased" | "biasedSumOfKernels" | "medianHeuristicSigma" | "energyDistanceSquared"
>;
type Coverage = Numbers<"highQualityFraction" | "modesCovered"> & Lists<"nearest">;

const file = JSON.parse(
  readFileSync(new URL("../golden/metrics.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly name: string }[] };

/** All golden cases whose name starts with `start`; at least one. */
function cases(start: string): readonly unknown[] {
  const found = file.cases.filter((one) => one.name.startsWith(start));
  if (found.length === 0) throw new Error(`no golden case starts with ${start}`);
  return found;
}

/** Distances of given probabilities. */
export const givenProbabilities = cases("histogram distances") as readonly Case<
  Lists<"p" | "q">,
  Distances
>[];
/** One-dimensional histograms and their distances. */
export const histograms = cases("1-D histogram") as readonly Case<
  Lists<"x" | "y"> & Interval,
  Distances & Lists<"countsX" | "countsY">
>[];
/** Samples on the edges between bins. */
export const edges = cases("bin edges") as readonly Case<Lists<"x"> & Interval, Lists<"counts">>[];
/** Joint histograms and their distances. */
export const jointHistograms = cases("2-D histogram") as readonly Case<
  Rows<"x" | "y"> & Interval,
  Distances & Readonly<Record<"countsX" | "countsY", readonly (readonly number[])[]>>
>[];
/** Wasserstein and Kolmogorov-Smirnov distances of two samples. */
export const twoSamples = cases("W1 and KS") as readonly Case<
  Lists<"x" | "y">,
  Numbers<"w1" | "ks">
>[];
/** The same distances of a sample and a normal law. */
export const againstNormal = cases("W1 (midpoint quantiles)") as readonly Case<
  Lists<"x"> & Numbers<"mean" | "std">,
  Numbers<"w1" | "ks">
>[];
/** Measures of two sets of points. */
export const pointSets = cases("MMD^2") as readonly Case<
  Rows<"x" | "y"> & Numbers<"sigma"> & Lists<"sigmas">,
  PairOfSets
>[];
/** Precision, recall, density and coverage. */
export const neighbours = cases("precision") as readonly Case<
  Rows<"real" | "fake"> & Numbers<"k">,
  Neighbours
>[];
/** Samples and the modes of a mixture. */
export const modes = cases("mode coverage") as readonly Case<
  Rows<"samples" | "centres"> & Numbers<"std" | "minCount">,
  Coverage
>[];
type Matrix = readonly (readonly number[])[];

/** Inception Scores of rows of probabilities, one split or more. */
export const inceptionScores = cases("inception score,") as readonly Case<
  { readonly probs: Matrix; readonly splits?: number },
  Partial<Numbers<"is" | "mean" | "std">>
>[];
/** The ends of the Inception Score's range. */
export const scoreBounds = cases("inception score bounds") as readonly Case<
  Readonly<Record<"oneHot" | "constant", Matrix>>,
  Numbers<"isOneHot" | "isConstant">
>[];
/** Fréchet distances of samples. */
export const frechetSamples = [
  ...cases("Frechet distance of samples"),
  ...cases("Frechet distance, rank-deficient"),
] as readonly Case<
  Readonly<Record<"x" | "y", Matrix>>,
  Readonly<Record<"frechet", number>> & Partial<Numbers<"frechetEps1e-3" | "frechetEps1e-6">>
>[];
/** Fréchet distances of given moments. */
export const frechetMoments = [
  ...cases("Frechet distance, commuting"),
  ...cases("Frechet distance, general"),
] as readonly Case<
  Lists<"mean1" | "mean2"> & Readonly<Record<"cov1" | "cov2", Matrix>>,
  Numbers<"frechet">
>[];
/** Straight lines through points. */
export const lines = cases("line fit") as readonly Case<
  Rows<"points">,
  Numbers<"slope" | "intercept" | "residualStd" | "pearson">
>[];

/** The golden tolerance, absolute and relative. */
export function toleranceOf({ tolerance }: { readonly tolerance: number }): Tolerance {
  return { rtol: tolerance, atol: tolerance };
}

/** Rows of two coordinates as points. */
export function pointsOf(rows: readonly (readonly [number, number])[]): Points {
  return { values: rows.flat(), width: 2 };
}

/** Rows of any width as points. */
export function matrixOf(rows: readonly (readonly number[])[]): Points {
  return { values: rows.flat(), width: rows[0]!.length };
}

/** The first and the second coordinates of points. */
export function coordinatesOf(
  rows: readonly (readonly [number, number])[],
): [x: number[], y: number[]] {
  return [rows.map(([x]) => x), rows.map(([, y]) => y)];
}
