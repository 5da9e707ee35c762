// Settings that lie around and that a sweep does not take: a study is its file and the arguments of the call, so that
// its trials do not depend on the folder or the environment it is called in.

import { ambientLayers, environmentLayer } from "../config/ambient.js";
import type { Assignment } from "../../settings/layer.js";
import type { Problem } from "../../settings/problem.js";
import type { SchemaNode } from "../../settings/schema-tree.js";
import type { Io } from "../io.js";

/** Keys that say where and on what a sweep runs, and change no trial. */
const TAKEN: ReadonlySet<string> = new Set(["task", "backend", "threads"]);

function ignored({ path, origin }: Assignment): Problem {
  const key = path.join(".");
  const where = origin.where === undefined ? {} : { where: { ...origin.where, path: key } };
  return {
    message: "has no effect on a sweep: the settings of a study are those of its file",
    ...where,
    hint: `under config of the study, or as an argument: ${key}=…`,
  };
}

/**
 * What `zenoflow.yaml`, the user's file and `ZENOFLOW_*` set and a sweep does not take.
 *
 * @param tree - the schema of the study's task
 */
export function ignoredSettings(
  { cwd, env }: Pick<Io, "cwd" | "env">,
  tree: SchemaNode,
): readonly Problem[] {
  const files = ambientLayers(cwd, env).flatMap(({ assignments }) => assignments);
  // Other variables are not meant for the task.
  const keys = { ...tree, properties: { ...tree.properties, preset: {} } };
  const variables = environmentLayer(env, keys).layer.assignments;
  return [...files, ...variables].filter(({ path }) => !TAKEN.has(path.join("."))).map(ignored);
}
