// The optimisers against loops in float64.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { normalArray, stream } from "../../src/random.js";
import { useBackend } from "../../src/index.js";
import { adam, ascent } from "../../src/learning/optimizer.js";
import { closeTo } from "../support/close-to.js";
import type { PerReplica } from "../../src/learning/per-replica.js";
import type { AdamOptions, Optimizer } from "../../src/learning/optimizer.js";

/** Options that all replicas share. */
type OneAdam = Readonly<Record<keyof AdamOptions, number>>;

const ADAM: OneAdam = { beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
const SHAPE = [2, 3];

/** Gradients of `steps` steps for parameters of {@link SHAPE}. */
function gradientsOf(steps: number): Float32Array[] {
  return Array.from({ length: steps }, (_, t) => normalArray(stream(4, "problemGenerators", t), 6));
}

/** Parameters after steps with the gradients, from zero. */
async function follow(
  optimizer: Optimizer,
  gradients: readonly Float32Array[],
  rate: PerReplica,
): Promise<Float32Array> {
  const parameters = tf.tidy(() => {
    let state = optimizer.init(SHAPE);
    let x: tf.Tensor = tf.zeros(SHAPE);
    gradients.forEach((gradient, i) => {
      const slope = { parameters: x, gradient: tf.tensor(gradient, SHAPE) };
      ({ parameters: x, state } = optimizer.step(slope, rate, state, i + 1));
    });
    return x;
  });
  const values = (await parameters.data<"float32">()).slice();
  parameters.dispose();
  return values;
}

/** Adam of Kingma and Ba, ascending, in float64. */
function adamLoop(
  gradients: readonly ArrayLike<number>[],
  rate: number,
  { beta1, beta2, epsilon }: OneAdam,
  entry: number,
): number {
  let [x, m, v] = [0, 0, 0];
  gradients.forEach((gradient, i) => {
    const g = gradient[entry]!;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const mHat = m / (1 - beta1 ** (i + 1));
    const vHat = v / (1 - beta2 ** (i + 1));
    x += (rate * mHat) / (Math.sqrt(vHat) + epsilon);
  });
  return x;
}

describe("adam()", () => {
  before(() => useBackend("wasm"));

  for (const options of [ADAM, { beta1: 0.9, beta2: 0.99, epsilon: 1e-3 }, { ...ADAM, beta1: 0 }]) {
    it(`follows the published loop with ${JSON.stringify(options)}`, async () => {
      const gradients = gradientsOf(50);
      const actual = await follow(adam(options), gradients, 0.01);
      const expected = SHAPE.reduce((a, b) => a * b, 1);
      closeTo(
        actual,
        Array.from({ length: expected }, (_, i) => adamLoop(gradients, 0.01, options, i)),
        { rtol: 1e-5, atol: 1e-6 },
      );
    });
  }

  it("takes steps of the learning rate, up the gradient, whatever its size", async () => {
    const gradient = Float32Array.of(1e-3, -1e-3, 5, -5, 1e3, -1e3);
    const actual = await follow(adam(ADAM), [gradient], 0.01);
    closeTo(actual, [0.01, -0.01, 0.01, -0.01, 0.01, -0.01], { rtol: 2e-5 });
  });

  it("has one learning rate for each replica", async () => {
    const gradients = gradientsOf(5);
    const actual = await follow(adam(ADAM), gradients, [0.01, 0.3]);
    const expected = [0, 1, 2, 3, 4, 5].map((i) =>
      adamLoop(gradients, i < 3 ? 0.01 : 0.3, ADAM, i),
    );
    closeTo(actual, expected, { rtol: 1e-5, atol: 1e-6 });
  });

  it("has decays and an epsilon for each replica, with the bits of plain numbers", async () => {
    const gradients = gradientsOf(5);
    const each = { beta1: [0.5, 0.9], beta2: [0.999, 0.9], epsilon: [1e-8, 0.1] };
    const actual = await follow(adam(each), gradients, 0.01);
    for (const p of [0, 1]) {
      const own = { beta1: each.beta1[p]!, beta2: each.beta2[p]!, epsilon: each.epsilon[p]! };
      const alone = await follow(adam(own), gradients, 0.01);
      expect(actual.subarray(3 * p, 3 * p + 3)).to.deep.equal(alone.subarray(3 * p, 3 * p + 3));
    }
  });

  it("stands still where the gradient is 0", async () => {
    const actual = await follow(adam(ADAM), [new Float32Array(6)], 1);
    closeTo(actual, [0, 0, 0, 0, 0, 0], {});
  });

  it("starts from zero moments of the parameters' shape", () => {
    const { m, v } = adam(ADAM).init(SHAPE);
    expect([m!.shape, v!.shape]).to.deep.equal([SHAPE, SHAPE]);
    tf.dispose([m!, v!]);
  });
});

describe("ascent()", () => {
  before(() => useBackend("wasm"));

  it("adds the gradient times each replica's rate", async () => {
    const gradients = gradientsOf(1);
    const actual = await follow(ascent(), gradients, [0.5, 2]);
    closeTo(
      actual,
      Array.from(gradients[0]!, (g, i) => (i < 3 ? 0.5 : 2) * g),
      { rtol: 1e-6 },
    );
  });

  it("keeps no state", () => {
    expect(ascent().init(SHAPE)).to.deep.equal({});
  });
});
