// A user of the packed package, in plain JavaScript: a steady state of the dissipative network and its
// gradient against known values. Run by scripts/check-pack.sh inside an empty project.

import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { network, useBackend } from "zenoflow";

// One input, one output, Γ = 1000, z = 1: the float64 solution of the effective equation, and its
// derivative by θ from central differences in float64.
const BLOCH = [0.552250499132, -0.3828171001403, -0.428735640447];
const SLOPE = [-0.0811778, -0.3754487, 0.1253091];

const { name } = await useBackend("wasm");
assert.equal(name, "wasm");

const theta = tf.tensor2d([[0.986]]);
const J = tf.tensor4d(
  [
    [
      [
        [-1.17, 1.351, 0.834],
        [1.138, -0.886, 0.685],
        [-0.519, -0.457, 0.507],
      ],
    ],
  ],
  [1, 1, 3, 3],
);

const bloch = (angles) =>
  network.steadyState({ theta: angles, J, gamma: 1000, polarization: 1 }, { path: "effective" });

const near = (actual, expected, tolerance) =>
  assert.ok(Math.abs(actual - expected) < tolerance, `expected ${expected}, but got ${actual}`);

const r = bloch(theta);
assert.deepEqual(r.shape, [1, 1, 3]);
(await r.data()).forEach((value, l) => near(value, BLOCH[l], 1e-6));

for (const [l, slope] of SLOPE.entries()) {
  const gradient = tf.grad((angles) => bloch(angles).slice([0, 0, l], [1, 1, 1]).sum())(theta);
  near((await gradient.data())[0], slope, 1e-5);
}

console.log("plain Node: steady state and gradient are right");
