// The stock kernels of tensorflow that are replaced.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { patchTensorflow, TENSORFLOW_REPLACEMENTS } from "../../kernels/runtime/patches/index.js";
import { onEachBackend } from "../support/backends.js";
import { read } from "../support/tensors.js";

onEachBackend("patchTensorflow()", (backend) => {
  it("leaves steps as they are everywhere: of zeros, of what is not a number, with a slope", async () => {
    // Programs on a device may assume that nothing is not a number.
    const rest = backend === "webgpu" ? [] : [NaN];
    const x = (): tf.Tensor => tf.tensor1d([-3, -0, 0, 1e-30, 2, Infinity, -Infinity, ...rest]);
    const expected = [0, 0, 0, 1, 1, 1, 0, ...rest];
    expect(Array.from(await read(() => tf.step(x())))).to.deep.equal(expected);
    // Stock backends disagree on a slope: 1 above 0 everywhere.
    const sloped = await read(() => tf.step(tf.tensor1d([1, 2]), 0.25));
    expect(Array.from(sloped)).to.deep.equal([1, 1]);
  });

  it("replaces each kernel once", () => {
    if (backend !== "tensorflow") return;
    for (const name of TENSORFLOW_REPLACEMENTS) {
      const { kernelFunc } = tf.getKernel(name, "tensorflow");
      patchTensorflow();
      expect(tf.getKernel(name, "tensorflow").kernelFunc).to.equal(kernelFunc);
    }
  });

  it("runs few operations for the gradient of relu", async () => {
    const ran = await tf.profile(() => tf.step(tf.tensor1d([1, -1, 2])));
    // Stock tensorflow: seven.
    expect(ran.kernels.length).to.be.at.most(3);
    tf.dispose(ran.result);
  });
});
