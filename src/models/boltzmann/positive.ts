// The positive phase: moments of the data. Over all draws of the binarisation where they are exact, else of rows drawn for each
// update.

import { allPairs, dataMoments } from "../../boltzmann/index.js";
import { binarize, exactMoments, type Intensities } from "../../data/index.js";
import { stream, uniformArray } from "../../random.js";
import { single } from "./negative.js";
import { seedsOf } from "../population.js";
import type { BoltzmannMachine, Moments } from "../../boltzmann/index.js";
import type { BoltzmannConfig } from "./config.js";
import type { SpinSource } from "./source.js";
import type { Layout } from "./topology.js";

/** Rows of an update where hidden units ask for rows and the configuration names no number. */
const DEFAULT_BATCH = 1000;

/** Moments of the data at update t, and the rows they are of, replica by replica. */
export type PositivePhase = {
  readonly moments: Moments;
  readonly rows: readonly Int8Array[] | null;
};

/** The positive phase at update t. */
export type Positive = (machine: BoltzmannMachine, t: number) => PositivePhase;

/** The positive phase of a configuration. */
export function positiveOf(config: BoltzmannConfig, source: SpinSource, layout: Layout): Positive {
  const { batch, sampler, start, chains } = config.train;
  const training = columnsOf(source.training, layout);
  const fromRows = layout.hidden.length > 0 || batch !== null;
  const startsAtData = sampler === "gibbs" && start === "data";
  if (!fromRows) {
    const moments = exactDataMoments(training, layout);
    const rowsAt = (t: number): Int8Array[] =>
      seedsOf(config).map((seed) => drawRows(training, seed, t, chains));
    return (_, t) => ({ moments, rows: startsAtData ? rowsAt(t) : null });
  }
  const size = batch ?? DEFAULT_BATCH;
  return (machine, t) => {
    const rows = seedsOf(config).map((seed) => drawRows(training, seed, t, size));
    const each = rows.map((own, p) => dataMoments(single(machine, p), own));
    const join = (key: keyof Moments): Float64Array =>
      Float64Array.from(each.flatMap((moments) => Array.from(moments[key])));
    return {
      moments: { magnetisations: join("magnetisations"), correlations: join("correlations") },
      rows,
    };
  };
}

/** The columns of the visible units, in their order. */
export function columnsOf({ values, width }: Intensities, { columns }: Layout): Intensities {
  const rows = values.length / width;
  return {
    values: Float64Array.from(
      { length: rows * columns.length },
      (_, at) => values[Math.floor(at / columns.length) * width + columns[at % columns.length]!]!,
    ),
    width: columns.length,
  };
}

/** Moments over rows and all draws of the binarisation: along the edges of a fully visible machine. */
export function exactDataMoments(rows: Intensities, { graph }: Layout): Moments {
  const { mean, pairs } = exactMoments(rows, graph.edges);
  return { magnetisations: mean, correlations: pairs };
}

/** The same for all pairs of visible units. */
export function exactDataPairs(rows: Intensities): Moments {
  const { mean, pairs } = exactMoments(rows, allPairs(rows.width));
  return { magnetisations: mean, correlations: pairs };
}

/** Rows with replacement, each binarised afresh: those of update t. */
export function drawRows(
  { values, width }: Intensities,
  seed: number,
  t: number,
  count: number,
): Int8Array {
  const rows = values.length / width;
  const picked = uniformArray(stream(seed, "data", t), count);
  const drawn = new Float64Array(count * width);
  picked.forEach((u, r) => {
    const row = Math.floor(u * rows);
    for (let i = 0; i < width; i++) drawn[r * width + i] = values[row * width + i]!;
  });
  return binarize({ values: drawn, width }, stream(seed, "binarisation", t));
}
