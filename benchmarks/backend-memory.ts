// Does a long training keep what it allocates? A hundred thousand steps of a tiny DQGAN and ten thousand of a small QAAAN on
// each backend, in processes of their own. Not for continuous integration: `npm run check:memory`.

import { useBackend } from "../src/backend.js";
import { BACKENDS_TO_MEASURE, backendsToTry } from "./backends/names.js";
import { beside, inOwnProcess, isAbsent } from "./backends/isolation.js";
import { report, round } from "./harness.js";
import type { MemoryModel, MemoryReading, TrainingMemory } from "./backends/memory.js";
import type { Check, Report, Row, Suite, SuiteOptions } from "./harness.js";

/** Steps on the host, and on an emulated device, which is a hundred times slower. */
const STEPS = {
  dqgan: { quick: { host: 2000, software: 200 }, full: { host: 100_000, software: 10_000 } },
  qaaan: { quick: { host: 200, software: 20 }, full: { host: 10_000, software: 200 } },
} as const;

const MODELS: readonly MemoryModel[] = ["dqgan", "qaaan"];

/**
 * What the allocators of processes may drift by between the middle and the end, MiB. The smallest leak that matters, of one
 * tensor of a kilobyte a step, is 50; compiled code and the collector's pages come and go by some 10.
 */
const DRIFT = 16;

function middleAndEnd({ readings }: TrainingMemory): readonly [MemoryReading, MemoryReading] {
  return [readings[(readings.length >> 1) - 1]!, readings.at(-1)!];
}

type Trained = { readonly backend: string; readonly model: MemoryModel };

function rowOf({ backend, model }: Trained, memory: TrainingMemory): Row {
  const [middle, end] = middleAndEnd(memory);
  return {
    backend,
    model,
    steps: end.step,
    tensors: `${String(middle.tensors)} → ${String(end.tensors)}`,
    "bytes of tensors": `${String(middle.bytes)} → ${String(end.bytes)}`,
    "in the library or device":
      end.native === null ? "" : `${String(middle.native)} → ${String(end.native)}`,
    "heap, MiB": `${middle.heap.toFixed(1)} → ${end.heap.toFixed(1)}`,
    "process, MiB": `${middle.resident.toFixed(0)} → ${end.resident.toFixed(0)}`,
    "ms a step": round((1000 * memory.seconds) / end.step),
  };
}

function checksOf({ backend, model }: Trained, memory: TrainingMemory): Check[] {
  const [middle, end] = middleAndEnd(memory);
  const growth = (what: string, by: number, most: number): Check => ({
    what: `${what}, ${model} on ${backend}, from the middle to the end`,
    measured: round(by).toString(),
    bound: `at most ${most.toString()}`,
    ok: by <= most,
  });
  return [
    growth("growth of the number of tensors", end.tensors - middle.tensors, 0),
    growth("growth of the bytes of tensors", end.bytes - middle.bytes, 0),
    growth("growth in the library or on the device", (end.native ?? 0) - (middle.native ?? 0), 0),
    growth("growth of the heap, MiB", end.heap - middle.heap, DRIFT),
    growth("growth of the process, MiB", end.resident - middle.resident, DRIFT),
  ];
}

async function run({ profile, log }: SuiteOptions): Promise<Report> {
  await useBackend("wasm", { threads: 1 });
  const child = beside(import.meta.url, "./backends/child");
  const rows: Row[] = [];
  const checks: Check[] = [];
  const readings: Row[] = [];
  const notes = [
    `A DQGAN of one replica, one head and batch 4; a QAAAN of convolutions on digits of 8 × 8, batch 8, with 100 chains of 16 spins. One thread; read after a collection at the middle and at the end of the steps. The process may drift by ${DRIFT.toString()} MiB; tensors may not at all.`,
  ];
  for (const backend of backendsToTry(BACKENDS_TO_MEASURE)) {
    log(`backend-memory: ${backend}`);
    const software = backend === "webgpu" && process.env["ZENOFLOW_WEBGPU_SOFTWARE"] === "1";
    if (software) notes.push("webgpu is emulated on the processor.");
    for (const model of MODELS) {
      const steps = STEPS[model][profile][software ? "software" : "host"];
      const job = { backend, measure: "memory", threads: 1, options: { model, steps } };
      const memory = await inOwnProcess<TrainingMemory>(child, job);
      if (isAbsent(memory)) {
        notes.push(`${backend} was not tried: ${memory.absent}`);
        break;
      }
      const trained = { backend, model };
      rows.push(rowOf(trained, memory));
      readings.push(...memory.readings.map((reading) => ({ ...trained, ...reading })));
      checks.push(...checksOf(trained, memory));
    }
  }
  const course = { title: "the course of the memory", rows: readings, notes: [], measures: {} };
  return { ...report(rows, notes), tables: { course }, checks };
}

/** The suite `backend-memory`. */
export const backendMemory: Suite = {
  title: "memory over many training steps on each backend (minutes)",
  run,
};
