// One GPU of this machine: how its executor sees it alone, and how often it has been lost.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A GPU. */
export type Device = {
  readonly name: string;
  /** For its executor, which sees no other one. */
  readonly env: Readonly<Record<string, string>>;
  /** It failed once more: true where it must not be used again. */
  lost(): boolean;
  isQuarantined(): boolean;
  /** Processes started from here that the driver still counts on it; empty where that cannot be known. */
  leftovers(): readonly number[];
};

/** A device may be lost once, for whatever reason; twice is no accident. */
const MOST_LOSSES = 2;

function isOwn(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid.toString()}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === process.pid.toString();
  } catch {
    return false;
  }
}

function processesOn(name: string): readonly number[] {
  try {
    const query = ["--query-compute-apps=pid", "--format=csv,noheader", "-i", name];
    const text = execFileSync("nvidia-smi", query, { encoding: "utf8", timeout: 10_000 });
    return text.split("\n").map(Number).filter(Boolean);
  } catch {
    return [];
  }
}

/** A GPU by its name for CUDA: an index, or an UUID. */
export function createDevice(name: string): Device {
  let losses = 0;
  return {
    name,
    env: { CUDA_VISIBLE_DEVICES: name },
    lost: () => ++losses >= MOST_LOSSES,
    isQuarantined: () => losses >= MOST_LOSSES,
    leftovers: () => processesOn(name).filter(isOwn),
  };
}
