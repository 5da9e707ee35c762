// Small trainings for the tests of the hybrid QGAN.

import { trainHybridQgan } from "../../src/models/index.js";
import { changed, csvText, reported } from "./runs.js";
import type { HybridOptions } from "../../src/models/index.js";
import type { Trained } from "./runs.js";

/** A training of milliseconds; an event at every step. */
export const TINY: HybridOptions = {
  replicas: 1,
  seed: 5,
  model: { hidden: [8, 8] },
  train: { steps: 6, batch: 16, criticSteps: 2, evaluateEvery: 3 },
  evaluate: { n: 300, validation: 200, bins: 10 },
};

/** {@link TINY} with changes on top, section by section. */
export function tiny(change: HybridOptions = {}): HybridOptions {
  return changed(TINY, change);
}

/** Trains to the end. */
export function trained(options: HybridOptions): Promise<Trained> {
  return reported(trainHybridQgan(options));
}

/** Options that learn a CSV file of d columns. */
export function csvOptions(d: 1 | 2 | 3, change: HybridOptions = {}): HybridOptions {
  const file = "data.csv";
  const options = tiny({
    ...change,
    data: { ...change.data, file },
    model: { ansatz: "rotations", qubits: 3, ...change.model },
  });
  return { ...options, files: { [file]: csvText(d) } };
}
