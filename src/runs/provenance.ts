// Where a computation ran: program, repository, machine and environment, as far as they change or explain
// numbers. Never the whole environment: it holds secrets.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, cpus, hostname, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { sha256 } from "./files.js";

/** The state of the repository around the working directory. */
export type GitState = {
  readonly commit: string;
  /** SHA-256 of the differences to the commit; null when there are none. */
  readonly diff: string | null;
};

/** What surrounded one invocation. */
export type Provenance = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly node: string;
  readonly git: GitState | null;
  /** SHA-256 of the nearest package-lock.json. */
  readonly lockfile: string | null;
  readonly machine: Machine;
  /** The backend with its threads and library versions; null for a verb that needs none. */
  readonly backend: object | null;
  readonly seed: number | null;
};

/** The computer. */
export type Machine = {
  readonly host: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory: number;
};

const ENVIRONMENT = /^(ZENOFLOW_|CUDA_|TF_|SLURM_)|^(NVIDIA_TF32_OVERRIDE|NODE_OPTIONS)$/;
// Terraform shares the prefix of TensorFlow and keeps passwords in its variables; Slurm has one token, Redis a password.
const SECRET =
  /^TF_(VAR|CLI|TOKEN|HTTP|WORKSPACE|LOG_PATH|ACC|REATTACH)|^SLURM_JWT|^ZENOFLOW_REDIS$/;
const GIT_MS = 3000;
const GIT_BYTES = 64 * 1024 * 1024;

function allowed(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && ENVIRONMENT.test(entry[0]) && !SECRET.test(entry[0]),
  );
  return Object.fromEntries(entries.sort());
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd,
    encoding: "utf8",
    timeout: GIT_MS,
    maxBuffer: GIT_BYTES,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** The repository around a folder; null where there is none, no git, or git is too slow. */
export function gitState(cwd: string): GitState | null {
  try {
    const commit = git(cwd, "rev-parse", "HEAD").trim();
    const diff = git(cwd, "diff", "--no-ext-diff", "--binary", "HEAD");
    return { commit, diff: diff === "" ? null : sha256(diff) };
  } catch {
    return null;
  }
}

/** SHA-256 of the nearest package-lock.json at or above a folder. */
export function lockfileHash(folder: string): string | null {
  try {
    return sha256(readFileSync(join(folder, "package-lock.json")));
  } catch {
    const parent = dirname(folder);
    return parent === folder ? null : lockfileHash(parent);
  }
}

function machine(): Machine {
  const processors = cpus();
  return {
    host: hostname(),
    system: `${platform()} ${release()} ${arch()}`,
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory: totalmem(),
  };
}

/** Collects what surrounds this invocation. */
export function provenance(call: {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly backend: object | null;
  readonly seed: number | null;
}): Provenance {
  return {
    argv: call.argv,
    cwd: call.cwd,
    env: allowed(call.env),
    version: call.version,
    node: process.version,
    git: gitState(call.cwd),
    lockfile: lockfileHash(call.cwd),
    machine: machine(),
    backend: call.backend,
    seed: call.seed,
  };
}
