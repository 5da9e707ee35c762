// Small trainings for the tests of the DQGAN, and a CSV file in units of its own.

import { expect } from "chai";
import { trainDqgan } from "../../src/models/index.js";
import { normalArray, stream } from "../../src/random.js";
import type { DqganOptions, HistoryRow, Snapshot, TrainEvent } from "../../src/models/index.js";

/** A training of milliseconds; an event at every step. */
export const TINY: DqganOptions = {
  replicas: 1,
  seed: 5,
  model: { heads: 2 },
  train: { steps: 8, batch: 16, evaluateEvery: 3 },
  evaluate: { n: 300, validation: 200, marginalBins: 10, jointBins: 5 },
};

/** {@link TINY} with changes on top, section by section. */
export function tiny(change: DqganOptions = {}): DqganOptions {
  return changed(TINY, change);
}

const SECTIONS = ["data", "model", "train", "evaluate"] as const;

/** Options with changes on top, section by section. */
export function changed<Options extends Partial<Record<(typeof SECTIONS)[number], object>>>(
  base: Options,
  change: Options,
): Options {
  const sections = SECTIONS.map((name) => [name, { ...base[name], ...change[name] }]);
  return { ...base, ...change, ...(Object.fromEntries(sections) as Options) };
}

/** What a training reported, and its states by step. */
export type Trained = {
  readonly history: readonly HistoryRow[];
  readonly snapshots: ReadonlyMap<number, Snapshot>;
  readonly last: Snapshot;
};

/** Trains to the end. */
export function trained(options: DqganOptions): Promise<Trained> {
  return reported(trainDqgan(options));
}

/** What a training reports to its end. */
export async function reported(training: AsyncIterable<TrainEvent>): Promise<Trained> {
  const history: HistoryRow[] = [];
  const snapshots = new Map<number, Snapshot>();
  for await (const event of training) {
    const { step, losses, metrics } = event;
    history.push({ step, losses, ...(metrics && { metrics }) });
    snapshots.set(step, await event.snapshot());
  }
  return { history, snapshots, last: snapshots.get(history.at(-1)!.step)! };
}

/** The part of a snapshot that belongs to replica p of P. */
export function ofReplica({ step, tensors }: Snapshot, p: number): Snapshot {
  const entries = Object.entries(tensors).map(([name, { shape, values }]) => {
    const size = values.length / shape[0]!;
    const own = values.slice(p * size, (p + 1) * size);
    return [name, { shape: [1, ...shape.slice(1)], values: own }] as const;
  });
  return { step, tensors: Object.fromEntries(entries) };
}

/** The part of a history that belongs to replica p. */
export function historyOf(history: readonly HistoryRow[], p: number): HistoryRow[] {
  const own = (part: HistoryRow["losses"]): HistoryRow["losses"] =>
    Object.fromEntries(Object.entries(part).map(([name, values]) => [name, [values[p]!]]));
  return history.map(({ step, losses, metrics }) => ({
    step,
    losses: own(losses),
    ...(metrics && { metrics: own(metrics) }),
  }));
}

/** Asserts that two snapshots agree in every bit. */
export function sameBits(actual: Snapshot, expected: Snapshot, message = "snapshot"): void {
  expect(actual.step, message).to.equal(expected.step);
  expect(Object.keys(actual.tensors), message).to.have.members(Object.keys(expected.tensors));
  for (const [name, { shape, values }] of Object.entries(expected.tensors)) {
    const other = actual.tensors[name]!;
    expect(other.shape, `${message}: ${name}`).to.deep.equal(shape);
    expect(bits(other.values), `${message}: ${name}`).to.deep.equal(bits(values));
  }
}

function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Ranges of the columns of {@link csvText}. */
export const CSV_MEANS = [20, -3000, 0.5] as const;

/** A CSV file of correlated columns `a`, `b`, `c` (the first d of them) with units of their own. */
export function csvText(d: 1 | 2 | 3, rows = 600): string {
  const z = normalArray(stream(3, "problemGenerators"), 3 * rows);
  const scales = [4, 500, 0.05];
  const lines = Array.from({ length: rows }, (_, i) => {
    const common = z[3 * i]!;
    const own = [common, 0.8 * common + 0.6 * z[3 * i + 1]!, -0.6 * common + 0.8 * z[3 * i + 2]!];
    const values = own.slice(0, d).map((x, c) => CSV_MEANS[c]! + scales[c]! * x);
    return values.map((x) => x.toPrecision(7)).join(",");
  });
  return [["a", "b", "c"].slice(0, d).join(","), ...lines].join("\n");
}

/** Options that learn {@link csvText}. */
export function csvOptions(d: 1 | 2 | 3, change: DqganOptions = {}): DqganOptions {
  const file = "data.csv";
  const options = tiny({ ...change, data: { ...change.data, file } });
  return { ...options, files: { [file]: csvText(d) } };
}

/** The error of a promise that must fail. */
export async function faultOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("there was no error");
}
