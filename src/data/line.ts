// The line with noise of the DQGAN paper: θ₁ ~ N(mean, std), θ₂ = slope·θ₁ + intercept + N(0, noise).

import * as tf from "@tensorflow/tfjs";
import { checkBatch, checkCount } from "./checks.js";
import { ArgumentError } from "../errors.js";
import { fixedRows } from "./fixed-rows.js";
import { normal, normalArray, stream, type Stream } from "../random.js";
import type { AngleSource, Split } from "./source.js";

/** The law of the line; all in radians, all "std" standard deviations. */
export type LineOptions = {
  readonly slope: number;
  readonly intercept: number;
  /** Mean of θ₁. */
  readonly mean: number;
  /** Standard deviation of θ₁. */
  readonly std: number;
  /** Standard deviation of the noise. */
  readonly noise: number;
  /** Size of a fixed training set; null: fresh draws in every batch. */
  readonly rows: number | null;
};

/** Events of the purpose "evaluation" that the held-out splits use. */
const EVENTS: Readonly<Record<Split, number>> = { validation: 0, test: 1, floor: 2 };

/**
 * The line with noise as a source of angles. Nothing is clipped: with the paper's numbers 0.009 % of θ₁
 * lie outside [0, π]. Held-out rows are fresh draws of the law.
 *
 * @param options - the law, and the size of a fixed training set if there is one
 * @param data - `seed` of the fixed training set, which the seeds of training do not change; default 0
 * @returns a source with the columns `theta_1`, `theta_2`
 * @throws ArgumentError if a number of the law is not finite, `std` is not positive, `noise` is negative or
 *   `rows` is not a positive integer
 * @see arXiv 2408.15597, section III
 */
export function lineSource(
  options: LineOptions,
  data: { readonly seed?: number } = {},
): AngleSource {
  checkLaw(options);
  const { rows } = options;
  const { seed = 0 } = data;
  const fixed = rows === null ? null : fixedRows(fixedSet(options, rows, seed), 2);
  return {
    columns: ["theta_1", "theta_2"],
    batch: fixed ? fixed.batch : (streams, n) => freshBatch(options, streams, n),
    held(split, n, heldSeed) {
      checkCount("held", "n", n, 1);
      return onTheLine(options, normalArray(stream(heldSeed, "evaluation", EVENTS[split]), 2 * n));
    },
    toUnits: (angles) => angles.slice(),
    report: describe(options, seed),
    dispose: () => fixed?.dispose(),
  };
}

function checkLaw(options: LineOptions): void {
  for (const name of ["slope", "intercept", "mean", "std", "noise"] as const) {
    if (Number.isFinite(options[name])) continue;
    throw new ArgumentError(
      `lineSource: argument \`${name}\` must be a finite number, but is ${options[name]}.`,
    );
  }
  if (!(options.std > 0 && options.noise >= 0)) {
    throw new ArgumentError(
      "lineSource: arguments `std` and `noise` must be positive and not negative, " +
        `but are ${options.std} and ${options.noise}.`,
    );
  }
  if (options.rows !== null) checkCount("lineSource", "rows", options.rows, 1);
}

function fixedSet(options: LineOptions, rows: number, seed: number): Float32Array {
  return onTheLine(options, normalArray(stream(seed, "problemGenerators"), 2 * rows));
}

/** Pairs of standard normal numbers as points of the line, on the host. */
function onTheLine(options: LineOptions, z: Float32Array): Float32Array {
  const { slope, intercept, mean, std, noise } = options;
  const angles = new Float32Array(z.length);
  for (let i = 0; i < z.length; i += 2) {
    const theta = mean + std * z[i]!;
    angles[i] = theta;
    angles[i + 1] = slope * theta + intercept + noise * z[i + 1]!;
  }
  return angles;
}

/** The same map as tensors: one product, since slices of the last axis are slow on wasm. */
function freshBatch(options: LineOptions, streams: readonly Stream[], n: number): tf.Tensor3D {
  checkBatch("batch", streams, n);
  const { slope, intercept, mean, std, noise } = options;
  return tf.tidy(() => {
    const z = normal(streams, [n, 2]).reshape([-1, 2]);
    const factor = tf.tensor2d([std, slope * std, 0, noise], [2, 2]);
    const shift = tf.tensor1d([mean, slope * mean + intercept]);
    return tf.matMul(z, factor).add(shift).reshape([streams.length, n, 2]);
  });
}

function describe(options: LineOptions, seed: number): string[] {
  const { slope, intercept, mean, std, noise, rows } = options;
  const [a, b, centre] = [slope, intercept, mean].map((value) => Number(value.toPrecision(5)));
  const training =
    rows === null
      ? "Every training batch is a fresh draw."
      : `Training draws from a fixed set of ${rows} rows (seed ${seed}).`;
  return [
    `Line with noise: theta_1 ~ N(${centre}, ${std}), theta_2 = ${a} theta_1 + ${b} + N(0, ${noise}); ` +
      "angles in radians, nothing is scaled, clipped or dropped.",
    `${training} Held-out samples are fresh draws.`,
  ];
}
