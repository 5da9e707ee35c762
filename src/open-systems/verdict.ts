// What the report of a steady-state kernel means: one verdict for every sample.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** What can be said of a steady state, in the order of the numbers that stand for it. */
export const VERDICTS = [
  "unique",
  "illConditioned",
  "notUnique",
  "notHermitian",
  "notFinite",
] as const;

/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

/** What separates the verdicts, and what becomes of the states. */
export type Thresholds = {
  /** Below it a sample is ill-conditioned. */
  readonly minRcond: number;
  /** Whether ill-conditioned and non-unique states are kept. */
  readonly keep: boolean;
};

/** Below this a pivot in float64 is rounding: there is more than one steady state. */
const SINGULAR = 1e-12;

/** Largest relative deviation from a Hermitian matrix; float32 sums of operators stay below it. */
const HERMITIAN = 1e-5;

/** Indices into VERDICTS, int32 `[B]`, from reports `[B, 3]` of residual, rcond and defect. */
export function verdictOf(report: Tensor, { minRcond }: Thresholds): Tensor {
  const [B] = report.shape as [number, number];
  const column = (at: number): Tensor => tf.reshape(tf.slice(report, [0, at], [B, 1]), [B]);
  const [rcond, defect] = [column(1), column(2)];
  // Written so that NaN falls on the bad side.
  const conditions = [
    tf.greaterEqual(rcond, minRcond),
    tf.greaterEqual(rcond, SINGULAR),
    tf.lessEqual(defect, HERMITIAN),
    tf.logicalNot(tf.isNaN(defect)),
  ];
  return conditions.reduce<Tensor>(
    (verdict, holds, at) => tf.where(holds, verdict, tf.fill([B], at + 1, "int32")),
    tf.zeros([B], "int32"),
  );
}

/** 1, or NaN for a state that is not to be trusted: `[B, 1, 1, 1]`, without a gradient. */
export function verdictFactor(report: Tensor, thresholds: Thresholds): Tensor {
  const [B] = report.shape as [number, number];
  const factor = tf.customGrad((x) => {
    const verdict = verdictOf(x as Tensor, thresholds);
    const trusted = thresholds.keep ? tf.lessEqual(verdict, 2) : tf.equal(verdict, 0);
    const value = tf.where(trusted, tf.ones([B]), tf.fill([B], NaN));
    return { value: tf.reshape(value, [B, 1, 1, 1]), gradFunc: () => tf.zeros([B, 3]) };
  });
  return factor(report);
}
