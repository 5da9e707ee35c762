// The evaluation of a trained population: test distances of every replica, and measures and arrays of the best.

import { binEdges } from "../../metrics/index.js";
import { checkInteger } from "../../checks.js";
import { distancesTo, histograms, isFiniteSample, pairs } from "./distances.js";
import { generatedRows } from "./generation.js";
import { measures, wassersteinOf } from "./measures.js";
import { protocol } from "./protocol.js";
import { openSource } from "./source.js";
import { dqganSchema } from "./config.js";
import { seedRoom } from "../population.js";
import { configOfOne, ownSettings } from "../replicas.js";
import { restoreGenerators } from "./state.js";
import { bestOf, realFloor, validator } from "./validate.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { AngleSource } from "../../data/source.js";
import type { Evaluation, Snapshot } from "../model.js";
import type { EvaluateOptions } from "../options.js";
import type { DqganConfig } from "./config.js";
import type { Distances } from "./distances.js";
import type { TestedReplica } from "./measures.js";

/** Points kept for a scatter plot. */
const SCATTER = 2000;

/**
 * Evaluates the generators of a snapshot. The best replica is chosen by validation and scored on test data:
 * as many generated rows as real ones, n or all that the data holds out.
 *
 * @throws ArgumentError, DataError
 */
export async function evaluate(
  config: DqganConfig,
  snapshot: Snapshot,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { n = config.evaluate.n, seed = 0, files } = options;
  checkInteger("evaluate", "n", n, 100, 2 ** 31 - 1);
  checkInteger("evaluate", "seed", seed, 0, seedRoom(config));
  const source = openSource(config, files);
  const generators = restoreGenerators("evaluate", snapshot, config, source.columns.length);
  try {
    return await evaluateWith(config, source, generators, { n, seed });
  } finally {
    generators.dispose();
    source.dispose();
  }
}

async function evaluateWith(
  config: DqganConfig,
  source: AngleSource,
  generators: Tensor,
  { n, seed }: { readonly n: number; readonly seed: number },
): Promise<Evaluation> {
  const d = source.columns.length;
  const real = source.held("test", n, config.data.seed);
  const size = real.length / d;
  const target = histograms(real, d, config.evaluate);
  const validation = validator(config, source);
  const validated = await validation.distances(generators);
  const best = bestOf(validated);
  const replicas: Evaluation["replicas"][number][] = [];
  let tested: TestedReplica | undefined;
  for (const [p, { jointDistance }] of validated.entries()) {
    const one = configOfOne(dqganSchema, config, p);
    const options = { n: size, seed: one.seed + seed, use: "test" } as const;
    const generated = await generatedRows(generators, p, one.model, options);
    const result = distancesTo(target, generated, d, config.evaluate);
    const w1 = wassersteinOf(generated, real, d);
    replicas.push(replicaRow(jointDistance, result, w1));
    // Rows of one replica are kept, not those of a population.
    if (p === best) tested = { generated, distances: result, w1 };
  }
  const floor = realFloor("test", size, config, source);
  const shown = { ...configOfOne(dqganSchema, config, best), replicas: config.replicas };
  return {
    model: "dqgan",
    protocol: [
      ...protocol({ config: shown, source, size, asked: n, validated, best, validation }),
      ...ownSettings(dqganSchema, config, best),
    ],
    best,
    measures: measures({ config, source, real, floor, tested: tested! }),
    replicas,
    arrays: arrays(config, real, tested!.generated, d),
    columns: source.columns,
    rows: { test: size, validation: validation.rows },
  };
}

function replicaRow(
  validation: number,
  { jointDistance, marginalDistance, marginals }: Distances,
  w1: readonly number[],
): Record<string, number> {
  const perColumn = (name: string, values: readonly number[]): [string, number][] =>
    values.map((value, c) => [`${name}.${String(c)}`, value]);
  return {
    validation,
    jointDistance,
    marginalDistance,
    ...Object.fromEntries([...perColumn("distance", marginals), ...perColumn("w1", w1)]),
  };
}

/** Histograms, edges and points of real and generated samples, for figures; nothing generated if diverged. */
function arrays(
  { evaluate: bins }: DqganConfig,
  real: Float32Array,
  generated: Float32Array,
  d: number,
): Record<string, number[]> {
  const finite = isFiniteSample(generated);
  const edges = (count: number): number[] =>
    Array.from(binEdges({ lo: 0, hi: Math.PI, bins: count }));
  const points = (rows: Float32Array): number[] => Array.from(rows.subarray(0, SCATTER * d));
  const of = (rows: Float32Array): ReturnType<typeof histograms> => histograms(rows, d, bins);
  const samples = { Real: of(real), ...(finite && { Generated: of(generated) }) };
  const entries = Object.entries(samples).flatMap(([name, { marginals, joints }]) => [
    ...marginals.map((p, c): [string, number[]] => [`marginal${name}.${String(c)}`, Array.from(p)]),
    ...pairs(d).map(([i, j], k): [string, number[]] => [
      `joint${name}.${String(i)}.${String(j)}`,
      Array.from(joints[k]!),
    ]),
  ]);
  return {
    marginalEdges: edges(bins.marginalBins),
    jointEdges: edges(bins.jointBins),
    ...Object.fromEntries(entries),
    scatterReal: points(real),
    scatterGenerated: finite ? points(generated) : [],
  };
}
