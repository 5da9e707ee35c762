// The stock kernels of cpu that are replaced. That their numbers are right is tested on every backend, in
// patched-products.test.ts.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { CPU_REPLACEMENTS, patchCpu } from "../../kernels/runtime/patches/index.js";
import { useBackend } from "../../src/backend.js";
import { closeTo } from "../support/close-to.js";
import { read } from "../support/tensors.js";
import type { Tensor4D, Tensor } from "@tensorflow/tfjs";

describe("patchCpu()", () => {
  before(() => useBackend("cpu"));

  it("replaces each kernel once", () => {
    expect(CPU_REPLACEMENTS).to.not.be.empty;
    const functions = CPU_REPLACEMENTS.map((name) => tf.getKernel(name, "cpu").kernelFunc);
    patchCpu();
    expect(CPU_REPLACEMENTS.map((name) => tf.getKernel(name, "cpu").kernelFunc)).to.deep.equal(
      functions,
    );
  });

  it("leaves data with the channels first to the stock kernels, which give the same", async () => {
    const x = (): Tensor4D => tf.reshape(tf.sin(tf.range(0, 2 * 5 * 5 * 3)), [2, 5, 5, 3]);
    const w = (): Tensor4D => tf.reshape(tf.cos(tf.range(0, 3 * 3 * 3 * 2)), [3, 3, 3, 2]);
    const squares = (y: Tensor): Tensor => tf.sum(tf.square(y));
    const last = await read(() =>
      tf.grad((filter) => squares(tf.conv2d(x(), filter as Tensor4D, 2, "same")))(w()),
    );
    const first = await read(() => {
      const moved = tf.transpose(x(), [0, 3, 1, 2]);
      return tf.grad((filter) => squares(tf.conv2d(moved, filter as Tensor4D, 2, "same", "NCHW")))(
        w(),
      );
    });
    closeTo(last, first, { rtol: 1e-4, atol: 1e-4 });
  });
});
