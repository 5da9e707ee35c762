// Laws with known formulas for generative models to learn: one-dimensional ones by their quantiles, mixtures, and sets
// in the plane. Rows are made of uniform numbers on the host, so that they have the same bits on every backend.

import { ArgumentError } from "../errors.js";
import { normalQuantile } from "../metrics/index.js";

/** A law of rows of d numbers. */
export type Law = {
  readonly columns: readonly string[];
  /** Uniform numbers that a row is made of. */
  readonly uniforms: number;
  /** The row of uniform numbers in (0, 1). */
  row(u: readonly number[]): readonly number[];
  /** The value below which a fraction p lies, for laws of one column and one uniform number where it is known. */
  readonly quantile?: (p: number) => number;
  /** Centres and width of the parts of a mixture. */
  readonly modes?: { readonly centres: readonly (readonly number[])[]; readonly std: number };
  /** The interval on which histograms show it. */
  readonly range: readonly [number, number];
  /** The law in words. */
  readonly words: string;
};

/** Names of laws of one column that are fixed by mean and standard deviation. */
export type NamedLaw = "normal" | "uniform" | "laplace" | "exponential" | "lognormal";

/** Shape of the log-normal law: standard deviation of the logarithm. */
const LOG_STD = 0.5;
const LOG_MEAN = Math.exp(LOG_STD ** 2 / 2);
const LOG_SPREAD = LOG_MEAN * Math.sqrt(Math.exp(LOG_STD ** 2) - 1);

/** Quantiles of the laws with mean 0 and standard deviation 1. */
const STANDARD: Readonly<Record<NamedLaw, (p: number) => number>> = {
  normal: normalQuantile,
  uniform: (p) => Math.sqrt(3) * (2 * p - 1),
  laplace: (p) => ((p < 0.5 ? 1 : -1) * Math.log(1 - Math.abs(2 * p - 1))) / Math.SQRT2,
  exponential: (p) => -Math.log1p(-p) - 1,
  lognormal: (p) => (Math.exp(LOG_STD * normalQuantile(p)) - LOG_MEAN) / LOG_SPREAD,
};

/** Names of {@link namedLaw}. */
export const NAMED_LAWS: readonly NamedLaw[] = Object.keys(STANDARD) as NamedLaw[];

function checkSpread(where: string, name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new ArgumentError(
    `${where}: argument \`${name}\` must be a positive number, but is ${value}.`,
  );
}

/**
 * A law of one column with this mean and standard deviation. `lognormal` is shifted and scaled; its logarithm has
 * standard deviation 0.5.
 *
 * @throws ArgumentError
 */
export function namedLaw(name: NamedLaw, mean: number, std: number): Law {
  checkSpread("namedLaw", "std", std);
  const quantile = (p: number): number => mean + std * STANDARD[name](p);
  return {
    columns: ["x"],
    uniforms: 1,
    row: ([u]) => [quantile(u!)],
    quantile,
    range: [mean - 5 * std, mean + 5 * std],
    words: `${name} law with mean ${mean} and standard deviation ${std}`,
  };
}

/** The part of a mixture that a uniform number chooses. */
function partOf(cumulative: readonly number[], u: number): number {
  const found = cumulative.findIndex((c) => u < c);
  return found < 0 ? cumulative.length - 1 : found;
}

function cumulated(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  return weights.map((weight) => (sum += weight / total));
}

/**
 * A mixture of normal laws of equal width.
 *
 * @param centres - of the parts, each with one coordinate a column
 * @param std - standard deviation of every part in every direction
 * @param weights - of the parts; equal by default
 * @throws ArgumentError
 */
export function mixtureLaw(
  centres: readonly (readonly number[])[],
  std: number,
  weights: readonly number[] = centres.map(() => 1),
): Law {
  checkSpread("mixtureLaw", "std", std);
  const valid = weights.length === centres.length && weights.every((w) => w >= 0) && weights.some((w) => w > 0); // prettier-ignore
  if (!valid) {
    throw new ArgumentError(
      `mixtureLaw: argument \`weights\` must be ${centres.length} numbers ≥ 0 that are not all 0, but is [${weights.join(", ")}].`,
    );
  }
  const d = centres[0]!.length;
  const cumulative = cumulated(weights);
  const reach = Math.max(...centres.flat().map(Math.abs)) + 5 * std;
  return {
    columns: columnsOf(d),
    uniforms: 1 + d,
    row: ([u, ...noise]) => {
      const centre = centres[partOf(cumulative, u!)]!;
      return centre.map((c, i) => c + std * normalQuantile(noise[i]!));
    },
    modes: { centres, std },
    range: [-reach, reach],
    words: `mixture of ${centres.length} normal laws of standard deviation ${std}`,
  };
}

function columnsOf(d: number): string[] {
  return d === 1 ? ["x"] : d === 2 ? ["x", "y"] : Array.from({ length: d }, (_, i) => `x_${i + 1}`);
}

/** Eight normal laws on a circle, standard deviation 0.05. */
export function ringLaw(radius = 1, std = 0.05): Law {
  const centres = Array.from({ length: 8 }, (_, k) => {
    const angle = (k * Math.PI) / 4;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { ...mixtureLaw(centres, std), words: `ring of 8 normal laws, radius ${radius}, standard deviation ${std}` }; // prettier-ignore
}

/** 5 × 5 normal laws on a grid over [-size, size]². */
export function gridLaw(size = 1, std = 0.02): Law {
  const places = [-1, -0.5, 0, 0.5, 1].map((x) => size * x);
  const centres = places.flatMap((x) => places.map((y) => [x, y]));
  return { ...mixtureLaw(centres, std), words: `grid of 25 normal laws on [-${size}, ${size}]², standard deviation ${std}` }; // prettier-ignore
}

/** Two circles, the inner of half the radius, with normal noise along the radius. */
export function circlesLaw(radius = 1, std = 0.03): Law {
  checkSpread("circlesLaw", "std", std);
  const reach = radius + 5 * std;
  return {
    columns: ["x", "y"],
    uniforms: 3,
    row: ([u, v, w]) => {
      const angle = 2 * Math.PI * v!;
      const r = (u! < 0.5 ? radius / 2 : radius) + std * normalQuantile(w!);
      return [r * Math.cos(angle), r * Math.sin(angle)];
    },
    range: [-reach, reach],
    words: `two circles of radii ${radius / 2} and ${radius}, standard deviation ${std}`,
  };
}
