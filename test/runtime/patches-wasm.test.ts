// The stock wasm kernels that are replaced.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/backend.js";

describe("patchWasm()", () => {
  before(async () => {
    await useBackend("wasm");
  });

  it("keeps the values until the last of the tensors is disposed", async () => {
    const before = tf.memory();
    const x = tf.tensor1d([1, 2, 3]);
    const y = tf.clone(x);
    x.dispose();
    expect(Array.from(await y.data())).to.deep.equal([1, 2, 3]);
    y.dispose();
    expect(tf.memory().numTensors).to.equal(before.numTensors);
    expect(tf.memory().numDataBuffers).to.equal(before.numDataBuffers);
  });

  it("transposes empty tensors, where the stock kernel traps", () => {
    const [x, y] = [tf.zeros([0, 2, 3]), tf.zeros([2, 0])];
    const turned = [tf.transpose(x, [2, 0, 1]), tf.transpose(y)];
    expect(turned.map(({ shape }) => shape)).to.deep.equal([[3, 0, 2], [0, 2]]); // prettier-ignore
    tf.dispose([x, y, ...turned]);
  });

  it("sums an empty axis to 0, where stock tfjs returns what lay in memory", async () => {
    // Fills the heap that a stock sum would hand out again.
    tf.fill([64], 7).dispose();
    const total = tf.tidy(() => tf.sum(tf.zeros([0, 64]), 0));
    expect(Array.from(await total.data())).to.deep.equal(new Array(64).fill(0));
    total.dispose();
  });
});
