// Reading whole batch files, and putting damaged ones aside so that their rows are computed again.

import { existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import { makeFolder } from "../../runs/files.js";
import { DamagedBatch, decodeBatch, type Batch, type RowRules } from "./batch-text.js";
import { storeError, storing } from "./exclusive.js";
import type { SweepFiles } from "./layout.js";
import { batchFiles, batchOf, type Damage } from "./scan.js";

/** What is read and how. */
export type BatchFolder = {
  readonly files: Pick<SweepFiles, "batches" | "corrupt">;
  readonly study: string;
  readonly rules: RowRules;
};

/**
 * Reads a batch file and checks every byte of it.
 *
 * @throws DamagedBatch where it was altered or is another batch
 */
export function readBatch(folder: BatchFolder, file: string): Batch {
  return checkBatch(folder, bytesOf(join(folder.files.batches, file)), file);
}

function bytesOf(path: string): Buffer {
  if (statSync(path).isDirectory()) throw new DamagedBatch(1, "it is no file");
  return readFileSync(path);
}

function checkBatch(folder: BatchFolder, bytes: Buffer, file: string): Batch {
  const batch = decodeBatch(bytes, folder.rules);
  const { header } = batch;
  if (header.batch !== batchOf(file)) throw new DamagedBatch(1, `it holds batch ${header.batch}`);
  if (header.study !== folder.study) {
    throw new DamagedBatch(1, `it belongs to study ${header.study.slice(0, 8)}…`);
  }
  return batch;
}

/** What is wrong with a batch file; undefined where nothing is. */
export function damageOf(folder: BatchFolder, file: string): Damage | undefined {
  try {
    readBatch(folder, file);
    return undefined;
  } catch (error) {
    if (!(error instanceof DamagedBatch)) throw error;
    return { file, line: error.line, reason: error.message };
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Another process may have replaced the file by a whole one before it was moved: then that one goes back. */
function putBack(folder: BatchFolder, moved: string, file: string): void {
  try {
    checkBatch(folder, bytesOf(moved), file);
  } catch (error) {
    if (error instanceof DamagedBatch) return;
    throw error;
  }
  const path = join(folder.files.batches, file);
  if (!existsSync(path)) storing(path, () => renameSync(moved, path));
}

/**
 * Moves a damaged batch file to `batches/corrupt/`, where nothing counts it; an earlier one of its name stays.
 *
 * @throws OutputError where it cannot be moved
 */
export function putAside(folder: BatchFolder, file: string): void {
  const { batches, corrupt } = folder.files;
  makeFolder(corrupt);
  let target = join(corrupt, file);
  for (let n = 1; existsSync(target); n++) target = join(corrupt, `${file}.${n}`);
  try {
    renameSync(join(batches, file), target);
  } catch (error) {
    // Another process put it aside at the same moment.
    if (isMissing(error)) return;
    throw storeError(target, error);
  }
  putBack(folder, target, file);
}

/** Checks every byte of every batch; damaged ones are put aside and told. */
export function repair(
  folder: BatchFolder,
  isChecked: (file: string) => boolean,
  onDamage: (damage: Damage) => void,
): readonly Damage[] {
  const found: Damage[] = [];
  for (const file of batchFiles(folder.files.batches)) {
    const damage = isChecked(file) ? undefined : damageOf(folder, file);
    if (damage === undefined) continue;
    putAside(folder, file);
    onDamage(damage);
    found.push(damage);
  }
  return found;
}

/** The sentence of a warning about a damaged file. */
export function damageText({ file, line, reason }: Damage): string {
  return `batches/${file}${line > 0 ? `:${line}` : ""}: ${reason}`;
}

/** The error of a reader that needs a batch which is damaged. */
export function damagedError(damage: Damage): DataError {
  return new DataError(
    `rows: file ${damageText(damage)}. The next run of the sweep puts it aside and computes its rows again.`,
  );
}
