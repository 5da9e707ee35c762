// Whether a long training keeps what it allocates: tensors and memory of the process while a tiny DQGAN
// or a small QAAAN is trained.

import * as tf from "@tensorflow/tfjs";
import { trainDqgan, trainQaaan } from "../../src/models/index.js";
import type { Started } from "./serve.js";

/** What is there after a number of steps. */
export type MemoryReading = {
  readonly step: number;
  readonly tensors: number;
  /** Of tensors. */
  readonly bytes: number;
  /** Tensors of the native library; of buffers of the device, bytes. */
  readonly native: number | null;
  /** Of the JavaScript heap and of the process after a collection, MiB. */
  readonly heap: number;
  readonly resident: number;
};

/** Readings of a training. */
export type TrainingMemory = {
  readonly readings: readonly MemoryReading[];
  readonly seconds: number;
  readonly device: string;
};

const READINGS = 20;
const MIB = 2 ** 20;

type Native = { readonly binding?: { getNumOfTensors?(): number } };

function native(): number | null {
  const { numBytesInGPU } = tf.memory() as { numBytesInGPU?: number };
  return numBytesInGPU ?? (tf.backend() as Native).binding?.getNumOfTensors?.() ?? null;
}

function reading(step: number): MemoryReading {
  (globalThis as { gc?: () => void }).gc?.();
  const { numTensors, numBytes } = tf.memory();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    step,
    tensors: numTensors,
    bytes: numBytes,
    native: native(),
    heap: heapUsed / MIB,
    resident: rss / MIB,
  };
}

/** What is trained: a step of little else than calls, and one of convolutions and of chains of a prior. */
export type MemoryModel = "dqgan" | "qaaan";

const TRAININGS: Readonly<
  Record<MemoryModel, (steps: number) => AsyncIterable<{ readonly step: number }>>
> = {
  dqgan: (steps) =>
    trainDqgan({
      ...{ replicas: 1, seed: 1, model: { heads: 1 }, evaluate: { validation: 100 } },
      train: { steps, batch: 4, discriminatorSteps: 1, evaluateEvery: 0 },
    }),
  qaaan: (steps) =>
    trainQaaan({
      ...{ replicas: 1, seed: 1, data: { side: 8, train: 500, test: 200 } },
      model: {
        ...{ discriminator: { channels: [8], dense: 32 }, generator: { channels: [8], dense: 32 } },
        features: 16,
      },
      prior: { cells: [2, 2, 2], chains: 100, sweeps: 2 },
      train: { steps, batch: 8, evaluateEvery: 0 },
    }),
};

/** Trains for so many steps and reads the memory twenty times on the way. */
export async function trainingMemory(
  { model, steps }: { readonly model: MemoryModel; readonly steps: number },
  { info }: Started,
): Promise<TrainingMemory> {
  const start = performance.now();
  const readings: MemoryReading[] = [];
  const every = Math.max(1, Math.floor(steps / READINGS));
  for await (const { step } of TRAININGS[model](steps))
    if (step >= (readings.length + 1) * every) readings.push(reading(step));
  return { readings, seconds: (performance.now() - start) / 1000, device: info.device };
}
