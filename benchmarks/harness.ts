// Timing that can be trusted: checks before times, warm-up, medians with spread, the machine beside the numbers.

import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { backendInfo } from "../src/backend.js";
import { calibrate } from "./calibration.js";

/** How long to measure. */
export type Profile = "quick" | "full";

/** What a suite is given. */
export type SuiteOptions = { readonly profile: Profile; log(line: string): void };

/** One row of a report. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** What a suite reports. */
export type Report = {
  readonly machine: Machine;
  /** Philox words per nanosecond on one thread, measured in this run. */
  readonly calibration: number;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
};

/** A suite: a question and the answer's table. */
export type Suite = { readonly title: string; run(options: SuiteOptions): Promise<Report> };

/** Where numbers come from. */
export type Machine = {
  readonly cpu: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly backend: string;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly date: string;
};

/** A measured duration. */
export type Timing = {
  /** Median over the repetitions, milliseconds. */
  readonly median: number;
  /** Half the distance between the quartiles over the median. */
  readonly spread: number;
  readonly repetitions: number;
};

const LIMITS = { quick: { seconds: 0.5, least: 7 }, full: { seconds: 2, least: 15 } } as const;

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

/** Median of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Times a synchronous function after a warm-up. Its result must be on the host or disposed when it returns. */
export function time(profile: Profile, f: () => void): Timing {
  const { seconds, least } = LIMITS[profile];
  for (const end = performance.now() + 100 * seconds; performance.now() < end;) f();
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < least || performance.now() < end) {
    const start = performance.now();
    f();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const middle = median(times);
  const spread = (quantile(times, 0.75) - quantile(times, 0.25)) / 2 / middle;
  return { median: middle, spread, repetitions: times.length };
}

/** A throughput as rows state it: per second, its ratio to the calibration, and the spread. */
export function throughput(items: number, timing: Timing, calibration: number): Row {
  const perSecond = items / (timing.median / 1000);
  return {
    "M/s": round(perSecond / 1e6),
    // Items per Philox word: what carries over to another machine.
    "per calibration word": round(perSecond / (calibration * 1e9), 3),
    "spread %": round(100 * timing.spread, 2),
  };
}

/** Rounds to significant digits. */
export function round(x: number, digits = 3): number {
  return Number(x.toPrecision(digits));
}

/** Refuses to report when a check is red: a time without a right answer says nothing. */
export function requireError(what: string, error: number, bound: number): void {
  if (error <= bound) return;
  throw new Error(
    `bench: ${what} has error ${String(error)}, more than ${String(bound)}: nothing is reported.`,
  );
}

function commit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return (
      git("rev-parse", "--short=12", "HEAD") +
      (git("status", "--porcelain") === "" ? "" : " with changes")
    );
  } catch {
    return "unknown";
  }
}

/** The machine, the versions and the commit. */
export function describeMachine(): Machine {
  const info = backendInfo();
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    backend: info.name,
    threads: info.threads,
    versions: info.versions,
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
  };
}

/** A report of rows measured on the active backend. */
export function report(
  rows: readonly Row[],
  notes: readonly string[],
  calibration: number = calibrate(),
): Report {
  return { machine: describeMachine(), calibration: round(calibration), rows, notes };
}
