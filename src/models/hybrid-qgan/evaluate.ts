// The evaluation of a trained population: test distances of every replica, and measures and arrays of the best.

import * as tf from "@tensorflow/tfjs";
import { checkInteger } from "../../checks.js";
import { binEdges } from "../../metrics/index.js";
import { hybridSchema } from "./config.js";
import { column, distancesTo, histogramOf, isFiniteSample, moments } from "./distances.js";
import { generatedRows, rowsFromShots } from "./generation.js";
import { generatorOf } from "./generator.js";
import { landscape } from "./landscape.js";
import { measures } from "./measures.js";
import { protocol } from "./protocol.js";
import { openSource } from "./source.js";
import { seedRoom, smallest } from "../population.js";
import { configOfOne, ownSettings, type OfOne } from "../replicas.js";
import { restoreTrained } from "./state.js";
import { floorRows, validator } from "./validate.js";
import type { RowSource } from "../../data/row-source.js";
import type { Evaluation, Snapshot } from "../model.js";
import type { EvaluateOptions } from "../options.js";
import type { HybridConfig } from "./config.js";
import type { Distances, HistogramBins } from "./distances.js";
import type { Shots } from "./measures.js";
import type { Trained } from "./state.js";

/** Points kept for a scatter plot. */
const SCATTER = 2000;

/**
 * Evaluates the generators of a snapshot. The best replica is chosen by validation and scored on test data.
 *
 * @throws ArgumentError, DataError
 */
export async function evaluate(
  config: HybridConfig,
  snapshot: Snapshot,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { n = config.evaluate.n, seed = 0, files } = options;
  checkInteger("evaluate", "n", n, 100, 2 ** 31 - 1);
  checkInteger("evaluate", "seed", seed, 0, seedRoom(config));
  const source = openSource(config, files);
  const d = source.columns.length;
  const trained = tf.tidy(() => restoreTrained("evaluate", snapshot, config, d));
  try {
    return await evaluateWith(config, source, trained, { n, seed });
  } finally {
    tf.dispose(trained);
    source.dispose();
  }
}

/** The bins of the histograms. */
export function binsOf(
  { evaluate: { range, bins } }: HybridConfig,
  source: RowSource,
): HistogramBins {
  const [lo, hi] = range ?? source.range;
  return { lo, hi, bins };
}

async function evaluateWith(
  config: HybridConfig,
  source: RowSource,
  { generators, critics }: Trained,
  { n, seed }: { readonly n: number; readonly seed: number },
): Promise<Evaluation> {
  const d = source.columns.length;
  const generator = generatorOf(config.model, d);
  const bins = binsOf(config, source);
  const target = source.target("test", n, config.data.seed);
  const size = target.length / d;
  const validation = validator(config, source);
  const validated = await validation.distances(generators);
  const best = smallest(validated);
  const replicas: Evaluation["replicas"][number][] = [];
  let generated = new Float32Array();
  let tested: Distances | undefined;
  for (const [p, distance] of validated.entries()) {
    const one = configOfOne(hybridSchema, config, p);
    const options = { n: size, seed: one.seed + seed, use: "test" } as const;
    const rows = await generatedRows({ ...generator, model: one.model }, generators, p, options);
    const distances = distancesTo(target, rows, d, bins);
    replicas.push(replicaRow(distance, distances, rows, d));
    // Rows of one replica are kept, not those of a population.
    if (p === best) [generated, tested] = [rows as Float32Array<ArrayBuffer>, distances];
  }
  const floor = distancesTo(target, floorRows("test", size, config, source), d, bins);
  const own = configOfOne(hybridSchema, config, best);
  const shown = { ...own, replicas: config.replicas };
  const shots = await shotsOf(own, source, { generators, best, seed });
  const surface = await landscape(critics, best, own.model, d, [bins.lo, bins.hi]);
  return {
    model: "hybrid-qgan",
    protocol: [
      ...protocol({ config: shown, source, size, asked: n, validated, best, validation, bins }),
      ...ownSettings(hybridSchema, config, best),
    ],
    best,
    measures: measures({ source, target, generated, distances: tested!, floor, shots }),
    replicas,
    arrays: {
      ...arrays(target, generated, source, bins),
      landscapePlaces: surface.places,
      landscapeValues: surface.values,
    },
    columns: source.columns,
    rows: { test: size, validation: validation.rows },
  };
}

function replicaRow(
  validation: number,
  { distance, w1, ks, overlap }: Distances,
  rows: Float32Array,
  d: number,
): Record<string, number> {
  const perColumn = w1.flatMap((_, c): [string, number][] => {
    const { mean, std } = moments(column(rows, c, d));
    const own = { w1: w1[c]!, ks: ks[c]!, overlap: overlap[c]!, mean, std };
    return Object.entries(own).map(([name, value]) => [`${name}.${String(c)}`, value]);
  });
  return { validation, distance, ...Object.fromEntries(perColumn) };
}

/** Samples of the best replica with ⟨Z⟩ from shots, and how far exact ones of the same number are from the target. */
async function shotsOf(
  config: OfOne<HybridConfig>,
  source: RowSource,
  {
    generators,
    best,
    seed,
  }: {
    readonly generators: tf.Tensor;
    readonly best: number;
    readonly seed: number;
  },
): Promise<Shots | undefined> {
  const { shots, shotRows, gateError, readoutError } = config.evaluate;
  if (shots === null) return undefined;
  const target = source.target("test", shotRows, config.data.seed);
  const n = target.length / source.columns.length;
  const options = { n, seed: config.seed + seed, use: "test" } as const;
  const generator = generatorOf(config.model, source.columns.length);
  const exact = await generatedRows(generator, generators, best, options);
  const device = { gateError, readoutError };
  const noisy = await rowsFromShots(generator, generators, best, { ...options, shots, device });
  return { shots, device, n, target, exact, noisy };
}

/** Histograms, edges and points of real and generated samples, for figures; nothing generated if diverged. */
function arrays(
  target: Float32Array,
  generated: Float32Array,
  source: RowSource,
  bins: HistogramBins,
): Record<string, number[]> {
  const d = source.columns.length;
  const finite = isFiniteSample(generated);
  const samples = { Real: target, ...(finite && { Generated: generated }) };
  const histograms = Object.entries(samples).flatMap(([name, rows]) =>
    source.columns.map((_, c): [string, number[]] => [
      `marginal${name}.${String(c)}`,
      Array.from(histogramOf(rows, c, d, bins)),
    ]),
  );
  const points = (rows: Float32Array): number[] =>
    d === 1 ? [] : Array.from(rows.subarray(0, SCATTER * d));
  return {
    marginalEdges: Array.from(binEdges(bins)),
    ...Object.fromEntries(histograms),
    scatterReal: points(target),
    scatterGenerated: finite ? points(generated) : [],
  };
}
