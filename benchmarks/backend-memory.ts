// Does a long training keep what it allocates? A hundred thousand steps of a tiny DQGAN on each backend, in processes of
// their own. Not for continuous integration: `npm run check:memory`.

import { useBackend } from "../src/backend.js";
import { BACKENDS_TO_MEASURE, backendsToTry } from "./backends/names.js";
import { beside, inOwnProcess, isAbsent } from "./backends/isolation.js";
import { report, round } from "./harness.js";
import type { MemoryReading, TrainingMemory } from "./backends/memory.js";
import type { Check, Report, Row, Suite, SuiteOptions } from "./harness.js";

/** Steps on the host, and on an emulated device, which is a hundred times slower. */
const STEPS = {
  quick: { host: 2000, software: 200 },
  full: { host: 100_000, software: 10_000 },
} as const;

/**
 * What the allocators of processes may drift by between the middle and the end, MiB. The smallest leak that matters, of one
 * tensor of a kilobyte a step, is 50; compiled code and the collector's pages come and go by some 10.
 */
const DRIFT = 16;

function middleAndEnd({ readings }: TrainingMemory): readonly [MemoryReading, MemoryReading] {
  return [readings[(readings.length >> 1) - 1]!, readings.at(-1)!];
}

function rowOf(backend: string, memory: TrainingMemory): Row {
  const [middle, end] = middleAndEnd(memory);
  return {
    backend,
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

function checksOf(backend: string, memory: TrainingMemory): Check[] {
  const [middle, end] = middleAndEnd(memory);
  const growth = (what: string, by: number, most: number): Check => ({
    what: `${what} on ${backend}, from the middle to the end`,
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
    `A DQGAN of one replica, one head and batch 4, one thread; read after a collection at the middle and at the end of the steps. The process may drift by ${DRIFT.toString()} MiB; tensors may not at all.`,
  ];
  for (const backend of backendsToTry(BACKENDS_TO_MEASURE)) {
    log(`backend-memory: ${backend}`);
    const software = backend === "webgpu" && process.env["ZENOFLOW_WEBGPU_SOFTWARE"] === "1";
    const steps = STEPS[profile][software ? "software" : "host"];
    const job = { backend, measure: "memory", threads: 1, options: { steps } };
    const memory = await inOwnProcess<TrainingMemory>(child, job);
    if (isAbsent(memory)) {
      notes.push(`${backend} was not tried: ${memory.absent}`);
      continue;
    }
    if (software) notes.push(`webgpu is ${memory.device}, emulated on the processor.`);
    rows.push(rowOf(backend, memory));
    readings.push(...memory.readings.map((reading) => ({ backend, ...reading })));
    checks.push(...checksOf(backend, memory));
  }
  const course = { title: "the course of the memory", rows: readings, notes: [], measures: {} };
  return { ...report(rows, notes), tables: { course }, checks };
}

/** The suite `backend-memory`. */
export const backendMemory: Suite = {
  title: "memory over many training steps on each backend (minutes)",
  run,
};
