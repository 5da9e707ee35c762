// What is checked before and while a population trains. Knows no model.

import { checkInteger } from "../checks.js";
import { ArgumentError, ConvergenceError } from "../errors.js";
import type { TrainOptions } from "./model.js";

/** The steps of one call of `train`. */
export type Steps = {
  /** Steps done before. */
  readonly from: number;
  /** The last step of the call. */
  readonly until: number;
};

/** The steps that the options of `train` ask for, of a training of `steps` steps. */
export function stepsOf(
  steps: number,
  { resume, until = steps }: Pick<TrainOptions, "resume" | "until">,
): Steps {
  const from = resume?.step ?? 0;
  if (!(Number.isInteger(from) && from >= 0 && from <= steps)) {
    throw new ArgumentError(
      `train: argument \`resume\` must be a snapshot of a step from 0 to ${String(steps)}, but is one of step ${String(from)}.`,
    );
  }
  checkInteger("train", "until", until, from, steps);
  return { from, until };
}

/** Whether each replica's part of some arrays is finite; the parts of an array follow each other. */
export function finiteReplicas(arrays: readonly ArrayLike<number>[], replicas: number): boolean[] {
  const isFinite = (values: ArrayLike<number>, p: number): boolean => {
    const size = values.length / replicas;
    for (let i = p * size; i < (p + 1) * size; i++) if (!Number.isFinite(values[i])) return false;
    return true;
  };
  return Array.from({ length: replicas }, (_, p) => arrays.every((values) => isFinite(values, p)));
}

/**
 * A population can lose members, not all of them.
 *
 * @param finite - whether each replica's parameters are finite
 * @param what - the parameters in the words of the error
 * @throws ConvergenceError if none is
 */
export function checkFinite(
  finite: readonly boolean[],
  seeds: readonly number[],
  step: number,
  what: string,
): void {
  if (finite.some((alive) => alive)) return;
  throw new ConvergenceError(
    `train: losses and ${what} must be finite, but those of ${seedWords(seeds)} are not at step ${String(step)}. Lower the learning rates, or use another seed.`,
    { step },
  );
}

/** Seeds named one by one in an error. */
const NAMED = 5;

function seedWords(seeds: readonly number[]): string {
  const first = seeds[0]!;
  if (seeds.length === 1) return `seed ${String(first)}`;
  if (seeds.every((seed, p) => seed === first + p))
    return `every replica, seeds ${String(first)} to ${String(seeds.at(-1))}`;
  const more = seeds.length > NAMED ? ` and ${String(seeds.length - NAMED)} others` : "";
  return `every replica, seeds ${seeds.slice(0, NAMED).join(", ")}${more},`;
}
