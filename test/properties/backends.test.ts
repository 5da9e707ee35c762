// The same program on every backend: the same seed gives the same samples, up to rounding that training amplifies.

import { expect } from "chai";
import { useBackend } from "../../src/index.js";
import { dqgan, dqganConfig } from "../../src/models/index.js";
import { onEachRow, whyRowMissing } from "../support/backends.js";
import { tiny, trained } from "../models/runs.js";

const OPTIONS = tiny({ replicas: 4, train: { steps: 100, evaluateEvery: 0 } });

type Outcome = {
  /** Angles drawn from the best replica. */
  readonly samples: ArrayLike<number>;
  /** Distances of the replicas from the data. */
  readonly distances: readonly number[];
};

/** What a DQGAN does after 100 steps, on the active backend. */
async function afterTraining(): Promise<Outcome> {
  const { last } = await trained(OPTIONS);
  const config = dqganConfig(OPTIONS);
  const { values } = await dqgan.sample(config, last, { files: {}, n: 500 });
  const { replicas } = await dqgan.evaluate(config, last, { files: {} });
  return { samples: values, distances: replicas.map((row) => Object.values(row)[0]!) };
}

/** Standard deviation. */
function spread(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.map((x) => (x - mean) ** 2).reduce((a, b) => a + b, 0);
  return Math.sqrt(squares / (values.length - 1));
}

let expected: Promise<Outcome> | undefined;

onEachRow("a DQGAN after 100 steps", true, (row) => {
  let got: Outcome | undefined;
  before(async () => {
    await useBackend("wasm");
    await (expected ??= afterTraining());
    // Where it is missing no test is left.
    if ((await whyRowMissing(row)) === null) got = await afterTraining();
  });

  it("gives the samples that it gives on wasm, to 1e-4", async () => {
    const { samples } = await expected!;
    expect(got!.samples).to.have.length(samples.length);
    const differences = Array.from(got!.samples, (x, i) => Math.abs(x - samples[i]!));
    expect(Math.max(...differences)).to.be.below(1e-4);
  });

  it("has the distances that it has on wasm, far within the spread of the seeds", async () => {
    const { distances } = await expected!;
    expect(distances).to.have.length(4);
    const differences = got!.distances.map((x, p) => Math.abs(x - distances[p]!));
    expect(Math.max(...differences)).to.be.below(spread(distances) / 10);
  });
});
