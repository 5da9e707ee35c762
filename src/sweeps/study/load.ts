// Study files on disk: YAML, JSON, or a module that exports the same object.

import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { show } from "../../settings/check.js";
import { isGroup } from "../../settings/layer.js";
import { ProblemsError } from "../../settings/problem.js";
import { toJson } from "../../runs/json.js";
import type { Study } from "../types.js";
import { readSource, readStudy, type ReadOptions } from "./read.js";
import type { Tasks } from "./tasks.js";

/** A study and the text it was read from, as it is kept in the sweep folder. */
export type LoadedStudy = { readonly study: Study; readonly text: string };

const MODULES: ReadonlySet<string> = new Set([".js", ".mjs", ".ts", ".mts"]);

async function loadModule(
  path: string,
  options: Omit<ReadOptions, "form">,
  tasks: Tasks,
): Promise<LoadedStudy> {
  const { file } = options;
  const loaded = (await import(pathToFileURL(resolve(path)).href)) as Readonly<
    Record<string, unknown>
  >;
  const value = loaded["default"] ?? loaded["study"];
  if (!isGroup(value)) {
    const message = `must export a study as its default, got ${show(value)}`;
    throw new ProblemsError([
      { message, where: { file }, hint: "export default { task: …, parameters: … }" },
    ]);
  }
  const here = { file };
  const source = { value, placeOf: () => here, keyPlace: () => here };
  return { study: await readSource(source, options, tasks), text: `${toJson(value, 2)}\n` };
}

/**
 * Reads a study file from disk.
 *
 * @param path - `.yaml`, `.yml`, `.json`, or a module whose default export is the study
 * @param tasks - the tasks that it may name
 * @throws ProblemsError with everything that is wrong; the file system's error where it is missing
 */
export async function loadStudy(
  path: string,
  tasks: Tasks,
  options: Pick<ReadOptions, "overrides" | "warn"> = {},
): Promise<LoadedStudy> {
  const file = path;
  const extension = extname(path).toLowerCase();
  if (MODULES.has(extension)) return loadModule(path, { ...options, file }, tasks);
  const text = await readFile(path, "utf8");
  const form = extension === ".json" ? "json" : "yaml";
  return { study: await readStudy(text, { ...options, file, form }, tasks), text };
}
