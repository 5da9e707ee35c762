// Slices, unstacked and stacked tensors of the wasm backend against indices written out.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/backend.js";
import { WASM_REPLACEMENTS } from "../../kernels/runtime/patches/index.js";
import { read } from "../support/tensors.js";

/** 0, 1, 2, … in row-major order. */
const counted = (shape: readonly number[], dtype: "float32" | "int32" = "float32"): tf.Tensor =>
  tf.reshape(tf.range(0, tf.util.sizeFromShape([...shape]), 1, dtype), [...shape]);

/** The numbers that a slice of {@link counted} holds. */
function sliceOf(
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): number[] {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  return size.reduce<number[]>(
    (rows, length, axis) =>
      rows.flatMap((at) =>
        Array.from({ length }, (_, i) => at + (begin[axis]! + i) * strides[axis]!),
      ),
    [0],
  );
}

/** Shape, begin and size: one to six axes, whole and cut ones in all places, long and short runs, nothing. */
const SLICES: readonly (readonly (readonly number[])[])[] = [
  [[9], [2], [5]],
  [
    [3, 40],
    [1, 3],
    [2, 30],
  ],
  [
    [5, 3],
    [0, 2],
    [5, 1],
  ],
  [
    [4, 3, 5],
    [1, 0, 2],
    [2, 3, 2],
  ],
  [
    [2, 3, 4, 5],
    [0, 1, 0, 1],
    [2, 1, 4, 3],
  ],
  [
    [2, 3, 5, 4, 2],
    [0, 0, 2, 0, 0],
    [2, 3, 1, 4, 2],
  ],
  [
    [2, 3, 2, 2, 3, 2],
    [1, 0, 1, 0, 1, 0],
    [1, 2, 1, 2, 2, 1],
  ],
  [
    [2, 3],
    [1, 1],
    [0, 2],
  ],
];

describe("pieces of tensors on wasm", () => {
  before(() => useBackend("wasm"));

  it("replace the stock kernels", () => {
    expect(WASM_REPLACEMENTS).to.include.members(["Slice", "Unpack", "Pack"]);
  });

  for (const [shape, begin, size] of SLICES as [number[], number[], number[]][])
    it(`are slices [${begin.join()}] + [${size.join()}] of [${shape.join()}]`, async () => {
      const values = await read(() => tf.slice(counted(shape), begin, size));
      expect(Array.from(values)).to.deep.equal(sliceOf(shape, begin, size));
    });

  it("may go to the end, and are of any type", async () => {
    const values = await read(() => tf.slice(counted([3, 4], "int32"), [1, 2], [-1, -1]));
    expect(Array.from(values)).to.deep.equal([6, 7, 10, 11]);
    const bools = await read(() => tf.slice(tf.tensor1d([true, false, true], "bool"), 1, 2));
    expect(Array.from(bools)).to.deep.equal([0, 1]);
    const words = tf.slice(tf.tensor2d([["a", "b"]]), [0, 1], [1, 1]);
    expect(await words.data()).to.deep.equal(["b"]);
    words.dispose();
  });

  it("must lie inside of the tensor", () => {
    expect(() => tf.slice(counted([3, 4]), [1, 2], [2, 3])).to.throw(/Slice/i);
  });

  it("are one tensor for each index of an axis", async () => {
    for (const axis of [0, 1, 2, -1]) {
      const parts = tf.tidy(() => tf.unstack(counted([2, 3, 4]), axis));
      const at = (axis + 3) % 3;
      for (const [i, part] of parts.entries()) {
        const begin = [0, 0, 0].map((_, a) => (a === at ? i : 0));
        const size = [2, 3, 4].map((n, a) => (a === at ? 1 : n));
        expect(part.shape).to.deep.equal([2, 3, 4].filter((_, a) => a !== at));
        expect(Array.from(await part.data())).to.deep.equal(sliceOf([2, 3, 4], begin, size));
      }
      tf.dispose(parts);
    }
  });

  it("are put together again along each axis", async () => {
    for (const axis of [0, 1, 2, -1]) {
      const shape = await read(() => {
        const x = counted([2, 3, 4]);
        return tf.stack(tf.unstack(x, axis), axis);
      });
      expect(Array.from(shape)).to.deep.equal(Array.from({ length: 24 }, (_, i) => i));
    }
  });

  it("leave nothing but themselves", () => {
    const x = counted([2, 3]);
    const before = tf.memory();
    tf.dispose([tf.slice(x, [0, 1], [2, 1]), tf.unstack(x, 1), tf.stack([x, x], 2)]);
    const { numTensors, numDataBuffers } = tf.memory();
    expect([numTensors, numDataBuffers]).to.deep.equal([before.numTensors, before.numDataBuffers]);
    x.dispose();
  });
});
