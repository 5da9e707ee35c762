// Finding runs under a root folder: all of them, the newest, and one that the same command would continue.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../errors.js";
import { readManifest, type Manifest } from "./manifest.js";

/** A run folder and what its manifest says. */
export type FoundRun = { readonly folder: string; readonly manifest: Manifest };

function subfolders(root: string): readonly string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name));
  } catch {
    return [];
  }
}

// A folder whose manifest is broken, or not for this user to read, is reported by the verb that names it, not by every search.
function look(folder: string): FoundRun | undefined {
  try {
    const manifest = readManifest(folder);
    return manifest === undefined ? undefined : { folder, manifest };
  } catch (error) {
    const isUnreadable = error instanceof Error && "code" in error;
    if (error instanceof DataError || isUnreadable) return undefined;
    throw error;
  }
}

/** All runs directly under `root`, oldest first. */
export function listRuns(root: string): readonly FoundRun[] {
  const runs = subfolders(root)
    .map(look)
    .filter((run) => run !== undefined);
  return runs.sort((a, b) => (a.manifest.created < b.manifest.created ? -1 : 1));
}

/** The newest run under `root` that was started with this configuration and has not finished. */
export function findUnfinished(root: string, configHash: string): FoundRun | undefined {
  return listRuns(root).findLast(
    ({ manifest }) => manifest.configHash === configHash && manifest.status !== "finished",
  );
}
