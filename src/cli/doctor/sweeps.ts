// Checks of what sweeps use: hard links, executors that die with their supervisor, Redis, Slurm.

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { OutputError, writing } from "../../runs/output-error.js";
import { SweepFailure } from "../../sweeps/engines/engine.js";
import { DEFAULT_REDIS, shownAddress } from "../../sweeps/engines/redis-address.js";
import { deathTie } from "../../sweeps/execution/parent.js";
import { probeFolder } from "../../sweeps/store/exclusive.js";
import type { Io } from "../io.js";
import type { Check } from "./check.js";

const PATIENCE_MS = 5000;
const execute = promisify(execFile);

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

/** Tries what a commit of a sweep does where sweep folders will be made; leaves nothing behind. */
export function hardLinksCheck(root: string): Check {
  const name = "hard links";
  const place = existing(root);
  const trial = writing(place, () => mkdtempSync(join(place, ".zenoflow-doctor-")));
  try {
    probeFolder(trial);
    return { name, status: "ok", detail: `sweeps can commit below ${root}` };
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    return {
      name,
      status: "warn",
      detail: `sweeps cannot commit below ${root}`,
      hint: "name a folder on another file system: zenoflow sweep --output, or ZENOFLOW_RUNS",
    };
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

/** Whether the kernel ends executors with their supervisor. */
export function executorsCheck(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): Check {
  const name = "executors";
  const [tie] = deathTie(platform, env["PATH"] ?? "") ?? [];
  if (tie !== undefined)
    return { name, status: "ok", detail: `of sweeps die with their supervisor by ${tie}` };
  const detail = "of sweeps look for their supervisor twice a second";
  if (platform !== "linux") return { name, status: "ok", detail };
  const hint = "with setpriv (package util-linux) the kernel ends them at once";
  return { name, status: "warn", detail, hint };
}

/** Whether the Redis of `sweep --executor bullmq` can be reached. */
export async function redisCheck({ env }: Pick<Io, "env">): Promise<Check> {
  const name = "redis";
  const given = env["ZENOFLOW_REDIS"] || undefined;
  const address = given ?? DEFAULT_REDIS;
  const { probeRedis } = await import("../../sweeps/engines/bullmq/connection.js");
  try {
    const warnings = await probeRedis(address);
    const detail = `reached at ${shownAddress(address)}`;
    if (warnings.length === 0) return { name, status: "ok", detail };
    return { name, status: "warn", detail, hint: warnings.join("; ") };
  } catch (error) {
    if (!(error instanceof SweepFailure)) throw error;
    const detail = error.message.replace(/^executor bullmq: /, "");
    const hint = `for sweeps over many machines: ${error.hint ?? ""}`;
    // Who names one means to use it.
    return { name, status: given === undefined ? "absent" : "fail", detail, hint };
  }
}

/** Whether jobs can be submitted to Slurm from here. */
export async function slurmCheck({ env }: Pick<Io, "env">): Promise<Check> {
  const name = "slurm";
  const ask = async (program: string, ...args: readonly string[]): Promise<string> =>
    (await execute(program, [...args], { env: { ...env }, timeout: PATIENCE_MS })).stdout;
  let version: string;
  try {
    version = (await ask("sbatch", "--version")).trim();
  } catch (error) {
    const { code, stderr = "" } = error as { readonly code?: unknown; readonly stderr?: string };
    const why = stderr
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^sbatch: (fatal: )?/, "");
    const detail =
      code === "ENOENT"
        ? "sbatch is not on this machine"
        : `sbatch is here without a cluster: ${why ?? ""}`;
    const hint = "for sweeps on a cluster: call zenoflow where jobs are submitted";
    return { name, status: "absent", detail, hint };
  }
  try {
    const size = /^MaxArraySize\s*=\s*(\d+)/m.exec(await ask("scontrol", "show", "config"))?.[1];
    const tasks = size === undefined ? "" : `, arrays of at most ${size} tasks`;
    return { name, status: "ok", detail: `${version}${tasks}` };
  } catch {
    const detail = `${version}, but its controller does not answer`;
    const hint = "scontrol ping says more; SLURM_CONF names its configuration";
    return { name, status: "warn", detail, hint };
  }
}
