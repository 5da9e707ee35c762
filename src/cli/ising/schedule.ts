// Schedules as flags say them: `geometric:0.1,3`. What is left out is the sampler's.

import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import type { Schedule } from "../../ising/index.js";

/**
 * The schedule of a flag.
 *
 * @param text - `linear` or `geometric`, with or without `:from,to`
 * @param kind - the law where there is no text
 * @param steps - number of values
 * @throws CliError for anything else
 */
export function scheduleOf(
  text: string | undefined,
  kind: "linear" | "geometric",
  steps: number,
): Schedule {
  if (text === undefined) return { kind, steps };
  const [, law, from, to] = /^(linear|geometric)(?::([^,]+),([^,]+))?$/.exec(text) ?? [];
  const ends = [from, to].map((end) => (end === undefined ? undefined : Number(end)));
  if (law === undefined || ends.some((end) => Number.isNaN(end))) {
    throw new CliError(EXIT.usage, {
      message: `--schedule: must be linear or geometric, with or without two ends, got '${text}'`,
      hint: "for example --schedule geometric:0.1,3, or --schedule linear:3,0",
    });
  }
  return {
    ...{ kind: law as "linear" | "geometric", steps },
    ...(ends[0] !== undefined && ends[1] !== undefined && { from: ends[0], to: ends[1] }),
  };
}
