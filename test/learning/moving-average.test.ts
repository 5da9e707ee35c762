// Moving averages against plain arithmetic.

import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../src/index.js";
import { movingAverage } from "../../src/learning/moving-average.js";
import { closeTo } from "../support/close-to.js";
import { read } from "../support/tensors.js";

const after = (average: number, value: number, decay: number, t: number): Promise<Float32Array> =>
  read(() => movingAverage(tf.tensor1d([average]), tf.tensor1d([value]), decay, t));

describe("movingAverage()", () => {
  before(() => useBackend("wasm"));

  it("follows fast in the first steps and by the decay in the end", async () => {
    for (const [t, d] of [
      [1, 2 / 11],
      [10, 11 / 20],
      [1000, 1001 / 1010],
      [100_000, 0.998],
    ] as const)
      closeTo(await after(3, 5, 0.998, t), [d * 3 + (1 - d) * 5], { rtol: 1e-6 });
  });

  it("keeps nothing of the past with decay 0", async () => {
    closeTo(await after(3, 5, 0, 1000), [5], {});
  });

  it("leaves a constant where it is, bit for bit", async () => {
    const value = Math.fround(0.1);
    closeTo(await after(value, value, 0.998, 7), [value], {});
  });
});
