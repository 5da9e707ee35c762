// The configuration of a QAAAN: one schema with defaults and documentation, and the named presets. Loads no tensors, so that the
// command line can show and check it at once.

import * as z from "zod";
import {
  faultUnless as fault,
  MAX_SEED,
  populationSchema,
  replicasSchema,
  seedSchema,
  sharedSeedSchema,
  type Fault,
} from "../replicas.js";
import { annealSettings, fileSetting } from "../shared-settings.js";
import type { PerReplica } from "../../learning/per-replica.js";

/** What is learned: embedded images, a folder of images, or MNIST. */
export type DataConfig = {
  readonly file: string | null;
  readonly source: "digits" | "rooms";
  readonly side: 8 | 28 | 32 | 64;
  readonly train: number;
  readonly test: number;
  readonly seed: number;
};

/** Sizes of both networks, and what the latent variables are. */
export type ModelConfig = {
  readonly network: "convolutional" | "dense";
  readonly discriminator: NetworkConfig;
  readonly generator: NetworkConfig;
  readonly features: number;
  readonly latent: "reparam" | "binary" | "gaussian" | "uniform";
  readonly alpha: number;
  readonly latentNoise: number;
};

/** Widths of one network. */
export type NetworkConfig = {
  readonly channels: readonly number[];
  readonly dense: number;
  readonly widths: readonly number[];
};

/** The Boltzmann machine that the latent variables come from. */
export type PriorConfig = {
  readonly graph: "complete" | "bipartite" | "chimera";
  readonly cells: readonly number[];
  readonly beta: number;
  readonly rate: number;
  readonly frozen: boolean;
  readonly sampler: "gibbs" | "annealing" | "path-integral" | "embedded";
  readonly chains: number;
  readonly sweeps: number;
  readonly every: number;
  readonly start: number;
  readonly steps: number;
  readonly featureSource: "real" | "both";
  readonly decay: number;
};

/** The annealer's stand-ins: their schedule, and what hardware adds. */
export type AnnealerConfig = {
  readonly sweeps: number;
  readonly slices: number;
  readonly physical: "path-integral" | "annealing" | "gibbs";
  readonly beta: number;
  readonly scaling: "shrink" | "fill";
  readonly rangeBiases: number;
  readonly rangeCouplings: number;
  readonly chainStrength: number | "rms";
  readonly noiseBiases: number;
  readonly noiseCouplings: number;
};

/** How both networks are updated. */
export type TrainConfig = {
  readonly steps: number;
  readonly batch: number;
  readonly discriminatorRate: number;
  readonly generatorRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly discriminatorSteps: number;
  readonly realLabels: readonly [number, number];
  readonly fakeLabels: readonly [number, number];
  readonly ema: number | null;
  readonly evaluateEvery: number;
  readonly scores: boolean;
};

/** The protocol of the evaluation. */
export type EvaluateConfig = {
  readonly n: number;
  readonly normBatches: number;
  readonly normBatch: number;
  readonly maxSeconds: number;
  readonly annealedChains: number;
  readonly annealedSteps: number;
  readonly classifier: "paper" | "good";
  readonly classifierSeed: number;
  readonly neighbours: number;
};

/** A complete configuration; every field is documented in the schema. */
export type QaaanConfig = {
  readonly seed: PerReplica;
  readonly replicas: number;
  readonly data: DataConfig;
  readonly model: ModelConfig;
  readonly prior: PriorConfig;
  readonly annealer: AnnealerConfig;
  readonly train: TrainConfig;
  readonly evaluate: EvaluateConfig;
};

const count = (most: number): z.ZodInt => z.int().min(1).max(most);
const width: z.ZodInt = z.int().min(1).max(16_384);
const seed: z.ZodInt = z.int().min(0).max(MAX_SEED);
const positive: z.ZodNumber = z.number().positive();
const fraction: z.ZodNumber = z.number().min(0).lt(1);
const scored: z.ZodInt = z.int().min(129).max(1_000_000);
const label: z.ZodNumber = z.number().min(0).max(1);

