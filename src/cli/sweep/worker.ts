// `zenoflow worker`: runs blocks of a sweep that another process plans, from a queue or as a share of a Slurm array.

import { hostname } from "node:os";
import {
  TIMING,
  type EngineOptions,
  type SweepEnd,
  type SweepEvents,
} from "../../sweeps/engines/engine.js";
import { sweepOf } from "../../sweeps/execution/sweep.js";
import { openJournal, type Store } from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near } from "../places.js";
import { placeSettings } from "../use/load-run.js";
import { redisAddress } from "./engine.js";
import { executorCall } from "./executor-options.js";
import { failing } from "./failing.js";
import { findSweep } from "./folder.js";
import { isOver } from "./state.js";
import type { Task, WorkerOptions } from "./worker-options.js";

const EXITS: Readonly<Record<SweepEnd, number>> = {
  finished: EXIT.done,
  stopped: EXIT.requeue,
  failures: EXIT.failed,
};

/** Tells of this worker: to its own messages, and to the folder for those who look from elsewhere. */
function eventsOf(
  store: Store,
  owner: string,
  { terminal }: Context,
): SweepEvents & { close(): void } {
  const journal = openJournal(store.files.events, owner);
  const note = (kind: string, entry: object): void => {
    try {
      journal.append({ time: new Date().toISOString(), kind, ...entry });
    } catch {
      // Events are for those who look; rows are what must not be lost.
    }
  };
  return {
    backend(backend) {
      note("backend", { backend });
    },
    progress(slot, progress) {
      note("progress", { slot, ...progress });
    },
    done(block, done) {
      note("done", { rung: block.rung, rows: block.trials.length, ...done });
      const again = done.outcome === "exists" ? ", which another worker had committed" : "";
      terminal.note(`${done.batch}: ${block.trials.length.toString()} rows${again}`);
    },
    trouble(message) {
      note("trouble", { message });
      terminal.warn({ message });
    },
    close() {
      journal.close();
    },
  };
}

function engineOptions(
  owner: string,
  options: WorkerOptions,
  context: Context,
  stop: AbortSignal,
): EngineOptions {
  const { threads } = placeSettings(options, context);
  return {
    ...executorCall(context.io),
    // Nothing said: the backend of the sweep.
    backend: options.backend ?? "auto",
    threads,
    workers: 1,
    owner,
    failFast: false,
    seconds: options.time ?? null,
    microBatch: options.microBatch ?? null,
    timing: TIMING,
    stop,
  };
}

async function runTask(
  store: Store,
  task: Task,
  options: EngineOptions,
  events: SweepEvents,
): Promise<SweepEnd> {
  const { partOf, readPlan } = await import("../../sweeps/engines/slurm/plan-file.js");
  const { local } = await import("../../sweeps/engines/local/index.js");
  const plan = readPlan(store);
  const sweep = sweepOf(store, plan.retry === null ? {} : { retry: plan.retry });
  const how = {
    ...options,
    backend: options.backend === "auto" ? plan.backend : options.backend,
    threads: options.threads ?? plan.threads,
    microBatch: options.microBatch ?? plan.microBatch,
    failFast: plan.failFast,
  };
  return local.run(partOf(sweep, plan, task), how, events);
}

async function runQueue(
  store: Store,
  { redis, idle = Number.POSITIVE_INFINITY }: WorkerOptions,
  options: EngineOptions,
  events: SweepEvents,
  context: Context,
): Promise<SweepEnd> {
  const { connect } = await import("../../sweeps/engines/bullmq/connection.js");
  const { QUEUE_TIMING } = await import("../../sweeps/engines/bullmq/jobs.js");
  const { serveQueue } = await import("../../sweeps/engines/bullmq/worker.js");
  const connection = await connect(redisAddress(redis, context));
  for (const warning of connection.warnings) events.trouble(warning);
  const out = new AbortController();
  const { seconds } = options;
  const clock =
    seconds === null
      ? undefined
      : setTimeout(() => {
          out.abort();
        }, seconds * 1000);
  let busy = performance.now();
  const stamp = (): void => {
    busy = performance.now();
  };
  try {
    return await serveQueue({
      store,
      connection,
      timing: QUEUE_TIMING,
      options: { ...options, stop: AbortSignal.any([options.stop, out.signal]) },
      events: {
        ...events,
        progress(slot, progress) {
          stamp();
          events.progress(slot, progress);
        },
        done(block, done) {
          stamp();
          events.done(block, done);
        },
      },
      index: 0,
      isOver: () => performance.now() - busy > 1000 * idle || isOver(store),
    });
  } finally {
    clearTimeout(clock);
    connection.close();
  }
}

/** Runs `zenoflow worker`; resolves with the exit code. */
export async function worker(
  name: string,
  options: WorkerOptions,
  context: Context,
): Promise<number> {
  const { io, terminal, interruptions } = context;
  const store = findSweep(name, options, context);
  store.prepare();
  const { task } = options;
  const kind = task === undefined ? "worker" : `task-${task.index.toString()}`;
  const owner = `${kind}-${hostname()}-${process.pid.toString()}`;
  const controller = new AbortController();
  interruptions.protect(() => {
    terminal.note("stopping: checkpointing what runs");
    controller.abort();
  });
  const events = eventsOf(store, owner, context);
  const how = engineOptions(owner, options, context, controller.signal);
  try {
    terminal.note(`${store.lock.study.name}: working for ${near(io.cwd, store.folder)}`);
    const end = await failing(
      task === undefined
        ? runQueue(store, options, how, events, context)
        : runTask(store, task, how, events),
    );
    return EXITS[end];
  } finally {
    interruptions.unprotect();
    events.close();
  }
}
