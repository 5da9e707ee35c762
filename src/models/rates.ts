// Learning rates of a population over its steps.

import { valueOf, factor, type PerReplica } from "../learning/per-replica.js";
import { constant, cosine } from "../learning/schedule.js";
import { perReplica } from "./population.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { PopulationConfig } from "./replicas.js";

/** How rates change over the steps. */
export type RateSchedule = {
  readonly schedule: "cosine" | "constant";
  /** Cosine: last rate over first. */
  readonly finalFraction: PerReplica;
  readonly steps: number;
};

/**
 * Learning rates of the replicas at step t, `[P, 1, …]`.
 *
 * @param initial - rates of the first step
 * @param rank - of the parameters
 */
export function ratesAt(
  population: PopulationConfig,
  initial: PerReplica,
  { schedule, finalFraction, steps }: RateSchedule,
  t: number,
  rank: number,
): Tensor {
  const rates = perReplica(population, (_, p) => {
    const law = schedule === "cosine" ? cosine(valueOf(finalFraction, p)) : constant();
    return valueOf(initial, p) * law(t, steps);
  });
  return factor(rates, rank) as Tensor;
}