const data: z.ZodType<DataConfig> = z
  .strictObject({
    file: fileSetting(
      'a folder of images, a folder with the files of MNIST, or "mnist" for the one in the cache; null: `source`',
    ),
    source: z
      .enum(["digits", "rooms"])
      .default("digits")
      .describe("without a file: synthetic digits, grey, or synthetic rooms, in colour"),
    side: z
      .union([z.literal(8), z.literal(28), z.literal(32), z.literal(64)])
      .default(28)
      .describe(
        "without a file: pixels of a side, 28 or 8 for digits, 32 or 64 for rooms; of a folder of images: the size they are brought to",
      ),
    train: count(1_000_000).default(20_000).describe("without a file: images to train on"),
    test: count(1_000_000).default(10_000).describe("without a file: images of the test"),
    seed: sharedSeedSchema("synthetic images, splits"),
  })
  .prefault({});

type NetworkInput = {
  channels?: number[] | undefined;
  dense?: number | undefined;
  widths?: number[] | undefined;
};

const network = (
  channels: number[],
  dense: number,
  widths: number[],
): z.ZodPrefault<z.ZodType<NetworkConfig, NetworkInput>> =>
  z
    .strictObject({
      channels: z
        .array(width)
        .min(1)
        .max(6)
        .default(channels)
        .describe(
          "convolutional: channels of each block of 4 × 4 filters and stride 2, in the order of the layers",
        ),
      dense: width.default(dense).describe("convolutional: width of the dense layer"),
      widths: z.array(width).min(1).max(8).default(widths).describe("dense: widths of the layers"),
    })
    .prefault({});

const model: z.ZodType<ModelConfig> = z
  .strictObject({
    network: z
      .enum(["convolutional", "dense"])
      .default("convolutional")
      .describe("both networks with convolutions, or dense throughout: a baseline"),
    discriminator: network([32, 64], 256, [512, 256]).describe("widths of the discriminator"),
    generator: network([64, 32], 256, [256, 512]).describe("widths of the generator"),
    features: count(2048)
      .default(100)
      .describe("width of the feature layer: nodes of the prior, and latent variables"),
    latent: z
      .enum(["reparam", "binary", "gaussian", "uniform"])
      .default("reparam")
      .describe(
        "what the generator is given: the prior's spins smoothed (equations 14-16); the spins; the spins with normal noise; uniform numbers, without a prior",
      ),
    alpha: positive.default(4).describe("reparam: steepness α of the smoothing"),
    latentNoise: positive.default(0.3).describe("gaussian: standard deviation of the noise"),
  })
  .prefault({});

const prior: z.ZodType<PriorConfig> = z
  .strictObject({
    graph: z
      .enum(["complete", "bipartite", "chimera"])
      .default("chimera")
      .describe("edges of the prior: all; between two halves; Chimera"),
    cells: z
      .array(count(64))
      .length(3)
      .default([4, 4, 4])
      .describe(
        "chimera: rows and columns of cells, qubits on a side of a cell; the first nodes are used",
      ),
    beta: positive.default(1).describe("inverse temperature β of the prior"),
    rate: z.number().min(0).default(0.002).describe("learning rate η of biases and couplings"),
    frozen: z.boolean().default(false).describe("keep biases and couplings at 0"),
    sampler: z
      .enum(["gibbs", "annealing", "path-integral", "embedded"])
      .default("gibbs")
      .describe(
        "samples of the prior from: persistent Gibbs chains; simulated annealing; path-integral quantum annealing (the annealer's stand-in); an annealer with ranges, errors of control, chains and votes",
      ),
    chains: count(1_000_000).default(1000).describe("samples of the prior that latents come from"),
    sweeps: count(10_000).default(5).describe("gibbs: sweeps per step"),
    every: count(1_000_000).default(1).describe("steps of the networks per update of the prior"),
    start: z.int().min(0).default(0).describe("first step at which the prior is updated"),
    steps: count(1000).default(1).describe("updates of the prior in such a step"),
    featureSource: z
      .enum(["real", "both"])
      .default("real")
      .describe("images whose features the prior learns: real ones, or generated ones too"),
    decay: fraction
      .default(0.95)
      .describe("the features' moments are averaged over batches with this decay; 0: one batch"),
  })
  .prefault({});

