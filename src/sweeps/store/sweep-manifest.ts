// The manifest of a sweep: one entry for every invocation, written by the supervisor alone.

import { existsSync, renameSync } from "node:fs";
import { DataError } from "../../errors.js";
import { readDocumentOf } from "../../runs/document.js";
import { fromJson, toJson } from "../../runs/json.js";
import type { Invocation } from "../../runs/manifest.js";
import { replaceFile, storing } from "./exclusive.js";
import { sweepFiles } from "./layout.js";
import { readStudyLock } from "./study-lock.js";

/** The form of the manifests written here; another one than that of single runs, so that neither is taken for the other. */
export const SWEEP_MANIFEST_SCHEMA = "zenoflow.sweep-manifest/1";

/** One call of the program on a sweep. */
export type SweepInvocation = Invocation & {
  readonly study: string;
  readonly numericsVersion: number;
  readonly executor: string;
  readonly workers: number;
  readonly blockSize: number;
  /** Rows trained together, by group. */
  readonly microBatch: Readonly<Record<string, number>>;
  /** SHA-256 of each data file, by the path as written. */
  readonly datasets: Readonly<Record<string, string>>;
};

/** The contents of `manifest.json` in a sweep folder. */
export type SweepManifest = {
  readonly schema: typeof SWEEP_MANIFEST_SCHEMA;
  readonly created: string;
  readonly study: string;
  readonly invocations: readonly SweepInvocation[];
};

/** A manifest without invocations. */
export function newSweepManifest(study: string): SweepManifest {
  return {
    schema: SWEEP_MANIFEST_SCHEMA,
    created: new Date().toISOString(),
    study,
    invocations: [],
  };
}

function lacks(value: object): readonly string[] {
  const { created, invocations } = value as Readonly<Record<keyof SweepManifest, unknown>>;
  return [
    ...(typeof created === "string" ? [] : ["created"]),
    ...(Array.isArray(invocations) ? [] : ["invocations"]),
  ];
}

/**
 * The manifest of a sweep folder.
 *
 * @throws DataError where there is none
 */
export function readSweepManifest(folder: string): SweepManifest {
  const path = sweepFiles(folder).manifest;
  const form = {
    schema: SWEEP_MANIFEST_SCHEMA,
    reader: "readSweepManifest",
    parse: fromJson,
    lacks,
  };
  const manifest = readDocumentOf(path, form) as SweepManifest | undefined;
  if (manifest !== undefined) return manifest;
  throw new DataError(`readSweepManifest: file ${path} must be there, but is not.`);
}

/** The manifest, or a new one where it is gone or damaged: it lists calls, and no row depends on it. */
function standing(folder: string): SweepManifest {
  try {
    return readSweepManifest(folder);
  } catch (error) {
    const lock = readStudyLock(folder);
    if (!(error instanceof DataError) || lock === undefined) throw error;
    const path = sweepFiles(folder).manifest;
    if (existsSync(path)) storing(path, () => renameSync(path, `${path}.damaged`));
    return newSweepManifest(lock.identity.hash);
  }
}

function change(
  folder: string,
  invocations: (old: readonly SweepInvocation[]) => readonly SweepInvocation[],
): void {
  const path = sweepFiles(folder).manifest;
  const manifest = standing(folder);
  const changed = { ...manifest, invocations: invocations(manifest.invocations) };
  replaceFile(path, `${toJson(changed, 2)}\n`);
}

/** Appends an invocation without an end; hold the supervisor's lock. */
export function startSweepInvocation(folder: string, invocation: SweepInvocation): void {
  change(folder, (old) => [...old, invocation]);
}

/** Notes the end of the last invocation, and what became known while it ran. */
export function endSweepInvocation(
  folder: string,
  exit: number,
  known: Partial<SweepInvocation> = {},
): void {
  const end = { stop: new Date().toISOString(), exit, ...known };
  change(folder, (old) => old.map((one, i) => (i === old.length - 1 ? { ...one, ...end } : one)));
}
