// Small trainings for the tests of the hybrid QGAN.

import { trainHybridQgan } from "../../src/models/index.js";
import { csvText } from "./runs.js";
import type { HistoryRow, HybridOptions, Snapshot } from "../../src/models/index.js";
import type { Trained } from "./runs.js";

/** A training of milliseconds; an event at every step. */
export const TINY: HybridOptions = {
  replicas: 1,
  seed: 5,
  model: { hidden: [8, 8] },
  train: { steps: 6, batch: 16, criticSteps: 2, evaluateEvery: 3 },
  evaluate: { n: 300, validation: 200, bins: 10 },
};

type Sections = "data" | "model" | "train" | "evaluate";

/** {@link TINY} with changes on top, section by section. */
export function tiny(change: HybridOptions = {}): HybridOptions {
  const section = (name: Sections): object => ({ ...TINY[name], ...change[name] });
  return {
    ...TINY,
    ...change,
    data: section("data"),
    model: section("model"),
    train: section("train"),
    evaluate: section("evaluate"),
  };
}

/** Trains to the end. */
export async function trained(options: HybridOptions): Promise<Trained> {
  const history: HistoryRow[] = [];
  const snapshots = new Map<number, Snapshot>();
  for await (const event of trainHybridQgan(options)) {
    const { step, losses, metrics } = event;
    history.push({ step, losses, ...(metrics && { metrics }) });
    snapshots.set(step, await event.snapshot());
  }
  return { history, snapshots, last: snapshots.get(history.at(-1)!.step)! };
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