const annealer: z.ZodType<AnnealerConfig> = z
  .strictObject({
    ...annealSettings(),
    physical: z
      .enum(["path-integral", "annealing", "gibbs"])
      .default("path-integral")
      .describe("embedded: what samples the hardware"),
    beta: positive
      .default(1)
      .describe(
        "inverse temperature that is sampled at, times `prior.beta`; embedded: of the hardware, in its own units",
      ),
    scaling: z
      .enum(["shrink", "fill"])
      .default("shrink")
      .describe("embedded: the model is brought into the ranges where it is larger, or always"),
    rangeBiases: positive.default(2).describe("embedded: largest bias of the hardware"),
    rangeCouplings: positive.default(1).describe("embedded: largest coupling of the hardware"),
    chainStrength: z
      .union([positive, z.literal("rms")])
      .default(1)
      .describe("embedded: coupling inside chains"),
    noiseBiases: z
      .number()
      .min(0)
      .default(0)
      .describe("embedded: standard deviation of errors of the biases"),
    noiseCouplings: z
      .number()
      .min(0)
      .default(0)
      .describe("embedded: standard deviation of errors of the couplings"),
  })
  .prefault({});

const train: z.ZodType<TrainConfig> = z
  .strictObject({
    steps: count(10_000_000).default(600).describe("updates of the generator"),
    batch: z.int().min(2).max(65_536).default(64).describe("images in a batch"),
    discriminatorRate: positive.default(0.001).describe("learning rate of the discriminator"),
    generatorRate: positive.default(0.002).describe("learning rate of the generator"),
    beta1: fraction.default(0.5).describe("Adam: decay of the mean gradient"),
    beta2: fraction.default(0.999).describe("Adam: decay of the mean square gradient"),
    epsilon: positive.default(1e-8).describe("Adam: added to the root of the mean square"),
    discriminatorSteps: count(100)
      .default(1)
      .describe("updates of the discriminator per update of the generator"),
    realLabels: z
      .tuple([label, label])
      .default([0.8, 1])
      .describe("labels of real images are uniform on this interval"),
    fakeLabels: z
      .tuple([label, label])
      .default([0, 0])
      .describe("labels of generated images, for the discriminator"),
    ema: fraction
      .nullable()
      .default(0.995)
      .describe("moving average of the generator that is scored; null: the last step's"),
    evaluateEvery: z
      .int()
      .min(0)
      .default(100)
      .describe("steps between measurements and sheets of samples; 0: only at the end"),
    scores: z
      .boolean()
      .default(false)
      .describe(
        "measure inceptionScore and frechetDistance at the last step too, for sweeps; evaluate.n images, seconds",
      ),
  })
  .prefault({});

const evaluate: z.ZodType<EvaluateConfig> = z
  .strictObject({
    n: scored.default(10_000).describe("images of a score, above the classifier's 128 features"),
    normBatches: count(1000)
      .default(50)
      .describe("batches that the statistics of the generator's batch norms are refitted on"),
    normBatch: z.int().min(2).max(10_000).default(200).describe("latent rows of such a batch"),
    maxSeconds: z
      .number()
      .min(0)
      .default(0.05)
      .describe("the prior's log Z is exact where it takes no longer; else sampled"),
    annealedChains: z.int().min(2).default(300).describe("sampling of log Z: chains"),
    annealedSteps: z.int().min(2).default(300).describe("sampling of log Z: temperatures"),
    classifier: z
      .enum(["paper", "good"])
      .default("paper")
      .describe("classifier of the scores: of about 95 % accuracy as in the paper, or of 98 %"),
    classifierSeed: seed.default(0).describe("seed of the classifier"),
    neighbours: count(100)
      .default(5)
      .describe("nearest neighbour whose distance is the radius for precision, recall, coverage"),
  })
  .prefault({});

