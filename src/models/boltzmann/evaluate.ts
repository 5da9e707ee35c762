// The evaluation of a trained population: norms and likelihood of every replica, measures and arrays of the best.

import { scoreBarsAndStripes } from "../../data/index.js";
import {
  covariances,
  pairIndex,
  visiblePart,
  type BoltzmannMachine,
  type Moments,
} from "../../boltzmann/index.js";
import { checkInteger } from "../../checks.js";
import { boltzmannSchema } from "./config.js";
import { finiteMachines, samplable } from "./diverged.js";
import { seedRoom, seedsOf, smallest } from "../population.js";
import { ownSettings } from "../replicas.js";
import {
  covarianceNorm,
  draw,
  fieldBaseline,
  floorOf,
  likelihoods,
  modelPairs,
  pairDistance,
  partitions,
  type FieldOnly,
  type ModelPairs,
  type Partition,
} from "./measure.js";
import { single } from "./negative.js";
import { columnsOf, drawRows, exactDataPairs } from "./positive.js";
import { protocol } from "./protocol.js";
import { openSource, type SpinSource } from "./source.js";
import { restoreMachine } from "./state.js";
import { layoutOf, type Layout } from "./topology.js";
import type { Evaluation, Measure, Snapshot } from "../model.js";
import type { EvaluateOptions } from "../options.js";
import type { BoltzmannConfig } from "./config.js";

/** Images kept for figures, and rows of the test that a likelihood with hidden units is of. */
const SHOWN = 24;
const TEST_ROWS = 10_000;

/** Of the streams that draw data, those of an evaluation: beyond all updates. */
const TEST_EVENT = 2 ** 27 - 1;

/** One replica under test. */
type Tested = {
  readonly spins: Int8Array;
  readonly pairs: ModelPairs;
  readonly partition: Partition;
  readonly l1: number;
  readonly l1Smooth: number;
  readonly covariance: number;
  readonly logLikelihood: number;
  readonly trainingLikelihood: number;
};

/** The data that replicas are held against. */
type Wanted = {
  readonly training: Moments;
  readonly test: Moments;
  readonly fields: FieldOnly;
  /** Rows of training and test for likelihoods with hidden units. */
  readonly rows: { readonly training: Int8Array; readonly test: Int8Array };
};

/**
 * Evaluates the machines of a snapshot. The best replica has the smallest L1 norm with little noise to the training data's exact
 * correlations.
 *
 * @throws ArgumentError, DataError
 */
export async function evaluate(
  config: BoltzmannConfig,
  snapshot: Snapshot,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { n = config.evaluate.n, seed = 0, files } = options;
  checkInteger("evaluate", "n", n, 100, 10_000_000);
  checkInteger("evaluate", "seed", seed, 0, seedRoom(config));
  const source = openSource(config, files);
  const layout = layoutOf(config, source.columns.length, source.image);
  const machine = restoreMachine("evaluate", snapshot, config, layout);
  const wanted = wantedOf(config, source, layout);
  const tested = await testAll(config, machine, layout, wanted, { n, seed });
  const best = smallest(tested.map(({ l1Smooth }) => l1Smooth));
  const of = tested[best]!;
  return {
    model: "boltzmann",
    protocol: [
      ...protocol({
        ...{ config, source, layout, n, best },
        ...{ isExact: of.pairs.isExact, partition: of.partition },
      }),
      ...ownSettings(boltzmannSchema, config, best),
    ],
    best,
    measures: measuresOf(config, source, machine, layout, wanted, of, n),
    replicas: tested.map(({ l1, l1Smooth, covariance, logLikelihood }) => ({
      ...{ validation: l1Smooth, l1, covariance, logLikelihood },
    })),
    arrays: arraysOf(machine, source, layout, wanted, of, best),
    columns: Array.from(layout.columns, (column) => source.columns[column]!),
    rows: { test: n, validation: n },
  };
}

function wantedOf(config: BoltzmannConfig, source: SpinSource, layout: Layout): Wanted {
  const training = columnsOf(source.training, layout);
  const test = columnsOf(source.test, layout);
  const { seed } = config.data;
  const pairs = { training: exactDataPairs(training), test: exactDataPairs(test) };
  return {
    ...pairs,
    fields: fieldBaseline(pairs.training, pairs.test),
    rows: {
      training: drawRows(training, seed, TEST_EVENT, TEST_ROWS),
      test: drawRows(test, seed, TEST_EVENT - 1, TEST_ROWS),
    },
  };
}

