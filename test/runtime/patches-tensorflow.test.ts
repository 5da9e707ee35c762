// The stock kernels of tensorflow that are replaced.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { normals } from "../../benchmarks/cases/plain.js";
import { patchTensorflow, TENSORFLOW_REPLACEMENTS } from "../../kernels/runtime/patches/index.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read } from "../support/tensors.js";

type Shape4D = [number, number, number, number];

/** Batch, rows and columns of the features, features, channels of the images. */
const SPREADS = [
  [2, 3, 5, 7, 1],
  [1, 4, 4, 3, 3],
  [3, 1, 2, 5, 4],
  [1, 2, 3, 4, 6],
] as const;

/** The adjoint of a 4 × 4 convolution of stride 2 in float64, by its definition. */
function spread(
  x: Float32Array,
  w: Float32Array,
  [B, rows, columns, inputs]: Shape4D,
  channels: number,
): Float64Array {
  const out = new Float64Array(B * 2 * rows * 2 * columns * channels);
  const [height, width] = [2 * rows, 2 * columns];
  for (let b = 0; b < B; b++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < 4; k++)
          for (let l = 0; l < 4; l++) {
            const [row, column] = [2 * i + k - 1, 2 * j + l - 1];
            if (row < 0 || column < 0 || row >= height || column >= width) continue;
            for (let c = 0; c < channels; c++)
              for (let f = 0; f < inputs; f++)
                out[((b * height + row) * width + column) * channels + c]! +=
                  w[((4 * k + l) * channels + c) * inputs + f]! *
                  x[((b * rows + i) * columns + j) * inputs + f]!;
          }
  return out;
}

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

  it("spreads features over images as plain loops do", async () => {
    const of = (seed: number, shape: number[]): Float32Array => normals([seed, 1], shape).values;
    for (const [B, rows, columns, inputs, channels] of SPREADS) {
      const [x, w] = [of(1, [B, rows, columns, inputs]), of(2, [4, 4, channels, inputs])];
      const shape: Shape4D = [B, 2 * rows, 2 * columns, channels];
      const found = await read(() =>
        tf.conv2dTranspose(
          tf.tensor4d(x, [B, rows, columns, inputs]),
          tf.tensor4d(w, [4, 4, channels, inputs]),
          shape,
          2,
          "same",
        ),
      );
      closeTo(found, spread(x, w, [B, rows, columns, inputs], channels), { atol: 1e-5 });
    }
  });

  it("spreads onto images in few operations", async () => {
    if (backend !== "tensorflow") return;
    const [x, w] = [tf.ones<tf.Rank.R4>([2, 3, 5, 7]), tf.ones<tf.Rank.R4>([4, 4, 1, 7])];
    const ran = await tf.profile(() => tf.conv2dTranspose(x, w, [2, 6, 10, 1], 2, "same"));
    expect(ran.kernels.map(({ name }) => name)).to.include("DepthToSpace");
    const wide = tf.ones<tf.Rank.R4>([4, 4, 5, 7]);
    const stock = await tf.profile(() => tf.conv2dTranspose(x, wide, [2, 6, 10, 5], 2, "same"));
    expect(stock.kernels.map(({ name }) => name)).to.not.include("DepthToSpace");
    tf.dispose([x, w, wide, ran.result, stock.result]);
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
