// Evaluation and sampling of a hybrid QGAN: measures against their definitions, shots, protocol, samples.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, DataError, metrics, useBackend } from "../../src/index.js";
import { hybridConfig, hybridQgan } from "../../src/models/index.js";
import { csvOptions, tiny, trained } from "./hybrid-runs.js";
import type { HybridOptions, Snapshot } from "../../src/models/index.js";

/** A snapshot of one generator of the notebook whose angles are a = std · z₀ and b = π/2: f = sin(a)/√2. */
function sine(std: number): Snapshot {
  const average = Float32Array.of(std, 0, 0, 0, 0, Math.PI / 2);
  const critic = new Float32Array(97);
  return {
    step: 6,
    tensors: {
      average: { shape: [1, 6], values: average },
      critic: { shape: [1, 97], values: critic },
    },
  };
}

/** The best law of this circuit at b = π/2: a ~ N(0, 0.2875), from the reference. */
const BEST = 0.2875;
const large = tiny({ evaluate: { n: 50_000 } });
const measureOf = async (
  options: HybridOptions,
  snapshot: Snapshot,
  name: string,
): Promise<number> => {
  const { measures } = await hybridQgan.evaluate(hybridConfig(options), snapshot);
  return measures.find((one) => one.name === name)!.value;
};

describe("evaluate() of a hybrid QGAN", () => {
  before(() => useBackend("wasm"));

  it("finds the distance 0.0031 of the closest law that the notebook's circuit has at b = π/2", async () => {
    const { measures, rows } = await hybridQgan.evaluate(hybridConfig(large), sine(BEST));
    const value = (name: string): number => measures.find((one) => one.name === name)!.value;
    // There W1 is 0.0031 and KS 0.0045, and 50,000 samples add about 0.001 and 0.003.
    expect(value("w1.0")).to.be.within(0.0028, 0.0045);
    expect(value("ks.0")).to.be.within(0.003, 0.011);
    // √(E sin²)/√2 with E sin² = (1 − e^{−2σ²})/2; five standard errors.
    const std = Math.sqrt((1 - Math.exp(-2 * BEST ** 2)) / 4);
    expect(value("std.0")).to.be.closeTo(std, (5 * std) / Math.sqrt(2 * 50_000));
    expect(Math.abs(value("mean.0"))).to.be.below((5 * std) / Math.sqrt(50_000));
    expect(rows).to.deep.equal({ test: 50_000, validation: 200 });
  });

  it("compares with quantiles, so that the distance is that of the law", async () => {
    const config = hybridConfig(large);
    const samples = await hybridQgan.sample(config, sine(0.1), { n: 20_000 });
    const expected = metrics.wasserstein1Normal(samples.values, { mean: 0, std: 0.2 });
    // Other samples of the same generator: the standard errors of both are below 0.0004.
    expect(await measureOf(large, sine(0.1), "w1.0")).to.be.closeTo(expected, 0.002);
  });

  it("shows what shots add: the variance (1 − f²)/shots", async () => {
    const shots = 16;
    const options = tiny({ evaluate: { shots, shotRows: 4000 } });
    const noisy = await measureOf(options, sine(BEST), "distanceShots");
    // Shots widen the law from variance s² to s² + (1 − s²)/16; of normal laws W1 = √(2/π) |difference of deviations|.
    const s2 = (1 - Math.exp(-2 * BEST ** 2)) / 4;
    const wide = Math.sqrt(s2 + (1 - s2) / shots);
    const expected = Math.sqrt(2 / Math.PI) * (wide - 0.2);
    // Outcomes are multiples of 1/8, and 4,000 samples have an error of 0.005.
    expect(noisy).to.be.closeTo(expected, 0.02);
    const many = tiny({ evaluate: { shots: 20_000, shotRows: 100 } });
    const exact = (await hybridQgan.evaluate(hybridConfig(many), sine(BEST))).measures.find((one) => one.name === "distanceShots")!; // prettier-ignore
    const note = Number(/noise: ([\d.]+)/.exec(exact.note!)![1]);
    expect(exact.value).to.be.closeTo(note, 0.003);
  });

  it("shows what readout errors do: ⟨Z⟩ shrinks by 1 − 2ε", async () => {
    const shots = { shots: 2000, shotRows: 2000, readoutError: 0.2 };
    const options = tiny({ evaluate: shots });
    const read = await measureOf(options, sine(BEST), "distanceShots");
    const s2 = (1 - Math.exp(-2 * BEST ** 2)) / 4;
    // Both laws are centred: W1 = √(2/π) |difference of deviations|; 2,000 samples have an error of 0.004.
    const expected = Math.sqrt(2 / Math.PI) * (0.2 - 0.6 * Math.sqrt(s2));
    expect(read).to.be.closeTo(expected, 0.02);
  });

  it("shows what gate errors do: ⟨Z⟩ is pulled to 0", async () => {
    const at = (gateError: number): Promise<number> =>
      measureOf(tiny({ evaluate: { shots: 2000, shotRows: 2000, gateError } }), sine(BEST), "distanceShots"); // prettier-ignore
    const [clean, bad] = [await at(0), await at(0.4)];
    expect(bad).to.be.above(clean + 0.02);
    // All samples at 0 are E|x| = 0.2 √(2/π) away.
    expect(bad).to.be.below(0.2 * Math.sqrt(2 / Math.PI) + 0.01);
  });

  it("does not mind how samples are cut when shots are taken", async () => {
    const options = (shotRows: number): HybridOptions => tiny({ evaluate: { shots: 3, shotRows } });
    const one = await measureOf(options(101), sine(BEST), "distanceShots");
    expect(one).to.be.finite;
  });

  it("states moments, modes and sliced distance of a ring, and draws its critic", async () => {
    const ring = tiny({
      replicas: 2,
      data: { law: "ring" },
      model: { ansatz: "rotations", outputScale: 1.5 },
    });
    const { last } = await trained(ring);
    const { measures, arrays, replicas } = await hybridQgan.evaluate(hybridConfig(ring), last);
    const names = measures.map(({ name }) => name);
    expect(names.slice(0, 2)).to.deep.equal(["distance", "w1.0"]);
    expect(names).to.include.members(["kurtosis.1", "modes", "highQuality", "overlap.1"]);
    expect(arrays["landscapeValues"]).to.have.length(61 * 61);
    expect(arrays["scatterReal"]).to.have.length(600);
    expect(replicas[1]!["distance"]).to.be.above(0);
  });

  it("chooses the best replica by validation", async () => {
    const options = tiny({ replicas: 2 });
    const { last } = await trained(options);
    const good = sine(BEST).tensors["average"]!.values;
    const values = Float32Array.of(...last.tensors["average"]!.values.subarray(0, 6), ...good);
    const tensors = { ...last.tensors, average: { shape: [2, 6], values } };
    const { best, protocol } = await hybridQgan.evaluate(hybridConfig(options), { ...last, tensors }); // prettier-ignore
    expect(best).to.equal(1);
    expect(protocol.join(" ")).to.include(
      "Replica 1 of 2 (the first is 0) has the smallest distance",
    );
  });

  it("says when the data are out of reach", async () => {
    const wide = tiny({ data: { std: 0.5 } });
    const { protocol } = await hybridQgan.evaluate(hybridConfig(wide), sine(1));
    expect(protocol.join(" ")).to.include(
      "Samples stay within ±0.866, and the data reach to about ±2.5",
    );
  });

  it("marks generators that are not finite", async () => {
    const { measures, arrays } = await hybridQgan.evaluate(hybridConfig(tiny()), sine(NaN));
    expect(measures.find((one) => one.name === "w1.0")!.value).to.be.NaN;
    expect(arrays["marginalGenerated.0"]).to.equal(undefined);
  });
});

