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
import { awayError, briefly, serveQueue, type QueuePlace } from "./worker.js";

/** Where and how blocks are queued. */
export type QueueOptions = {
  /** `redis://…`, `rediss://…`, or the path of a socket. */
  readonly redis: string;
  readonly timing?: QueueTiming;
};

type Queue = import("bullmq").Queue<BatchJob>;
type QueueEvents = import("bullmq").QueueEvents;

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

/** Passes on the progress that workers tell of; which slot a worker is, is a matter of this call. */
function relay(feed: QueueEvents, events: SweepEvents, microBatches: Map<string, number>): void {
  const workers: string[] = [];
  feed.on("progress", ({ data }) => {
    const { worker, progress, backend } = data as unknown as JobProgress;
    if (!workers.includes(worker)) {
      workers.push(worker);
      if (backend !== null) events.backend(backend);
    }
    microBatches.set(progress.batch, progress.microBatch);
    events.progress(workers.indexOf(worker), progress);
  });
}

/** The workers of this process; the first failure of one is told. */
function hostWorkers(
  place: Omit<QueuePlace, "index" | "isOver">,
  onFailure: (error: unknown) => void,
): { close(): Promise<void> } {
  const over = new AbortController();
  const { options, events } = place;
  const own: Omit<QueuePlace, "index"> = {
    ...place,
    options: { ...options, owner: options.owner ?? "here", stop: over.signal },
    // What else is to be told comes through the queue and the store, as with all workers.
    events: {
      backend: () => undefined,
      progress: () => undefined,
      done: () => undefined,
      trouble: events.trouble,
    },
    isOver: () => false,
  };
  const serving = Array.from({ length: options.workers }, async (_, index) => {
    await serveQueue({ ...own, index }).catch(onFailure);
  });
  return {
    async close() {
      over.abort();
      await Promise.all(serving);
    },
  };
}

/** Something that fails a wait from outside. */
function createAlarm(): { readonly rung: Promise<never>; ring(error: unknown): void } {
  let ring: (error: unknown) => void = () => undefined;
  const rung = new Promise<never>((_resolve, reject) => {
    ring = reject;
  });
  // It may ring when nobody waits any more.
  rung.catch(() => undefined);
  return { rung, ring };
}

type Opened = {
  readonly connection: Connection;
  readonly queue: Queue;
  readonly feed: QueueEvents;
};

function openQueue(connection: Connection, name: string): Opened {
  const { Queue, QueueEvents } = connection.bullmq;
  const queue: Queue = new Queue<BatchJob>(name, { connection: connection.client() });
  const feed = new QueueEvents(name, { connection: connection.client() });
  // That Redis is away is asked for where it matters.
  queue.on("error", () => undefined);
  feed.on("error", () => undefined);
  return { connection, queue, feed };
}

async function plan(
  { connection, queue, feed }: Opened,
  timing: QueueTiming,
  sweep: Sweep,
  options: EngineOptions,
  events: SweepEvents,
): Promise<SweepEnd> {
  const { store } = sweep;
  const tag = sweepTag(store);
  await checkOwner(queue, tag, connection);
  // What ended before this call is no longer of interest: the store says what is left.
  await queue.clean(0, 0, "completed");
  await queue.clean(0, 0, "failed");

  const microBatches = new Map<string, number>();
  const observer = createObserver(store, (batch) => microBatches.get(batch));
  const feeder = createFeeder(queue, observer, (block) =>
    jobOf(store, tag, block, options.backend),
  );
  const inspect = createInspection(queue, observer, feeder);
  const blocks = createQueue(() => sweep.left());
  const ending = createEnding(sweep, options);
  const alarm = createAlarm();
  const wishes = watchWishes(store, options.timing.desired, ending.look);

  const look = (): void => {
    const { seen, complete } = observer.look();
    for (const { block, done } of seen) {
      events.done(block, done);
      ending.failed(done.counts.error, wishes.now());
    }
    for (const block of complete) blocks.done(block);
    // Workers of this process first commit what they run, and tell of it themselves.
    if (options.workers === 0 && connection.away() > timing.away) alarm.ring(awayError(connection));
  };
  const inspectNow = (): void => {
    if (connection.away() > 0) return;
    look();
    inspect()
      .then((failure) => failure && alarm.ring(failure))
      .catch(() => undefined);
  };
  const clocks = [
    setInterval(look, options.timing.desired),
    setInterval(inspectNow, timing.stalled),
  ];
  connection.onBack(inspectNow);
  relay(feed, events, microBatches);
  feed.on("completed", look);
  feed.on("failed", inspectNow);

  const close = (): void => {
    blocks.close();
  };
  ending.signal.addEventListener("abort", close);
  if (ending.signal.aborted) close();
  const hosted = hostWorkers({ store, connection, timing, options, events }, alarm.ring);
  const deal = async (): Promise<void> => {
    for (;;) {
      const block = await blocks.next();
      if (block === undefined) return;
      observer.await(block);
      feeder.add(block);
    }
  };
  try {
    await Promise.race([deal(), alarm.rung]);
    return ending.reason() ?? "finished";
  } finally {
    close();
    for (const clock of clocks) clearInterval(clock);
    await hosted.close();
    // Nobody is to begin with blocks of a sweep that nobody plans; the same command adds them again.
    if (observer.awaited.size > 0) await briefly(queue.drain(true));
    wishes.close();
    ending.close();
  }
}

async function run(
  { redis, timing = QUEUE_TIMING }: QueueOptions,
  sweep: Sweep,
  options: EngineOptions,
  events: SweepEvents,
): Promise<SweepEnd> {
  const connection = await connect(redis);
  for (const warning of connection.warnings) events.trouble(warning);
  const opened = openQueue(connection, queueName(sweep.store));
  try {
    const end = await plan(opened, timing, sweep, options, events);
    if (end === "finished") removeRungs(sweep.store.folder);
    return end;
  } finally {
    await briefly(Promise.all([opened.feed.close(), opened.queue.close()]));
    connection.close();
  }
}

/** An engine that queues blocks in Redis; `workers` of its options work in this process, others anywhere. */
export function bullmq(how: QueueOptions): Engine {
  return { name: "bullmq", run: (sweep, options, events) => run(how, sweep, options, events) };
}
