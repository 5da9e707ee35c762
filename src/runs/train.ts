// The training of a run: drives a model's steps and keeps metrics and checkpoints. Knows no model and no terminal.

import { setImmediate } from "node:timers/promises";
import type {
  DataFiles,
  ImageSheet,
  ModelDefinition,
  Snapshot,
  TrainEvent,
} from "../models/model.js";
import { quarantine, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { runFiles } from "./folder.js";
import { openHistory, type History } from "./history.js";
import type { Lock } from "./lock.js";

/** Time or steps between checkpoints. */
export type CheckpointEvery = { readonly seconds: number } | { readonly steps: number };

/** What a training needs besides its model. */
export type TrainRunOptions = {
  readonly folder: string;
  readonly lock: Lock;
  readonly files: DataFiles;
  readonly checkpointEvery: CheckpointEvery;
  /** Asked after every event; true: checkpoint and stop. */
  interrupted(): boolean;
  /** Told of every event, with the seconds of training so far. */
  onEvent(event: TrainEvent, seconds: number): void;
  /** Given the images of events that have some, with the step. */
  onImages?(images: ImageSheet, step: number): void;
  /** Told of checkpoints that were damaged and put aside. */
  onDamaged(paths: readonly string[]): void;
};

/** How a training ended: `snapshot` is on the disk. */
export type Trained = {
  readonly snapshot: Snapshot;
  readonly interrupted: boolean;
  /** Seconds of training, over all invocations. */
  readonly seconds: number;
};

/** The snapshot a run continues from; damaged files are put aside, rows after it will be written again. */
function resumePoint(options: TrainRunOptions): Snapshot | undefined {
  const checkpoint = readCheckpoint(runFiles(options.folder).checkpoints);
  if (checkpoint === undefined) return undefined;
  if (checkpoint.damaged.length > 0) {
    quarantine(checkpoint.damaged);
    options.onDamaged(checkpoint.damaged);
  }
  return checkpoint.snapshot;
}

function schedule(every: CheckpointEvery, start: number): (step: number) => boolean {
  let lastTime = performance.now();
  let lastStep = start;
  return (step) => {
    const elapsed = (performance.now() - lastTime) / 1000;
    const due = "seconds" in every ? elapsed >= every.seconds : step - lastStep >= every.steps;
    if (due) {
      lastTime = performance.now();
      lastStep = step;
    }
    return due;
  };
}

async function save(
  options: TrainRunOptions,
  event: TrainEvent,
  history: History,
): Promise<Snapshot> {
  const snapshot = await event.snapshot();
  history.sync();
  writeCheckpoint(runFiles(options.folder).checkpoints, snapshot);
  return snapshot;
}

function row(event: TrainEvent, seconds: number): Parameters<History["append"]>[0] {
  const { step, losses, metrics } = event;
  return { step, seconds, losses, ...(metrics === undefined ? {} : { metrics }) };
}

async function follow(
  events: AsyncIterable<TrainEvent>,
  options: TrainRunOptions,
  history: History,
  resume: Snapshot | undefined,
): Promise<Trained> {
  const start = performance.now();
  const due = schedule(options.checkpointEvery, resume?.step ?? 0);
  let snapshot = resume;
  let seconds = history.seconds;
  for await (const event of events) {
    seconds = history.seconds + (performance.now() - start) / 1000;
    history.append(row(event, seconds));
    options.onEvent(event, seconds);
    options.lock.beat();
    // Signal handlers run only when the loop turns.
    await setImmediate();
    if (event.images && options.onImages) options.onImages(await event.images(), event.step);
    const last = event.step >= event.steps;
    const stop = options.interrupted() && !last;
    if (due(event.step) || stop || last) snapshot = await save(options, event, history);
    if (stop && snapshot !== undefined) return { snapshot, interrupted: true, seconds };
  }
  if (snapshot === undefined) throw new Error("trainRun: the model reported no step");
  return { snapshot, interrupted: false, seconds };
}

/**
 * Trains a model inside a run folder whose lock is held: continues at the newest checkpoint, appends to
 * metrics.jsonl, writes checkpoints, and stops after a checkpoint when asked to.
 *
 * @throws OutputError where the folder cannot be written
 */
export async function trainRun<Config>(
  definition: Pick<ModelDefinition<Config>, "train">,
  config: Config,
  options: TrainRunOptions,
): Promise<Trained> {
  const resume = resumePoint(options);
  const history = openHistory(runFiles(options.folder).metrics, resume?.step ?? 0);
  try {
    const events = definition.train(config, {
      files: options.files,
      ...(resume === undefined ? {} : { resume }),
    });
    return await follow(events, options, history, resume);
  } finally {
    history.close();
  }
}
