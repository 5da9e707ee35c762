// The lock of a run folder: one process writes a run; a lock left by a dead process is taken over.

import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { OutputError, writing } from "./output-error.js";

/** Who holds a lock. */
export type LockHolder = {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's clock ticks; tells a reused process number. */
  readonly ticks: string | null;
  readonly since: string;
};

/** A lock that this process holds. */
export type Lock = {
  /** Tells other hosts that the holder is alive; call it now and then. */
  beat(): void;
  release(): void;
};

// On another host a process cannot be looked up; its lock counts as left behind after this silence.
const FOREIGN_SILENCE_MS = 10 * 60 * 1000;
const UNREADABLE_MS = 10_000;
const BEAT_MS = 5000;

function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid.toString()}/stat`, "utf8");
    // Behind the command name, which may hold anything: state is the first field, start time the 20th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "zombie" : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isAlive(holder: LockHolder): boolean {
  if (!exists(holder.pid)) return false;
  const ticks = startTicks(holder.pid);
  return holder.ticks === null || ticks === null || ticks === holder.ticks;
}

function silence(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockHolder;
  } catch {
    return undefined;
  }
}

function lockPath(folder: string): string {
  return join(folder, "lock");
}

/** The living process that writes to this run folder, or undefined. */
export function lockHolder(folder: string): LockHolder | undefined {
  const path = lockPath(folder);
  const holder = readHolder(path);
  if (holder === undefined) {
    const fresh = silence(path) < UNREADABLE_MS;
    return fresh ? { pid: 0, host: "unknown", ticks: null, since: "just now" } : undefined;
  }
  const living = holder.host === hostname() ? isAlive(holder) : silence(path) < FOREIGN_SILENCE_MS;
  return living ? holder : undefined;
}

function create(path: string): boolean {
  const holder: LockHolder = {
    pid: process.pid,
    host: hostname(),
    ticks: startTicks(process.pid),
    since: new Date().toISOString(),
  };
  try {
    const file = openSync(path, "wx");
    try {
      writeSync(file, `${JSON.stringify(holder)}\n`);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function isOwn(holder: LockHolder): boolean {
  return holder.pid === process.pid && holder.host === hostname();
}

function held(folder: string, path: string): Lock {
  let last = Date.now();
  return {
    beat() {
      if (Date.now() - last < BEAT_MS) return;
      last = Date.now();
      // Two processes may have taken over the same dead lock at the same moment; the later one owns it.
      const holder = readHolder(path);
      if (holder !== undefined && !isOwn(holder)) throw lockedError(folder, holder);
      writing(path, () => {
        utimesSync(path, new Date(), new Date());
      });
    },
    release() {
      const holder = readHolder(path);
      if (holder !== undefined && isOwn(holder)) rmSync(path, { force: true });
    },
  };
}

/** The error of a run that another process writes. */
export function lockedError(folder: string, holder: LockHolder): OutputError {
  return new OutputError(
    `${folder} is being written by process ${holder.pid.toString()} on ${holder.host} since ${holder.since}`,
    "wait until it ends, or start another run with --new or another --output",
  );
}

/**
 * Takes the lock of a run folder for this process.
 *
 * @throws OutputError where a living process holds it
 */
export function acquireLock(folder: string): Lock {
  const path = lockPath(folder);
  // Two rounds: the first may find and remove what a dead process left behind.
  for (let round = 0; round < 2; round++) {
    if (writing(path, () => create(path))) return held(folder, path);
    const holder = lockHolder(folder);
    if (holder !== undefined) throw lockedError(folder, holder);
    rmSync(path, { force: true });
  }
  throw new OutputError(`${path} cannot be taken: other processes want it too`, "try again");
}
