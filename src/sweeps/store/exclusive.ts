// Files of a sweep, that several processes may write at the same time: each written aside under a name of its own and
// brought to the disk. Those that come into being only once are then linked to their name (`rename` would let a late writer
// replace what another one committed; a link refuses), those that change are renamed to it.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { writeAside } from "../../data/files/whole-file.js";
import { asOutputError, OutputError } from "../../runs/output-error.js";

/** The disk refuses for now (full, quota, size limit, device error): keep the data, and try again later. */
export class DiskError extends OutputError {
  /** The system's word for it. */
  readonly code: string;

  constructor(code: string, error: OutputError) {
    super(error.message, error.hint, { cause: error.cause });
    this.code = code;
  }
}

/** What a disk does; tests put one here that fails. */
export type Disk = {
  readonly link: (from: string, to: string) => void;
  readonly sync: (file: number) => void;
};

const NODE_DISK: Disk = { link: linkSync, sync: fsyncSync };
const PASSING: readonly string[] = ["ENOSPC", "EDQUOT", "EFBIG", "EIO"];
const NO_LINKS: readonly string[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "EXDEV", "ENOSYS", "EMLINK"];

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function noLinks(folder: string, cause: unknown): OutputError {
  return new OutputError(
    `${folder} cannot be used: results directory does not support hard links`,
    "choose a folder on another file system with --output",
    { cause },
  );
}

/** The error of a failed write: {@link DiskError} where it may pass, OutputError where not. */
export function storeError(path: string, error: unknown): unknown {
  const translated = asOutputError(path, error);
  if (!(translated instanceof OutputError) || translated instanceof DiskError) return translated;
  const code = codeOf(translated.cause);
  return PASSING.includes(code) ? new DiskError(code, translated) : translated;
}

/** Runs `write`; system errors become {@link DiskError} or OutputError. */
export function storing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw storeError(path, error);
  }
}

/** A name beside `path` that nobody else uses. */
export function temporaryName(path: string): string {
  return `${path.replace(/\.[^./]*$/, "")}.${randomBytes(6).toString("hex")}.tmp`;
}

/** Brings the entries of a folder to the disk; where folders cannot be opened there is nothing to do. */
export function syncFolder(path: string, disk: Disk = NODE_DISK): void {
  let folder: number;
  try {
    folder = openSync(path, "r");
  } catch {
    return;
  }
  try {
    disk.sync(folder);
  } catch (error) {
    if (PASSING.includes(codeOf(error))) throw error;
  } finally {
    closeSync(folder);
  }
}

/** Links the open, written file; true where the name is ours now. */
function linkOnce(file: number, temporary: string, path: string, disk: Disk): boolean {
  try {
    disk.link(temporary, path);
    return true;
  } catch (error) {
    if (NO_LINKS.includes(codeOf(error))) throw noLinks(dirname(path), error);
    if (codeOf(error) !== "EEXIST") throw error;
    // Over NFS the answer to a link that succeeded may be lost and the repeated request fail: two names are proof.
    return fstatSync(file).nlink === 2;
  }
}

/**
 * Creates a file with these bytes unless its name is taken. A crash at any moment leaves no file or a whole one.
 *
 * @returns whether the file is ours
 * @throws DiskError where the disk is full; nothing is left then. OutputError where it can never be written
 */
export function createExclusively(
  path: string,
  data: string | Uint8Array,
  disk: Disk = NODE_DISK,
): boolean {
  const temporary = temporaryName(path);
  return storing(path, () => {
    const file = openSync(temporary, "wx");
    try {
      writeFileSync(file, data);
      disk.sync(file);
      return linkOnce(file, temporary, path, disk);
    } finally {
      closeSync(file);
      rmSync(temporary, { force: true });
      syncFolder(dirname(path), disk);
    }
  });
}

/**
 * Writes a file, or replaces it. A crash at any moment leaves the old one or the new one; of several writers at the same
 * time the last one wins, and none disturbs another.
 *
 * @throws DiskError where the disk is full; nothing is left then. OutputError where it can never be written
 */
export function replaceFile(path: string, data: string | Uint8Array): void {
  storing(path, () => {
    writeAside(path, temporaryName(path), (file) => {
      writeFileSync(file, data);
    });
    syncFolder(dirname(path));
  });
}

/**
 * Tries in a folder what every commit will do there.
 *
 * @throws OutputError where the folder cannot be written or has no hard links
 */
export function probeFolder(folder: string, disk: Disk = NODE_DISK): void {
  const path = join(folder, `.probe-${randomBytes(6).toString("hex")}`);
  createExclusively(path, "probe\n", disk);
  rmSync(path, { force: true });
}
