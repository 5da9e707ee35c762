// Rows that train together: their trials, where they stand, and how such populations are cut and put together.

import { joinReplicas, selectReplicas } from "../../models/population.js";
import type { Snapshot } from "../../models/model.js";
import type { Trial } from "../types.js";

/** Rows of a block at one step; replica p of the snapshot is `trials[p]`. */
export type Population = {
  readonly trials: readonly Trial[];
  /** Null before the first step. */
  readonly snapshot: Snapshot | null;
  /** First loss after 16 steps, of the trials that have come so far. */
  readonly probes: ReadonlyMap<number, number>;
};

/** A population before its first step. */
export function newPopulation(trials: readonly Trial[]): Population {
  return { trials, snapshot: null, probes: new Map() };
}

/** The members at these places. */
export function pick(population: Population, places: readonly number[]): Population {
  const { trials, snapshot, probes } = population;
  return {
    trials: places.map((p) => trials[p]!),
    snapshot: snapshot === null || places.length === 0 ? null : selectReplicas(snapshot, places),
    probes,
  };
}

/** Cuts a population into parts of at most `most` rows, as even as can be. */
export function cut(population: Population, most: number): readonly Population[] {
  const n = population.trials.length;
  const parts = Math.ceil(n / most);
  return Array.from({ length: parts }, (_, k) => {
    const from = Math.floor((k * n) / parts);
    const to = Math.floor(((k + 1) * n) / parts);
    return pick(
      population,
      Array.from({ length: to - from }, (_, i) => from + i),
    );
  });
}

/** One population of several that stand at the same step. */
export function join(populations: readonly Population[]): Population {
  const snapshots = populations.flatMap(({ snapshot }) => (snapshot === null ? [] : [snapshot]));
  return {
    trials: populations.flatMap(({ trials }) => trials),
    snapshot: snapshots.length === 0 ? null : joinReplicas(snapshots),
    probes: new Map(populations.flatMap(({ probes }) => [...probes])),
  };
}

/** Populations put together step by step, so that as few as possible are left. */
export function joinSteps(populations: readonly Population[]): readonly Population[] {
  const bySteps = new Map<number, Population[]>();
  for (const population of populations) {
    if (population.trials.length === 0) continue;
    const step = population.snapshot?.step ?? 0;
    bySteps.set(step, [...(bySteps.get(step) ?? []), population]);
  }
  return [...bySteps.values()].map(join);
}
