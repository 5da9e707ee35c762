// How many rows fit into memory together: two steps of 8 and of 16 rows, a line through what they took, and the
// largest power of two below the limit of the device.

import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { ConvergenceError } from "../../errors.js";
import type { Study, Trial } from "../types.js";
import { checkedConfiguration } from "./configuration.js";
import { isOutOfMemory } from "./out-of-memory.js";
import type { Task } from "./task.js";

/** What a training of some rows takes at its highest. */
export type Footprint = {
  readonly rows: number;
  /** Of all tensors together. */
  readonly bytes: number;
  /** Of the largest tensor. */
  readonly largest: number;
};

/** How long some rows take together. */
export type StepTime = {
  readonly rows: number;
  /** Of one step. */
  readonly seconds: number;
  /** Of what comes before the first step and after the last one, the validation. */
  readonly around: number;
};

/** What a device has. */
export type MemoryLimits = {
  readonly bytes: number;
  /** Most bytes of one tensor. */
  readonly largest: number;
};

/** What a probe found. */
export type MemoryProbe = {
  readonly footprints: readonly Footprint[];
  readonly limits: MemoryLimits;
  readonly microBatch: number;
  /** Why nothing was measured, where a row failed. */
  readonly failure?: string;
};

const PROBED = [8, 16] as const;
const STEPS = 2;
const TIMED_STEPS = 20;
/** Rows that are timed: few hide what a row costs behind what a call costs. */
const TIMED = [16, 256] as const;
const SHARE = 0.8;
const WASM_BYTES = 4 * 2 ** 30;

/** Memory that this process may use: of the machine, or of the container it runs in. */
export function machineMemory(
  file = "/sys/fs/cgroup/memory.max",
  total: number = totalmem(),
): number {
  try {
    const limit = Number(readFileSync(file, "utf8"));
    return Number.isFinite(limit) && limit > 0 ? Math.min(limit, total) : total;
  } catch {
    return total;
  }
}

/** Where WebGPU says what a buffer may hold. */
type WithDevice = { readonly device?: { readonly limits?: Readonly<Record<string, number>> } };

/**
 * The memory of a backend, for one of several executors on the same machine.
 *
 * @param workers - executors that share the machine
 */
export function memoryLimits(backend: string, workers: number): MemoryLimits {
  const share = machineMemory() / 2 / workers;
  if (backend === "webgpu") {
    const { device } = tf.backend() as WithDevice;
    const { maxStorageBufferBindingSize = 2 ** 27, maxBufferSize = 2 ** 28 } = device?.limits ?? {};
    return { bytes: share, largest: Math.min(maxStorageBufferBindingSize, maxBufferSize) };
  }
  const bytes = backend === "wasm" ? Math.min(WASM_BYTES, share) : share;
  return { bytes, largest: backend === "wasm" ? 2 ** 31 : bytes };
}

/** Highest tensor memory while `work` runs. */
async function highest(work: () => Promise<void>): Promise<{ bytes: number; largest: number }> {
  const profile = await tf
    .profile(async () => {
      await work();
      // Profiling wants a result; it is not looked at.
      return tf.scalar(0);
    })
    .finally(() => {
      // After an error it would go on, and keep a record of every kernel.
      tf.engine().state.profiling = false;
    });
  tf.dispose(profile.result);
  let [bytes, largest] = [0, 0];
  for (const { totalBytesSnapshot, outputShapes } of profile.kernels) {
    bytes = Math.max(bytes, totalBytesSnapshot);
    for (const shape of outputShapes) largest = Math.max(largest, 4 * tf.util.sizeFromShape(shape));
  }
  return { bytes, largest };
}

/** The first steps of a training of these trials, fewer where all of them diverge: that is no fault of the study. */
async function train(
  task: Task,
  study: Study,
  trials: readonly Trial[],
  until: number,
): Promise<void> {
  const config = checkedConfiguration(task, study, trials);
  const events = task.definition.train(config, { files: task.files(config), until });
  try {
    for await (const _ of events) continue;
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
  }
}

async function footprint(task: Task, study: Study, trials: readonly Trial[]): Promise<Footprint> {
  const until = Math.min(STEPS, study.budget.max);
  return { rows: trials.length, ...(await highest(() => train(task, study, trials, until))) };
}

/** The number on the line through two points. */
function line(a: Footprint, b: Footprint, key: "bytes" | "largest", rows: number): number {
  const slope = (b[key] - a[key]) / (b.rows - a.rows);
  return a[key] + slope * (rows - a.rows);
}

/**
 * The largest power of two whose population fits.
 *
 * @param most - rows that are wanted at most
 * @returns at least 1
 */
export function fitting(
  footprints: readonly [Footprint, Footprint],
  limits: MemoryLimits,
  most: number,
): number {
  const [a, b] = footprints;
  const fits = (rows: number): boolean =>
    line(a, b, "bytes", rows) <= SHARE * limits.bytes &&
    line(a, b, "largest", rows) <= limits.largest;
  let rows = 1;
  while (2 * rows <= most && fits(2 * rows)) rows *= 2;
  return rows;
}

/** Trials in a circle, where a block has fewer than are to be measured. */
function some(trials: readonly Trial[], n: number): readonly Trial[] {
  return Array.from({ length: n }, (_, i) => trials[i % trials.length]!);
}

/**
 * Finds the micro-batch for trials of one group. A power of two, or all trials where these fit.
 *
 * @throws whatever the model throws, but for a shortage of memory: then the micro-batch is 1
 */
export async function probeMemory(
  task: Task,
  study: Study,
  trials: readonly Trial[],
  limits: MemoryLimits,
): Promise<MemoryProbe> {
  try {
    const [eight, sixteen] = PROBED;
    const a = await footprint(task, study, some(trials, eight));
    const b = await footprint(task, study, some(trials, sixteen));
    const footprints: [Footprint, Footprint] = [a, b];
    // One step further than the block: a block of 1000 rows fits where 1024 would.
    const most = 2 ** Math.ceil(Math.log2(trials.length));
    return {
      footprints,
      limits,
      microBatch: Math.min(fitting(footprints, limits, most), trials.length),
    };
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    return { footprints: [], limits, microBatch: 1 };
  }
}

async function stepTime(task: Task, study: Study, trials: readonly Trial[]): Promise<StepTime> {
  const timed = async (until: number): Promise<number> => {
    const begun = performance.now();
    await train(task, study, trials, until);
    return (performance.now() - begun) / 1000;
  };
  // The first run compiles.
  await timed(STEPS);
  // What comes before the first step and after the last one is in both.
  const short = await timed(STEPS);
  const long = await timed(STEPS + TIMED_STEPS);
  const seconds = Math.max(0, long - short) / TIMED_STEPS;
  return { rows: trials.length, seconds, around: Math.max(0, short - STEPS * seconds) };
}

/**
 * How long 16 and 256 rows take, or as many as are trained together; none where the study has too few steps to tell.
 *
 * @param microBatch - rows that are trained together
 */
export async function probeTime(
  task: Task,
  study: Study,
  trials: readonly Trial[],
  microBatch: number,
): Promise<readonly StepTime[]> {
  if (study.budget.max < STEPS + TIMED_STEPS) return [];
  const times: StepTime[] = [];
  for (const n of new Set(TIMED.map((rows) => Math.min(rows, microBatch))))
    times.push(await stepTime(task, study, some(trials, n)));
  return times;
}
