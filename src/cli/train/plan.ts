// Decides where a training goes: a new folder, an unfinished run to continue, or a refusal.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { findUnfinished } from "../../runs/find.js";
import { listCheckpoints } from "../../runs/checkpoint.js";
import { newRunName, runFiles } from "../../runs/folder.js";
import { configHash, differences, type Identity } from "../../runs/identity.js";
import { readManifest, type Manifest } from "../../runs/manifest.js";
import { DataError } from "../../errors.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";

/** What will be done with which folder. */
export type Plan =
  | { readonly kind: "new" | "replace"; readonly folder: string }
  | {
      readonly kind: "continue" | "finished";
      readonly folder: string;
      readonly manifest: Manifest;
    };

/** What decides it. */
export type PlanRequest = {
  readonly identity: Identity;
  /** The run's folder, where the user named one. */
  readonly output?: string;
  /** Where run folders are made and looked for. */
  readonly root: string;
  readonly cwd: string;
  /** Start again even where a run could be continued. */
  readonly fresh: boolean;
  /** Replace the run in the named folder. */
  readonly force: boolean;
};

function isOccupied(folder: string): boolean {
  return existsSync(folder) && statSync(folder).isDirectory() && readdirSync(folder).length > 0;
}

/** A damaged manifest is no obstacle for what replaces the run. */
function manifestOf(folder: string, { force }: PlanRequest): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch (error) {
    if (force && error instanceof DataError) return undefined;
    throw error;
  }
}

/** Whether a run was here whose manifest is gone. Its checkpoints would be taken for those of a new one. */
function holdsRemains(folder: string): boolean {
  return listCheckpoints(runFiles(folder).checkpoints).length > 0;
}

function inFolder(folder: string, request: PlanRequest): Plan {
  const manifest = manifestOf(folder, request);
  if (manifest === undefined) return emptyFolder(folder, request);
  if (request.force) return { kind: "replace", folder };
  if (request.fresh) {
    throw new CliError(EXIT.usage, {
      message: `${folder} already holds a run`,
      hint: "name another folder, or replace the run with --force",
    });
  }
  if (manifest.configHash !== configHash(request.identity)) {
    throw new CliError(EXIT.data, changed(folder, manifest, request.identity));
  }
  return { kind: manifest.status === "finished" ? "finished" : "continue", folder, manifest };
}

function emptyFolder(folder: string, request: PlanRequest): Plan {
  const hasRemains = holdsRemains(folder);
  if (request.force) return { kind: hasRemains ? "replace" : "new", folder };
  if (hasRemains) {
    throw new CliError(EXIT.output, {
      message: `${folder} holds a run without its manifest.json, which cannot be continued`,
      hint: "restore the file, name another folder, or replace the run with --force",
    });
  }
  if (isOccupied(folder)) {
    throw new CliError(EXIT.output, {
      message: `${folder} holds files but no run`,
      hint: "name another folder, or write into this one with --force",
    });
  }
  return { kind: "new", folder };
}

function changed(
  folder: string,
  manifest: Manifest,
  identity: Identity,
): { readonly message: string; readonly hint: string } {
  const lines = differences(manifest.identity, identity).map((line) => `    ${line}`);
  return {
    message: [`${folder} was made with another configuration`, ...lines].join("\n"),
    hint: "name another folder with --output, restore the values, or replace the run with --force",
  };
}

/**
 * Decides where a training goes. Reads only.
 *
 * @throws CliError where the named folder holds another configuration or foreign files
 */
export function planRun(request: PlanRequest): Plan {
  if (request.output !== undefined) return inFolder(resolve(request.cwd, request.output), request);
  const root = resolve(request.cwd, request.root);
  const found = request.fresh ? undefined : findUnfinished(root, configHash(request.identity));
  if (found !== undefined) return { kind: "continue", ...found };
  return { kind: "new", folder: join(root, newRunName(request.identity.task, new Date())) };
}
