// What other processes have committed, seen from the store: the one place where engines learn that a block is done.

import type { Done } from "../execution/messages.js";
import type { Store } from "../store/index.js";
import type { Block } from "../types.js";

/** A batch that was committed since the last look. */
export type Seen = {
  /** The block that was waited for, or the part of it that the batch holds. */
  readonly block: Block;
  readonly done: Done;
};

/** Waits for blocks that other processes run. */
export type Observer = {
  await(block: Block): void;
  /** Blocks that are waited for, by id. */
  readonly awaited: ReadonlyMap<string, Block>;
  /** Whether all rows of a block are committed, as far as the last look knows. */
  isCommitted(block: Block): boolean;
  /** Looks again. Blocks whose rows are all there are not waited for any more. */
  look(): { readonly seen: readonly Seen[]; readonly complete: readonly Block[] };
};

/** The first error among the rows of a batch; read only where there is one. */
function reasonOf(store: Store, batch: string, errors: number): string | null {
  if (errors === 0) return null;
  return store.rows(batch).find(({ s }) => s === "error")?.why ?? null;
}

/**
 * Observes a store.
 *
 * @param microBatch - rows of a batch that were trained together, where that is known
 */
export function createObserver(
  store: Store,
  microBatch: (batch: string) => number | undefined = () => undefined,
): Observer {
  const awaited = new Map<string, Block>();
  let last = store.scan();
  const known = new Set(last.batches.keys());

  const isCommitted = ({ rung, generation, trials }: Block): boolean =>
    trials.every((trial) => last.committed.generation(rung, trial) >= generation);
  // Rare: who finds a row that kills executors commits parts of a block.
  const wholeOf = (batch: string, rung: number, first: number): Block | undefined =>
    awaited.get(batch) ??
    [...awaited.values()].find((block) => block.rung === rung && block.trials.includes(first));

  const doneOf = (batch: string): Seen | undefined => {
    const { header, footer } = last.batches.get(batch)!;
    const rows = store.rows(batch);
    const whole = wholeOf(batch, header.rung, rows[0]?.t ?? -1);
    if (whole === undefined) return undefined;
    const counts = { ok: 0, diverged: 0, pruned: 0, error: 0, ...footer.counts };
    const done: Done = {
      kind: "done",
      batch,
      outcome: "committed",
      counts,
      best: footer.best,
      microBatch: microBatch(batch) ?? header.rows,
      seconds: header.seconds,
      why: reasonOf(store, batch, counts.error),
    };
    return { block: { ...whole, id: batch, trials: rows.map(({ t }) => t) }, done };
  };

  return {
    awaited,
    isCommitted,
    await(block) {
      awaited.set(block.id, block);
    },
    look() {
      last = store.scan();
      const fresh = [...last.batches.keys()].filter((id) => !known.has(id));
      if (fresh.length === 0) return { seen: [], complete: [] };
      for (const id of fresh) known.add(id);
      const seen = fresh.flatMap((id) => doneOf(id) ?? []);
      const complete = [...awaited.values()].filter(isCommitted);
      for (const { id } of complete) awaited.delete(id);
      return { seen, complete };
    },
  };
}
