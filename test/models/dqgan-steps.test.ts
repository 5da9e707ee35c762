// One step of the training against the algorithm in float64: which samples are drawn, which networks see them, and
// where each update goes. Gradients are central differences of the losses.

import { expect } from "chai";
import { effectiveSteadyState } from "../../kernels/effective-steady-state/reference.js";
import { random, useBackend } from "../../src/index.js";
import { configOfOne, dqganConfig, dqganSchema } from "../../src/models/index.js";
import { closeTo } from "../support/close-to.js";
import { tiny, trained } from "./runs.js";
import type { DqganConfig as Any, DqganOptions, OfOne } from "../../src/models/index.js";

type DqganConfig = OfOne<Any>;
type Rows = readonly (readonly number[])[];
type Couplings = readonly number[];

/** ⟨σ_z⟩ of every output for every row of angles; couplings `[M][N][3][3]`, flat. */
function measure(rows: Rows, J: Couplings, { model }: DqganConfig): number[][] {
  const sign = model.encoding === "encoded" ? 1 : -1;
  const gamma = model.forward === "limit" ? Infinity : model.gamma;
  return rows.map((theta) => {
    const size = 9 * theta.length;
    return Array.from({ length: J.length / size }, (_, m) => {
      const own = J.slice(m * size, (m + 1) * size);
      const matrices = theta.map((_t, n) =>
        [0, 1, 2].map((k) => own.slice(9 * n + 3 * k, 9 * n + 3 * k + 3)),
      );
      const polarization = sign * model.polarization;
      return effectiveSteadyState({ theta, J: matrices, gamma, polarization })[2];
    });
  });
}

const generate = (rows: Rows, J: Couplings, config: DqganConfig): number[][] =>
  measure(rows, J, config).map((row) => row.map((s) => Math.acos((1 - 1e-5) * s)));

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

/** ⟨ln S(k s)⟩ or ⟨(1 + s)/2⟩ over rows and heads; `sign` -1 for the other class. */
function score(s: Rows, sign: 1 | -1, { model: { algorithm, k } }: DqganConfig): number {
  const one = (x: number): number =>
    algorithm === 1 ? (1 + sign * x) / 2 : -Math.log1p(Math.exp(-sign * k * x));
  return mean(s.flat().map(one));
}

function gradient(f: (J: Couplings) => number, J: Couplings): number[] {
  const step = 1e-6;
  return J.map((x, i) => {
    const at = (value: number): number => f(J.with(i, value));
    return (at(x + step) - at(x - step)) / (2 * step);
  });
}

/** Standard normal or uniform numbers of a stream as rows of `width`. */
function rowsOf(values: ArrayLike<number>, width: number, f: (x: number) => number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) =>
    Array.from({ length: width }, (__, c) => f(values[i * width + c]!)),
  );
}

function latentRows(config: DqganConfig, event: number): number[][] {
  const { seed, model, train } = config;
  const [from, n] = [random.stream(seed, "latent", event), train.batch * model.inputs];
  if (model.latent === "normal") {
    const { latentMean, latentStd } = model;
    return rowsOf(random.normalArray(from, n), model.inputs, (z) => latentMean + latentStd * z);
  }
  const width = model.latent === "uniform" ? Math.PI : 2 * Math.PI;
  return rowsOf(random.uniformArray(from, n), model.inputs, (u) => width * u);
}

function lineRows({ seed, train, data }: DqganConfig, event: number): number[][] {
  const z = random.normalArray(random.stream(seed, "data", event), 2 * train.batch);
  return rowsOf(z, 2, (x) => x).map(([a, b]) => {
    const theta = data.mean + data.std * a!;
    return [theta, data.slope * theta + data.intercept + data.noise * b!];
  });
}

function initial(config: DqganConfig, event: number, length: number): number[] {
  const from = random.stream(config.seed, "initialParameters", event);
  return Array.from(random.normalArray(from, length), (z) => config.model.initialStd * z);
}

type Ascend = (J: readonly number[], slope: readonly number[], rate: number) => number[];

/** Plain ascent, or Adam, which counts its own updates. */
function ascent({ train }: DqganConfig): Ascend {
  if (train.optimizer === "sgd") return (J, slope, rate) => J.map((x, i) => x + rate * slope[i]!);
  const { beta1, beta2, epsilon } = train;
  let [m, v, updates]: [number[], number[], number] = [[], [], 0];
  return (J, slope, rate) => {
    updates++;
    m = slope.map((g, i) => beta1 * (m[i] ?? 0) + (1 - beta1) * g);
    v = slope.map((g, i) => beta2 * (v[i] ?? 0) + (1 - beta2) * g * g);
    return J.map((x, i) => {
      const root = Math.sqrt(v[i]! / (1 - beta2 ** updates));
      return x + (rate * m[i]!) / (1 - beta1 ** updates) / (root + epsilon);
    });
  };
}

