// The configuration of a DQGAN: one schema with defaults and documentation, and the named presets.
// Loads no tensors, so that the command line can show and check it at once.

import * as z from "zod";
import { valueOf, type PerReplica } from "../../learning/per-replica.js";
import {
  dynamic,
  dynamicOrNull,
  faultUnless as fault,
  populationSchema,
  replicasSchema,
  seedSchema,
  sharedSeedSchema,
  type Fault,
} from "../replicas.js";
import {
  adamSettings,
  averageSetting,
  csvSettings,
  rateSetting,
  scheduleSetting,
  validateEverySetting,
  validationSetting,
} from "../shared-settings.js";

/** What is learned: a CSV file, or the paper's line with noise. */
export type DataConfig = {
  readonly file: string | null;
  readonly columns: readonly string[] | null;
  readonly margin: number;
  readonly slope: number;
  readonly intercept: number;
  readonly mean: number;
  readonly std: number;
  readonly noise: number;
  readonly rows: number | null;
  readonly seed: number;
};

/** The two networks and their losses. */
export type ModelConfig = {
  readonly algorithm: 1 | 2;
  readonly heads: number;
  readonly latent: "normal" | "uniform" | "circle";
  readonly latentMean: PerReplica;
  readonly latentStd: PerReplica;
  readonly inputs: number;
  readonly forward: "limit" | "effective" | "exact";
  readonly gamma: PerReplica;
  readonly polarization: PerReplica;
  readonly encoding: "encoded" | "asPrinted";
  readonly k: PerReplica;
  readonly initialStd: PerReplica;
};

/** How the couplings are updated. */
export type TrainConfig = {
  readonly steps: number;
  readonly batch: number;
  readonly optimizer: "adam" | "sgd";
  readonly beta1: PerReplica;
  readonly beta2: PerReplica;
  readonly epsilon: PerReplica;
  readonly discriminatorRate: PerReplica;
  readonly generatorRate: PerReplica;
  readonly schedule: "cosine" | "constant";
  readonly finalFraction: PerReplica | null;
  readonly discriminatorSteps: number;
  readonly ema: PerReplica | null;
  readonly evaluateEvery: number;
};

/** The protocol of validation and test. */
export type EvaluateConfig = {
  readonly n: number;
  readonly validation: number;
  readonly marginalBins: number;
  readonly jointBins: number;
};

/** A complete configuration of a DQGAN; every field is documented in the schema. */
export type DqganConfig = {
  readonly seed: PerReplica;
  readonly replicas: number;
  readonly data: DataConfig;
  readonly model: ModelConfig;
  readonly train: TrainConfig;
  readonly evaluate: EvaluateConfig;
};

/** Most draws of latent angles in a training: the events of a random stream. */
const MAX_DRAWS = 2 ** 27;

/** Most inputs of a network that is solved to all orders. */
const EXACT_INPUTS = 4;

const data: z.ZodType<DataConfig> = z
  .strictObject({
    ...csvSettings(
      "the paper's line with noise",
      "[0, π] left free on each side when a column is scaled to angles",
    ),
    slope: z.number().default(-0.6).describe("line: a of θ₂ = a θ₁ + b + noise"),
    intercept: z
      .number()
      .default(0.8 * Math.PI)
      .describe("line: b of θ₂ = a θ₁ + b + noise (radians)"),
    mean: z
      .number()
      .default(Math.PI / 2)
      .describe("line: mean of θ₁ (radians)"),
    std: z.number().positive().default(0.4).describe("line: standard deviation of θ₁ (radians)"),
    noise: z
      .number()
      .min(0)
      .default(0.01)
      .describe("line: standard deviation of the noise (radians)"),
    rows: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe("line: train on a fixed set of this many rows; null: fresh draws at every step"),
    seed: sharedSeedSchema("fixed rows, splits of a file, held-out samples"),
  })
  .prefault({});

