// The manifest of a run: its identity, how far it came, and one entry for every invocation.

import { DataError } from "../errors.js";
import { readDocumentOf } from "./document.js";
import { writeAtomically } from "./files.js";
import { runFiles } from "./folder.js";
import type { Identity } from "./identity.js";
import { fromJson, toJson } from "./json.js";
import type { Provenance } from "./provenance.js";

/** The form of the manifests written here. */
export const MANIFEST_SCHEMA = "zenoflow.manifest/1";

/** How far a run is: `running` with no living process in its lock means it was killed. */
export type RunStatus = "running" | "stopped" | "failed" | "finished";

/** A data file the run used. */
export type DataSource = {
  /** As written in the configuration. */
  readonly path: string;
  /** Where it lay. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** One call of the program on this run. */
export type Invocation = Provenance & {
  readonly verb: string;
  readonly start: string;
  readonly stop: string | null;
  readonly exit: number | null;
};

/** The contents of `manifest.json`. */
export type Manifest = {
  readonly schema: typeof MANIFEST_SCHEMA;
  readonly created: string;
  readonly status: RunStatus;
  readonly step: number;
  readonly configHash: string;
  readonly identity: Identity;
  readonly data: readonly DataSource[];
  readonly invocations: readonly Invocation[];
};

/**
 * Writes the manifest of a run folder.
 *
 * @throws OutputError where it cannot be written
 */
export function writeManifest(folder: string, manifest: Manifest): void {
  writeAtomically(runFiles(folder).manifest, `${toJson(manifest, 2)}\n`);
}

const STATUS: readonly unknown[] = [
  "running",
  "stopped",
  "failed",
  "finished",
] satisfies RunStatus[];
const HINT =
  "Restore it from a copy, or train again: in another folder, or in this one with --force.";

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areRecords(value: unknown): boolean {
  return Array.isArray(value) && value.every(isRecord);
}

/** Keys without which the verbs cannot do: a file that was edited or hit by a fault may have any contents. */
function lacks(value: object): readonly string[] {
  const { created, status, step, configHash, identity, data, invocations } = value as Readonly<
    Record<keyof Manifest, unknown>
  >;
  const isIdentity =
    isRecord(identity) && typeof identity["task"] === "string" && isRecord(identity["data"]);
  const checks = {
    created: typeof created === "string",
    status: STATUS.includes(status),
    step: Number.isSafeInteger(step),
    configHash: typeof configHash === "string",
    identity: isIdentity,
    data: areRecords(data),
    invocations: areRecords(invocations),
  };
  return Object.entries(checks).flatMap(([key, holds]) => (holds ? [] : [key]));
}

/**
 * Reads the manifest of a run folder; undefined where there is none.
 *
 * @throws DataError where it is not a manifest, or not a whole one
 */
export function readManifest(folder: string): Manifest | undefined {
  const form = {
    schema: MANIFEST_SCHEMA,
    reader: "readManifest",
    parse: fromJson,
    lacks,
    hint: HINT,
  };
  return readDocumentOf(runFiles(folder).manifest, form) as Manifest | undefined;
}

/** Changes the manifest of a run folder that has one. */
export function updateManifest(folder: string, change: Partial<Manifest>): Manifest {
  const manifest = readManifest(folder);
  if (manifest === undefined) {
    throw new DataError(`${folder} must be a run folder, but has no manifest.json.`);
  }
  const changed = { ...manifest, ...change };
  writeManifest(folder, changed);
  return changed;
}

/** Appends an invocation without an end; `endInvocation` completes it. */
export function startInvocation(folder: string, invocation: Invocation): void {
  const invocations = readManifest(folder)?.invocations ?? [];
  updateManifest(folder, { invocations: [...invocations, invocation] });
}

/** Notes the end of the last invocation. */
export function endInvocation(folder: string, exit: number, change: Partial<Manifest> = {}): void {
  const invocations = [...(readManifest(folder)?.invocations ?? [])];
  const last = invocations.pop();
  if (last !== undefined) invocations.push({ ...last, stop: new Date().toISOString(), exit });
  updateManifest(folder, { ...change, invocations });
}
