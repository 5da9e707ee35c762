// A lock between processes: a file that only one can create. It spares work done twice; what it guards must be right without it,
// since locks of other machines look abandoned. Node only.

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DataError } from "../../errors.js";
import { makeFolders } from "./folders.js";

const POLL_MS = 100;

/** Age from which a lock without a number was left behind. */
const NAMELESS_MS = 10_000;

/**
 * Runs `work` while holding a lock. Waits for another holder; the lock of a process that is gone is taken over.
 *
 * @param path - of the lock file, whose folder is made
 * @param seconds - to wait at most
 * @throws DataError, naming the other process, when the time is over
 */
export async function locked<T>(path: string, seconds: number, work: () => Promise<T>): Promise<T> {
  makeFolders(dirname(path));
  const end = performance.now() + 1000 * seconds;
  while (!taken(path)) {
    if (performance.now() > end) {
      throw new DataError(
        `${path}: must be free, but process ${holder(path) ?? "?"} holds it. Wait for it to end, or remove the file.`,
      );
    }
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function taken(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  if (isStale(path)) rmSync(path, { force: true });
  return false;
}

/** Left behind: its process is gone, or ended before it could write its number. */
function isStale(path: string): boolean {
  const pid = holder(path);
  if (pid !== null) return !isAlive(pid);
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return written !== undefined && Date.now() - written > NAMELESS_MS;
}

/** The process in a lock file; null while it is being written or after it is gone. */
function holder(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not permitted: there, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
