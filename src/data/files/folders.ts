// Making folders with their parents. Node only.

import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The folders above and at a path that are not there, the uppermost first. */
function missingFolders(path: string): readonly string[] {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  return missing;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    // Another process may have been faster.
    if (code === "EEXIST" && isFolder(path)) return;
    if (code !== "ENOENT" || !isFolder(dirname(path))) throw error;
    // What mkdir(2) calls EPERM; /proc and automounters say ENOENT.
    const message = `EPERM: folders cannot be made there, mkdir '${path}'`;
    throw Object.assign(new Error(message, { cause: error }), { code: "EPERM", path });
  }
}

/**
 * Makes a folder and its parents, as `mkdirSync` with `recursive` does. That one never ends where the system answers that a
 * folder does not exist in one that does, as below /proc (Node 20 and 22).
 *
 * @throws errors of the system
 */
export function makeFolders(path: string): void {
  const folder = resolve(path);
  for (const each of missingFolders(folder)) makeOne(each);
  if (!isFolder(folder)) makeOne(folder);
}
