// What figures show of the best replica: images, walks through its latents, the training images nearest to its own, and its
// prior. Numbers only; panels are in figure-panels.ts.

import { nearestImages } from "../image-scores/index.js";
import { seedOf } from "../population.js";
import {
  disposeGenerator,
  fittedGenerator,
  generatedImages,
  imagesOf,
  latentsOf,
  type FittedGenerator,
} from "./generation.js";
import { readAndDispose } from "./track.js";
import type { Snapshot } from "../model.js";
import type { Judge } from "./judge.js";
import type { TestedReplica } from "./measures.js";
import type { Game } from "./step.js";

/** Whose exhibits. */
export type Exhibited = {
  /** The replica. */
  readonly best: number;
  /** Added to its seed. */
  readonly seed: number;
  readonly tested: TestedReplica;
  readonly judge: Judge;
};

/** Numbers that a sheet of samples holds at most, so that an evaluation stays a small file. */
const MOST_NUMBERS = 200_000;
const MOST_ROWS = 10;

/** Steps of a walk. */
export const WALK = 10;
/** Walks from latent to latent, and as many along one node. */
const WALKS = 4;
/** Pairs of neighbours shown, and generated and test images whose distances are compared. */
const PAIRS = 10;
const COMPARED = 100;
/** Latent rows whose values are drawn as a histogram. */
const LATENT_ROWS = 500;
/** Latents about which the effect of a node is measured. */
const PROBED = 16;

/** The arrays of the best replica by name. Images are bytes, [n, height, width, channels] in order. */
export async function exhibitsOf(
  game: Game,
  snapshot: Snapshot,
  of: Exhibited,
): Promise<Record<string, readonly number[]>> {
  const { config, source } = game;
  const generator = await fittedGenerator("evaluate", config, snapshot, source, of.best);
  const seed = seedOf(config, of.best) + of.seed;
  const { height, width, channels } = source;
  try {
    const rows = sheetRows(height * width * channels);
    const latents = await latentsOf(generator, LATENT_ROWS, seed);
    return {
      imageShape: [height, width, channels],
      samples: bytesOf(await generatedImages(generator, rows * rows, seed)),
      real: Array.from(source.test.bytes(0, Math.min(rows, squareSide(source.test.count)) ** 2)),
      ...(await walks(generator, latents)),
      ...(await neighbours(game, generator, seed)),
      ...priorArrays(generator),
      latents: latentValues(config.model.latent, latents),
      ...(of.judge !== null &&
        of.tested.scores !== null && {
          classes: of.tested.scores.classes,
          classesReal: countsOf(of.judge.real.floor.classes),
        }),
    };
  } finally {
    disposeGenerator(generator);
  }
}

const countsOf = (classes: readonly number[]): number[] => [...classes];

/** Side of the largest square sheet of so many images. */
function squareSide(count: number): number {
  return Math.floor(Math.sqrt(count));
}

/** Images on a side of the sheet. */
function sheetRows(size: number): number {
  return Math.max(2, Math.min(MOST_ROWS, Math.floor(Math.sqrt(MOST_NUMBERS / size))));
}

/** Values in [−1, 1] as bytes; what is not finite as 0. */
function bytesOf(values: Float32Array): number[] {
  return Array.from(values, (value) =>
    Number.isFinite(value) ? Math.round(Math.min(255, Math.max(0, 127.5 * (value + 1)))) : 0,
  );
}

/** Walks between latents, and along the nodes that change images most. */
async function walks(
  generator: FittedGenerator,
  latents: Float32Array,
): Promise<Record<string, readonly number[]>> {
  const { features: n } = generator.config.model;
  const row = (i: number): Float32Array => latents.subarray(i * n, (i + 1) * n);
  const steps = Array.from({ length: WALK }, (_, k) => k / (WALK - 1));
  const between = Array.from({ length: WALKS }, (_, i) =>
    steps.map((t) => row(2 * i).map((a, k) => (1 - t) * a + t * row(2 * i + 1)[k]!)),
  );
  const nodes = await strongestNodes(generator, latents);
  const along = nodes.map((node) =>
    steps.map((t) => row(2 * WALKS).map((a, k) => (k === node ? 2 * t - 1 : a))),
  );
  const all = [...between, ...along].flat();
  return {
    walks: bytesOf(await readAndDispose(imagesOf(generator, joined(all, n)))),
    walkNodes: nodes,
  };
}

function joined(rows: readonly Float32Array[], n: number): Float32Array {
  const out = new Float32Array(rows.length * n);
  rows.forEach((row, i) => {
    out.set(row, i * n);
  });
  return out;
}

/** The nodes whose two values differ most in the images, over some latents. */
async function strongestNodes(
  generator: FittedGenerator,
  latents: Float32Array,
): Promise<number[]> {
  const { features: n } = generator.config.model;
  const effects: number[] = [];
  for (let node = 0; node < n; node++) {
    const at = (value: number): Float32Array =>
      latents.slice(0, PROBED * n).map((own, i) => (i % n === node ? value : own));
    const down = await readAndDispose(imagesOf(generator, at(-1)));
    const up = await readAndDispose(imagesOf(generator, at(1)));
    effects.push(up.reduce((sum, value, i) => sum + (value - down[i]!) ** 2, 0));
  }
  const order = effects.map((_, node) => node).sort((a, b) => effects[b]! - effects[a]!);
  return order.slice(0, WALKS);
}

/** Generated images beside the training images nearest to them, and how far test images are from theirs. */
async function neighbours(
  { source }: Game,
  generator: FittedGenerator,
  seed: number,
): Promise<Record<string, readonly number[]>> {
  const { height, width, channels, train, test } = source;
  const size = height * width * channels;
  const own = await generatedImages(generator, COMPARED, seed);
  const held = await readAndDispose(test.range(0, Math.min(COMPARED, test.count)));
  const nearest = await nearestImages(own, size, train);
  const floor = await nearestImages(held, size, train);
  const shown = Array.from(nearest.rows.subarray(0, PAIRS), (row) =>
    Array.from(train.bytes(row, 1)),
  );
  return {
    neighbours: [...bytesOf(own.subarray(0, PAIRS * size)), ...shown.flat()],
    neighbourDistances: Array.from(nearest.distances),
    neighbourFloor: Array.from(floor.distances),
  };
}

function priorArrays({ prior }: FittedGenerator): Record<string, readonly number[]> {
  if (prior === null) return {};
  const { machine, features, moments } = prior;
  const six = (values: ArrayLike<number>): number[] =>
    Array.from(values, (value) => Number(value.toPrecision(6)));
  return {
    biases: six(machine.model.biases),
    couplings: six(machine.model.couplings),
    edges: Array.from(machine.model.graph.edges),
    correlationsPrior: six(moments.correlations),
    ...(features !== null && { correlationsFeatures: six(features.correlations) }),
  };
}

/** Of smoothed spins those that are up: the others are −1. */
function latentValues(latent: string, latents: Float32Array): number[] {
  const values = latent === "reparam" ? latents.filter((value) => value > -1) : latents;
  return Array.from(values.subarray(0, 20_000), (value) => Number(value.toFixed(3)));
}
