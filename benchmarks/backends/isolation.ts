// Runs a measurement in a process of its own: one process has one backend. Knows no measurement.

import { fileURLToPath } from "node:url";
import { askProcess, type Ended } from "../child-answer.js";

/** What a process of its own is asked: a measurement by name, on a backend. */
export type Job = {
  readonly backend: string;
  readonly measure: string;
  readonly threads?: number;
  /** Backend `webgpu`: on an emulated device. */
  readonly software?: boolean;
  /** Backend `tensorflow`: native forms of kernels, as where tensors lie on a GPU. */
  readonly native?: boolean;
  readonly options?: object;
};

/** The backend is not there; the reason in the words of `useBackend`. */
export type Absent = { readonly absent: string };

/** What stands before the answer in its line of the standard output: libraries print there too. */
export const ANSWER = "zenoflow-answer ";

/** Milliseconds after which a process is given up, unless the caller says otherwise. */
const TIMEOUT = 3_600_000;

/** Whether a backend was not there. */
export function isAbsent(answer: object): answer is Absent {
  return "absent" in answer;
}

/** A module beside the caller's, in the sources or in a build. */
export function beside(here: string, name: string): URL {
  return new URL(`${name}${here.endsWith(".ts") ? ".ts" : ".js"}`, here);
}

/** Set in the processes of measurements, which must not start others. */
const INSIDE = "ZENOFLOW_MEASURING";

/** Flags of this process that load modules of another language; others, above all `--eval`, must not be handed on. */
const LOADERS = ["--require", "-r", "--import", "--loader"];

function loaderFlags(flags: readonly string[]): string[] {
  return flags.flatMap((flag, i) => {
    const value = flags[i + 1];
    if (LOADERS.includes(flag) && value !== undefined) return [flag, value];
    return LOADERS.some((name) => flag.startsWith(`${name}=`)) ? [flag] : [];
  });
}

function ended(module: URL, job: Job, timeout: number): Promise<Ended> {
  // Memory is only comparable after a collection, which the flag lets a measurement ask for.
  const path = fileURLToPath(module);
  const loaders = path.endsWith(".ts") ? loaderFlags(process.execArgv) : [];
  const args = [...loaders, "--expose-gc", "--no-warnings", path];
  return askProcess(process.execPath, args, job, { env: { [INSIDE]: "1" }, timeout });
}

/**
 * Runs one job of a module that calls `serve`.
 *
 * @throws Error where the process fails; an absent backend is an answer
 */
export async function inOwnProcess<Answer extends object>(
  module: URL,
  job: Job,
  timeout: number = TIMEOUT,
): Promise<Answer | Absent> {
  if (process.env[INSIDE] !== undefined)
    throw new Error("bench: a measurement must not start another one.");
  const { stdout, stderr, code } = await ended(module, job, timeout);
  const line = stdout.split("\n").findLast((one) => one.startsWith(ANSWER));
  if (line !== undefined) return JSON.parse(line.slice(ANSWER.length)) as Answer | Absent;
  const lines = stderr.trim().split("\n");
  const last = lines.find((one) => /Error\b/.test(one)) ?? lines.at(-1)!;
  throw new Error(
    `bench: ${job.measure} on ${job.backend} ended with ${String(code)} and without an answer: ${last}`,
  );
}
