// Small trainings of QAAANs on 8 × 8 digits that the tests share.

import { trainQaaan } from "../../src/models/index.js";
import type { QaaanOptions, Snapshot, TrainEvent } from "../../src/models/index.js";

/** Networks of a few channels, 12 features on Chimera; a step takes milliseconds. */
export function tiny(options: QaaanOptions = {}): QaaanOptions {
  const { data, model, prior, train, evaluate, ...others } = options;
  return {
    ...others,
    data: { side: 8, train: 60, test: 20, ...data },
    model: {
      ...model,
      features: model?.features ?? 12,
      discriminator: { channels: [3, 4], dense: 8, widths: [10, 8], ...model?.discriminator },
      generator: { channels: [4, 3], dense: 8, widths: [8, 10], ...model?.generator },
    },
    prior: { cells: [1, 2, 4], chains: 40, ...prior },
    train: { steps: 4, batch: 6, evaluateEvery: 2, ...train },
    evaluate: { normBatches: 2, normBatch: 20, annealedChains: 20, annealedSteps: 20, ...evaluate },
  };
}

/** All events of a training. */
export async function events(options: QaaanOptions): Promise<TrainEvent[]> {
  const seen: TrainEvent[] = [];
  for await (const event of trainQaaan(options)) seen.push(event);
  return seen;
}

/** The snapshot after step `step`. */
export async function snapshotAt(options: QaaanOptions, step: number): Promise<Snapshot> {
  for await (const event of trainQaaan(options)) {
    // Awaited here: the end of the loop disposes the state.
    if (event.step === step) return await event.snapshot();
  }
  throw new Error(`no event at step ${step}`);
}
