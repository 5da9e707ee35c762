// The configuration of a Boltzmann machine: one schema with defaults and documentation, and the named presets.
// Loads no tensors, so that the command line can show and check it at once.

import * as z from "zod";
import {
  dynamic,
  faultUnless as fault,
  populationSchema,
  replicasSchema,
  seedSchema,
  sharedSeedSchema,
  type Fault,
} from "../replicas.js";
import { annealSettings, fileSetting } from "../shared-settings.js";
import type { PerReplica } from "../../learning/per-replica.js";

/** What is learned: synthetic digits, bars and stripes, MNIST, or the columns of a CSV file. */
export type DataConfig = {
  readonly file: string | null;
  readonly source: "digits" | "bars";
  readonly rows: number;
  readonly size: number;
  readonly seed: number;
};

/** The graph and its temperature. */
export type ModelConfig = {
  readonly topology: "complete" | "bipartite" | "chimera" | "chimera36" | "restricted";
  readonly corners: "auto" | "keep" | "drop";
  readonly hidden: number;
  readonly initialStd: PerReplica;
  readonly beta: number;
};

/** The annealer's stand-in: its schedule, and what hardware adds. */
export type AnnealerConfig = {
  readonly sweeps: number;
  readonly slices: number;
  readonly physical: "path-integral" | "annealing";
  readonly beta: PerReplica;
  readonly chainStrength: PerReplica | "rms";
  readonly noiseBiases: PerReplica;
  readonly noiseCouplings: PerReplica;
};

/** How the parameters are updated, and where the model's moments come from. */
export type TrainConfig = {
  readonly steps: number;
  readonly rate: PerReplica;
  readonly momentum: PerReplica;
  readonly sampler: "gibbs" | "annealing" | "path-integral" | "embedded" | "exact";
  readonly chains: number;
  readonly sweeps: number;
  readonly start: "persistent" | "data";
  readonly estimate: "counted" | "raoBlackwell";
  readonly batch: number | null;
  readonly evaluateEvery: number;
};

/** The protocol of the evaluation. */
export type EvaluateConfig = {
  readonly n: number;
  readonly maxSeconds: number;
  readonly annealedChains: number;
  readonly annealedSteps: number;
};

/** A complete configuration; every field is documented in the schema. */
export type BoltzmannConfig = {
  readonly seed: PerReplica;
  readonly replicas: number;
  readonly data: DataConfig;
  readonly model: ModelConfig;
  readonly train: TrainConfig;
  readonly annealer: AnnealerConfig;
  readonly evaluate: EvaluateConfig;
};

const data: z.ZodType<DataConfig> = z
  .strictObject({
    file: fileSetting(
      'CSV file of ±1 or 0-1 columns or intensities in [0, 1], a folder with the files of MNIST, or "mnist" for the one in the cache; null: `source`',
    ),
    source: z
      .enum(["digits", "bars"])
      .default("digits")
      .describe("without a file: synthetic digits at 6 × 6, or bars and stripes"),
    rows: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(10_000)
      .describe("digits: images to train on; a fifth as many more are the test"),
    size: z.int().min(2).max(4).default(4).describe("bars: rows and columns of the images"),
    seed: sharedSeedSchema("synthetic images, the split of a file"),
  })
  .prefault({});

const model: z.ZodType<ModelConfig> = z
  .strictObject({
    topology: z
      .enum(["complete", "bipartite", "chimera", "chimera36", "restricted"])
      .default("chimera")
      .describe(
        "edges between units: all; between black and white pixels of a chessboard; Chimera (2 × 2 cells for 6 × 6 images without corners, else the first qubits of cells of 8); chimera36: 3 × 3 cells of 4; restricted: from visible to hidden units only",
      ),
    corners: z
      .enum(["auto", "keep", "drop"])
      .default("auto")
      .describe(
        "corners of 6 × 6 images: auto drops them for chimera only, whose 2 × 2 cells have 32 qubits",
      ),
    hidden: z.int().min(1).max(4096).default(16).describe("restricted: hidden units"),
    initialStd: dynamic(z.number().positive())
      .default(0.05)
      .describe(
        "restricted: standard deviation of the first couplings; other topologies begin at 0",
      ),
    beta: z.number().positive().default(1).describe("inverse temperature β of the machine"),
  })
  .prefault({});

