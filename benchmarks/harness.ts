// Timing that can be trusted: checks before times, warm-up, medians with spread, the machine beside the numbers.

import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { backendInfo, useBackend } from "../src/backend.js";
import { calibrate } from "./calibration.js";

/** How long to measure. */
export type Profile = "quick" | "full";

/** What a suite is given. */
export type SuiteOptions = {
  readonly profile: Profile;
  log(line: string): void;
  /** A line that shows how far it is and replaces the one before; undefined removes it. */
  readonly status?: (line: string | undefined) => void;
  /** Where a suite that keeps a folder keeps it. */
  readonly folder?: string;
  /** Forget what the folder holds. */
  readonly fresh?: boolean;
  /** Whether somebody asked to stop. */
  readonly stopping?: () => boolean;
};

/** One row of a report. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** What a column of a table measures, for `zenoflow bench --compare`. */
export type Measure = {
  /** `equal`: it should not change at all. */
  readonly better: "higher" | "lower" | "equal";
  /** Relative change that is noise, beside what the column `spread` says. */
  readonly noise: number;
  /** Differences below this are nothing, whatever they are relatively. */
  readonly floor?: number;
  /** Column with the spread of single repetitions, %. */
  readonly spread?: string;
  /** Whether the speed of the machine divides out. */
  readonly calibrated?: boolean;
};

/** A table of a report beside its main rows. */
export type ReportTable = {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  /** Columns by name that are measured; the other ones name the row, but for those in `ignored`. */
  readonly measures: Readonly<Record<string, Measure>>;
  readonly ignored?: readonly string[];
};

/** A statement that the results must bear out. */
export type Check = {
  readonly what: string;
  readonly measured: string;
  readonly bound: string;
  readonly ok: boolean;
};

/** What a suite reports. */
export type Report = {
  readonly machine: Machine;
  /** Philox words per nanosecond on one thread, measured in this run. */
  readonly calibration: number;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  readonly tables?: Readonly<Record<string, ReportTable>>;
  readonly checks?: readonly Check[];
  /** Of a suite that keeps a folder: whether all points are there. */
  readonly complete?: boolean;
  readonly folder?: string;
};

/** A suite: a question and the answer's table. */
export type Suite = {
  readonly title: string;
  /** It writes figures and tables into a folder, and continues there when interrupted. */
  readonly keepsFolder?: boolean;
  run(options: SuiteOptions): Promise<Report>;
};

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

/** The fastest of several short repetitions: what a machine can do, however busy it is meanwhile. */
export type Best = {
  /** Milliseconds. */
  readonly best: number;
  /** How far the fastest tenth reaches above the best, relative. */
  readonly spread: number;
  readonly repetitions: number;
};

const BEST_LIMITS = {
  quick: { milliseconds: 250, least: 4 },
  full: { milliseconds: 1500, least: 7 },
} as const;
/** A call that takes longer is measured at most three times, milliseconds. */
const LONG_CALL = 2000;

/** Times a function after a first call, which compiles and allocates. Its result must be on the host or disposed. */
export function timeBest(profile: Profile, f: () => void): Best {
  const { milliseconds, least } = BEST_LIMITS[profile];
  const once = (): number => {
    const start = performance.now();
    f();
    return performance.now() - start;
  };
  const first = once();
  const [limit, count] = first > LONG_CALL ? [0, 2] : [milliseconds, least];
  for (const end = performance.now() + limit / 5; performance.now() < end;) f();
  const times: number[] = [];
  for (const end = performance.now() + limit; times.length < count || performance.now() < end;)
    times.push(once());
  times.sort((a, b) => a - b);
  const best = times[0]!;
  return { best, spread: (quantile(times, 0.1) - best) / best, repetitions: times.length };
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

/** Makes wasm the backend: with one thread, then with all where there are more. */
export async function* oneThreadThenAll(): AsyncGenerator<number, void, void> {
  const { threads: all } = await useBackend("wasm");
  for (const threads of all > 1 ? [1, all] : [1]) {
    await useBackend("wasm", { threads });
    yield threads;
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