describe("sample() of a hybrid QGAN", () => {
  before(() => useBackend("wasm"));

  it("gives the same first rows for any n, by replica and seed, in the units of a file", async () => {
    const options = csvOptions(2, { replicas: 2 });
    const config = hybridConfig(options);
    const { last } = await trained(options);
    const draw = async (n: number, more: object = {}): Promise<number[]> => {
      const { columns, values } = await hybridQgan.sample(config, last, { n, files: options.files!, ...more }); // prettier-ignore
      expect(columns).to.deep.equal(["a", "b"]);
      return [...values];
    };
    const rows = await draw(9);
    expect(await draw(4)).to.deep.equal(rows.slice(0, 8));
    expect(await draw(9, { seed: 99 })).not.to.deep.equal(rows);
    expect(await draw(9, { replica: 0 })).not.to.deep.equal(await draw(9, { replica: 1 }));
    // Column b of the file lies around -3000.
    expect(rows[1]).to.be.within(-7000, 1000);
  });

  it("leaves no tensors behind, nor does training", async () => {
    const before = tf.memory().numTensors;
    const options = csvOptions(1);
    const { last } = await trained(options);
    await hybridQgan.evaluate(hybridConfig(options), last, { files: options.files! });
    await hybridQgan.sample(hybridConfig(options), last, { n: 5, files: options.files! });
    expect(tf.memory().numTensors).to.equal(before);
  });

  it("names what is wrong", async () => {
    const options = csvOptions(3, { model: { qubits: 2 } });
    const fault = async (promise: Promise<unknown>): Promise<Error> =>
      promise.then(
        () => expect.fail("there was no error"),
        (error: unknown) => error as Error,
      );
    const wide = await fault(trained(options));
    expect(wide).to.be.instanceOf(DataError);
    expect(wide.message).to.include("must have at most 2 columns, one for each qubit of the circuit, but has 3 (a, b, c)"); // prettier-ignore
    const { files: _, ...without } = csvOptions(1);
    expect((await fault(trained(without))).message).to.include("must be given in `files`");
    const n = await fault(hybridQgan.sample(hybridConfig(tiny()), sine(1), { n: 0 }));
    expect(n).to.be.instanceOf(ArgumentError);
  });
});
