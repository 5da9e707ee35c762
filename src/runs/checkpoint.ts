// Checkpoints of a run: the snapshots of a training on disk, with a checksum, the last two kept.

import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../errors.js";
import type { Snapshot } from "../models/model.js";
import { makeFolder, sha256, writeAtomically } from "./files.js";
import { decodeArchive, encodeArchive, encodeData } from "./safetensors.js";
import { writing } from "./output-error.js";

const FORMAT = "zenoflow.snapshot/1";
const KEPT = 2;
const NAME = /^step-(\d+)\.safetensors$/;

/** What `readCheckpoint` found. */
export type Checkpoint = {
  readonly path: string;
  readonly snapshot: Snapshot;
  /** Files that were newer but damaged. */
  readonly damaged: readonly string[];
};

function fileName(step: number): string {
  return `step-${String(step).padStart(9, "0")}.safetensors`;
}

// The step and the shapes belong under the checksum too: a flipped bit there would resume something else.
function checksum(snapshot: Snapshot): string {
  const shapes = Object.entries(snapshot.tensors).map(([name, { shape }]) => [name, shape]);
  const head = JSON.stringify([snapshot.step, shapes]);
  return sha256(Buffer.concat([Buffer.from(head), encodeData(snapshot.tensors)]));
}

/** Checkpoint files of a folder, newest first. */
export function listCheckpoints(folder: string): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const found = names.filter((name) => NAME.test(name)).sort();
  return found.reverse().map((name) => join(folder, name));
}

/**
 * Writes a checkpoint and removes all but the last two. A crash at any moment leaves a readable one.
 *
 * @throws OutputError where it cannot be written; the earlier checkpoints stay
 */
export function writeCheckpoint(folder: string, snapshot: Snapshot): string {
  makeFolder(folder);
  const path = join(folder, fileName(snapshot.step));
  const metadata = {
    format: FORMAT,
    step: String(snapshot.step),
    sha256: checksum(snapshot),
  };
  writeAtomically(path, encodeArchive({ metadata, tensors: snapshot.tensors }));
  for (const old of listCheckpoints(folder).slice(KEPT)) rmSync(old, { force: true });
  return path;
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EISDIR")) throw error;
    throw new DataError(`readCheckpointFile: ${path} must be a file, but is a folder.`);
  }
}

/**
 * Reads one checkpoint file and checks it.
 *
 * @throws DataError where the file is torn, altered or of another format
 */
export function readCheckpointFile(path: string): Snapshot {
  const { metadata, tensors } = decodeArchive(bytesOf(path));
  if (metadata["format"] !== FORMAT) {
    throw new DataError(
      `readCheckpointFile: ${path} must have the format ${FORMAT}, but has ${metadata["format"] ?? "none"}.`,
    );
  }
  const snapshot: Snapshot = { step: Number(metadata["step"]), tensors };
  if (checksum(snapshot) !== metadata["sha256"]) {
    throw new DataError(
      `readCheckpointFile: ${path} must match its checksum, but its bytes were altered.`,
    );
  }
  return snapshot;
}

/** The newest checkpoint that can be read, or undefined where there is none. */
export function readCheckpoint(folder: string): Checkpoint | undefined {
  const damaged: string[] = [];
  for (const path of listCheckpoints(folder)) {
    try {
      return { path, snapshot: readCheckpointFile(path), damaged };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      damaged.push(path);
    }
  }
  if (damaged.length === 0) return undefined;
  throw new DataError(
    `readCheckpoint: ${folder} must hold a readable checkpoint, but ${damaged.length === 1 ? "the only one is" : `all ${damaged.length.toString()} are`} damaged. ` +
      "Start again: with --new, or with --force in a folder that was named.",
  );
}

/** Puts damaged checkpoints aside (`….damaged`), so that they count no longer among the last two. */
export function quarantine(paths: readonly string[]): void {
  for (const path of paths) writing(path, () => renameSync(path, `${path}.damaged`));
}
