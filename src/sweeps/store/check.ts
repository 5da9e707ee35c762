// `verify` of bytes: every batch file whole, overlapping rows equal, and nothing missing.

import { compareRows } from "./draw-rows.js";
import { damageOf } from "./repair.js";
import type { BatchFolder } from "./repair.js";
import { batchFiles, type Damage } from "./scan.js";
import type { Store } from "./store.js";
import { rowRules } from "./study-lock.js";

/** Rows of two batches that should be the same and are not. */
export type RowDifference = {
  readonly trial: number;
  readonly rung: number;
  /** The batch that counts, and the other one. */
  readonly batches: readonly [string, string];
  /** One line a difference. */
  readonly why: readonly string[];
};

/** What a check of the bytes found. */
export type ByteCheck = {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
  readonly damaged: readonly Damage[];
  /** Rows that two planners both computed. */
  readonly overlapping: number;
  readonly differences: readonly RowDifference[];
  /** Trials without a row at the first rung, as far as the study reaches. */
  readonly missing: readonly number[];
};

function differencesOf(store: Store): readonly RowDifference[] {
  return store.scan().overlaps.flatMap(({ rung, counts, other, trials }) => {
    const shared = new Set(trials);
    const first = new Map(store.rows(counts).map((row) => [row.t, row]));
    return store
      .rows(other)
      .filter(({ t }) => shared.has(t))
      .map((row) => ({
        trial: row.t,
        rung,
        batches: [counts, other] as const,
        why: compareRows(first.get(row.t)!, row),
      }))
      .filter(({ why }) => why.length > 0);
  });
}

/** Reads and checks every byte of a sweep's batches. Nothing is changed. */
export function checkBytes(store: Store): ByteCheck {
  const { files, lock } = store;
  const folder: BatchFolder = { files, study: lock.identity.hash, rules: rowRules(lock.study) };
  const names = batchFiles(files.batches);
  const damaged = names.map((name) => damageOf(folder, name)).filter((one) => one !== undefined);
  const { committed, batches, overlaps, rungs } = store.scan();
  const missing: number[] = [];
  for (let t = 0; t < lock.study.trials; t++) if (!committed.has(0, t)) missing.push(t);
  return {
    files: names.length,
    bytes: [...batches.values()].reduce((sum, batch) => sum + batch.bytes, 0),
    rows: rungs.reduce((sum, { rows }) => sum + rows, 0),
    damaged,
    overlapping: overlaps.reduce((sum, { trials }) => sum + trials.length, 0),
    // Rows of a damaged file cannot be compared; the damage is reported already.
    differences: damaged.length > 0 ? [] : differencesOf(store),
    missing,
  };
}
