// Makes folders with their parents. This runs without a build, so it does not share src/data/files/folders.ts.

import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Unlike `mkdirSync` with `recursive`, this ends below /proc, where folders cannot be made (Node 20 and 22 try for ever). */
export function makeFolder(path) {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}
