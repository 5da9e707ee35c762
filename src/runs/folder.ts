// The layout of a run folder and the names of new ones.

import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** Where things lie in a run folder. */
export type RunFiles = {
  readonly folder: string;
  /** Who ran what, when, where and with which result. */
  readonly manifest: string;
  /** The resolved configuration with its origins; a valid configuration file. */
  readonly config: string;
  /** One JSON object a line: losses and metrics over the steps. */
  readonly metrics: string;
  readonly checkpoints: string;
  readonly figures: string;
  /** Of models of images: sheets of what they drew while they were trained. */
  readonly sheets: string;
  readonly evaluation: string;
  readonly report: string;
};

/** The files of a run folder. */
export function runFiles(folder: string): RunFiles {
  return {
    folder,
    manifest: join(folder, "manifest.json"),
    config: join(folder, "config.yaml"),
    metrics: join(folder, "metrics.jsonl"),
    checkpoints: join(folder, "checkpoints"),
    figures: join(folder, "figures"),
    sheets: join(folder, "sheets"),
    evaluation: join(folder, "evaluation.json"),
    report: join(folder, "report.html"),
  };
}

/** A new name, `<task>-<ISO time>-<4 hex>`: names of a task sort by time. */
export function newRunName(task: string, now: Date): string {
  // The basic form of ISO 8601: a colon is not allowed in names on every system.
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${task}-${time}-${randomBytes(2).toString("hex")}`;
}
