// What a sweep folder holds, from headers and footers alone; a second scan reads new files only.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Metric, RowStatus } from "../types.js";
import { DamagedBatch, ranksBefore } from "./batch-text.js";
import { growingSet, type CommittedSet, type GrowingSet, type Overlap } from "./committed.js";
import { readEnds, type BatchEnds } from "./ends.js";

/** A batch file that cannot be used. */
export type Damage = {
  /** Name in `batches/`. */
  readonly file: string;
  /** From 1; 0 is the last line. */
  readonly line: number;
  readonly reason: string;
};

/** A committed batch, without its rows. */
export type BatchSummary = Omit<BatchEnds, "trials"> & { readonly id: string };

/** One rung of a sweep. */
export type RungSummary = {
  readonly rung: number;
  readonly rows: number;
  /** Rows that count, by status. */
  readonly counts: Readonly<Record<RowStatus, number>>;
  /** The best row of the batches at this rung. */
  readonly best: readonly [trial: number, value: number] | null;
};

/** What a scan found. */
export type Scan = {
  readonly committed: CommittedSet;
  /** By id. */
  readonly batches: ReadonlyMap<string, BatchSummary>;
  readonly rungs: readonly RungSummary[];
  /** Names of the backends that computed rows. */
  readonly backends: readonly string[];
  /** Seconds of training, over all batches. */
  readonly seconds: number;
  readonly overlaps: readonly Overlap[];
  /** Files that are left out; only `repair` moves them. */
  readonly damaged: readonly Damage[];
};

/** Looks into a folder. */
export type Scanner = {
  /** Looks again. */
  scan(): Scan;
  /** What the last look found; looks where there was none. */
  last(): Scan;
};

type State = {
  readonly set: GrowingSet;
  readonly batches: Map<string, BatchSummary>;
  readonly overlaps: Overlap[];
  readonly damaged: Map<string, Damage>;
};

const SUFFIX = ".jsonl";

/** Names of the batch files of a folder, sorted. */
export function batchFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The batch of a file name. */
export function batchOf(file: string): string {
  return file.slice(0, -SUFFIX.length);
}

function emptyState(): State {
  return { set: growingSet(), batches: new Map(), overlaps: [], damaged: new Map() };
}

function checkPlace(ends: BatchEnds, file: string, study: string): void {
  if (ends.header.batch !== batchOf(file)) {
    throw new DamagedBatch(1, `it holds batch ${ends.header.batch}`);
  }
  if (ends.header.study !== study) {
    throw new DamagedBatch(1, `it belongs to study ${ends.header.study.slice(0, 8)}…`);
  }
}

function take(state: State, folder: string, file: string, study: string): void {
  try {
    const ends = readEnds(join(folder, file));
    checkPlace(ends, file, study);
    const { trials, ...summary } = ends;
    const id = batchOf(file);
    const { rung, generation } = ends.header;
    state.batches.set(id, { id, ...summary });
    state.overlaps.push(...state.set.add({ id, rung, generation, trials }));
  } catch (error) {
    if (!(error instanceof DamagedBatch)) throw error;
    state.damaged.set(file, { file, line: error.line, reason: error.message });
  }
}

function countsOf(set: CommittedSet, rung: number): Record<RowStatus, number> {
  const counts: Record<RowStatus, number> = { ok: 0, diverged: 0, pruned: 0, error: 0 };
  for (let trial = 0, end = set.end(rung); trial < end; trial++) {
    const status = set.status(rung, trial);
    if (status !== undefined) counts[status]++;
  }
  return counts;
}

function rungSummaries(state: State, goal: Metric["goal"]): RungSummary[] {
  return state.set.rungs.map((rung) => {
    let best: readonly [number, number] | null = null;
    for (const { id, header, footer } of state.batches.values()) {
      // A row that a later generation replaced is no result any more.
      if (header.rung !== rung || footer.best === null) continue;
      if (state.set.batch(rung, footer.best[0]) !== id) continue;
      if (best === null || ranksBefore(goal, footer.best, best)) best = footer.best;
    }
    return { rung, rows: state.set.count(rung), counts: countsOf(state.set, rung), best };
  });
}

function summary(state: State, goal: Metric["goal"]): Scan {
  const batches = [...state.batches.values()];
  return {
    committed: state.set,
    batches: state.batches,
    rungs: rungSummaries(state, goal),
    backends: [...new Set(batches.map(({ header }) => header.backend))].sort(),
    seconds: batches.reduce((sum, { header }) => sum + header.seconds, 0),
    overlaps: state.overlaps,
    damaged: [...state.damaged.values()],
  };
}

/**
 * A scanner of a folder of batches.
 *
 * @param study - hash of the study the batches must belong to
 */
export function scanner(folder: string, study: string, goal: Metric["goal"]): Scanner {
  let state = emptyState();
  let seen: Scan | undefined;
  const scan = (): Scan => {
    const files = batchFiles(folder);
    const present = new Set(files);
    const known = [...state.batches.keys()].map((id) => `${id}${SUFFIX}`);
    const isGone = [...known, ...state.damaged.keys()].some((file) => !present.has(file));
    if (isGone) state = emptyState();
    for (const file of files) {
      if (!state.batches.has(batchOf(file)) && !state.damaged.has(file)) {
        take(state, folder, file, study);
      }
    }
    seen = summary(state, goal);
    return seen;
  };
  return { scan, last: () => seen ?? scan() };
}
