// Where things lie in a sweep folder, and what such a folder is called.

import { join } from "node:path";

/** The files of a sweep folder. */
export type SweepFiles = {
  readonly folder: string;
  /** The study as the user wrote it. */
  readonly study: string;
  /** The resolved study, its hash, the block size, and where each value came from. */
  readonly lock: string;
  /** One entry for every invocation. */
  readonly manifest: string;
  /** Committed rows, one file a batch. */
  readonly batches: string;
  /** What was damaged and put aside. */
  readonly corrupt: string;
  /** Progress, one file a worker. */
  readonly events: string;
  /** Messages, one file a worker. */
  readonly logs: string;
  /** Populations between rungs, and where interrupted blocks stand. */
  readonly checkpoints: string;
  /** The trained models of the best trials. */
  readonly models: string;
  /** What the user wants of a running sweep. */
  readonly desired: string;
  readonly results: string;
  readonly report: string;
  readonly plots: string;
  /** Who supervises the sweep. */
  readonly supervisor: string;
};

/** The files of a sweep folder. */
export function sweepFiles(folder: string): SweepFiles {
  const batches = join(folder, "batches");
  return {
    folder,
    study: join(folder, "study.yaml"),
    lock: join(folder, "study.lock.json"),
    manifest: join(folder, "manifest.json"),
    batches,
    corrupt: join(batches, "corrupt"),
    events: join(folder, "events"),
    logs: join(folder, "logs"),
    checkpoints: join(folder, "checkpoints"),
    models: join(folder, "models"),
    desired: join(folder, "desired.json"),
    results: join(folder, "results.parquet"),
    report: join(folder, "report.html"),
    plots: join(folder, "plots"),
    supervisor: join(folder, "supervisor"),
  };
}

const LONGEST = 80;

/** `<name>-<first 8 digits of the hash>`; what a file name should not hold becomes a hyphen. */
export function sweepName(name: string, hash: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|-+$/g, "");
  return `${safe.slice(0, LONGEST) || "study"}-${hash.slice(0, 8)}`;
}

/** What the name of a sweep folder says. */
export type SweepNameParts = {
  readonly name: string;
  readonly hash8: string;
  /** 1, and one more for every further sweep of the same study (`--new`). */
  readonly copy: number;
};

/** The parts of the name of a sweep folder; undefined where it is no such name. */
export function partsOfSweepName(folder: string): SweepNameParts | undefined {
  const match = /^(.+)-([0-9a-f]{8})(?:-(\d+))?$/.exec(folder);
  if (match === null) return undefined;
  return { name: match[1]!, hash8: match[2]!, copy: Number(match[3] ?? 1) };
}
