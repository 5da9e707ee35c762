// The engine of many machines on a queue in Redis: this process plans and watches; workers anywhere run blocks and commit
// them to the store, which alone decides what is done.

import { SweepFailure, type Engine, type EngineOptions, type Sweep } from "../engine.js";
import type { SweepEnd, SweepEvents } from "../engine.js";
import { removeRungs } from "../../execution/checkpoint.js";
import type { Block } from "../../types.js";
import { createQueue } from "../block-queue.js";
import { createEnding } from "../ending.js";
import { createObserver, type Observer } from "../observer.js";
import { watchWishes } from "../wishes.js";
import { connect, type Connection } from "./connection.js";
import {
  jobOf,
  QUEUE_TIMING,
  queueName,
  sweepTag,
  type BatchJob,
  type JobProgress,
  type QueueTiming,
} from "./jobs.js";
import { awayError, briefly, serveQueue } from "./worker.js";

/** Where and how blocks are queued. */
export type QueueOptions = {
  /** `redis://…`, `rediss://…`, or the path of a socket. */
  readonly redis: string;
  readonly timing?: QueueTiming;
};

type Queue = import("bullmq").Queue<BatchJob>;

const BULK = 500;
// A block whose job ends without rows is queued again; a block that ends so every time goes to another folder.
const MOST_RETURNS = 3;

/** Blocks on their way into Redis. */
type Feeder = {
  add(block: Block): void;
  /** Adds all blocks again that are still waited for; those that Redis knows are left as they are. */
  again(): Promise<void>;
};

function createFeeder(
  queue: Queue,
  observer: Observer,
  job: (block: Block) => ReturnType<typeof jobOf>,
): Feeder {
  let waiting: Block[] = [];
  let adding: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    // Blocks of one turn go together.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const some = waiting.splice(0, BULK);
      await queue.addBulk(some.map(job));
    }
    adding = undefined;
  };
  const begin = (): Promise<void> => (adding ??= flush());
  return {
    add(block) {
      waiting.push(block);
      // A Redis that is away keeps it waiting; one that refuses is told of by the next look.
      begin().catch(() => (adding = undefined));
    },
    async again() {
      waiting = [...observer.awaited.values()];
      await begin();
    },
  };
}

/** Finds out what Redis forgot, gave up, or holds as done without rows in the store. */
function createInspection(
  queue: Queue,
  observer: Observer,
  feeder: Feeder,
): () => Promise<SweepFailure | undefined> {
  const returned = new Map<string, number>();
  return async () => {
    for (const job of await queue.getJobs(["failed"])) {
      if (!observer.awaited.has(job.id ?? "")) continue;
      const why = job.failedReason;
      return new SweepFailure("unavailable", `${job.id ?? ""}: every attempt failed: ${why}`);
    }
    for (const job of await queue.getJobs(["completed"])) {
      const block = observer.awaited.get(job.id ?? "");
      // Perhaps the store has only been looked at too early.
      if (block === undefined || observer.isCommitted(block)) continue;
      const times = (returned.get(block.id) ?? 0) + 1;
      returned.set(block.id, times);
      if (times > MOST_RETURNS) {
        return new SweepFailure(
          "unavailable",
          `${block.id} was run by a worker, but its rows are not in this folder`,
          "workers must share this folder, not only the queue",
        );
      }
      if (times > 1) await job.remove();
    }
    await feeder.again();
    return undefined;
  };
}

/** Two folders of one study share the name of their queue, but must not share the queue. */
async function checkOwner(queue: Queue, tag: string, { shown }: Connection): Promise<void> {
  const states = ["active", "waiting", "prioritized", "delayed"] as const;
  for (const job of await queue.getJobs([...states], 0, 0)) {
    if (job.data.sweep === tag) continue;
    throw new SweepFailure(
      "unavailable",
      `queue ${queue.name} of ${shown} holds blocks of another folder of the same study`,
      "wait until that sweep ends, or use another database: redis://host:port/1",
    );
  }
}

