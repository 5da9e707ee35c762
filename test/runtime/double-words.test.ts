// Arithmetic of twice the digits of float32 on the device: against float64, which holds a product of two float32 exactly.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { DOUBLE_WORDS, OPAQUE } from "../../kernels/runtime/gpu/double-words.js";
import { runOnDevice } from "../../kernels/runtime/gpu/passes.js";
import { normals } from "../../benchmarks/cases/plain.js";
import { onEachBackend } from "../support/backends.js";
import { tensorOf } from "../support/tensors.js";
import type { WebgpuBackend } from "../../kernels/runtime/gpu/access.js";
import type { GpuProgram } from "../../kernels/runtime/gpu/pipelines.js";

/** Of each pair of numbers: sum, product, their sum, and that over the second. */
const program: GpuProgram = {
  name: "double words",
  reads: { a: "f32", b: "f32" },
  writes: { results: "vec2<f32>" },
  numbers: OPAQUE.numbers,
  code: `
${DOUBLE_WORDS}
fn item(index : u32) {
  let sum = twoSum(a[index], b[index]);
  let product = twoProduct(a[index], b[index]);
  let all = plusProduct(sum, vec2<f32>(a[index], 0.0), vec2<f32>(b[index], 0.0));
  results[4u * index] = sum; results[4u * index + 1u] = product;
  results[4u * index + 2u] = all; results[4u * index + 3u] = over(all, b[index]);
}`,
};

const COUNT = 2000;

/** Results as numbers of float64. */
async function results(a: tf.Tensor, b: tf.Tensor): Promise<Float64Array> {
  const work = {
    outputs: ["results"],
    passes: [{ program, items: COUNT, numbers: OPAQUE.values }],
  };
  const gpu = tf.backend() as unknown as WebgpuBackend;
  const [info] = runOnDevice(gpu, "double words", { a, b }, work, [[COUNT, 8]]);
  const tensor = tf.engine().makeTensorFromTensorInfo(info!);
  const words = await tensor.data();
  tensor.dispose();
  return Float64Array.from({ length: 4 * COUNT }, (_, i) => words[2 * i]! + words[2 * i + 1]!);
}

onEachBackend("double words", (backend) => {
  if (backend !== "webgpu") return;

  it("keep what float32 rounds away", async () => {
    // Of magnitudes from 1e-4 to 1e4 beside each other, of either sign.
    const spread = ({ shape, values }: ReturnType<typeof normals>, period: number) => ({
      shape,
      values: values.map((x, i) => x * 10 ** ((i % period) - 4)),
    });
    const [x, y] = [spread(normals([61, 1], [COUNT]), 9), spread(normals([61, 2], [COUNT]), 7)];
    const [a, b] = [tensorOf(x), tensorOf(y)];
    const found = await results(a, b);
    tf.dispose([a, b]);
    const worst = [0, 0, 0, 0];
    const check = (which: number, at: number, expected: number, scale: number): void => {
      const error = Math.abs(found[4 * at + which]! - expected) / scale;
      worst[which] = Math.max(worst[which]!, Number.isNaN(error) ? Infinity : error);
    };
    for (let i = 0; i < COUNT; i++) {
      const [p, q] = [x.values[i]!, y.values[i]!];
      const size = Math.max(Math.abs(p), Math.abs(q), Math.abs(p * q));
      check(0, i, p + q, size);
      check(1, i, p * q, Math.abs(p * q));
      check(2, i, p + q + p * q, size);
      check(3, i, (p + q + p * q) / q, size / Math.abs(q));
    }
    worst.forEach((error, which) =>
      expect(error, ["sum", "product", "sum of both", "quotient"][which]).to.be.at.most(2 ** -44),
    );
  });
});
