// The best trials of a sweep: which they are, and which batches a trained model is worth keeping of. Reads rows and
// footers, no model.

import { join } from "node:path";
import { ranksBefore } from "./batch-text.js";
import type { Store } from "./store.js";
import { rowRules } from "./study-lock.js";

/** A trial with its value. */
export type Ranked = readonly [trial: number, value: number];

/** How many of the best trials keep their trained model where nobody says another number. */
export const KEPT_MODELS = 5;

/** How many of the best trials keep their trained model in this sweep. */
export function keptModels({ lock }: Store): number {
  return lock.models ?? KEPT_MODELS;
}

function order({ lock }: Store): (a: Ranked, b: Ranked) => number {
  const { goal } = rowRules(lock.study);
  return (a, b) => (ranksBefore(goal, a, b) ? -1 : 1);
}

/** Batches of a rung with their best rows, best first. */
function ranked(store: Store, rung: number): readonly { id: string; top: Ranked }[] {
  const before = order(store);
  return [...store.scan().batches.values()]
    .flatMap(({ id, header, footer }) =>
      header.rung === rung && footer.best !== null ? [{ id, top: footer.best }] : [],
    )
    .sort((a, b) => before(a.top, b.top));
}

/**
 * The best `k` trials at the last rung that has rows, best first.
 *
 * @param k - at least 0
 */
export function bestTrials(store: Store, k: number): readonly Ranked[] {
  const { committed } = store.scan();
  const rung = committed.rungs.at(-1);
  if (rung === undefined) return [];
  const before = order(store);
  let best: Ranked[] = [];
  // From the best batch on: one whose best row is behind the k-th need not be read.
  for (const { id, top } of ranked(store, rung)) {
    if (best.length === k && (k === 0 || before(best[k - 1]!, top) < 0)) break;
    const own = store
      .rows(id)
      .filter(({ t, s, v }) => s === "ok" && Number.isFinite(v) && committed.batch(rung, t) === id)
      .map(({ t, v }): Ranked => [t, v!]);
    best = [...best, ...own].sort(before).slice(0, k);
  }
  return best;
}

/**
 * The batches in which the best `k` trials of a rung are: those whose best rows are the best `k` of all batches. From
 * footers alone. A batch that is committed and not among them never will be.
 */
export function bestBatches(store: Store, rung: number, k: number): ReadonlySet<string> {
  const found = new Map<number, string[]>();
  for (const { id, top } of ranked(store, rung)) {
    // A row that was computed twice takes one place.
    if (found.size === k && !found.has(top[0])) break;
    found.set(top[0], [...(found.get(top[0]) ?? []), id]);
  }
  return new Set([...found.values()].flat());
}

/** Whether the best row of a batch that is still to be committed may be among the best `k` of its rung. */
export function isWorthKeeping(store: Store, rung: number, best: Ranked, k: number): boolean {
  const before = order(store);
  const better = new Set(
    ranked(store, rung)
      .filter(({ top }) => top[0] !== best[0] && before(top, best) < 0)
      .map(({ top }) => top[0]),
  );
  return better.size < k;
}

/** The folder of the best trials, each a folder like that of a single run. */
export function bestFolder(store: Pick<Store, "folder">): string {
  return join(store.folder, "best");
}

/** The run folder of a best trial. */
export function bestPath(store: Pick<Store, "folder">, trial: number): string {
  return join(bestFolder(store), `trial-${trial}`);
}
