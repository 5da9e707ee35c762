// Which way a run goes: the paths, when each applies, what it costs in memory. Running them is expectation.ts and state.ts.

import { ArgumentError } from "../../errors.js";
import { checkChoice } from "../../checks.js";
import { hasChannels } from "../derived.js";
import type { CircuitData } from "../circuit.js";

/**
 * `fused`: the kernel, first derivatives. `composed`: tf operations, derivatives of any order. `heisenberg`: the
 * observable is carried back to the data once, any order. `dense`: the trainable part as one matrix. `auto`: the
 * kernel, and tf operations for derivatives beyond the first; with channels `density`. `density`: mixed states as
 * vectors of Pauli expectation values, tf operations, any order.
 */
export type Path = "auto" | "fused" | "composed" | "heisenberg" | "dense" | "density";

/** The paths in the order of this file. */
export const PATHS: readonly Path[] = ["auto", "fused", "composed", "heisenberg", "dense", "density"]; // prettier-ignore

/** Options of every run. */
export type RunOptions = {
  /** Default `auto`. */
  readonly path?: Path;
  /** Most bytes that a run may need at one time. Default 4 GiB. */
  readonly maxBytes?: number;
};

/** Default of `maxBytes`. */
export const DEFAULT_MAX_BYTES: number = 4 * 2 ** 30;

/** Most wires of a state in one run. */
export const MAX_RUN_WIRES = 20;

/** A number of bytes for people. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 2 ** (10 * power)).toPrecision(3)} ${units[power]!}`;
}

/** Throws unless the path exists. */
export function checkPath(where: string, path: string): void {
  checkChoice(where, "path", path, PATHS);
}

/** Throws where a path that has pure states alone meets channels. */
export function checkPure(where: string, circuit: CircuitData, path: string): void {
  if (!hasChannels(circuit)) return;
  const why =
    path === "fused"
      ? "the adjoint method undoes gates, and channels cannot be undone"
      : "states become mixed";
  throw new ArgumentError(
    `${where}: argument \`circuit\` must have no channels on path "${path}": ${why}. Use path "density", or \`trajectories\`.`,
  );
}

/** Throws where a run needs more than it may. */
export function checkBytes(where: string, path: Path, bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new ArgumentError(
    `${where}: argument \`maxBytes\` must allow ${bytesText(bytes)} for this batch on path "${path}", but is ${bytesText(maxBytes)}. Split the batch.`,
  );
}

/** Throws where the register is too large for a state. */
export function checkWiresOfRun(where: string, wires: number): void {
  if (wires <= MAX_RUN_WIRES) return;
  throw new ArgumentError(
    `${where}: argument \`circuit\` must have at most ${MAX_RUN_WIRES} wires, but has ${wires}: one state takes ${bytesText(8 * 2 ** wires)}.`,
  );
}
