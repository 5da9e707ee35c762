// The door to the rows of a sweep folder: commit, scan, read, repair. Readers never lock and never move anything.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import { makeFolder } from "../../runs/files.js";
import type { BatchHeader, Row } from "../types.js";
import { DamagedBatch, encodeBatch, type Batch } from "./batch-text.js";
import type { CommittedSet } from "./committed.js";
import { readDesired, type Desired } from "./desired.js";
import { createExclusively, probeFolder } from "./exclusive.js";
import { sweepFiles, type SweepFiles } from "./layout.js";
import { damagedError, damageOf, putAside, readBatch, repair, type BatchFolder } from "./repair.js";
import { judge, type Judged } from "./judged.js";
import { batchFiles, scanner, type Damage, type Scan } from "./scan.js";
import { readStudyLock, rowRules, type StudyLock } from "./study-lock.js";

/** How a commit ended: `exists` says that another attempt was first, and its rows count. */
export type Committed = "committed" | "exists";

/** An open sweep folder. */
export type Store = {
  readonly folder: string;
  readonly files: SweepFiles;
  /** The resolved study with all that was decided at its first run. */
  readonly lock: StudyLock;
  /**
   * Commits the rows of a block: afterwards all of them are on the disk, or none.
   *
   * @throws DiskError where the disk refuses for now: keep the rows and try again; OutputError where it always will
   */
  commit(header: BatchHeader, rows: readonly Row[]): Committed;
  /** What is committed, from headers and footers; a second scan reads new files only. */
  scan(): Scan;
  /** The set of the present scan: `scan().committed`. */
  committed(): CommittedSet;
  /**
   * The rows of a batch, ascending by trial, every byte of their file checked.
   *
   * @throws DataError where the file is damaged
   */
  rows(batch: string): readonly Row[];
  /** A whole batch; as `rows`. */
  batch(id: string): Batch;
  /**
   * Status and value of trials at a rung, of the rows that count and the last scan knows; what halving decides by.
   *
   * @throws DataError where a trial has no row there
   */
  judged(rung: number, trials: readonly number[]): readonly Judged[];
  /**
   * For the one who writes: checks every byte of every file that was not checked yet, puts damaged ones aside and
   * tells of them. Their rows are no longer committed.
   */
  repair(onDamage?: (damage: Damage) => void): readonly Damage[];
  /**
   * For the one who writes, before work begins: makes the folders and tries what a commit needs.
   *
   * @throws OutputError where the folder cannot be written or has no hard links
   */
  prepare(): void;
  /** What the user wants: pause, stop, prune. */
  desired(): Desired;
};

function checkHeader(header: BatchHeader, lock: StudyLock): void {
  if (header.study === lock.identity.hash) return;
  throw new DataError(
    `commit: argument \`header\` must belong to study ${lock.identity.hash.slice(0, 8)}…, but belongs to ${header.study.slice(0, 8)}…. The study was changed while it ran.`,
  );
}

/** Two attempts: between them, a damaged file of this name has been put aside. */
function commitFile(folder: BatchFolder, file: string, data: Buffer): Committed {
  const path = join(folder.files.batches, file);
  if (createExclusively(path, data)) return "committed";
  if (existsSync(path)) {
    if (damageOf(folder, file) === undefined) return "exists";
    putAside(folder, file);
  }
  return createExclusively(path, data) ? "committed" : "exists";
}

function readWhole(folder: BatchFolder, id: string): Batch {
  const file = `${id}.jsonl`;
  try {
    return readBatch(folder, file);
  } catch (error) {
    if (!(error instanceof DamagedBatch)) throw error;
    throw damagedError({ file, line: error.line, reason: error.message });
  }
}

function storeOf(files: SweepFiles, lock: StudyLock): Store {
  const rules = rowRules(lock.study);
  const folder: BatchFolder = { files, study: lock.identity.hash, rules };
  const scanning = scanner(files.batches, lock.identity.hash, rules.goal);
  const whole = new Set<string>();
  const judging = judge((id) => readWhole(folder, id).rows);
  return {
    folder: files.folder,
    files,
    lock,
    commit(header, rows) {
      checkHeader(header, lock);
      return commitFile(folder, `${header.batch}.jsonl`, encodeBatch(header, rows, rules));
    },
    scan: () => scanning.scan(),
    committed: () => scanning.scan().committed,
    batch: (id) => readWhole(folder, id),
    rows: (id) => readWhole(folder, id).rows,
    judged: (rung, trials) => judging(scanning.last().committed, rung, trials),
    repair(onDamage = () => undefined) {
      const damage = repair(folder, (file) => whole.has(file), onDamage);
      for (const file of batchFiles(files.batches)) whole.add(file);
      return damage;
    },
    prepare() {
      for (const path of [files.batches, files.events, files.logs, files.checkpoints]) {
        makeFolder(path);
      }
      probeFolder(files.batches);
    },
    desired: () => readDesired(files.folder),
  };
}

/**
 * Opens a sweep folder, for reading or for writing.
 *
 * @throws DataError where it is none
 */
export function openStore(folder: string): Store {
  const lock = readStudyLock(folder);
  if (lock === undefined) {
    throw new DataError(
      `openStore: argument \`folder\` must be the folder of a sweep, but ${folder} has no study.lock.json. Start one with \`zenoflow sweep\`.`,
    );
  }
  return storeOf(sweepFiles(folder), lock);
}
