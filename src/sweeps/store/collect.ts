// `gc` of a sweep folder: removes what nothing needs any more, and says how much that was.

import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Store } from "./store.js";

/** What was removed, or would be. */
export type Collected = {
  /** Paths below the sweep folder. */
  readonly files: readonly string[];
  readonly bytes: number;
};

/** Options of {@link collect}. */
export type CollectOptions = {
  /** Say what would be removed and remove nothing. Default false. */
  readonly dryRun?: boolean;
  /**
   * Whether a checkpoint of a committed batch is still needed by a later rung. Default: all that belong to rungs
   * below the last one of the study are kept.
   */
  readonly isNeeded?: (batch: string) => boolean;
};

const CHECKPOINT = /(b-[0-9a-f]{12})(\.partial)?\.safetensors$/;
const LEFT_MS = 3600_000;

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The time of the file system that holds the folder: its own clock and ours may disagree. */
function folderTime(folder: string): number {
  const path = join(folder, `.clock-${randomBytes(6).toString("hex")}`);
  writeFileSync(path, "");
  try {
    return statSync(path).mtimeMs;
  } finally {
    rmSync(path, { force: true });
  }
}

/** Halves of files that writers left behind an hour ago or more; a living writer would only try again. */
function leftovers(folder: string): readonly string[] {
  const found = namesIn(folder).filter((name) => /\.(tmp|part)$/.test(name));
  if (found.length === 0) return [];
  const now = folderTime(folder);
  return found.map((name) => join(folder, name)).filter((path) => now - age(path, now) > LEFT_MS);
}

function age(path: string, absent: number): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return absent;
  }
}

function lastRungOf({ lock: { study } }: Store): number {
  if (study.halving === null) return 0;
  let rung = 0;
  for (let budget = study.budget.min; budget < study.budget.max; rung++) {
    budget = Math.min(study.budget.max, study.halving.eta * budget);
  }
  return rung;
}

function unneeded(store: Store, options: CollectOptions): readonly string[] {
  const { batches } = store.scan();
  const last = lastRungOf(store);
  const needed =
    options.isNeeded ?? ((batch: string) => (batches.get(batch)?.header.rung ?? 0) < last);
  return namesIn(store.files.checkpoints).flatMap((name) => {
    const [, batch, partial] = CHECKPOINT.exec(name) ?? [];
    // A batch that is not committed may be at work: its checkpoints stay.
    if (batch === undefined || !batches.has(batch)) return [];
    return partial !== undefined || !needed(batch) ? [join(store.files.checkpoints, name)] : [];
  });
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/**
 * Removes checkpoints that no rung needs any more, those of interrupted blocks that are committed by now, and halves
 * of files. Committed rows are never touched.
 */
export function collect(store: Store, options: CollectOptions = {}): Collected {
  const { folder, batches, checkpoints, models, supervisor } = store.files;
  const written = [folder, batches, checkpoints, models, supervisor];
  const paths = [...unneeded(store, options), ...written.flatMap(leftovers)];
  const bytes = paths.reduce((sum, path) => sum + sizeOf(path), 0);
  if (options.dryRun !== true) for (const path of paths) rmSync(path, { force: true });
  return { files: paths.map((path) => path.slice(store.folder.length + 1)), bytes };
}