async function run(
  { redis, timing = QUEUE_TIMING }: QueueOptions,
  sweep: Sweep,
  options: EngineOptions,
  events: SweepEvents,
): Promise<SweepEnd> {
  const { store } = sweep;
  const connection = await connect(redis);
  const { Queue, QueueEvents } = connection.bullmq;
  for (const warning of connection.warnings) events.trouble(warning);
  const name = queueName(store);
  const queue: Queue = new Queue<BatchJob>(name, { connection: connection.client() });
  const feed = new QueueEvents(name, { connection: connection.client() });
  queue.on("error", () => undefined);
  feed.on("error", () => undefined);

  const tag = sweepTag(store);
  const microBatches = new Map<string, number>();
  const observer = createObserver(store, (batch) => microBatches.get(batch));
  const feeder = createFeeder(queue, observer, (block) =>
    jobOf(store, tag, block, options.backend),
  );
  const inspect = createInspection(queue, observer, feeder);
  const blocks = createQueue(() => sweep.left());
  const ending = createEnding(sweep, options);
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  const look = (): void => {
    const { seen, complete } = observer.look();
    for (const { block, done } of seen) {
      events.done(block, done);
      ending.failed(done.counts.error, wishes.now());
    }
    for (const block of complete) blocks.done(block);
    // Workers of this process first commit what they run, and tell of it themselves.
    if (options.workers === 0 && connection.away() > timing.away) fail(awayError(connection));
  };
  const inspectAndTell = (): void => {
    if (connection.away() > 0) return;
    inspect().then(
      (failure) => {
        if (failure !== undefined) fail(failure);
      },
      () => undefined,
    );
  };
  const wishes = watchWishes(store, options.timing.desired, (desired) => {
    ending.look(desired);
  });
  const looking = setInterval(look, options.timing.desired);
  const inspecting = setInterval(inspectAndTell, timing.stalled);
  connection.onBack(inspectAndTell);

  const workers: string[] = [];
  const slotOf = (worker: string): number => {
    if (!workers.includes(worker)) workers.push(worker);
    return workers.indexOf(worker);
  };
  feed.on("progress", ({ data }) => {
    const { worker, progress, backend } = data as unknown as JobProgress;
    if (!workers.includes(worker) && backend !== null) events.backend(backend);
    microBatches.set(progress.batch, progress.microBatch);
    events.progress(slotOf(worker), progress);
  });
  feed.on("completed", look);
  feed.on("failed", ({ jobId, failedReason }) => {
    look();
    if (observer.awaited.has(jobId))
      fail(new SweepFailure("unavailable", `${jobId}: every attempt failed: ${failedReason}`));
  });

  const plan = async (): Promise<void> => {
    for (;;) {
      const block = await blocks.next();
      if (block === undefined) return;
      observer.await(block);
      feeder.add(block);
    }
  };
  const close = (): void => {
    blocks.close();
  };
  ending.signal.addEventListener("abort", close);
  if (ending.signal.aborted) close();

  const over = new AbortController();
  const own = { ...options, owner: options.owner ?? "here", stop: over.signal };
  const host = (index: number): Promise<unknown> =>
    serveQueue({
      store,
      connection,
      timing,
      options: own,
      events: {
        ...events,
        backend: () => undefined,
        progress: () => undefined,
        done: () => undefined,
      },
      index,
      isOver: () => false,
    });
  const hosted: Promise<unknown>[] = [];
  try {
    await checkOwner(queue, tag, connection);
    // What ended before this call is no longer of interest: the store says what is left.
    await queue.clean(0, 0, "completed");
    await queue.clean(0, 0, "failed");
    for (let index = 0; index < options.workers; index++) {
      const serving = host(index);
      serving.catch(fail);
      hosted.push(serving);
    }
    await Promise.race([plan(), failed]);
    const reason = ending.reason();
    if (reason === null) removeRungs(store.folder);
    return reason ?? "finished";
  } finally {
    blocks.close();
    clearInterval(looking);
    clearInterval(inspecting);
    over.abort();
    await Promise.allSettled(hosted);
    // Nobody is to begin with blocks of a sweep that nobody plans; the same command adds them again.
    if (observer.awaited.size > 0) await briefly(queue.drain(true));
    wishes.close();
    ending.close();
    await briefly(Promise.all([feed.close(), queue.close()]));
    connection.close();
  }
}

/** An engine that queues blocks in Redis; `workers` of its options work in this process, others anywhere. */
export function bullmq(how: QueueOptions): Engine {
  return { name: "bullmq", run: (sweep, options, events) => run(how, sweep, options, events) };
}
