// Slurm's own programs, as far as a sweep needs them, and which array belongs to a sweep folder.

import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { replaceFile } from "../../store/index.js";
import { SweepFailure } from "../engine.js";
import { slurmFolder } from "./plan-file.js";

/** The array of a sweep folder. */
export type SlurmJob = { readonly id: string; readonly tasks: number };

/** Tasks of an array that Slurm still knows. */
export type SlurmTasks = { readonly running: number; readonly pending: number };

type Environment = Readonly<Record<string, string | undefined>>;

const execute = promisify(execFile);
const PATIENCE_MS = 60_000;

/** Runs a program of Slurm. */
async function slurm(program: string, args: readonly string[], env: Environment): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], {
      env: { ...env },
      timeout: PATIENCE_MS,
      maxBuffer: 2 ** 26,
    });
    return stdout;
  } catch (error) {
    const { code, stderr = "", message } = error as Error & { code?: unknown; stderr?: string };
    if (code === "ENOENT") {
      throw new SweepFailure(
        "unavailable",
        `executor slurm: ${program} is not installed on this machine`,
        "call zenoflow where jobs are submitted, or use --executor local",
      );
    }
    const why = stderr.trim().split("\n").at(-1);
    throw new SweepFailure("unavailable", `executor slurm: ${program}: ${why || message}`);
  }
}

/** Greatest index of an array, and one more. */
export async function maxArraySize(env: Environment): Promise<number> {
  const text = await slurm("scontrol", ["show", "config"], env);
  return Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1] ?? 1001);
}

/** Submits a script; the number of its array. */
export async function submit(
  script: string,
  flags: readonly string[],
  env: Environment,
): Promise<string> {
  const text = await slurm("sbatch", [...flags, script], env);
  // On a federation the name of the cluster follows.
  return text.trim().split(";")[0]!;
}

function tasksOf(text: string): SlurmTasks {
  const states = text.split("\n").map((line) => line.trim());
  const count = (wanted: readonly string[]): number =>
    states.filter((state) => wanted.includes(state)).length;
  return {
    running: count(["RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED"]),
    pending: count(["PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "RESIZING"]),
  };
}

function queueArgs(id: string): readonly string[] {
  return ["--noheader", "--array", "--states=all", "--format=%T", `--jobs=${id}`];
}

/** What Slurm still has of an array; an unknown one has ended long ago. */
export async function tasksLeft({ id }: SlurmJob, env: Environment): Promise<SlurmTasks> {
  try {
    return tasksOf(await slurm("squeue", queueArgs(id), env));
  } catch (error) {
    if (error instanceof SweepFailure && /Invalid job id/i.test(error.message))
      return { running: 0, pending: 0 };
    throw error;
  }
}

/** As {@link tasksLeft}, at once, for verbs that only look; undefined where Slurm cannot be asked. */
export function tasksNow({ id }: SlurmJob, env: Environment): SlurmTasks | undefined {
  try {
    const options = { env: { ...env }, encoding: "utf8", timeout: 5000 } as const;
    return tasksOf(execFileSync("squeue", [...queueArgs(id)], { ...options, stdio: "pipe" }));
  } catch {
    return undefined;
  }
}

/** Cancels the tasks that have not begun; those that run look at what is wanted and end by themselves. */
export async function cancelPending({ id }: SlurmJob, env: Environment): Promise<void> {
  await slurm("scancel", ["--state=PENDING", id], env);
}

function jobPath(folder: string): string {
  return join(slurmFolder(folder), "job.json");
}

/** Notes the array of a sweep folder. */
export function writeJob(folder: string, job: SlurmJob): void {
  replaceFile(jobPath(folder), `${JSON.stringify(job)}\n`);
}

/** The array of a sweep folder; undefined where none was ever submitted. */
export function readJob(folder: string): SlurmJob | undefined {
  try {
    return JSON.parse(readFileSync(jobPath(folder), "utf8")) as SlurmJob;
  } catch {
    return undefined;
  }
}