const model: z.ZodType<ModelConfig> = z
  .strictObject({
    algorithm: z
      .union([z.literal(1), z.literal(2)])
      .default(2)
      .describe("1: linear losses (eqs. 6-8); 2: log-likelihood losses (eqs. 9-12)"),
    heads: z
      .int()
      .min(1)
      .max(64)
      .default(8)
      .describe("output qubits of the discriminator, each with its own couplings"),
    latent: z
      .enum(["normal", "uniform", "circle"])
      .default("normal")
      .describe(
        "law of the generator's input angles: normal N(mean, std); uniform U[0, π]; circle U[0, 2π]",
      ),
    latentMean: dynamic(z.number())
      .default(Math.PI / 2)
      .describe("mean of the normal latent law (radians)"),
    latentStd: dynamic(z.number().positive())
      .default(0.4)
      .describe("standard deviation of the normal latent law (radians)"),
    inputs: z
      .int()
      .min(1)
      .max(16)
      .default(2)
      .describe("input qubits of the generator (latent dimension N)"),
    forward: z
      .enum(["limit", "effective", "exact"])
      .default("limit")
      .describe(
        "steady state used: limit (Γ → ∞), effective (second order in 1/Γ, at `gamma`) or exact (all orders; up to 4 inputs and columns)",
      ),
    gamma: dynamic(z.number().positive())
      .default(100)
      .describe("dissipation rate Γ of the input qubits, in units of the couplings"),
    polarization: dynamic(z.number().min(-1).max(1))
      .default(1)
      .describe(
        "polarization z of the damped inputs (μ of the paper); 0 makes every output vanish",
      ),
    encoding: z
      .enum(["encoded", "asPrinted"])
      .default("encoded")
      .describe(
        "encoded: the jump operators fill |s⟩ (z = +μ); asPrinted: as the paper writes them (z = -μ)",
      ),
    k: dynamic(z.number().positive()).default(1).describe("slope k of the sigmoid in algorithm 2"),
    initialStd: dynamic(z.number().positive())
      .default(1)
      .describe("standard deviation of the initial couplings"),
  })
  .prefault({});

const train: z.ZodType<TrainConfig> = z
  .strictObject({
    steps: z.int().min(1).default(4000).describe("training steps T; one generator update each"),
    batch: z.int().min(1).default(256).describe("samples S in a mini-batch"),
    optimizer: z
      .enum(["adam", "sgd"])
      .default("adam")
      .describe("gradient ascent with Adam, or plain (sgd)"),
    ...adamSettings(0.999),
    discriminatorRate: rateSetting(0.02, "J_D"),
    generatorRate: rateSetting(0.005, "J_G"),
    schedule: scheduleSetting("learning rate"),
    finalFraction: dynamicOrNull(z.number().min(0).max(1))
      .default(0.02)
      .describe(
        "cosine: last rate over first; null: the paper's, 0.1 for algorithm 1 and 0.02 for algorithm 2",
      ),
    discriminatorSteps: z.int().min(1).default(1).describe("updates of J_D per update of J_G"),
    ema: averageSetting("J_G that is evaluated and sampled; null: the last J_G"),
    evaluateEvery: validateEverySetting(),
  })
  .prefault({});

const evaluate: z.ZodType<EvaluateConfig> = z
  .strictObject({
    n: z.int().min(100).default(100_000).describe("fresh real and generated samples in the test"),
    validation: validationSetting(),
    marginalBins: z.int().min(1).default(50).describe("bins of each marginal on [0, π]"),
    jointBins: z
      .int()
      .min(1)
      .default(25)
      .describe("bins per axis of the joint histograms on [0, π]²"),
  })
  .prefault({});

/** What single values cannot show: which of them do not go together. */
function faultsOf(config: DqganConfig): Fault[] {
  const { replicas, model, train } = config;
  const mostSteps = Math.floor(MAX_DRAWS / (train.discriminatorSteps + 1));
  const isPolarized = Array.from({ length: replicas }, (_, p) => p).every(
    (p) => valueOf(model.polarization, p) !== 0,
  );
  return [
    ...fault(
      train.steps <= mostSteps,
      "train.steps",
      `must be ≤ ${String(mostSteps)} with discriminatorSteps ${String(train.discriminatorSteps)}, got ${String(train.steps)}`,
    ),
    ...fault(
      model.forward !== "limit" || isPolarized,
      "model.polarization",
      "must not be 0 with forward limit, where the steady state is 0/0, got 0",
    ),
    ...fault(
      model.forward !== "exact" || model.inputs <= EXACT_INPUTS,
      "model.inputs",
      `must be ≤ ${String(EXACT_INPUTS)} with forward exact, got ${String(model.inputs)}`,
    ),
  ];
}

/** Of the numbers that settings and seeds give: see `numericsVersion` of a model. */
export const dqganNumericsVersion: number = 1;

/** The schema of a DQGAN's configuration. */
export const dqganSchema: z.ZodType<DqganConfig> = populationSchema(
  z.strictObject({
    seed: seedSchema(),
    replicas: replicasSchema(8, "networks trained together, each with its own seed"),
    data,
    model,
    train,
    evaluate,
  }),
  faultsOf,
);

/**
 * `robust` is the default. `robustUniform` does not hand the law of θ₁ to the generator and is the clean
 * comparison with the paper. `paper` is what is printed, with Adam for "gradient ascent" (plain ascent at
 * the printed rate is nearly inert; set `train.optimizer=sgd` to see it).
 */
export const dqganPresets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  robust: {},
  robustUniform: {
    model: { latent: "uniform" },
    train: { generatorRate: 0.01, steps: 3000 },
  },
  paper: {
    model: { latent: "uniform", heads: 1 },
    train: {
      discriminatorRate: 0.005,
      generatorRate: 0.005,
      finalFraction: null,
      steps: 3000,
      ema: null,
    },
  },
};