/** The couplings after some steps. */
function follow(
  config: DqganConfig,
  steps: number,
): Record<"generator" | "discriminator", number[]> {
  const { model, train } = config;
  const k = train.discriminatorSteps;
  let JG = initial(config, 0, 18 * model.inputs);
  let JD = initial(config, 1, 18 * model.heads);
  const [ascendG, ascendD] = [ascent(config), ascent(config)];
  for (let t = 0; t < steps; t++) {
    const decay = (1 + Math.cos((Math.PI * t) / train.steps)) / 2;
    const finalFraction = train.finalFraction ?? { 1: 0.1, 2: 0.02 }[model.algorithm];
    const factor = train.schedule === "cosine" ? finalFraction + (1 - finalFraction) * decay : 1;
    for (let i = 0; i < k; i++) {
      const real = lineRows(config, t * k + i);
      const fake = generate(latentRows(config, t * (k + 1) + i), JG, config);
      const LD = (J: Couplings): number =>
        score(measure(real, J, config), 1, config) + score(measure(fake, J, config), -1, config);
      JD = ascendD(JD, gradient(LD, JD), factor * train.discriminatorRate);
    }
    const latent = latentRows(config, t * (k + 1) + k);
    const LG = (J: Couplings): number =>
      score(measure(generate(latent, J, config), JD, config), 1, config);
    JG = ascendG(JG, gradient(LG, JG), factor * train.generatorRate);
  }
  return { generator: JG, discriminator: JD };
}

const sgd = { optimizer: "sgd", batch: 6, discriminatorRate: 0.5, generatorRate: 0.3 } as const;
const CASES: [string, DqganOptions][] = [
  ["algorithm 1", tiny({ model: { algorithm: 1, heads: 2 }, train: sgd })],
  ["algorithm 2", tiny({ model: { algorithm: 2, heads: 2 }, train: sgd })],
  ["slope 4", tiny({ model: { k: 4, heads: 1 }, train: sgd })],
  [
    "three discriminator steps",
    tiny({ model: { heads: 1 }, train: { ...sgd, discriminatorSteps: 3 } }),
  ],
  ["Adam, three discriminator steps", tiny({ train: { batch: 6, discriminatorSteps: 3 } })],
  ["three inputs, uniform", tiny({ model: { inputs: 3, latent: "uniform" }, train: sgd })],
  ["one input on the circle", tiny({ model: { inputs: 1, latent: "circle" }, train: sgd })],
  [
    "the effective equation",
    tiny({ model: { forward: "effective", gamma: 8, polarization: 0.7 }, train: sgd }),
  ],
  [
    "operators as printed",
    tiny({ model: { forward: "effective", gamma: 8, encoding: "asPrinted" }, train: sgd }),
  ],
  [
    "small couplings, constant rate",
    tiny({
      model: { initialStd: 0.3 },
      train: { ...sgd, schedule: "constant", generatorRate: 0.02, discriminatorRate: 0.02 },
    }),
  ],
  [
    "the paper's final rate",
    tiny({ model: { algorithm: 1 }, train: { ...sgd, finalFraction: null } }),
  ],
];

describe("training", () => {
  before(() => useBackend("wasm"));

  for (const [name, options] of CASES) {
    it(`takes the steps of the algorithm: ${name}`, async () => {
      const { snapshots } = await trained(options);
      const config = configOfOne(dqganSchema, dqganConfig(options), 0);
      for (const steps of [1, 3]) {
        const want = follow(config, steps);
        const { tensors } = snapshots.get(steps)!;
        for (const part of ["generator", "discriminator"] as const)
          closeTo(
            tensors[part]!.values,
            want[part],
            { atol: 2e-5, rtol: 2e-5 },
            `${part} ${steps.toString()}`,
          );
      }
    });
  }

  it("moves the average of J_G by the warm-up rule", async () => {
    const { snapshots } = await trained(tiny({ train: { ema: 0.4 } }));
    let average = snapshots.get(1)!.tensors["average"]!.values;
    for (let step = 2; step <= 8; step++) {
      const { generator, average: next } = snapshots.get(step)!.tensors;
      const d = Math.min(0.4, (1 + step) / (10 + step));
      const want = generator!.values.map((x, i) => d * average[i]! + (1 - d) * x);
      closeTo(next!.values, want, { atol: 1e-6 }, `step ${step.toString()}`);
      average = next!.values;
    }
  });

  it("keeps the last J_G where there is no average", async () => {
    const { last } = await trained(tiny({ train: { ema: null } }));
    expect(last.tensors["average"]!.values).to.deep.equal(last.tensors["generator"]!.values);
  });
});
