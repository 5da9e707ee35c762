// Checks of the place where runs are written: can be written, synced, and has room.

import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomically } from "../../runs/files.js";
import { writing } from "../../runs/output-error.js";
import { figure } from "../table.js";
import type { Check } from "./check.js";

const GIB = 2 ** 30;
const LITTLE = 0.5 * GIB;
const SLOW_MS = 200;

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Writes and syncs a small file where run folders will be made; leaves nothing behind. */
export function runFolderCheck(root: string): Check {
  const name = "run folder";
  const place = existing(root);
  const trial = writing(place, () => mkdtempSync(join(place, ".zenoflow-doctor-")));
  try {
    const start = performance.now();
    writeAtomically(join(trial, "file"), "doctor\n");
    const milliseconds = performance.now() - start;
    const free = freeBytes(place);
    const detail = `${root}: ${figure(free / GIB)} GiB free, a synced file takes ${milliseconds.toFixed(1)} ms`;
    if (free < LITTLE) return { name, status: "warn", detail, hint: "free some space" };
    if (milliseconds < SLOW_MS) return { name, status: "ok", detail };
    return { name, status: "warn", detail, hint: "use a local disk with --runs" };
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}
