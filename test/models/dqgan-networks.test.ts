// The two networks: values against the float64 reference, angles, encodings, laws of the latent angles.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/index.js";
import { dqganConfig } from "../../src/models/index.js";
import { drawLatent, generate, measure } from "../../src/models/dqgan/networks.js";
import { stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { blochVectors, normals, uniforms } from "../support/network-reference.js";
import { read, tensorOf } from "../support/tensors.js";
import type { ModelConfig } from "../../src/models/index.js";
import type { PlainProblem } from "../support/network-reference.js";

const [P, S, N, M] = [2, 7, 2, 3];
const theta = uniforms([P, S, N], 0, 0, Math.PI);
const J = normals([P, M, N, 3, 3], 1);
const model = (options: Partial<ModelConfig>): ModelConfig => dqganConfig({ model: options }).model;
const tensors = (): [tf.Tensor, tf.Tensor] => [
  tensorOf({ shape: [...theta.shape], values: Float32Array.from(theta.values) }),
  tensorOf({ shape: [...J.shape], values: Float32Array.from(J.values) }),
];

/** ⟨σ_z⟩ in float64. */
function sigmaZ(problem: Partial<PlainProblem>): number[] {
  return blochVectors({ theta, J, gamma: Infinity, ...problem }, [P, S]).filter(
    (_, i) => i % 3 === 2,
  );
}

const measured = (options: Partial<ModelConfig>): Promise<Float32Array> =>
  read(() => measure(...tensors(), model(options)));
const generated = (options: Partial<ModelConfig>): Promise<Float32Array> =>
  read(() => generate(...tensors(), model(options)));

describe("measure()", () => {
  before(() => useBackend("wasm"));

  it("is ⟨σ_z⟩ of every output in the limit", async () => {
    closeTo(await measured({}), sigmaZ({}), { atol: 2e-6 });
  });

  it("is ⟨σ_z⟩ of the effective equation at the stated Γ and polarization", async () => {
    const options = { forward: "effective", gamma: 20, polarization: 0.7 } as const;
    closeTo(await measured(options), sigmaZ({ gamma: 20, polarization: 0.7 }), { atol: 2e-6 });
  });

  it("does not know Γ in the limit", async () => {
    closeTo(await measured({ gamma: 3 }), await measured({ gamma: 3000 }), {});
  });

  it("turns the polarization around for operators as printed", async () => {
    const printed = { encoding: "asPrinted" } as const;
    const effective = { forward: "effective", gamma: 20, polarization: 0.7 } as const;
    const flipped = (s: Float32Array): Float32Array => s.map((x) => -x);
    closeTo(await measured(printed), flipped(await measured({})), { atol: 2e-7 });
    closeTo(
      await measured({ ...effective, ...printed }),
      await measured({ ...effective, polarization: -0.7 }),
      {},
    );
    closeTo(
      await measured({ ...effective, ...printed }),
      sigmaZ({ gamma: 20, polarization: -0.7 }),
      { atol: 2e-6 },
    );
  });
});

describe("generate()", () => {
  before(() => useBackend("wasm"));

  it("is the arccos of ⟨σ_z⟩ scaled by 1 - 1e-5", async () => {
    const angles = sigmaZ({}).map((s) => Math.acos((1 - 1e-5) * s));
    closeTo(await generated({}), angles, { atol: 5e-6 });
  });

  it("is finite with a finite gradient where ⟨σ_z⟩ is ±1", async () => {
    // J proportional to the unit matrix gives r = v, so θ out is θ in.
    const identity = tf.tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 1, 1, 3, 3]);
    const poles = tf.tensor([0, Math.PI], [1, 2, 1]);
    const out = await read(() => generate(poles, identity, model({ inputs: 1 })));
    const edge = Math.acos(1 - 1e-5);
    closeTo(out, [edge, Math.PI - edge], { atol: 2e-4 });
    const slope = await read(() =>
      tf.grad((j: tf.Tensor) => generate(poles, j, model({ inputs: 1 })))(identity),
    );
    expect(slope.every(Number.isFinite)).to.equal(true);
    tf.dispose([identity, poles]);
  });
});

/** Mean, variance and range of latent angles, `n` rows of two replicas. */
async function latent(options: Partial<ModelConfig>, n: number): Promise<Float32Array[]> {
  const streams = [stream(1, "latent", 3), stream(2, "latent", 3)];
  const values = await read(() => drawLatent(streams, n, model(options)));
  return [values.subarray(0, values.length / 2), values.subarray(values.length / 2)];
}

const meanOf = (x: ArrayLike<number>): number =>
  Array.from(x).reduce((a, b) => a + b, 0) / x.length;

describe("drawLatent()", () => {
  before(() => useBackend("wasm"));
  const n = 20_000;

  /** Five standard errors of a mean, from the law's exact moments. */
  const within = (actual: number, mean: number, variance: number): void =>
    closeTo(actual, mean, { atol: 5 * Math.sqrt(variance / (2 * n)) });

  for (const { law, hi } of [
    { law: "uniform", hi: Math.PI },
    { law: "circle", hi: 2 * Math.PI },
  ] as const) {
    it(`${law}: is uniform on [0, ${hi === Math.PI ? "π" : "2π"})`, async () => {
      for (const x of await latent({ latent: law }, n)) {
        expect(Math.min(...x)).to.be.within(0, 0.01);
        expect(Math.max(...x)).to.be.within(hi - 0.01, hi);
        within(meanOf(x), hi / 2, hi ** 2 / 12);
        // Fourth central moment of a uniform law: w⁴/80.
        within(
          meanOf(x.map((t) => (t - hi / 2) ** 2)),
          hi ** 2 / 12,
          hi ** 4 / 80 - (hi ** 2 / 12) ** 2,
        );
      }
    });
  }

  it("normal: has the stated mean and standard deviation", async () => {
    for (const x of await latent({ latent: "normal", latentMean: 1.1, latentStd: 0.3 }, n)) {
      within(meanOf(x), 1.1, 0.09);
      within(meanOf(x.map((t) => (t - 1.1) ** 2)), 0.09, 2 * 0.09 ** 2);
    }
  });

  it("gives each replica the numbers it would draw alone, with any number of inputs", async () => {
    for (const inputs of [1, 2, 3]) {
      const [first, second] = await latent({ inputs }, 5);
      const alone = await read(() => drawLatent([stream(2, "latent", 3)], 5, model({ inputs })));
      expect(first).to.have.length(5 * inputs);
      closeTo(second!, alone, {});
    }
  });

  it("can be entered at any fourth row", async () => {
    const from = [stream(1, "latent")];
    for (const law of ["normal", "uniform", "circle"] as const) {
      const config = model({ latent: law, inputs: 3 });
      const all = await read(() => drawLatent(from, 20, config));
      closeTo(await read(() => drawLatent(from, 12, config, 8)), all.subarray(24), {}, law);
    }
  });
});
