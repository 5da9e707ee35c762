// Which sweep a verb means: a folder, a name below the folder of runs, or the newest one.

import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { listSweeps, openStore, sweepFiles, type Store } from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import type { SweepPlaceOptions } from "./options.js";

/** The folder of all sweeps. Files of settings are not asked: looking at a sweep must start at once. */
export function sweepsRoot({ output }: SweepPlaceOptions, { io }: Pick<Context, "io">): string {
  return resolve(io.cwd, output ?? io.env["ZENOFLOW_RUNS"] ?? "runs");
}

function isSweep(folder: string): boolean {
  return existsSync(sweepFiles(folder).lock);
}

function startOf(folder: string): number {
  return statSync(sweepFiles(folder).manifest, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The folder of the newest sweep; undefined where there is none. */
export function newestSweep(root: string): string | undefined {
  const folders = listSweeps(root).map(({ folder }) => folder);
  return folders.sort((a, b) => startOf(a) - startOf(b)).at(-1);
}

function newest(root: string): string {
  const last = newestSweep(root);
  if (last !== undefined) return last;
  throw new CliError(EXIT.missing, {
    message: `no sweep in ${root}`,
    hint: "start one with zenoflow sweep study.yaml, or name the folder of sweeps with --output",
  });
}

/**
 * Opens the sweep a user means.
 *
 * @param name - a folder, its name below the folder of sweeps, or latest
 * @throws CliError where there is none
 */
export function findSweep(
  name: string | undefined,
  options: SweepPlaceOptions,
  context: Context,
): Store {
  const root = sweepsRoot(options, context);
  if (name === undefined || name === "latest") return openStore(newest(root));
  const places = [resolve(context.io.cwd, name), join(root, name)];
  const folder = places.find(isSweep);
  if (folder !== undefined) return openStore(folder);
  throw new CliError(EXIT.missing, {
    message: `no sweep ${name}`,
    hint: `looked for ${places.join(" and ")}; zenoflow status names the newest one`,
  });
}
