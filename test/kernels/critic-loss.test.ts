// The losses of a critic against what is not this code: closed forms of small networks, and tfjs differentiating the
// gradient of an ordinary network.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import {
  criticLoss,
  criticLossAndGradient,
  parameterCount,
} from "../../kernels/critic-loss/index.js";
import { useBackend } from "../../src/index.js";
import { dense } from "../../src/learning/dense.js";
import { gradientPenalty } from "../../src/learning/gradient-penalty.js";
import { normal } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { onEachBackend } from "../support/backends.js";
import { read } from "../support/tensors.js";
import type { Tensor } from "@tensorflow/tfjs";

const hidden = [9, 6];
const [P, B, d] = [2, 7, 2];
const K = parameterCount(d, hidden);
const streams = [0, 1].map((seed) => ({ seed, substream: 5 }));
const parameters = (): Tensor => normal(streams, [K], { std: 0.6 });
const points = (): Tensor => normal(streams, [3, B, d], { offset: 1024 });

onEachBackend("criticLoss()", () => {
  it("is what one unit gives by hand", async () => {
    // D(x) = 3 relu(2 x − 1) + 0.5: slope 6 above ½, 0 below.
    const one = tf.tensor2d([[2, -1, 3, 0.5]]);
    const x = tf.tensor4d([
      [
        [[1], [0]],
        [[2], [0.75]],
        [[1], [0]],
      ],
    ]);
    const values = { real: (3.5 + 0.5) / 2, generated: (9.5 + 2) / 2 };
    const oneSided = { hidden: [1], penalty: "oneSided" } as const;
    const twoSided = { hidden: [1], penalty: "twoSided" } as const;
    const { real, generated } = values;
    closeTo(await read(() => criticLoss(one, x, oneSided)), [real, generated, 25 / 2], { rtol: 1e-6 }); // prettier-ignore
    // Where the unit is off, |∇D| is √1e-12.
    const off = (1e-6 - 1) ** 2;
    closeTo(await read(() => criticLoss(one, x, twoSided)), [real, generated, (25 + off) / 2], { rtol: 1e-6 }); // prettier-ignore
  });

  for (const penalty of ["oneSided", "twoSided"] as const) {
    it(`has the gradient that second derivatives of the network give: ${penalty}`, async () => {
      const network = (w: Tensor) => (x: Tensor): Tensor => dense(w, x, { hidden, activation: "relu" }); // prettier-ignore
      const loss = (w: Tensor): Tensor => {
        const [real, generated, middle] = tf.unstack(points(), 1) as [Tensor, Tensor, Tensor];
        const means = tf.sub(tf.mean(network(w)(generated), 1), tf.mean(network(w)(real), 1));
        return tf.add(means, tf.mul(10, gradientPenalty(network(w), middle, penalty)));
      };
      const expected = await read(() => tf.grad(loss)(parameters()));
      const weights = tf.tensor2d([[-1, 1, 10], [-1, 1, 10]]); // prettier-ignore
      const { values, gradient } = criticLossAndGradient(parameters(), points(), weights, { hidden, penalty }); // prettier-ignore
      const scale = Math.max(...expected.map(Math.abs));
      closeTo(await gradient.data(), expected, { atol: 1e-5 * scale });
      const value = await read(() => loss(parameters()));
      const three = await values.data();
      const total = [0, 1].map((p) => three[3 * p + 1]! - three[3 * p]! + 10 * three[3 * p + 2]!);
      closeTo(total, value, { rtol: 1e-5, atol: 1e-5 });
    });
  }
});

describe("criticLoss()", () => {
  before(() => useBackend("wasm"));

  it("shows parameters that are not finite as NaN", async () => {
    const broken = tf.fill([1, K], NaN);
    const options = { hidden, penalty: "oneSided" } as const;
    const weights = tf.tensor2d([[-1, 1, 10]]);
    const x = tf.slice(points(), [0, 0, 0, 0], [1, 3, B, d]);
    const { values, gradient } = criticLossAndGradient(broken, x, weights, options);
    expect([...(await values.data())].every(Number.isNaN)).to.equal(true);
    expect([...(await gradient.data())].some(Number.isNaN)).to.equal(true);
  });

  it("names the shapes that it needs", () => {
    const call = (): unknown =>
      criticLoss(tf.zeros([2, 5]), tf.zeros([2, 3, 4, 1]), { hidden: [4], penalty: "oneSided" });
    expect(call).to.throw(
      "criticLoss: arguments `points` and `parameters` must have shapes [P, 3, B, d] with B > 0 and [P, 13] for hidden layers [4], at least one, but have [2, 3, 4, 1] and [2, 5].",
    );
    const empty = (): unknown =>
      criticLoss(tf.zeros([2, 13]), tf.zeros([2, 3, 0, 1]), { hidden: [4], penalty: "oneSided" });
    expect(empty).to.throw("B > 0");
  });

  it("counts weights and biases", () => {
    expect(parameterCount(1, [64, 64])).to.equal(64 + 64 + 64 * 64 + 64 + 64 + 1);
    expect(K).to.equal((d + 1) * 9 + 10 * 6 + 7);
    expect(P).to.equal(streams.length);
  });
});
