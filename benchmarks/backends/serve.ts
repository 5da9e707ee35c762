// The other side of isolation.ts: starts the backend that a job asks for, takes its first result, runs the measurement.

import { ANSWER, type Job } from "./isolation.js";
import type { BackendInfo, BackendName } from "../../src/index.js";

/** What every measurement is told of the process it runs in. */
export type Started = {
  readonly info: BackendInfo;
  /** Milliseconds from the start of the process to the first result on the host, the libraries' loading included. */
  readonly firstResult: number;
  /** The same, of the processor's time alone. */
  readonly firstResultCpu: number;
};

/** A measurement; what it resolves with travels as JSON. */
export type Measurement = (options: never, started: Started) => Promise<object>;

async function standardInput(): Promise<string> {
  let text = "";
  for await (const part of process.stdin) text += String(part);
  return text;
}

/** The first result: steady states of a small network, on the host. Loads what a user's first line loads. */
async function start({ backend, threads, software, native }: Job): Promise<Started> {
  if (native === true) process.env["ZENOFLOW_TENSORFLOW_NATIVE"] = "1";
  const { network, random, useBackend } = await import("../../src/index.js");
  const info = await useBackend(backend as BackendName, {
    ...(threads !== undefined && { threads }),
    ...(software !== undefined && { software }),
  });
  const streams = [random.stream(1, "data")];
  const theta = random.uniform(streams, [4, 2]);
  const J = random.normal(streams, [1, 2, 3, 3]);
  const r = network.steadyState({ theta, J, gamma: 100 });
  const [first = NaN] = await r.data();
  if (!Number.isFinite(first)) throw new Error(`bench: ${backend} gives ${String(first)}.`);
  for (const tensor of [theta, J, r]) tensor.dispose();
  const { user, system } = process.cpuUsage();
  return { info, firstResult: performance.now(), firstResultCpu: (user + system) / 1000 };
}

async function answer(job: Job, measures: Readonly<Record<string, Measurement>>): Promise<object> {
  const { BackendError } = await import("../../src/errors.js");
  try {
    const started = await start(job);
    return await measures[job.measure]!((job.options ?? {}) as never, started);
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { absent: error.message };
  }
}

/** Serves the job on the standard input and ends the process. */
export async function serve(measures: Readonly<Record<string, Measurement>>): Promise<void> {
  const job = JSON.parse(await standardInput()) as Job;
  const line = `${ANSWER}${JSON.stringify(await answer(job, measures))}\n`;
  // A device of WebGPU may keep the process alive.
  process.stdout.write(line, () => process.exit());
}