const train: z.ZodType<TrainConfig> = z
  .strictObject({
    steps: z.int().min(1).max(10_000_000).default(1000).describe("updates"),
    rate: dynamic(z.number().positive())
      .default(0.03)
      .describe("learning rate η; a list gives one rate per replica"),
    momentum: dynamic(z.number().min(0).lt(1))
      .default(0)
      .describe("fraction of the last update made again"),
    sampler: z
      .enum(["gibbs", "annealing", "path-integral", "embedded", "exact"])
      .default("gibbs")
      .describe(
        "moments of the model from: Gibbs chains; simulated annealing; path-integral quantum annealing (the annealer's stand-in); the same embedded in Chimera with chains, votes and errors of control; exact sums",
      ),
    chains: z.int().min(1).max(1_000_000).default(1000).describe("samples of the model per update"),
    sweeps: z.int().min(1).max(10_000).default(2).describe("gibbs: sweeps per update"),
    start: z
      .enum(["persistent", "data"])
      .default("persistent")
      .describe(
        "gibbs: chains go on from update to update (PCD), or start at data (CD, `sweeps` is its k)",
      ),
    estimate: z
      .enum(["counted", "raoBlackwell"])
      .default("counted")
      .describe("gibbs: moments counted, or of means given the neighbours, with less noise"),
    batch: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        "rows binarised afresh for each update; null: exact data moments (restricted: 1000 rows)",
      ),
    evaluateEvery: z
      .int()
      .min(0)
      .default(50)
      .describe("updates between measurements; 0: only at the end"),
  })
  .prefault({});

const annealer: z.ZodType<AnnealerConfig> = z
  .strictObject({
    ...annealSettings(),
    physical: z
      .enum(["path-integral", "annealing"])
      .default("path-integral")
      .describe("embedded: what samples the hardware"),
    beta: dynamic(z.number().positive())
      .default(1)
      .describe("embedded: inverse temperature of the hardware in its own units"),
    chainStrength: z
      .union([dynamic(z.number().positive().max(1)), z.literal("rms")])
      .meta({ sweep: "dynamic" })
      .default(1)
      .describe("embedded: coupling inside chains, 1 being the most that hardware has"),
    noiseBiases: dynamic(z.number().min(0))
      .default(0)
      .describe("embedded: standard deviation of errors of the biases"),
    noiseCouplings: dynamic(z.number().min(0))
      .default(0)
      .describe("embedded: standard deviation of errors of the couplings"),
  })
  .prefault({});

const evaluate: z.ZodType<EvaluateConfig> = z
  .strictObject({
    n: z
      .int()
      .min(100)
      .max(10_000_000)
      .default(10_000)
      .describe("samples of each replica in the evaluation"),
    maxSeconds: z
      .number()
      .min(0)
      .default(5)
      .describe(
        "log Z and correlations are exact where they are estimated to take no longer, for each replica; else sampled",
      ),
    annealedChains: z
      .int()
      .min(2)
      .default(1000)
      .describe("annealed importance sampling of log Z: chains"),
    annealedSteps: z
      .int()
      .min(2)
      .default(1000)
      .describe("annealed importance sampling of log Z: temperatures"),
  })
  .prefault({});

/** What single values cannot show: which of them do not go together. */
function faultsOf(config: BoltzmannConfig): Fault[] {
  const { data: of, model: graph, train: how } = config;
  return [
    ...fault(
      how.sampler !== "embedded" || graph.topology !== "restricted",
      "train.sampler",
      "embedded needs a topology without hidden units, got restricted",
    ),
    ...fault(
      graph.topology !== "chimera36" ||
        (of.file === null && of.source === "digits") ||
        of.file !== null,
      "model.topology",
      "chimera36 is for images of 6 × 6 pixels, got bars and stripes",
    ),
  ];
}

/** Of the numbers that settings and seeds give: see `numericsVersion` of a model. */
export const boltzmannNumericsVersion: number = 1;

/** The schema of the configuration. */
export const boltzmannSchema: z.ZodType<BoltzmannConfig> = populationSchema(
  z.strictObject({
    seed: seedSchema(),
    replicas: replicasSchema(5, "machines trained together, each with its own seed"),
    data,
    model,
    train,
    annealer,
    evaluate,
  }),
  faultsOf,
);

/**
 * `fast` is the default: the rate of the paper's figure 6 on persistent Gibbs chains. `figure6`: the same with the annealer's
 * stand-in. `figure7`: the paper's rate for Gibbs sampling, a thirtieth of it. `exact`: no sampling at all.
 */
export const boltzmannPresets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  fast: {},
  figure6: { train: { sampler: "path-integral" } },
  figure7: { train: { rate: 0.001, steps: 3000, evaluateEvery: 150 } },
  exact: {
    replicas: 1,
    train: { sampler: "exact", rate: 0.2, momentum: 0.8, steps: 300, evaluateEvery: 10 },
  },
  restricted: {
    model: { topology: "restricted" },
    train: { rate: 0.02, steps: 3000, evaluateEvery: 150 },
  },
};
