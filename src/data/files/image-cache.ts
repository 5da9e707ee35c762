// Texts that take long to make, kept under a key in a folder and verified when they are read. Node only.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolders } from "./folders.js";
import { writeWhole } from "./whole-file.js";

const DIGITS = 64;

/**
 * A text from the cache, or made and kept. A cache that cannot be written, or whose file is damaged, only costs time.
 *
 * @param folder - of the cache; null makes the text every time
 * @param key - of all that the text depends on
 */
export function keptText(folder: string | null, key: string, make: () => string): string {
  if (folder === null) return make();
  const path = join(folder, `${key}.txt`);
  const kept = verified(path);
  if (kept !== null) return kept;
  const text = make();
  try {
    makeFolders(folder);
    writeWhole(path, `${sha256(text)}\n${text}`);
  } catch {
    return text;
  }
  return text;
}

function verified(path: string): string | null {
  try {
    const all = readFileSync(path, "utf8");
    const text = all.slice(DIGITS + 1);
    return all.slice(0, DIGITS) === sha256(text) ? text : null;
  } catch {
    return null;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
