// Flags that several verbs share.

import { InvalidArgumentError, Option } from "commander";

/** Reads a whole number ≥ `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be an integer ≥ ${least.toString()}.`);
    }
    return value;
  };
}

/** `--backend`. */
export function backendOption(): Option {
  return new Option("--backend <name>", "where tensors live: auto, wasm, webgpu, tensorflow, cpu");
}

/** `--threads`. */
export function threadsOption(): Option {
  return new Option("--threads <n>", "threads of the backend (default: one per core)");
}

/** `--runs`. */
export function runsOption(): Option {
  return new Option("--runs <folder>", "where run folders are made and looked for (default: runs)");
}

/** `--output` of the verbs of sweeps. */
export function sweepsOption(): Option {
  return new Option(
    "-o, --output <folder>",
    "where sweep folders are made and looked for (default: runs)",
  );
}

/** `--redis`. */
export function redisOption(): Option {
  return new Option(
    "--redis <address>",
    "bullmq: redis://host:port or the path of a socket (default: $ZENOFLOW_REDIS, redis://127.0.0.1:6379)",
  );
}

/** `--micro-batch`. */
export function microBatchOption(): Option {
  return new Option(
    "--micro-batch <n>",
    "rows trained together at most (default: what fits)",
  ).argParser(wholeNumber(1));
}

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 };

/** Reads `90s`, `30min`, `8h` or `2d` as seconds. */
export function parseTime(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(s|min|h|d)$/.exec(text.trim()) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError("It must be a time: 90s, 30min, 8h, 2d.");
}

/** `--time`. */
export function timeOption(): Option {
  return new Option("--time <time>", "checkpoint and exit with 75 after 90s, 30min, 8h").argParser(
    parseTime,
  );
}
