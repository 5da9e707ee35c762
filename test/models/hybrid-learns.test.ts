// The hybrid QGAN learns: a short training reaches what a generator at its start is far from.

import { expect } from "chai";
import { useBackend } from "../../src/index.js";
import { trainHybridQgan } from "../../src/models/index.js";

describe("the hybrid QGAN", () => {
  before(() => useBackend("wasm"));

  it("learns a normal law: robust, 400 steps, W1 below 0.1 in the median of 3 seeds", async () => {
    const options = { replicas: 3, seed: 1, train: { steps: 400, evaluateEvery: 200 } };
    const medians: number[] = [];
    for await (const { metrics } of trainHybridQgan(options)) {
      const found = metrics?.["wassersteinDistance"];
      if (found !== undefined) medians.push([...found].sort((a, b) => a - b)[1]!);
    }
    expect(medians.at(-1)).to.be.below(0.1);
    expect(medians).to.have.length(2);
  }).timeout(90_000);
});
