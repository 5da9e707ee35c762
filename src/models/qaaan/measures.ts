// The measures of one replica: scores of its images, and how its prior and its features stand.

import { frechetOfMoments } from "../../metrics/index.js";
import { momentsOf, scoreImages, scoresOf, type Scores } from "../image-scores/index.js";
import { imageChunks, type FittedGenerator } from "./generation.js";
import { track, type Tracked } from "./track.js";
import type { ImageSource } from "../../data/index.js";
import type { Measure } from "../model.js";
import type { QaaanConfig } from "./config.js";
import type { Judge } from "./judge.js";
import type { Prior } from "./prior.js";
import type { ReplicaState } from "./state.js";
import type { Game } from "./step.js";

/** Sizes of a prior's parameters. */
export type PriorNorms = {
  /** Root mean square of the couplings. */
  readonly couplings: number;
  readonly biases: number;
  /** Largest coupling or bias. */
  readonly largest: number;
};

/** What was measured of one replica. */
export type TestedReplica = {
  /** Fréchet distance to training images; NaN without a classifier, or if the generator has diverged. */
  readonly validation: number;
  /** Null where the data have no labels. */
  readonly scores: Scores | null;
  readonly tracked: Tracked;
  /** Null without a prior. */
  readonly norms: PriorNorms | null;
};

/** One replica under test. */
export type ReplicaTest = {
  readonly game: Game;
  readonly state: ReplicaState;
  /** The replica's own seed. */
  readonly own: number;
  readonly generator: FittedGenerator;
  readonly judge: Judge;
  readonly n: number;
  /** Of the images. */
  readonly seed: number;
};

/** What the paper states for MNIST; its classifier had about 95 %, its number of images is not given. */
const PUBLISHED = {
  classical: { inceptionScore: 5.7, frechetDistance: 29 },
  quantum: { inceptionScore: 5.6, frechetDistance: 23 },
} as const;

/** Measures a replica. */
export async function testReplica(test: ReplicaTest): Promise<TestedReplica> {
  const { game, state, own, generator, judge, n, seed } = test;
  const tracked = await track(game, state, own);
  const norms = state.prior && normsOf(state.prior);
  if (judge === null) return { validation: NaN, scores: null, tracked, norms };
  const { classifier, real } = judge;
  const images = await scoreImages(classifier, n, imageChunks(generator, n, seed));
  const scores = await scoresOf(images, real);
  const validation = Number.isNaN(scores.frechetDistance)
    ? NaN
    : frechetOfMoments(momentsOf(images), real.trainMoments);
  return { validation, scores, tracked, norms };
}

function normsOf({ machine: { model } }: Prior): PriorNorms {
  const rms = (x: Float64Array): number =>
    Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / Math.max(1, x.length));
  const largest = (x: Float64Array): number => x.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
  const [biases, couplings] = [Float64Array.from(model.biases), Float64Array.from(model.couplings)];
  return {
    couplings: rms(couplings),
    biases: rms(biases),
    largest: Math.max(largest(biases), largest(couplings)),
  };
}

/** The names under which a replica's numbers stand in tables, and their words. */
const SCORE_LABELS = {
  inceptionScore: "Inception Score",
  frechetDistance: "Fréchet distance",
  precision: "precision",
  recall: "recall",
  density: "density",
  coverage: "coverage",
  smallestClass: "fraction of the rarest class",
} as const;

const TRACKED_LABELS = {
  pairDistance: "mean |⟨z_u z_v⟩_features − ⟨z_u z_v⟩_prior| over pairs",
  featureMean: "mean |⟨f⟩| of the features (near 1: dead)",
  priorLikelihood: "log-likelihood of the features under the prior, nats",
  effectiveBeta: "inverse temperature of the prior's samples",
} as const;

const keysOf = <T extends object>(object: T): (keyof T & string)[] =>
  Object.keys(object) as (keyof T & string)[];

/** A replica's numbers by name, the validation first. */
export function replicaRow({
  validation,
  scores,
  tracked,
  norms,
}: TestedReplica): Record<string, number> {
  const of = <K extends string>(
    keys: readonly K[],
    from: Readonly<Record<K, number>>,
  ): [K, number][] => keys.map((key) => [key, from[key]]);
  return Object.fromEntries([
    ["validation", validation],
    ...(scores === null ? [] : of(keysOf(SCORE_LABELS), scores)),
    ...of(keysOf(TRACKED_LABELS), tracked).filter(([, value]) => !Number.isNaN(value)),
    ...(norms === null
      ? []
      : [
          ["rmsCoupling", norms.couplings],
          ["rmsBias", norms.biases],
        ]),
  ]) as Record<string, number>;
}

/** The measures of the best replica, each beside what real images score and what the paper states. */
export function measuresOf(
  config: QaaanConfig,
  source: ImageSource,
  judge: Judge,
  { scores, tracked, norms }: TestedReplica,
): Measure[] {
  return [
    ...(judge !== null && scores !== null
      ? keysOf(SCORE_LABELS).map((name): Measure => ({
          ...{ name, label: SCORE_LABELS[name], value: scores[name] },
          floor: judge.real.floor[name],
          ...publishedOf(config, source, name),
        }))
      : []),
    ...keysOf(TRACKED_LABELS)
      .filter((name) => !Number.isNaN(tracked[name]))
      .map((name): Measure => ({ name, label: TRACKED_LABELS[name], value: tracked[name] })),
    ...(norms === null
      ? []
      : [
          {
            name: "rmsCoupling",
            label: "root mean square coupling of the prior",
            value: norms.couplings,
          },
          { name: "rmsBias", label: "root mean square bias of the prior", value: norms.biases },
          { name: "largest", label: "largest coupling or bias of the prior", value: norms.largest },
        ]),
  ];
}

/** The paper's numbers, for its data only. */
function publishedOf(
  { prior: { sampler }, model: { latent } }: QaaanConfig,
  { name: data }: ImageSource,
  name: string,
): { published?: number } {
  if (data !== "mnist" || latent === "uniform") return {};
  const row: Readonly<Record<string, number>> =
    sampler === "gibbs" ? PUBLISHED.classical : PUBLISHED.quantum;
  const published = row[name];
  return published === undefined ? {} : { published };
}
