// Inverse temperatures of exact methods: one, or one a replica.

import { ArgumentError, ShapeError } from "../../errors.js";
import type { HostModel } from "../model.js";

/** Inverse temperature: one for all replicas, or `[P]`. */
export type Beta = number | ArrayLike<number>;

/**
 * One β for each replica.
 *
 * @throws ArgumentError unless finite and not negative; ShapeError if there are not P of them
 */
export function betas(where: string, of: HostModel, beta: Beta): Float64Array {
  const list =
    typeof beta === "number" ? new Float64Array(of.population).fill(beta) : Float64Array.from(beta);
  if (list.length !== of.population) {
    throw new ShapeError(
      `${where}: argument \`beta\` must be a number or have one entry for each of the ${of.population} replicas, but has ${list.length}.`,
    );
  }
  for (const value of list) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new ArgumentError(
      `${where}: argument \`beta\` must be finite and not negative, but is ${value}.${value === Infinity ? " Use groundStates for zero temperature." : ""}`,
    );
  }
  return list;
}
