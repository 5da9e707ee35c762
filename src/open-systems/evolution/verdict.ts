// What is known of an evolution: one verdict for every sample.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** What can be said of an evolution, in the order of the numbers that stand for it. */
export const EVOLUTION_VERDICTS = [
  "done",
  "stepLimit",
  "notHermitian",
  "notAState",
  "notFinite",
] as const;

/** One of {@link EVOLUTION_VERDICTS}. */
export type EvolutionVerdict = (typeof EVOLUTION_VERDICTS)[number];

/** Largest relative deviation from a Hermitian matrix; float32 sums of operators stay below it. */
const HERMITIAN = 1e-5;
/** Largest deviation of a trace from 1, and of a state from a Hermitian matrix. */
const STATE = 1e-4;

/** Indices into EVOLUTION_VERDICTS, int32 `[B]`, from rows of unfinished (0 or 1), defect of H, defect of ρ₀. */
export function verdictOf(unfinished: Tensor, defectH: Tensor, defectRho: Tensor): Tensor {
  const [B] = unfinished.shape as [number];
  // Written so that NaN falls on the bad side.
  const conditions = [
    tf.lessEqual(unfinished, 0),
    tf.lessEqual(defectH, HERMITIAN),
    tf.lessEqual(defectRho, STATE),
    tf.logicalNot(tf.isNaN(tf.add(defectH, defectRho))),
  ];
  return conditions.reduce<Tensor>(
    (verdict, holds, at) => tf.where(holds, verdict, tf.fill([B], at + 1, "int32")),
    tf.zeros([B], "int32"),
  );
}
