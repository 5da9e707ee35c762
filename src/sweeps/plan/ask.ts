// Ask and tell: a method that proposes one generation from the rows of all earlier ones, and keeps no state.

import { ArgumentError } from "../../errors.js";
import type { Metric, RowStatus, StudyIdentity } from "../types.js";
import { philoxInto, STREAMS, unitInterval } from "./philox.js";

/** A finished configuration as a method sees it. */
export type ToldRow = {
  readonly generation: number;
  /** Its point, one coordinate in [0, 1) a parameter, in the order of the sorted names. */
  readonly u: readonly number[];
  /** Mean of the first metric over the replicates; NaN where a replicate has none. */
  readonly value: number;
  /** `ok` where all replicates are. */
  readonly status: RowStatus;
};

/** What a method knows besides rows. */
export type AskContext = {
  /** Sorted names of the parameters. */
  readonly names: readonly string[];
  /** Points to propose. */
  readonly count: number;
  readonly goal: Metric["goal"];
  /** Uniform number of 53 bits at an address, of the study's stream for adaptive methods. */
  uniform(i: number, d: number): number;
};

/**
 * Proposes generation `generation`. A pure function: what it returns may depend on its arguments only.
 *
 * @returns `[count, names.length]`, row-major, each in [0, 1)
 */
export type Ask = (
  generation: number,
  rows: readonly ToldRow[],
  context: AskContext,
) => Float64Array;

/**
 * Uniform numbers for generation g: address (g 2³² + i, d) of stream 4.
 *
 * @param i - below 2³²
 */
export function adaptiveUniform(
  { key }: StudyIdentity,
  generation: number,
): (i: number, d: number) => number {
  const words = new Uint32Array(4);
  return (i, d) => {
    philoxInto(key, generation * 2 ** 32 + i, d, STREAMS.adaptive, words);
    return unitInterval(words[0]!, words[1]!);
  };
}

/**
 * Asks, and checks the answer.
 *
 * @throws ArgumentError where it has another length or leaves [0, 1)
 */
export function askFor(
  ask: Ask,
  generation: number,
  rows: readonly ToldRow[],
  context: AskContext,
): Float64Array {
  const u = ask(generation, rows, context);
  const wanted = context.count * context.names.length;
  if (u.length !== wanted) {
    throw new ArgumentError(
      `ask: the method must return ${String(context.count)} × ${String(context.names.length)} numbers, but returned ${String(u.length)}.`,
    );
  }
  const wrong = u.findIndex((x) => !(x >= 0 && x < 1));
  if (wrong >= 0) {
    throw new ArgumentError(
      `ask: the method must return numbers in [0, 1), but number ${String(wrong)} of generation ${String(generation)} is ${String(u[wrong])}.`,
    );
  }
  return u;
}
