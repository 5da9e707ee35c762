// Opens a run folder for writing and closes it: lock, manifest, configuration.

import { existsSync, rmdirSync, rmSync } from "node:fs";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import { runFiles } from "../../runs/folder.js";
import { configHash, type Identity } from "../../runs/identity.js";
import { acquireLock, type Lock } from "../../runs/lock.js";
import {
  endInvocation,
  MANIFEST_SCHEMA,
  startInvocation,
  updateManifest,
  writeManifest,
  type DataSource,
  type RunStatus,
} from "../../runs/manifest.js";
import { provenance } from "../../runs/provenance.js";
import type { BackendSummary } from "../io.js";
import type { Context } from "../context.js";
import type { Plan } from "./plan.js";

/** What a new manifest is made of. */
export type RunStart = {
  readonly identity: Identity;
  readonly data: readonly DataSource[];
  /** Text of config.yaml. */
  readonly configText: string;
  readonly backend: BackendSummary;
  readonly seed: number | null;
};

/** A run folder this process writes to. */
export type OpenRun = {
  readonly folder: string;
  readonly lock: Lock;
  /** Notes how it ended and gives the folder free. */
  close(exit: number, status: RunStatus, step?: number): void;
  /** Takes back a run that could not even start. */
  discard(): void;
};

/** Files and folders of a run, present or not. */
function parts(folder: string): readonly string[] {
  const { folder: _folder, ...own } = runFiles(folder);
  return Object.values(own);
}

function clear(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

/** Removes what a run has made in a folder, and the folder where nothing else is in it. */
function remove(folder: string, made: readonly string[]): void {
  clear(made);
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
}

function create(folder: string, start: RunStart): void {
  writeAtomically(runFiles(folder).config, start.configText);
  writeManifest(folder, {
    schema: MANIFEST_SCHEMA,
    created: new Date().toISOString(),
    status: "running",
    step: 0,
    configHash: configHash(start.identity),
    identity: start.identity,
    data: start.data,
    invocations: [],
  });
}

/** The surroundings of this call, for a manifest. */
export function surroundings(
  context: Context,
  verb: string,
  backend: BackendSummary | null,
  seed: number | null,
): Parameters<typeof startInvocation>[1] {
  const { io, argv, version } = context;
  const call = { argv, cwd: io.cwd, env: io.env, version, backend, seed };
  return { verb, start: new Date().toISOString(), stop: null, exit: null, ...provenance(call) };
}

/**
 * Opens the folder of a plan.
 *
 * @throws OutputError where it cannot be written or another process writes it
 */
export function openRun(plan: Plan, start: RunStart, context: Context): OpenRun {
  const { folder, kind } = plan;
  makeFolder(folder);
  // With --force a folder of other things may hold, say, figures of the user's own.
  const made = parts(folder).filter((path) => !existsSync(path));
  const lock = acquireLock(folder);
  try {
    if (kind === "replace") clear(parts(folder));
    if (kind === "continue") updateManifest(folder, { status: "running" });
    else create(folder, start);
    startInvocation(folder, surroundings(context, "train", start.backend, start.seed));
  } catch (error) {
    lock.release();
    throw error;
  }
  return { folder, lock, ...closers(folder, lock, made) };
}

function closers(
  folder: string,
  lock: Lock,
  made: readonly string[],
): Pick<OpenRun, "close" | "discard"> {
  return {
    close(exit, status, step) {
      try {
        endInvocation(folder, exit, { status, ...(step === undefined ? {} : { step }) });
      } finally {
        lock.release();
      }
    },
    discard() {
      lock.release();
      remove(folder, made);
    },
  };
}
