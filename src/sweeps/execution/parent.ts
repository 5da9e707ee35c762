// An executor dies with its supervisor: by the kernel where it can, else by a thread that looks for the parent.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Worker } from "node:worker_threads";

/** Name of the variable in which an executor finds the number of its supervisor's process. */
export const PARENT_VARIABLE = "ZENOFLOW_SUPERVISOR";

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program that ties a process to the life of its parent; undefined where there is none. */
export function deathTie(
  platform: NodeJS.Platform = process.platform,
  path: string = process.env["PATH"] ?? "",
): readonly string[] | undefined {
  if (platform !== "linux") return undefined;
  const places = [...path.split(delimiter), "/usr/bin", "/bin"].filter((folder) => folder !== "");
  const file = places.map((folder) => join(folder, "setpriv")).find(isExecutable);
  return file === undefined ? undefined : [file, "--pdeathsig", "KILL", "--"];
}

// In a thread of its own: the main thread may be deep in a computation when the parent dies.
const LOOK = `
const { workerData: { parent, every } } = require("node:worker_threads");
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, every);`;

const LOOK_MS = 500;

/**
 * Ends this process when its parent dies, or has died already.
 *
 * @param parent - number of the parent's process
 * @param tied - whether the kernel does it
 */
export function dieWithParent(parent: number, tied: boolean): void {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  if (tied) return;
  new Worker(LOOK, { eval: true, workerData: { parent, every: LOOK_MS } }).unref();
}
