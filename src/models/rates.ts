// Learning rates of a population over its steps.

import { valueOf, type PerReplica } from "../learning/per-replica.js";
import { constant, cosine } from "../learning/schedule.js";
import { perReplica } from "./population.js";
import type { PopulationConfig } from "./replicas.js";

/** How rates change over the steps. */
export type RateSchedule = {
  readonly schedule: "cosine" | "constant";
  /** Cosine: last rate over first. */
  readonly finalFraction: PerReplica;
  readonly steps: number;
};

/**
 * Learning rates of the replicas at step t: one number if they are all the same.
 *
 * @param initial - rates of the first step
 */
export function ratesAt(
  population: PopulationConfig,
  initial: PerReplica,
  { schedule, finalFraction, steps }: RateSchedule,
  t: number,
): PerReplica {
  const rates = perReplica(population, (_, p) => {
    const law = schedule === "cosine" ? cosine(valueOf(finalFraction, p)) : constant();
    return valueOf(initial, p) * law(t, steps);
  });
  return rates.every((rate) => rate === rates[0]) ? rates[0]! : rates;
}
