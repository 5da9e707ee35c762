// study.lock.json: the resolved study of a sweep folder with all that was decided at its first run.

import { readDocumentOf } from "../../runs/document.js";
import type { Study, StudyIdentity } from "../types.js";
import type { RowRules } from "./batch-text.js";
import { replaceFile } from "./exclusive.js";
import { sweepFiles } from "./layout.js";

/** The form of the lock files written here. */
export const STUDY_LOCK_SCHEMA = "zenoflow.study-lock/1";

/** The contents of `study.lock.json`. */
export type StudyLock = {
  readonly schema: typeof STUDY_LOCK_SCHEMA;
  readonly study: Study;
  readonly identity: StudyIdentity;
  /** Of the task; a part of the identity. */
  readonly numericsVersion: number;
  /** SHA-256 of each data file, by the path as written; a part of the identity. */
  readonly datasets: Readonly<Record<string, string>>;
  /** Where the task is a module: its file, absolute. */
  readonly module?: string;
  /** Most rows of a block: cut once, so that another machine plans the same. */
  readonly blockSize: number;
  /** How many of the best trials keep their trained model; absent: as many as this version keeps. Not hashed. */
  readonly models?: number;
  /** Where each resolved setting came from, by dotted key. */
  readonly origins: Readonly<Record<string, string>>;
};

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keys without which no verb can do. */
function lacks(value: object): readonly string[] {
  const { study, identity, numericsVersion, datasets, blockSize, origins } =
    value as Partial<StudyLock>;
  const checks = {
    study:
      isRecord(study?.parameters) &&
      isRecord(study?.budget) &&
      isRecord(study?.config) &&
      Array.isArray(study?.metrics) &&
      Number.isSafeInteger(study.trials),
    identity: typeof identity?.hash === "string" && Array.isArray(identity.key),
    numericsVersion: Number.isSafeInteger(numericsVersion),
    datasets: isRecord(datasets),
    blockSize: Number.isSafeInteger(blockSize),
    origins: isRecord(origins),
  };
  return Object.entries(checks).flatMap(([key, holds]) => (holds ? [] : [key]));
}

/**
 * The lock file of a sweep folder; undefined where there is none.
 *
 * @throws DataError where it is not one
 */
export function readStudyLock(folder: string): StudyLock | undefined {
  const hint = "Restore it from a copy, or start another sweep with --new.";
  const form = { schema: STUDY_LOCK_SCHEMA, reader: "openStore", lacks, hint };
  return readDocumentOf(sweepFiles(folder).lock, form) as StudyLock | undefined;
}

/**
 * Writes the lock file of a sweep folder.
 *
 * @throws OutputError where it cannot be written
 */
export function writeStudyLock(folder: string, lock: StudyLock): void {
  const path = sweepFiles(folder).lock;
  replaceFile(path, `${JSON.stringify(lock, null, 2)}\n`);
}

/** How rows of a study are read and compared. */
export function rowRules(study: Study): RowRules {
  const numeric = Object.entries(study.parameters)
    .filter(([, { kind }]) => kind !== "choice")
    .map(([name]) => name);
  return { goal: study.metrics[0]?.goal ?? "minimize", numeric: new Set(numeric) };
}
