// A sweep as engines run it: what is left of a study, given the rows of its folder.

import type { Ask } from "../plan/ask.js";
import { blocksLeft, type Retry } from "../plan/left.js";
import { planOf, type Plan } from "../plan/plan.js";
import type { Sweep } from "../engines/engine.js";
import type { Store } from "../store/index.js";

/** What decides about the rows of a sweep besides its study. */
export type SweepChoices = {
  /** Rows to do once more. */
  readonly retry?: Retry;
  /** Method ask-tell only: what proposes points. */
  readonly ask?: Ask;
};

/** The plan of the study of a folder, with the block size that was fixed when it first ran. */
export function planOfStore(store: Store, ask?: Ask): Plan {
  const { study, identity, blockSize } = store.lock;
  return planOf(study, identity, { blockRows: blockSize, ...(ask && { ask }) });
}

/** The sweep of a folder. */
export function sweepOf(store: Store, { retry, ask }: SweepChoices = {}): Sweep {
  const plan = planOfStore(store, ask);
  return { store, left: () => blocksLeft(plan, store.committed(), store.judged, retry) };
}

/** One more than the greatest generation among rows of a status: what a retry of them is. */
export function retryOf(store: Store, status: "error" | "diverged"): Retry {
  const committed = store.committed();
  let greatest = 0;
  for (const rung of committed.rungs) {
    for (let trial = 0; trial < committed.end(rung); trial++) {
      if (committed.status(rung, trial) === status)
        greatest = Math.max(greatest, committed.generation(rung, trial));
    }
  }
  return { statuses: [status], generation: greatest + 1 };
}
