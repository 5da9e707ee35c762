// The gradient penalty against closed forms: critics whose slope is known.

import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../src/index.js";
import { dense } from "../../src/learning/dense.js";
import { between, gradientPenalty } from "../../src/learning/gradient-penalty.js";
import { closeTo } from "../support/close-to.js";
import { onEachBackend } from "../support/backends.js";
import { read } from "../support/tensors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { PenaltySide } from "../../src/learning/gradient-penalty.js";

/** D(x) = w·x for weights `[P, d]`. */
const linear =
  (w: Tensor) =>
  (x: Tensor): Tensor =>
    tf.sum(tf.mul(x, tf.expandDims(w, 1)), 2);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log1p(Math.exp(x));

onEachBackend("gradientPenalty()", () => {
  const WEIGHTS = [
    [3, 4],
    [0.3, -0.4],
  ];
  const cases: readonly (readonly [PenaltySide, readonly number[]])[] = [
    ["twoSided", [16, 0.25]],
    ["oneSided", [16, 0]],
  ];
  for (const [side, expected] of cases) {
    it(`is the squared distance of |w| from 1 for D = w·x: ${side}`, async () => {
      const points = tf.ones([2, 5, 2]);
      const penalty = (w: Tensor): Tensor => gradientPenalty(linear(w), points, side);
      closeTo(await read(() => penalty(tf.tensor2d(WEIGHTS))), expected, {
        rtol: 1e-5,
        atol: 1e-7,
      });
      // d(|w| − 1)²/dw = 2 (|w| − 1) w/|w|.
      const gradient = await read(() => tf.grad(penalty)(tf.tensor2d(WEIGHTS)));
      const slopes = WEIGHTS.map((w, p) => {
        const norm = Math.hypot(...w);
        return w.map((x) => (expected[p] === 0 ? 0 : (2 * (norm - 1) * x) / norm));
      });
      closeTo(gradient, slopes.flat(), { rtol: 1e-5, atol: 1e-6 });
    });
  }

  it("has the exact derivative through the second derivative of softplus", async () => {
    // D = v softplus(w x + b) + c, slope s = v w σ(z), penalty (|s| − 1)² with one point x.
    const [w, b, v, c, x] = [0.8, -0.3, 2.5, 0.1, 0.7];
    const z = w * x + b;
    const [on, bend] = [sigmoid(z), sigmoid(z) * (1 - sigmoid(z))];
    const s = v * w * on;
    const factor = 2 * (s - 1);
    const expected = [factor * v * (on + w * bend * x), factor * v * w * bend, factor * w * on, 0];
    const points = tf.tensor3d([[[x]]]);
    const options = { hidden: [1], activation: "softplus" } as const;
    const penalty = (parameters: Tensor): Tensor =>
      gradientPenalty((y) => dense(parameters, y, options), points, "twoSided");
    const parameters = (): Tensor => tf.tensor2d([[w, b, v, c]]);
    closeTo(await read(() => penalty(parameters())), [(s - 1) ** 2], { rtol: 1e-5 });
    closeTo(await read(() => tf.grad(penalty)(parameters())), expected, { rtol: 1e-5, atol: 1e-6 });
    const value = v * softplus(z) + c;
    closeTo(await read(() => dense(parameters(), points, options)), [value], { rtol: 1e-6 });
  });
});

describe("between()", () => {
  before(() => useBackend("wasm"));

  it("is x at 1, y at 0 and on the line between", async () => {
    const [x, y] = [tf.tensor3d([[[2, 4], [2, 4], [2, 4]]]), tf.zeros([1, 3, 2])]; // prettier-ignore
    const a = tf.tensor3d([[[1], [0], [0.25]]]);
    closeTo(await read(() => between(a, x, y)), [2, 4, 0, 0, 0.5, 1], {});
  });
});
