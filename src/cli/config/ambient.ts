// Settings that are there without being named: zenoflow.yaml of the project and of the user, and ZENOFLOW_*.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { nearest } from "../../settings/suggest.js";
import type { Problem } from "../problem.js";
import { readConfigFile } from "./file.js";
import type { Assignment, Layer } from "../../settings/layer.js";
import { leaves, type SchemaNode } from "../../settings/schema-tree.js";
import { parseValue } from "../../settings/value.js";

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = "ZENOFLOW_";
// Read elsewhere, and no keys of any configuration.
const OTHER: readonly string[] = [
  "ZENOFLOW_BENCH_BACKENDS",
  "ZENOFLOW_DATA_DIR",
  "ZENOFLOW_MIRRORS",
  "ZENOFLOW_MNIST",
  "ZENOFLOW_OFFLINE",
  "ZENOFLOW_PYTHON",
  "ZENOFLOW_REDIS",
  "ZENOFLOW_SITE",
  "ZENOFLOW_SUPERVISOR",
  "ZENOFLOW_WEBGPU_SOFTWARE",
];

/** The project's zenoflow.yaml: the nearest one, up to the root of the repository. */
export function projectFile(folder: string): string | undefined {
  const file = join(folder, "zenoflow.yaml");
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  const isRoot = parent === folder || existsSync(join(folder, ".git"));
  return isRoot ? undefined : projectFile(parent);
}

/** The user's own settings file. */
export function userFile(env: Environment): string | undefined {
  const base = env["XDG_CONFIG_HOME"] ?? join(env["HOME"] ?? homedir(), ".config");
  const file = join(base, "zenoflow", "config.yaml");
  return existsSync(file) ? file : undefined;
}

/** The layers of the user's and the project's file, the weaker one first. */
export function ambientLayers(cwd: string, env: Environment): readonly Layer[] {
  const files = [userFile(env), projectFile(cwd)].filter((file) => file !== undefined);
  return files.map((file) => {
    const near = relative(cwd, file);
    return readConfigFile(file, near.startsWith("..") ? file : near, "ambient");
  });
}

function folded(key: string): string {
  return key.toLowerCase().replace(/_/g, "");
}

/** The layer of `ZENOFLOW_*`, and what is wrong with their names. `__` stands for a dot. */
export function environmentLayer(
  env: Environment,
  tree: SchemaNode,
): { readonly layer: Layer; readonly problems: readonly Problem[] } {
  const keys = leaves(tree).map(([key]) => key);
  const assignments: Assignment[] = [];
  const problems: Problem[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || OTHER.includes(name) || text === undefined) continue;
    const wanted = folded(name.slice(PREFIX.length).replace(/__/g, "."));
    const found = keys.filter((key) => folded(key) === wanted);
    if (found.length === 1 && found[0] !== undefined) {
      const origin = { label: `env ${name}`, where: { file: name } };
      assignments.push({ path: found[0].split("."), value: parseValue(text), origin });
    } else problems.push({ message: nameProblem(name, found, keys) });
  }
  return { layer: { kind: "env", assignments }, problems };
}

function nameProblem(name: string, found: readonly string[], keys: readonly string[]): string {
  if (found.length > 1)
    return `environment variable ${name} fits several keys: ${found.join(", ")}`;
  return `environment variable ${name} fits no key${likelyName(name, [...keys.map(variable), ...OTHER])}`;
}

/** The variable that was meant, compared without the prefix that all have. */
function likelyName(name: string, variables: readonly string[]): string {
  const bare = (text: string): string => text.slice(PREFIX.length);
  const found = nearest(bare(name), variables.map(bare));
  return found === undefined ? "" : ` (did you mean ${PREFIX}${found}?)`;
}

/** Variables that are likely one of those of no configuration, misspelt: for verbs that resolve none. */
export function misspeltVariables(env: Environment): readonly Problem[] {
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith(PREFIX) || OTHER.includes(name)) return [];
    const likely = likelyName(name, OTHER);
    return likely === ""
      ? []
      : [{ message: `environment variable ${name} is not one that is read${likely}` }];
  });
}

/** The environment variable of a key: `train.batchSize` → `ZENOFLOW_TRAIN__BATCH_SIZE`. */
export function variable(key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/\./g, "__");
  return PREFIX + words.toUpperCase();
}
