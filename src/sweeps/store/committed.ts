// Which rows are committed, and how each ended: typed arrays by rung, bit sets by rung and generation. A million
// rows take some ten megabytes.

import type { RowStatus } from "../types.js";

/** What the planner asks: the truth about rows, without the rows. */
export type CommittedSet = {
  /** Rungs that have rows, ascending. */
  readonly rungs: readonly number[];
  /** Trials that have a row at a rung. */
  count(rung: number): number;
  /** One more than the greatest trial with a row at a rung: how far to look. */
  end(rung: number): number;
  /** Whether a trial has a row at a rung, of this generation or of any. */
  has(rung: number, trial: number, generation?: number): boolean;
  /** How the row that counts ended; undefined where there is none. */
  status(rung: number, trial: number): RowStatus | undefined;
  /** Generation of the row that counts; -1 where there is none. */
  generation(rung: number, trial: number): number;
  /** Id of the batch of the row that counts; undefined where there is none. */
  batch(rung: number, trial: number): string | undefined;
};

/** Two batches that hold the same rows; the first one counts. */
export type Overlap = {
  readonly rung: number;
  readonly counts: string;
  readonly other: string;
  /** Rows of both. */
  readonly trials: readonly number[];
};

/** One batch as the set takes it in. */
export type CommittedBatch = {
  readonly id: string;
  readonly rung: number;
  readonly generation: number;
  /** Ascending, by status. */
  readonly trials: ReadonlyMap<RowStatus, readonly number[]>;
};

/** A {@link CommittedSet} that grows. */
export type GrowingSet = CommittedSet & {
  /** Takes in a batch; what it shares with earlier ones is told. */
  add(batch: CommittedBatch): readonly Overlap[];
};

/** Codes of the statuses in typed arrays; 0 is no row. */
export const STATUS_CODES: readonly RowStatus[] = ["ok", "diverged", "pruned", "error"];

type Rung = {
  /** 0: no row; else one more than the index of the status. */
  status: Uint8Array;
  generation: Uint16Array;
  /** Index among the batches taken in. */
  batch: Int32Array;
  count: number;
  end: number;
  readonly bits: Map<number, Uint32Array>;
};

const FIRST = 4096;

function emptyRung(): Rung {
  return {
    status: new Uint8Array(FIRST),
    generation: new Uint16Array(FIRST),
    batch: new Int32Array(FIRST),
    count: 0,
    end: 0,
    bits: new Map(),
  };
}

function grown<T extends Uint8Array | Uint16Array | Int32Array | Uint32Array>(
  array: T,
  length: number,
): T {
  if (array.length >= length) return array;
  const larger = new (array.constructor as new (length: number) => T)(
    Math.max(length, 2 * array.length),
  );
  larger.set(array);
  return larger;
}

function reserve(rung: Rung, end: number): void {
  rung.end = Math.max(rung.end, end);
  rung.status = grown(rung.status, end);
  rung.generation = grown(rung.generation, end);
  rung.batch = grown(rung.batch, end);
}

/** Greatest generation, then smallest file name: the same answer in whatever order files are found. */
function counts(a: CommittedBatch, b: CommittedBatch): boolean {
  return a.generation === b.generation ? a.id < b.id : a.generation > b.generation;
}

function share(shared: Map<number, number[]>, batch: number, trial: number): void {
  const trials = shared.get(batch);
  if (trials === undefined) shared.set(batch, [trial]);
  else trials.push(trial);
}

/** An empty set. */
export function growingSet(): GrowingSet {
  const rungs = new Map<number, Rung>();
  const batches: CommittedBatch[] = [];

  const mark = (rung: Rung, batch: CommittedBatch, trials: readonly number[]): void => {
    const words = Math.ceil(((trials.at(-1) ?? -1) + 1) / 32);
    const bits = grown(rung.bits.get(batch.generation) ?? new Uint32Array(FIRST / 32), words);
    for (const trial of trials) bits[trial >>> 5]! |= 1 << (trial & 31);
    rung.bits.set(batch.generation, bits);
  };

  const take = (rung: Rung, index: number, code: number, shared: Map<number, number[]>): void => {
    const batch = batches[index]!;
    const trials = batch.trials.get(STATUS_CODES[code - 1]!) ?? [];
    reserve(rung, (trials.at(-1) ?? -1) + 1);
    mark(rung, batch, trials);
    for (const trial of trials) {
      const isTaken = rung.status[trial] !== 0;
      const earlier = rung.batch[trial]!;
      if (isTaken) share(shared, earlier, trial);
      else rung.count++;
      if (isTaken && !counts(batch, batches[earlier]!)) continue;
      rung.status[trial] = code;
      rung.generation[trial] = batch.generation;
      rung.batch[trial] = index;
    }
  };

  return {
    get rungs() {
      return [...rungs.keys()].sort((a, b) => a - b);
    },
    count: (rung) => rungs.get(rung)?.count ?? 0,
    end: (rung) => rungs.get(rung)?.end ?? 0,
    has(rung, trial, generation) {
      const found = rungs.get(rung);
      if (found === undefined) return false;
      if (generation === undefined) return (found.status[trial] ?? 0) !== 0;
      return (((found.bits.get(generation)?.[trial >>> 5] ?? 0) >>> (trial & 31)) & 1) === 1;
    },
    status: (rung, trial) => STATUS_CODES[(rungs.get(rung)?.status[trial] ?? 0) - 1],
    generation(rung, trial) {
      const found = rungs.get(rung);
      return (found?.status[trial] ?? 0) === 0 ? -1 : found!.generation[trial]!;
    },
    batch(rung, trial) {
      const found = rungs.get(rung);
      return (found?.status[trial] ?? 0) === 0 ? undefined : batches[found!.batch[trial]!]!.id;
    },
    add(batch) {
      const rung = rungs.get(batch.rung) ?? emptyRung();
      rungs.set(batch.rung, rung);
      const index = batches.push(batch) - 1;
      const shared = new Map<number, number[]>();
      for (let code = 1; code <= STATUS_CODES.length; code++) take(rung, index, code, shared);
      // A row of a later generation replaces one on purpose; only equals overlap.
      const equals = [...shared].filter(([at]) => batches[at]!.generation === batch.generation);
      return equals.map(([earlier, trials]) => {
        const other = batches[earlier]!;
        const [first, second] = counts(batch, other) ? [batch, other] : [other, batch];
        const sorted = trials.sort((a, b) => a - b);
        return { rung: batch.rung, counts: first.id, other: second.id, trials: sorted };
      });
    },
  };
}
