// Why a sweep ends before all its rows are there: asked to, out of time, too many failures. The first reason counts.

import type { Desired } from "../store/index.js";
import type { EngineOptions, Sweep, SweepEnd } from "./engine.js";

/** An end before the end. */
export type EarlyEnd = Exclude<SweepEnd, "finished">;

/** Ends a sweep early. */
export type Ending = {
  /** Null: nothing speaks against going on. */
  reason(): EarlyEnd | null;
  end(reason: EarlyEnd): void;
  /** Aborted with the first reason. */
  readonly signal: AbortSignal;
  /** Looks at what the user wants now. */
  look(desired: Desired): void;
  /** Counts failed rows. */
  failed(errors: number, desired: Desired): void;
  close(): void;
};

const LONGEST_MS = 2 ** 31 - 1;

/** Watches the reasons to end. */
export function createEnding(sweep: Sweep, options: EngineOptions): Ending {
  const { study } = sweep.store.lock;
  const controller = new AbortController();
  const begun = performance.now();
  let why: EarlyEnd | null = null;
  let errors = sweep.store.scan().rungs.reduce((sum, { counts }) => sum + counts.error, 0);
  const end = (reason: EarlyEnd): void => {
    if (why !== null) return;
    why = reason;
    controller.abort();
  };
  const stop = (): void => {
    end("stopped");
  };
  options.stop.addEventListener("abort", stop);
  if (options.stop.aborted) stop();
  const seconds = options.seconds ?? study.limits.seconds ?? null;
  const clock =
    seconds === null ? undefined : setTimeout(stop, Math.min(seconds * 1000, LONGEST_MS));
  return {
    reason: () => why,
    end,
    signal: controller.signal,
    look({ stop: wanted, limits }) {
      const most = limits?.seconds ?? Number.POSITIVE_INFINITY;
      if (wanted === true || performance.now() - begun > 1000 * most) stop();
    },
    failed(more, { limits }) {
      if (more === 0) return;
      errors += more;
      const part = limits?.failures ?? study.limits.failures;
      if (options.failFast || (part !== undefined && errors > part * study.trials)) end("failures");
    },
    close() {
      clearTimeout(clock);
      options.stop.removeEventListener("abort", stop);
    },
  };
}
