// Runs the command line of this very program in a process of its own, and says what it cost: wall time, processor time of
// it and all its children, and the largest process. Knows no sweeps.

import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a command cost. Memory is null where there is no /proc. */
export type Cost = {
  readonly seconds: number;
  /** Processor time with that of all children, seconds. */
  readonly processor: number;
  /** Highest resident memory of one process, MB. */
  readonly peak: number | null;
  readonly stdout: string;
};

const IS_BUILT: boolean = import.meta.url.includes("/dist/");
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** How the command line is run here: from the build, or from the sources, which start half a second later. */
export const HOW: "built" | "sources" = IS_BUILT ? "built" : "sources";

/** Program and arguments of a script of this folder, or of the command line. */
export function program(script?: string): readonly [program: string, ...args: string[]] {
  const flags = IS_BUILT ? [] : ["--import", import.meta.resolve("tsx")];
  if (script !== undefined) return [process.execPath, ...flags, at(script)];
  const entry = IS_BUILT ? "../../../bin/zenoflow.js" : "../../scripts/zenoflow.ts";
  return [process.execPath, ...flags, at(entry)];
}

const POLL_MS = 20;
const KIB_PER_MB = 1e6 / 1024;

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has just ended, or there is no /proc.
    return "";
  }
}

/** Highest resident memory of a process so far, KiB; 0 where it cannot be told. */
function highWater(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function family(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

/** Watches a process and its children until stopped; the highest resident memory of one of them, MB. */
export function watchMemory(pid: number): () => number | null {
  let highest = 0;
  const look = (): void => {
    for (const one of family(pid)) highest = Math.max(highest, highWater(one));
  };
  const timer = setInterval(look, POLL_MS);
  return () => {
    look();
    clearInterval(timer);
    return highest === 0 ? null : highest / KIB_PER_MB;
  };
}

// `times` of the shell counts everything that has ended below it, executors that were killed included.
const SHELL = `"$@"; code=$?; times >&3; exit $code`;

/** Seconds in what the shell's `times` prints for its children: the second line, user and system. */
export function secondsOfTimes(text: string): number {
  const [, children = ""] = text.trim().split("\n");
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

function textOf(child: ChildProcess, fd: number): () => string {
  let text = "";
  child.stdio[fd]!.on("data", (piece) => (text += String(piece)));
  return () => text;
}

/**
 * Runs a command to its end.
 *
 * @throws Error where it does not end with 0
 */
export async function costOf(
  command: readonly string[],
  options: { readonly cwd: string; readonly input?: string },
): Promise<Cost> {
  const begun = performance.now();
  const child = spawn("sh", ["-c", SHELL, "sh", ...command], {
    cwd: options.cwd,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const [stdout, stderr, times] = [1, 2, 3].map((fd) => textOf(child, fd)) as [
    () => string,
    () => string,
    () => string,
  ];
  const memory = watchMemory(child.pid!);
  child.stdin.end(options.input ?? "");
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const seconds = (performance.now() - begun) / 1000;
  const peak = memory();
  if (code !== 0) {
    const words = stderr().trim().split("\n").slice(-3).join(" | ");
    throw new Error(`bench: ${command.slice(1).join(" ")} ended with ${String(code)}: ${words}`);
  }
  return { seconds, processor: secondsOfTimes(times()), peak, stdout: stdout() };
}
