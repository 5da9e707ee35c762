// The module that proposes trials with method ask-tell: its text, which is part of the study, and its function.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DataError } from "../../errors.js";
import { sha256 } from "../../runs/files.js";
import type { Ask } from "../plan/ask.js";
import { evolution, EVOLUTION_VERSION } from "../plan/evolution.js";
import type { Study } from "../types.js";

/** The text that stands for a method: of its file, or its version where it is shipped. Undefined where there is none. */
export async function askText(module: string, studyFile: string): Promise<string | undefined> {
  if (module === "evolution") return EVOLUTION_VERSION;
  const path = resolve(dirname(studyFile), module);
  return existsSync(path) ? readFile(path, "utf8") : undefined;
}

/**
 * The function of a study's method.
 *
 * @param studyFile - of the study, in whose folder the module is looked for
 * @returns undefined for studies with another method
 * @throws DataError where the module is missing, exports no `ask` or is not the one the study was begun with
 */
export async function loadAsk(study: Study, studyFile: string): Promise<Ask | undefined> {
  if (study.ask === undefined) return undefined;
  const { module, sha256: expected } = study.ask;
  const text = await askText(module, studyFile);
  if (text === undefined || sha256(text) !== expected) {
    const state = text === undefined ? "is missing" : "has another text";
    throw new DataError(
      `loadAsk: file ${module} must be the one that the study was begun with, but ${state}. Restore it, or start with --new.`,
    );
  }
  if (module === "evolution") return evolution;
  const url = pathToFileURL(resolve(dirname(studyFile), module)).href;
  const loaded = (await import(url)) as { readonly ask?: unknown; readonly default?: unknown };
  const ask = loaded.ask ?? loaded.default;
  if (typeof ask === "function") return ask as Ask;
  throw new DataError(`loadAsk: file ${module} must export a function \`ask\`, but does not.`);
}
