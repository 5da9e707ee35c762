// The manifest of a sweep: one entry for every invocation, written by the supervisor alone.

import { DataError } from "../../errors.js";
import { readDocumentOf } from "../../runs/document.js";
import { fromJson, toJson } from "../../runs/json.js";
import type { Invocation } from "../../runs/manifest.js";
import { replaceFile } from "./exclusive.js";
import { sweepFiles } from "./layout.js";

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

/**
 * The manifest of a sweep folder.
 *
 * @throws DataError where there is none
 */
export function readSweepManifest(folder: string): SweepManifest {
  const path = sweepFiles(folder).manifest;
  const form = { schema: SWEEP_MANIFEST_SCHEMA, reader: "readSweepManifest", parse: fromJson };
  const manifest = readDocumentOf(path, form) as SweepManifest | undefined;
  if (manifest !== undefined) return manifest;
  throw new DataError(`readSweepManifest: file ${path} must be there, but is not.`);
}

function change(
  folder: string,
  invocations: (old: readonly SweepInvocation[]) => readonly SweepInvocation[],
): void {
  const path = sweepFiles(folder).manifest;
  const manifest = readSweepManifest(folder);
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