/** What single values cannot show: which of them do not go together. */
function faultsOf(config: QaaanConfig): Fault[] {
  const { model: nets, prior: graph, train: how } = config;
  const [rows, columns, t] = graph.cells as [number, number, number];
  const qubits = 2 * rows * columns * t;
  const rising = ([lo, hi]: readonly [number, number]): boolean => lo <= hi;
  return [
    ...sourceFaults(config),
    ...fault(
      graph.graph !== "chimera" || Number.isNaN(qubits) || qubits >= nets.features,
      "prior.cells",
      `must have a node for each of the ${nets.features} features, but Chimera of ${graph.cells.join(" × ")} has ${qubits}`,
    ),
    ...fault(
      nets.features > 1 || nets.latent === "uniform",
      "model.features",
      "must be at least 2 for a prior with an edge, got 1",
    ),
    ...fault(
      nets.network === "dense" ||
        nets.discriminator.channels.length === nets.generator.channels.length,
      "model.generator.channels",
      `must have as many blocks as the discriminator, ${nets.discriminator.channels.length}, got ${nets.generator.channels.length}`,
    ),
    ...fault(rising(how.realLabels), "train.realLabels", "must rise"),
    ...fault(rising(how.fakeLabels), "train.fakeLabels", "must rise"),
  ];
}

function sourceFaults({ data: { file, source, side } }: QaaanConfig): Fault[] {
  const sides = { digits: [28, 8], rooms: [32, 64] }[source];
  if (file !== null || sides.includes(side)) return [];
  return [
    { path: ["data", "side"], message: `must be ${sides.join(" or ")} for ${source}, got ${side}` },
  ];
}

/** Of the numbers that settings and seeds give: see `numericsVersion` of a model. */
export const qaaanNumericsVersion: number = 2;

/** The schema of the configuration. */
export const qaaanSchema: z.ZodType<QaaanConfig> = populationSchema(
  z.strictObject({
    seed: seedSchema(),
    replicas: replicasSchema(
      1,
      "networks trained in turn, each with its own seed, the same as alone",
    ),
    ...{ data, model, prior, annealer, train, evaluate },
  }),
  faultsOf,
);

const COLOUR = { data: { source: "rooms" }, prior: { graph: "complete" } };

/**
 * `quick` is the default of the command line: synthetic digits, in minutes. `small`: the robust sizes and rates, for MNIST.
 * `paper`: the paper's. `colour32`, `colour64`: rooms, or a folder of photographs.
 */
export const qaaanPresets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  quick: {},
  small: {
    data: { file: "mnist" },
    model: {
      discriminator: { channels: [32, 64], dense: 256 },
      generator: { channels: [64, 32], dense: 256 },
    },
    train: {
      ...{ batch: 64, discriminatorRate: 1e-3, generatorRate: 2e-3 },
      ...{ steps: 1000, evaluateEvery: 250 },
    },
  },
  paper: {
    data: { file: "mnist" },
    model: {
      discriminator: { channels: [64, 128], dense: 1024 },
      generator: { channels: [128, 64], dense: 1024 },
    },
    train: {
      ...{ batch: 128, discriminatorRate: 2e-4, generatorRate: 2e-4, steps: 10_000 },
      ...{ fakeLabels: [0, 0.2], evaluateEvery: 250 },
    },
  },
  colour32: {
    ...COLOUR,
    data: { ...COLOUR.data, side: 32 },
    model: { discriminator: { channels: [32, 64, 128] }, generator: { channels: [128, 64, 32] } },
    train: { steps: 4000, evaluateEvery: 250 },
  },
  colour64: {
    ...COLOUR,
    data: { ...COLOUR.data, side: 64 },
    model: {
      discriminator: { channels: [32, 64, 128, 256] },
      generator: { channels: [256, 128, 64, 32] },
    },
    // With the rates of 32 pixels the discriminator's answer no longer depends on the image after two hundred steps.
    train: { discriminatorRate: 2e-4, generatorRate: 4e-4, steps: 4000, evaluateEvery: 250 },
  },
};
