// Blocks: the units of work and of commit, and the ids by which every machine knows them.

import { createHash } from "node:crypto";
import type { Block, StudyIdentity } from "../types.js";

/** Most rows of a block. */
export const MOST_BLOCK_ROWS = 1024;

/** Ascending integers as ranges: `0-511,600,602-603`. */
export function rangesOf(trials: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < trials.length; i++) {
    const first = trials[i]!;
    while (trials[i + 1] === trials[i]! + 1) i++;
    parts.push(trials[i] === first ? String(first) : `${String(first)}-${String(trials[i])}`);
  }
  return parts.join(",");
}

/**
 * The id of a block: `b-` and 12 hexadecimal digits of the SHA-256 of `hash|rung|generation|ranges`.
 *
 * @param hash - of the study
 * @param trials - ascending
 */
export function batchId(
  hash: string,
  rung: number,
  generation: number,
  trials: readonly number[],
): string {
  const text = `${hash}|${String(rung)}|${String(generation)}|${rangesOf(trials)}`;
  return `b-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

/** A block with its id. */
export function blockOf(identity: StudyIdentity, block: Omit<Block, "id">): Block {
  return { id: batchId(identity.hash, block.rung, block.generation, block.trials), ...block };
}

/** A list cut into pieces of at most `rows`. */
export function pieces(trials: readonly number[], rows: number): readonly (readonly number[])[] {
  const count = Math.ceil(trials.length / rows);
  return Array.from({ length: count }, (_, c) => trials.slice(c * rows, (c + 1) * rows));
}
