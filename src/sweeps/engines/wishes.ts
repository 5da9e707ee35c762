// What the user wants of a running sweep, looked at now and then: for every process that runs blocks or plans them.

import { trialsOf, type Desired, type Store } from "../store/index.js";
import type { Block } from "../types.js";

/** What the user wants, looked at now and then. */
export type Wishes = {
  now(): Desired;
  /** Trials of a block that the user gave up. */
  pruned(block: Block): readonly number[];
  close(): void;
};

function prunedOf(): (desired: Desired, block: Block) => readonly number[] {
  let text = "";
  let pruned: ReadonlySet<number> = new Set();
  return (desired, block) => {
    const wanted = desired.pruned ?? "";
    if (wanted !== text) [text, pruned] = [wanted, new Set(trialsOf(wanted))];
    return pruned.size === 0 ? [] : block.trials.filter((trial) => pruned.has(trial));
  };
}

/**
 * Looks at once and then again and again, until closed.
 *
 * @param every - milliseconds
 */
export function watchWishes(
  store: Store,
  every: number,
  onLook: (desired: Desired) => void,
): Wishes {
  const pruned = prunedOf();
  let desired: Desired = {};
  const look = (): void => {
    try {
      desired = store.desired();
    } catch {
      // Half-written by hand: what was wanted before still holds.
      return;
    }
    onLook(desired);
  };
  const timer = setInterval(look, every);
  look();
  return {
    now: () => desired,
    pruned: (block) => pruned(desired, block),
    close: () => {
      clearInterval(timer);
    },
  };
}
