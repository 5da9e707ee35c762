// The engine of this machine: one idle supervisor, and an executor for each device or core. Needs no service.

import { trialsOf, type Desired } from "../../store/index.js";
import type { Block } from "../../types.js";
import { removeRungs } from "../../execution/checkpoint.js";
import { createSlot, type Slot } from "../../execution/slot.js";
import type { Engine, EngineOptions, Sweep, SweepEnd, SweepEvents } from "../engine.js";
import { createQueue } from "./queue.js";

/** What the user wants, looked at now and then. */
type Wishes = { now(): Desired; close(): void };

function watchWishes(sweep: Sweep, every: number, onChange: (desired: Desired) => void): Wishes {
  let desired: Desired = {};
  const look = (): void => {
    try {
      desired = sweep.store.desired();
    } catch {
      // Half-written by hand: what was wanted before still holds.
      return;
    }
    onChange(desired);
  };
  const timer = setInterval(look, every);
  look();
  return {
    now: () => desired,
    close: () => {
      clearInterval(timer);
    },
  };
}

/** Why the sweep ends early; the first reason counts. */
function createEnding(slots: () => readonly Slot[]): {
  reason(): Exclude<SweepEnd, "finished"> | null;
  end(reason: Exclude<SweepEnd, "finished">): void;
  readonly signal: AbortSignal;
} {
  const controller = new AbortController();
  let why: Exclude<SweepEnd, "finished"> | null = null;
  return {
    reason: () => why,
    signal: controller.signal,
    end(reason) {
      if (why !== null) return;
      why = reason;
      controller.abort();
      for (const slot of slots()) slot.stop();
    },
  };
}

function prunedOf(): (desired: Desired, block: Block) => readonly number[] {
  let text = "";
  let pruned: ReadonlySet<number> = new Set();
  return (desired, block) => {
    const wanted = desired.pruned ?? "";
    if (wanted !== text) [text, pruned] = [wanted, new Set(trialsOf(wanted))];
    return pruned.size === 0 ? [] : block.trials.filter((trial) => pruned.has(trial));
  };
}

/** Counts failed rows; true once there are too many. */
function failureLimit(
  sweep: Sweep,
  failFast: boolean,
): (errors: number, desired: Desired) => boolean {
  const { study } = sweep.store.lock;
  const scan = sweep.store.scan();
  let failed = scan.rungs.reduce((sum, { counts }) => sum + counts.error, 0);
  return (errors, desired) => {
    failed += errors;
    const part = desired.limits?.failures ?? study.limits.failures;
    return errors > 0 && (failFast || (part !== undefined && failed > part * study.trials));
  };
}

async function run(sweep: Sweep, options: EngineOptions, events: SweepEvents): Promise<SweepEnd> {
  const slots: Slot[] = [];
  const ending = createEnding(() => slots);
  const tooMany = failureLimit(sweep, options.failFast);
  const pruned = prunedOf();
  const queue = createQueue(() => sweep.left());
  const begun = performance.now();
  const wishes = watchWishes(sweep, options.timing.desired, ({ pause, stop, limits }) => {
    queue.pause(pause === true);
    const isOver = performance.now() - begun > 1000 * (limits?.seconds ?? Number.POSITIVE_INFINITY);
    if (stop === true || isOver) ending.end("stopped");
  });
  const told: SweepEvents = {
    ...events,
    done(block, done) {
      events.done(block, done);
      if (tooMany(done.counts.error, wishes.now())) ending.end("failures");
    },
  };
  const stop = (): void => {
    ending.end("stopped");
  };
  options.stop.addEventListener("abort", stop);
  if (options.stop.aborted) stop();
  ending.signal.addEventListener("abort", () => {
    queue.close();
  });
  const seconds = options.seconds ?? sweep.store.lock.study.limits.seconds ?? null;
  const clock =
    seconds === null ? undefined : setTimeout(stop, Math.min(seconds * 1000, 2 ** 31 - 1));

  const serve = async (slot: Slot): Promise<void> => {
    for (;;) {
      const block = await queue.next();
      if (block === undefined) return;
      const end = await slot.complete(block, pruned(wishes.now(), block));
      queue.done(block);
      if (end === "stopped") return;
    }
  };

  try {
    for (let index = 0; index < options.workers; index++)
      slots.push(createSlot(index, sweep.store, { ...options, stop: ending.signal }, told));
    await Promise.all(slots.map(serve));
    const reason = ending.reason();
    if (reason === null) removeRungs(sweep.store.folder);
    return reason ?? "finished";
  } finally {
    queue.close();
    clearTimeout(clock);
    wishes.close();
    options.stop.removeEventListener("abort", stop);
    await Promise.all(slots.map((slot) => slot.close()));
  }
}

/** The engine of this machine. */
export const local: Engine = { name: "local", run };
