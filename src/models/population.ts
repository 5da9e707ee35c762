// What all models have in common about populations: the seeds of the replicas, and what is checked while they train.
// Knows no model.

import { ArgumentError, ConvergenceError } from "../errors.js";
import type { Snapshot } from "./model.js";

/** The seeds of a population: replica p has seed + p. */
type Population = { readonly seed: number; readonly replicas: number };

/** The seed of replica p. */
export function seedOf({ seed }: Population, p: number): number {
  return seed + p;
}

/** One value per replica. */
export function perReplica<T>(population: Population, f: (seed: number, p: number) => T): T[] {
  return Array.from({ length: population.replicas }, (_, p) => f(seedOf(population, p), p));
}

/** Refuses a snapshot of a step that a training of `steps` steps does not have. */
export function checkResume(steps: number, { step }: Snapshot): void {
  if (Number.isInteger(step) && step >= 0 && step <= steps) return;
  throw new ArgumentError(
    `train: argument \`resume\` must be a snapshot of a step from 0 to ${String(steps)}, but is one of step ${String(step)}.`,
  );
}

/**
 * A population can lose members, not all of them. After a loss that is not finite, parameters are not either.
 *
 * @param parameters - arrays whose parts, one a replica, follow each other
 * @param what - the parameters in the words of the error
 */
export function checkFinite(
  parameters: readonly (readonly number[])[],
  seeds: readonly number[],
  step: number,
  what: string,
): void {
  const isFinite = (values: readonly number[], p: number): boolean => {
    const size = values.length / seeds.length;
    return values.slice(p * size, (p + 1) * size).every(Number.isFinite);
  };
  if (seeds.some((_, p) => parameters.every((values) => isFinite(values, p)))) return;
  const which = seeds.length === 1 ? "seed" : `every replica, seeds ${String(seeds[0])} to`;
  throw new ConvergenceError(
    `train: losses and ${what} must be finite, but those of ${which} ${String(seeds.at(-1))} are not at step ${String(step)}. Lower the learning rates, or use another seed.`,
  );
}
