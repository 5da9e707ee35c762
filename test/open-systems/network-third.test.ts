// Path "third" of the network's door and the error estimate of validity(), which is made of it. The numbers of the third
// order itself are tested beside the kernel.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, network, useBackend } from "../../src/index.js";
import { closeTo, closeWithin } from "../support/close-to.js";
import { sameBits } from "../support/same-bits.js";
import { read } from "../support/tensors.js";
import { exactCases } from "../kernels/exact-golden.js";
import type { ExactCase } from "../kernels/exact-golden.js";

type Problem = Parameters<typeof network.steadyState>[0];

const problemOf = ({ theta, phi, J, gamma, z }: ExactCase): Problem => ({
  theta: tf.tensor([...theta]),
  phi: tf.tensor([...phi]),
  J: tf.tensor(J.flat(2), [1, theta.length, 3, 3]),
  gamma,
  polarization: z,
});

const layer = (gamma: number, lead: readonly number[] = [5]): Problem => ({
  theta: tf.randomUniform([...lead, 2], 0, 3, "float32", 4),
  J: tf.randomNormal([2, 2, 3, 3], 0, 1, "float32", 5),
  gamma,
});

describe('network.steadyState() with { path: "third" }', () => {
  before(() => useBackend("wasm"));

  it("has the golden third order, its components alone, and the shape of the other paths", async () => {
    const one = exactCases.find(({ name }) => name === "phi-n3-gamma30")!;
    const r = await read(() => network.steadyState(problemOf(one), { path: "third" }));
    closeTo(r, one.r_third, { atol: 2e-6 });
    const y = await read(() =>
      network.steadyState(problemOf(one), { path: "third", observe: "y" }),
    );
    sameBits(y, r.subarray(1, 2), "y");
    const shape = tf.tidy(() => network.steadyState(layer(100), { path: "third" }).shape);
    expect(shape).to.deep.equal([5, 2, 3]);
    const none = tf.tidy(() => network.steadyState(layer(100, [0]), { path: "third" }).shape);
    expect(none).to.deep.equal([0, 2, 3]);
  });

  it("is the limit where Γ is infinite", async () => {
    const [third, limit] = await Promise.all(
      (["third", "limit"] as const).map((path) =>
        read(() => network.steadyState(layer(Infinity), { path })),
      ),
    );
    sameBits(third!, limit!, "r");
  });

  it("has no kernel to take value and gradients from in one pass", () => {
    const one = layer(100);
    expect(() =>
      network.steadyStateAndGradients(one, tf.ones([5, 2, 3]), { path: "third" as "exact" }),
    ).to.throw(ArgumentError, "path");
  });
});

describe("network.validity().error", () => {
  before(() => useBackend("wasm"));

  it("is half the distance of the golden third order and effective equation", async () => {
    for (const one of exactCases) {
      if (one.kappa > 0.5) continue;
      const expected = Math.hypot(...one.r_third.map((x, i) => x - one.r_effective[i]!)) / 2;
      const error = await read(() => network.validity(problemOf(one)).error);
      closeWithin(error, [expected], 2e-6, one.name);
    }
  });

  it("is 0 where Γ is infinite", async () => {
    const error = await read(() => network.validity(layer(Infinity)).error);
    expect(Math.max(...error)).to.be.below(1e-6);
  });
});
