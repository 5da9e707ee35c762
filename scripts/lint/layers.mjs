// Layer direction: which folder may import which, as data, and the ESLint rule that holds it.
// The picture of it is in docs/architecture.md; change both together.

import { isBuiltin } from "node:module";
import path from "node:path";

const FOUNDATION = ["kernels", "foundation"];
const ENGINES = ["open-systems", "circuits", "ising", "boltzmann"];
const MIDDLE = ["metrics", "data", "learning", "figures", "seam"];

/** Layer → the layers its files may import. A file may always import its own layer. */
export const ARROWS = {
  kernels: [],
  foundation: ["kernels"],
  "open-systems": FOUNDATION,
  circuits: FOUNDATION,
  ising: FOUNDATION,
  boltzmann: [...FOUNDATION, "ising"],
  metrics: [...FOUNDATION, ...ENGINES],
  data: [...FOUNDATION, ...ENGINES, "metrics"],
  learning: [...FOUNDATION, ...ENGINES, "metrics"],
  seam: FOUNDATION,
  figures: [...FOUNDATION, "metrics", "data", "seam"],
  runs: [...FOUNDATION, "metrics", "data", "figures", "seam"],
  models: [...FOUNDATION, ...ENGINES, ...MIDDLE],
  index: [...FOUNDATION, ...ENGINES, ...MIDDLE, "models"],
  sweeps: [...FOUNDATION, ...ENGINES, ...MIDDLE, "runs", "models", "index"],
  cli: [...FOUNDATION, ...ENGINES, ...MIDDLE, "runs", "models", "index", "sweeps"],
};

/** Folders of `src` that make up one layer under another name. */
const FOLDERS = { complex: "foundation", linalg: "foundation", settings: "foundation" };

/** Single files with a place of their own. */
const FILES = { "src/index.ts": "index", "src/models/model.ts": "seam" };

/** Files that use the file system, processes or native code, and so exist in Node only. */
export const NODE_ONLY = [
  "src/runs/**/*.ts",
  "src/sweeps/**/*.ts",
  "src/cli/**/*.ts",
  "src/data/files/**/*.ts",
  "src/data/**/*-file.ts",
  "src/figures/png.ts",
];

/** Files that run everywhere and may load a Node module lazily, with `await import()`. */
export const NODE_LAZY = ["kernels/runtime/**/*.ts", "src/backend*.ts"];

/** The only files of a kernel folder that others import. */
const KERNEL_DOOR = /^kernels\/(?:runtime\/|[^/]+\.ts$|[^/]+\/(?:contract|index)\.ts$)/;

/** The layer of a file, by its path from the root; null outside `src` and `kernels`. */
export function layerOf(file) {
  if (FILES[file]) return FILES[file];
  const [top, folder, rest] = file.split("/");
  if (top === "kernels") return "kernels";
  if (top !== "src") return null;
  if (rest === undefined) return "foundation";
  return FOLDERS[folder] ?? folder;
}

// Whether one of these globs (`**/` any folders, `*` any name) matches a file.
const among = (globs, file) =>
  globs.some((glob) => {
    const body = glob.replaceAll(".", "\\.").replaceAll("**/", "<>").replaceAll("*", "[^/]*");
    return new RegExp(`^${body.replaceAll("<>", "(?:.*/)?")}$`).test(file);
  });

const kernelOf = (file) => /^kernels\/([^/]+)\//.exec(file)?.[1];

/** What is wrong when `from` imports the project file `to`; null when nothing is. */
function wrongArrow(from, to, typeOnly) {
  const [here, there] = [layerOf(from), layerOf(to)];
  if (there === null) return "src and kernels import nothing from outside themselves";
  if (here !== there && !ARROWS[here].includes(there)) return `${here} must not import ${there}`;
  if (among(NODE_ONLY, to) && !among(NODE_ONLY, from) && !typeOnly)
    return "this file runs in browsers and must not load one that is Node only";
  if (there === "kernels" && kernelOf(from) !== kernelOf(to) && !KERNEL_DOOR.test(to))
    return "of a kernel folder others import only contract.ts and index.ts";
  return null;
}

/** What is wrong when `from` imports the Node module `name`; null when nothing is. */
function wrongBuiltin(from, name, typeOnly, lazy) {
  if (!name.startsWith("node:")) return `write "node:${name}"`;
  if (among(NODE_ONLY, from)) return null;
  if (among(NODE_LAZY, from))
    return lazy || typeOnly ? null : "load Node modules lazily here, with `await import()`";
  return `${layerOf(from)} runs in browsers and must not import ${name}`;
}

/** What is wrong with an import, in words; null when nothing is. */
export function problem(from, specifier, { typeOnly = false, lazy = false } = {}) {
  if (!(layerOf(from) in ARROWS)) return `src/${layerOf(from)} has no place among the layers`;
  if (isBuiltin(specifier)) return wrongBuiltin(from, specifier, typeOnly, lazy);
  if (/^zenoflow(\/|$)/.test(specifier)) return "inside the package import files, not its name";
  if (!specifier.startsWith(".")) return null;
  const to = path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, ".ts");
  return wrongArrow(from, to, typeOnly);
}

const isTypeOnly = (node) =>
  (node.importKind ?? node.exportKind) === "type" ||
  (node.specifiers?.length > 0 && node.specifiers.every((s) => s.importKind === "type"));

/** The ESLint rule. */
export const layers = {
  meta: { type: "problem", schema: [], messages: { wrong: "{{why}} (docs/architecture.md)." } },
  create(context) {
    const from = path.relative(context.cwd, context.filename).split(path.sep).join("/");
    if (layerOf(from) === null) return {};
    const check = (node, lazy) => {
      if (typeof node.source?.value !== "string") return;
      const why = problem(from, node.source.value, { typeOnly: isTypeOnly(node), lazy });
      if (why) context.report({ node: node.source, messageId: "wrong", data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node, false),
      ExportNamedDeclaration: (node) => check(node, false),
      ExportAllDeclaration: (node) => check(node, false),
      ImportExpression: (node) => check(node, true),
      TSImportType: (node) => check({ source: node.source, importKind: "type" }, false),
    };
  },
};
