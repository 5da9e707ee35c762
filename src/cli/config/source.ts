// The first argument of `train` and `config`: the name of a model, or a configuration file.

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { EXIT } from "../exit-codes.js";
import type { ModelRegistry } from "../models.js";
import { CliError } from "../problem.js";
import { didYouMean } from "../../settings/suggest.js";
import { readConfigFile } from "./file.js";
import type { Layer, Origin } from "../../settings/layer.js";

/** The task to train and how it was named. */
export type Task = { readonly name: string; readonly origin: Origin };

/** What the first argument stands for. */
export type Source = { readonly task?: Task; readonly layer?: Layer };

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** The task a layer names, if it does. */
export function taskOf(layer: Layer): Task | undefined {
  const found = layer.assignments.findLast(({ path }) => path.length === 1 && path[0] === "task");
  return found === undefined ? undefined : { name: String(found.value), origin: found.origin };
}

/**
 * Reads the first argument.
 *
 * @throws CliError where it is neither a model nor a configuration file
 */
export function readSource(argument: string, cwd: string, models: ModelRegistry): Source {
  if (Object.hasOwn(models, argument))
    return { task: { name: argument, origin: { label: "argument" } } };
  const path = resolve(cwd, argument);
  if (/\.(ya?ml|json)$/i.test(argument) || isFile(path)) {
    const layer = readConfigFile(path, argument, "file");
    const task = taskOf(layer);
    return task === undefined ? { layer } : { layer, task };
  }
  throw new CliError(EXIT.usage, unknownModel(argument, models));
}

/** The problem of a model that does not exist. */
export function unknownModel(
  name: string,
  models: ModelRegistry,
): { readonly message: string; readonly hint: string } {
  const names = Object.keys(models);
  return {
    message: `unknown model '${name}'${didYouMean(name, names)}`,
    hint: `models: ${names.join(", ")}; a configuration file ends in .yaml, .yml or .json`,
  };
}