async function testAll(
  config: BoltzmannConfig,
  trained: BoltzmannMachine,
  layout: Layout,
  wanted: Wanted,
  { n, seed }: { readonly n: number; readonly seed: number },
): Promise<Tested[]> {
  const finite = finiteMachines(trained);
  const machine = samplable(trained, finite);
  const seeds = seedsOf(config).map((own) => own + seed);
  const found = await partitions(machine, seeds, config.evaluate);
  const logZ = found.map((one) => one.logZ);
  const { graph } = machine.model;
  const alongEdges = (of: Moments): Moments =>
    layout.hidden.length === 0 ? edgesOf(of, graph.edges, graph.n) : of;
  const score = (part: "training" | "test"): Float64Array =>
    likelihoods(machine, { moments: alongEdges(wanted[part]), rows: wanted.rows[part] }, logZ);
  const [onTest, onTraining] = [score("test"), score("training")];
  const tested: Tested[] = [];
  for (const [p, own] of seeds.entries()) {
    const spins = await draw(machine, p, { n, seed: own });
    const pairs = modelPairs(machine, p, spins, config.evaluate.maxSeconds);
    const { correlations } = wanted.training;
    const ofFinite = (value: number): number => (finite[p]! ? value : NaN);
    tested.push({
      ...{ spins, pairs, partition: found[p]! },
      l1: ofFinite(pairDistance(correlations, pairs.counted)),
      l1Smooth: ofFinite(pairDistance(correlations, pairs.best)),
      covariance: ofFinite(covarianceNorm(wanted.training, pairs)),
      logLikelihood: ofFinite(onTest[p]!),
      trainingLikelihood: ofFinite(onTraining[p]!),
    });
  }
  return tested;
}

/** Moments of all pairs cut down to those along edges. */
function edgesOf({ magnetisations, correlations }: Moments, edges: Int32Array, n: number): Moments {
  const along = Float64Array.from({ length: edges.length / 2 }, (_, e) => {
    const [u, v] = [edges[2 * e]!, edges[2 * e + 1]!];
    return correlations[pairIndex(n, u, v)]!;
  });
  return { magnetisations, correlations: along };
}

function measuresOf(
  config: BoltzmannConfig,
  source: SpinSource,
  machine: BoltzmannMachine,
  layout: Layout,
  { training, test, fields }: Wanted,
  of: Tested,
  n: number,
): Measure[] {
  const count = n.toLocaleString("en-US");
  const between = pairDistance(training.correlations, test.correlations);
  const { error } = of.partition;
  const how = of.pairs.isExact ? "exact" : "with conditional means";
  const compared = (text: string, value: number): string =>
    `${text}, fields alone ${value.toFixed(3)}`;
  return [
    {
      ...{ name: "l1", label: `L1 norm of correlations, ${count} samples`, value: of.l1 },
      floor: floorOf(training.correlations, n),
    },
    {
      ...{ name: "l1Smooth", label: `L1 norm of correlations, ${how}`, value: of.l1Smooth },
      ...{ floor: between, note: `fields alone ${fields.l1.toFixed(3)}` },
    },
    {
      ...{ name: "covariance", label: `L1 norm of covariances, ${how}`, value: of.covariance },
      note: `fields alone ${fields.covariance.toFixed(3)}`,
    },
    {
      ...{
        name: "logLikelihood",
        label: "log-likelihood of test rows, nats",
        value: of.logLikelihood,
      },
      note: compared(
        error === 0 ? "exact log Z" : `log Z ± ${error.toPrecision(2)}`,
        fields.logLikelihood,
      ),
    },
    {
      name: "trainingLikelihood",
      label: "log-likelihood of training rows, nats",
      value: of.trainingLikelihood,
    },
    ...barsMeasures(config, source, machine, layout, of),
  ];
}

/** Of bars and stripes, how many samples are some, and how many of them there are. */
function barsMeasures(
  { data }: BoltzmannConfig,
  { image }: SpinSource,
  machine: BoltzmannMachine,
  layout: Layout,
  { spins }: Tested,
): Measure[] {
  if (data.file !== null || data.source !== "bars" || image === null) return [];
  // Units of a chessboard topology are in the order of its colours, patterns in that of pixels.
  const rows = imagesOf(visiblePart(single(machine, 0), spins), layout, image, Infinity);
  const { valid, covered } = scoreBarsAndStripes(Int8Array.from(rows), image.height, image.width);
  return [
    { name: "valid", label: "samples that are bars or stripes", value: valid, floor: 1 },
    { name: "covered", label: "patterns among the samples", value: covered, floor: 1 },
  ];
}

function arraysOf(
  machine: BoltzmannMachine,
  { image }: SpinSource,
  layout: Layout,
  { training, rows }: Wanted,
  of: Tested,
  best: number,
): Record<string, readonly number[]> {
  const one = single(machine, best);
  const visible = visiblePart(one, of.spins);
  const wide = (spins: ArrayLike<number>): number[] => imagesOf(spins, layout, image, SHOWN);
  return {
    biases: Array.from(one.model.biases),
    couplings: Array.from(one.model.couplings),
    covarianceData: Array.from(covariances(training.magnetisations, training.correlations)),
    covarianceModel: Array.from(covariances(of.pairs.magnetisations, of.pairs.best)),
    ...(image && {
      imageSize: [image.height, image.width],
      imagesData: wide(rows.training),
      imagesModel: wide(visible),
      meanData: imagesOf(training.magnetisations, layout, image, 1),
      meanModel: imagesOf(of.pairs.magnetisations, layout, image, 1),
    }),
  };
}

/** Rows of visible units as whole images; pixels that no unit stands for are down. */
function imagesOf(
  rows: ArrayLike<number>,
  { columns }: Layout,
  image: { readonly height: number; readonly width: number } | null,
  most: number,
): number[] {
  if (image === null) return [];
  const size = image.height * image.width;
  const count = Math.min(most, rows.length / columns.length);
  const out = new Array<number>(count * size).fill(-1);
  for (let r = 0; r < count; r++) {
    columns.forEach((column, i) => (out[r * size + column] = rows[r * columns.length + i]!));
  }
  return out;
}
