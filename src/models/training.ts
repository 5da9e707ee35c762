// The loop around the steps of any training: which steps are reported and which are measured. What a step is, and where its
// state lies, is the model's.

import type { Steps } from "./checks.js";
import type { Snapshot, TrainEvent } from "./model.js";

/** When a training reports. */
export type Cadence = Steps & {
  /** Of the whole training. */
  readonly steps: number;
  /** Steps between measurements; 0: only at the end. */
  readonly evaluateEvery: number;
  /** Reports in the whole training, besides those of measurements. */
  readonly events: number;
};

/** A training as the loop sees it. */
export type Trainer = {
  /** Makes step t, from 0, and keeps its losses. */
  advance(t: number): void | Promise<void>;
  /**
   * Means of the losses since the last call: NaN for a replica with a parameter that is not finite.
   *
   * @throws ConvergenceError if that is every replica
   */
  losses(step: number): Promise<TrainEvent["losses"]>;
  /** Measurements of the present state. */
  metrics(): Promise<NonNullable<TrainEvent["metrics"]>>;
  /** What copies the present state, and no later one. */
  snapshotOf(step: number): () => Promise<Snapshot>;
};

/** Trains, and yields an event at every reported step; the last one of a call is always measured. */
export async function* trainingEvents(
  { from, until, steps, evaluateEvery, events }: Cadence,
  trainer: Trainer,
): AsyncGenerator<TrainEvent, void, void> {
  const eventEvery = Math.max(1, Math.floor(steps / events));
  for (let t = from; t < until; t++) {
    const done = t + 1;
    await trainer.advance(t);
    const measured = done === until || (evaluateEvery > 0 && done % evaluateEvery === 0);
    if (!measured && done % eventEvery !== 0) continue;
    const losses = await trainer.losses(done);
    const metrics = measured ? await trainer.metrics() : undefined;
    yield {
      step: done,
      steps,
      losses,
      ...(metrics && { metrics }),
      snapshot: trainer.snapshotOf(done),
    };
  }
}

/** The losses, with NaN for every replica that is not finite any more. */
export function maskedLosses(
  losses: TrainEvent["losses"],
  finite: readonly boolean[],
): TrainEvent["losses"] {
  const masked = (values: readonly number[]): number[] =>
    values.map((value, p) => (finite[p]! ? value : NaN));
  return Object.fromEntries(Object.entries(losses).map(([name, values]) => [name, masked(values)]));
}
