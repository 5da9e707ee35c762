// The same program on every backend: the same seed gives the same samples, up to rounding that training amplifies.

import { expect } from "chai";
import { useBackend } from "../../src/index.js";
import { dqgan, dqganConfig } from "../../src/models/index.js";
import { onEachBackend } from "../support/backends.js";
import { tiny, trained } from "../models/runs.js";

const OPTIONS = tiny({ replicas: 2, train: { steps: 100, evaluateEvery: 0 } });

/** Angles drawn from a DQGAN after 100 steps, on the active backend. */
async function samplesAfterTraining(): Promise<ArrayLike<number>> {
  const { last } = await trained(OPTIONS);
  const { values } = await dqgan.sample(dqganConfig(OPTIONS), last, { files: {}, n: 500 });
  return values;
}

let expected: Promise<ArrayLike<number>> | undefined;

onEachBackend("a DQGAN after 100 steps", () => {
  before(async () => {
    const active = (await import("@tensorflow/tfjs")).getBackend();
    await useBackend("wasm");
    await (expected ??= samplesAfterTraining());
    await useBackend(active as "wasm");
  });

  it("gives the samples that it gives on wasm, to 1e-4", async () => {
    const wanted = await expected!;
    const got = await samplesAfterTraining();
    expect(got).to.have.length(wanted.length);
    const differences = Array.from(got, (x, i) => Math.abs(x - wanted[i]!));
    expect(Math.max(...differences)).to.be.below(1e-4);
  });
});
