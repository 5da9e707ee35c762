// The best trials of a sweep, each kept as a checkpoint that `sample` and `evaluate` can read.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../../models/model.js";
import { writeCheckpoint } from "../../runs/checkpoint.js";
import { ranksBefore } from "./batch-text.js";
import type { Store } from "./store.js";
import { rowRules } from "./study-lock.js";

/** A trial with its value. */
export type Ranked = readonly [trial: number, value: number];

/**
 * The best `k` trials at the last rung that has rows, best first.
 *
 * @param k - at least 0
 */
export function bestTrials(store: Store, k: number): readonly Ranked[] {
  const { committed, batches } = store.scan();
  const rung = committed.rungs.at(-1);
  if (rung === undefined) return [];
  const { goal } = rowRules(store.lock.study);
  const isBefore = (a: Ranked, b: Ranked): boolean => ranksBefore(goal, a, b);
  let best: Ranked[] = [];
  // From the best batch on: one whose best row is behind the k-th need not be read.
  const candidates = [...batches.values()]
    .flatMap(({ id, header, footer }) =>
      header.rung === rung && footer.best !== null ? [{ id, top: footer.best }] : [],
    )
    .sort((a, b) => (isBefore(a.top, b.top) ? -1 : 1));
  for (const { id, top } of candidates) {
    if (best.length === k && (k === 0 || isBefore(best[k - 1]!, top))) break;
    const own = store
      .rows(id)
      .filter(({ t, s, v }) => s === "ok" && Number.isFinite(v) && committed.batch(rung, t) === id)
      .map(({ t, v }): Ranked => [t, v!]);
    best = [...best, ...own].sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, k);
  }
  return best;
}

/** The folder of the best trials. */
export function bestFolder(store: Store): string {
  return join(store.files.checkpoints, "best");
}

/** Where the checkpoint of a best trial lies; a folder like the one of a single run. */
export function bestPath(store: Store, trial: number): string {
  return join(bestFolder(store), `trial-${trial}`);
}

/**
 * Keeps checkpoints of the best `k` trials: writes those of the trials given that are among them, and removes those
 * that are no longer. Call it after a commit; the order of commits does not matter.
 *
 * @param snapshots - by trial, each of one replica
 * @returns the trials that have a checkpoint now, best first
 * @throws OutputError where they cannot be written
 */
export function keepBest(
  store: Store,
  snapshots: ReadonlyMap<number, Snapshot>,
  k: number,
): readonly number[] {
  const best = bestTrials(store, k).map(([trial]) => trial);
  for (const trial of best) {
    const snapshot = snapshots.get(trial);
    if (snapshot !== undefined) writeCheckpoint(bestPath(store, trial), snapshot);
  }
  const kept = new Set(best.map((trial) => `trial-${trial}`));
  const folder = bestFolder(store);
  if (!existsSync(folder)) return [];
  for (const name of readdirSync(folder)) {
    if (!kept.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  return best.filter((trial) => existsSync(bestPath(store, trial)));
}
