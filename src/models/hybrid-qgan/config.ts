// The configuration of a hybrid QGAN: one schema with defaults and documentation, and the named presets.
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
import {
  adamSettings,
  averageSetting,
  csvSettings,
  rateSetting,
  scheduleSetting,
  validateEverySetting,
  validationSetting,
} from "../shared-settings.js";
import type { PerReplica } from "../../learning/per-replica.js";

/** What is learned: a law by name, or columns of a CSV file. */
export type DataConfig = {
  readonly file: string | null;
  readonly columns: readonly string[] | null;
  readonly margin: number;
  readonly law:
    | "normal"
    | "uniform"
    | "laplace"
    | "exponential"
    | "lognormal"
    | "mixture"
    | "ring"
    | "grid"
    | "circles";
  readonly mean: number;
  readonly std: number;
  readonly means: readonly number[];
  readonly weights: readonly number[] | null;
  readonly radius: number;
  readonly spread: number | null;
  readonly seed: number;
};

/** The generator's circuit and the critic's network. */
export type ModelConfig = {
  readonly ansatz:
    "notebook" | "rotations" | "stronglyEntangling" | "hardwareEfficient" | "reuploading";
  readonly qubits: number;
  readonly layers: number;
  readonly latent: "normal" | "uniform";
  readonly inputs: number;
  readonly latentMap: "linear" | "none";
  readonly output: "fixed" | "trained";
  readonly outputScale: PerReplica;
  readonly initialAngle: PerReplica;
  readonly hidden: readonly number[];
  readonly activation: "relu" | "softplus";
  readonly penalty: "oneSided" | "twoSided";
  readonly lambda: PerReplica;
};

/** How the parameters are updated. */
export type TrainConfig = {
  readonly steps: number;
  readonly criticSteps: number;
  readonly batch: number;
  readonly beta1: PerReplica;
  readonly beta2: PerReplica;
  readonly epsilon: PerReplica;
  readonly criticRate: PerReplica;
  readonly generatorRate: PerReplica;
  readonly schedule: "cosine" | "constant";
  readonly finalFraction: PerReplica;
  readonly ema: PerReplica | null;
  readonly evaluateEvery: number;
};

/** The protocol of validation and test. */
export type EvaluateConfig = {
  readonly n: number;
  readonly validation: number;
  readonly bins: number;
  readonly range: readonly [number, number] | null;
  readonly shots: number | null;
  readonly shotRows: number;
  readonly gateError: number;
  readonly readoutError: number;
};

/** A complete configuration of a hybrid QGAN; every field is documented in the schema. */
export type HybridConfig = {
  readonly seed: PerReplica;
  readonly replicas: number;
  readonly data: DataConfig;
  readonly model: ModelConfig;
  readonly train: TrainConfig;
  readonly evaluate: EvaluateConfig;
};

/** Most training steps: each uses two events of a random stream. */
const MAX_STEPS = 2 ** 26;

/** Largest register: every sample is a state vector of its own. */
const MAX_QUBITS = 12;

const data: z.ZodType<DataConfig> = z
  .strictObject({
    ...csvSettings("the law below", "[-1, 1] left free on each side when a column is scaled"),
    law: z
      .enum([
        "normal",
        "uniform",
        "laplace",
        "exponential",
        "lognormal",
        "mixture",
        "ring",
        "grid",
        "circles",
      ])
      .default("normal")
      .describe(
        "law to learn: five of one column with `mean` and `std`; mixture of normal laws at `means`; in the plane a ring of 8, a grid of 25 normal laws, or two circles",
      ),
    mean: z.number().default(0).describe("mean of a law of one column"),
    std: z.number().positive().default(0.2).describe("standard deviation of a law of one column"),
    means: z.array(z.number()).min(1).default([-0.4, 0.4]).describe("mixture: means of its parts"),
    weights: z
      .array(z.number().min(0))
      .min(1)
      .nullable()
      .default(null)
      .describe("mixture: weights of its parts; null: equal"),
    radius: z
      .number()
      .positive()
      .default(1)
      .describe("ring, circles: outer radius; grid: half its side"),
    spread: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe(
        "standard deviation of the parts of mixture, ring, grid, circles; null: 0.1, 0.05, 0.02, 0.03",
      ),
    seed: sharedSeedSchema("splits of a file, held-out samples"),
  })
  .prefault({});

const model: z.ZodType<ModelConfig> = z
  .strictObject({
    ansatz: z
      .enum(["notebook", "rotations", "stronglyEntangling", "hardwareEfficient", "reuploading"])
      .default("notebook")
      .describe(
        "the generator's circuit: notebook (the author's, 2 qubits, no trainable gate), or embedding and trainable layers: rotations (RY, RX, CNOT ring: the paper's text), stronglyEntangling, hardwareEfficient, reuploading",
      ),
    qubits: z.int().min(1).max(MAX_QUBITS).default(2).describe("qubits of the circuit"),
    layers: z.int().min(1).max(64).default(2).describe("trainable layers; notebook has none"),
    latent: z
      .enum(["normal", "uniform"])
      .default("normal")
      .describe("law of the latent numbers: N(0, 1), or U[-1, 1]"),
    inputs: z.int().min(1).max(64).default(2).describe("latent numbers of a sample"),
    latentMap: z
      .enum(["linear", "none"])
      .default("linear")
      .describe(
        "from latent numbers to angles: linear (trained weights and biases), or none (one latent number a qubit)",
      ),
    output: z
      .enum(["fixed", "trained"])
      .default("fixed")
      .describe("samples are scale · ⟨Z⟩ + shift: fixed, or both trained for each column"),
    outputScale: dynamic(z.number().positive())
      .default(1)
      .describe("scale of the output, initial where it is trained; samples stay within it"),
    initialAngle: dynamic(z.number().min(0))
      .default(Math.PI)
      .describe("trainable angles begin uniform on ± this (radians)"),
    hidden: z
      .array(z.int().min(1).max(4096))
      .min(1)
      .max(8)
      .default([64, 64])
      .describe("widths of the critic's hidden layers"),
    activation: z
      .enum(["relu", "softplus"])
      .default("relu")
      .describe("of the critic: relu (fused kernel) or softplus (tf operations, slower)"),
    penalty: z
      .enum(["oneSided", "twoSided"])
      .default("oneSided")
      .describe("slopes of the critic that are penalised: above 1, or all but 1"),
    lambda: dynamic(z.number().min(0)).default(10).describe("weight λ of the gradient penalty"),
  })
  .prefault({});

