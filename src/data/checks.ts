// Checks that every source makes at its door.

import { ArgumentError } from "../errors.js";
import type { Stream } from "../random.js";

/** Throws unless `value` is an integer of at least `least`. */
export function checkCount(where: string, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ArgumentError(
    `${where}: argument \`${name}\` must be an integer of at least ${least}, but is ${value}.`,
  );
}

/** Throws unless a batch has replicas and rows. */
export function checkBatch(where: string, streams: readonly Stream[], n: number): void {
  checkCount(where, "streams.length", streams.length, 1);
  checkCount(where, "n", n, 1);
}
