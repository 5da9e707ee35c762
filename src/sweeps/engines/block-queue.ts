// Hands blocks to slots: lazily, each to one of them, and the next rung of a cohort once the present one is done.

import type { Block } from "../types.js";

/** Blocks for several takers. */
export type Queue = {
  /** The next block; waits while later rungs depend on blocks that run. Undefined: nothing is left. */
  next(): Promise<Block | undefined>;
  /** A taker is done with a block. */
  done(block: Block): void;
  /** Holds blocks back, or no longer. */
  pause(paused: boolean): void;
  /** Nothing is handed out any more. */
  close(): void;
};

function unitOf({ cohort, group, rung }: Block): string {
  return `${cohort.toString()} ${rung.toString()} ${group}`;
}

/** A queue of what is left; `left` is asked again when its blocks have been handed out. */
export function createQueue(left: () => Iterable<Block>): Queue {
  const running = new Map<Block, string>();
  const waiting: (() => void)[] = [];
  let source: Iterator<Block, unknown> | undefined;
  // Blocks of units that ran while the source was asked are running, or will be asked for again.
  let busy: ReadonlySet<string> = new Set();
  let handed = 0;
  let exhausted = false;
  let paused = false;
  let closed = false;

  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const ask = (): Iterator<Block, unknown> => {
    busy = new Set(running.values());
    [handed, exhausted] = [0, false];
    return left()[Symbol.iterator]();
  };
  const pull = (): Block | undefined => {
    source ??= ask();
    for (;;) {
      const next = source.next();
      if (next.done === true) {
        exhausted = true;
        return undefined;
      }
      if (!busy.has(unitOf(next.value))) return next.value;
    }
  };
  // Nothing was there, and nothing ran that could have led to more.
  const isEmpty = (): boolean => exhausted && handed === 0 && busy.size === 0;

  return {
    async next() {
      for (;;) {
        if (closed) return undefined;
        const block = paused ? undefined : pull();
        if (block !== undefined) {
          handed++;
          running.set(block, unitOf(block));
          return block;
        }
        if (isEmpty()) return undefined;
        if (!paused && running.size === 0) source = undefined;
        else await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    done(block) {
      running.delete(block);
      if (exhausted) source = undefined;
      wake();
    },
    pause(wanted) {
      if (paused === wanted) return;
      paused = wanted;
      wake();
    },
    close() {
      closed = true;
      wake();
    },
  };
}