const train: z.ZodType<TrainConfig> = z
  .strictObject({
    steps: z.int().min(1).default(3000).describe("training steps; one generator update each"),
    criticSteps: z.int().min(1).default(5).describe("critic updates per generator update"),
    batch: z.int().min(1).default(64).describe("samples in a mini-batch"),
    ...adamSettings(0.9),
    criticRate: rateSetting(5e-3, "the critic"),
    generatorRate: rateSetting(5e-3, "the generator"),
    schedule: scheduleSetting("learning rates"),
    finalFraction: dynamic(z.number().min(0).max(1))
      .default(0.1)
      .describe("cosine: last rate over first"),
    ema: averageSetting("the generator that is evaluated and sampled; null: the last one"),
    evaluateEvery: validateEverySetting(),
  })
  .prefault({});

const evaluate: z.ZodType<EvaluateConfig> = z
  .strictObject({
    n: z.int().min(100).default(100_000).describe("generated samples in the test, and real ones"),
    validation: validationSetting(),
    bins: z.int().min(1).default(50).describe("bins of the histograms of each column"),
    range: z
      .tuple([z.number(), z.number()])
      .nullable()
      .default(null)
      .describe("interval of the histograms; null: [-1, 1], or what the law needs"),
    shots: z
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe("also evaluate with ⟨Z⟩ estimated from this many shots a sample; null: do not"),
    shotRows: z.int().min(100).default(10_000).describe("samples in the evaluation with shots"),
    gateError: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe(
        "with shots: depolarizing probability behind every two-qubit gate, a tenth of it behind the others",
      ),
    readoutError: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe("with shots: probability of reading a bit wrongly"),
  })
  .prefault({});

const PLANE = ["ring", "grid", "circles"];

/** What single values cannot show: which of them do not go together. */
function faultsOf(config: HybridConfig): Fault[] {
  const { data, model, train, evaluate } = config;
  const columns = data.file !== null ? (data.columns?.length ?? 1) : PLANE.includes(data.law) ? 2 : 1; // prettier-ignore
  return [
    ...fault(train.steps <= MAX_STEPS, "train.steps", `must be ≤ ${String(MAX_STEPS)}, got ${String(train.steps)}`), // prettier-ignore
    ...fault(
      model.ansatz !== "notebook" || model.qubits === 2,
      "model.qubits",
      `must be 2 with ansatz notebook, got ${String(model.qubits)}`,
    ),
    ...fault(
      model.latentMap !== "none" || model.inputs === model.qubits,
      "model.inputs",
      `must be ${String(model.qubits)}, the number of qubits, with latentMap none, got ${String(model.inputs)}`,
    ),
    ...fault(
      model.qubits >= columns,
      "model.qubits",
      `must be ≥ ${String(columns)}, the number of columns of the data, got ${String(model.qubits)}`,
    ),
    ...fault(
      data.weights === null || data.weights.length === data.means.length,
      "data.weights",
      `must have one weight for each of the ${String(data.means.length)} means, got ${String(data.weights?.length)}`,
    ),
    ...fault(
      data.weights?.some((weight) => weight > 0) ?? true,
      "data.weights",
      "must not all be 0",
    ),
    ...fault(
      evaluate.range === null || evaluate.range[0] < evaluate.range[1],
      "evaluate.range",
      `must be [lo, hi] with lo < hi, got [${String(evaluate.range)}]`,
    ),
  ];
}

/** Of the numbers that settings and seeds give: see `numericsVersion` of a model. */
export const hybridNumericsVersion: number = 2;

/** The schema of a hybrid QGAN's configuration. */
export const hybridSchema: z.ZodType<HybridConfig> = populationSchema(
  z.strictObject({
    seed: seedSchema(),
    replicas: replicasSchema(
      8,
      "generators and critics trained together, each pair with its own seed",
    ),
    data,
    model,
    train,
    evaluate,
  }),
  faultsOf,
);

/**
 * `robust` is the default. `trainable` is a trainable circuit, which does better; `plane` a larger one for sets in the
 * plane, whose data are a ring unless others are named. `paper` is the author's notebook, to
 * the letter: its two-sided penalty with λ = 10 locks the critic's slope where it began, and training does not converge.
 */
export const hybridPresets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  robust: {},
  trainable: {
    model: { ansatz: "rotations", layers: 1, outputScale: 2 },
  },
  plane: {
    data: { law: "ring" },
    model: {
      ansatz: "reuploading",
      qubits: 3,
      layers: 4,
      inputs: 3,
      output: "trained",
      outputScale: 1.5,
    },
  },
  paper: {
    model: { penalty: "twoSided" },
    train: {
      steps: 1601,
      batch: 32,
      beta2: 0.999,
      criticRate: 1e-4,
      generatorRate: 1e-4,
      schedule: "constant",
      ema: null,
    },
  },
};
