// The paper's line with noise: its law, replicas alone and together, held-out samples, fixed sets, errors.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/backend.js";
import { lineSource, type AngleSource, type LineOptions } from "../../src/data/index.js";
import { ArgumentError } from "../../src/errors.js";
import { lineFit } from "../../src/metrics/index.js";
import { stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";

const PAPER: LineOptions = {
  slope: -0.6,
  intercept: 0.8 * Math.PI,
  mean: Math.PI / 2,
  std: 0.4,
  noise: 0.01,
  rows: null,
};

/** Mean and standard deviation of θ₁, slope, intercept at the mean, and standard deviation of the noise. */
function lawOf(angles: ArrayLike<number>): number[] {
  const n = angles.length / 2;
  const x = Float64Array.from({ length: n }, (_, i) => angles[2 * i]!);
  const y = Float64Array.from({ length: n }, (_, i) => angles[2 * i + 1]!);
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const { slope, intercept, residualStd } = lineFit(x, y);
  return [mean, Math.sqrt(variance), slope, slope * PAPER.mean + intercept, residualStd];
}

/** Asserts the paper's law within 5 standard errors, which are exact for normal samples. */
function followsTheLaw(angles: ArrayLike<number>): void {
  const { mean, std, slope, intercept, noise } = PAPER;
  const root = Math.sqrt(angles.length / 2);
  const expected = [mean, std, slope, slope * mean + intercept, noise];
  const errors = [std, std / Math.SQRT2, noise / std, noise, noise / Math.SQRT2];
  for (const [i, value] of lawOf(angles).entries()) {
    closeTo(value, expected[i]!, { atol: (5 * errors[i]!) / root }, `parameter ${i}`);
  }
}

async function valuesOf(batch: tf.Tensor): Promise<Float32Array> {
  const values = (await batch.data()) as Float32Array;
  batch.dispose();
  return values;
}

for (const backend of ["cpu", "wasm"] as const) {
  describe(`lineSource() on ${backend}`, () => {
    before(() => useBackend(backend));

    it("draws training batches from the law", async () => {
      const source = lineSource(PAPER);
      followsTheLaw(await valuesOf(source.batch([stream(1, "data"), stream(2, "data")], 20_000)));
    });

    it("gives each replica the same bits as alone", async () => {
      for (const rows of [null, 50]) {
        const source = lineSource({ ...PAPER, rows });
        const streams = [7, 8, 9].map((seed) => stream(seed, "data", 3));
        const batch = source.batch(streams, 5);
        expect(batch.shape).to.deep.equal([3, 5, 2]);
        const together = await valuesOf(batch);
        for (const [p, one] of streams.entries()) {
          const alone = await valuesOf(source.batch([one], 5));
          closeTo(together.subarray(10 * p, 10 * p + 10), alone, {}, `replica ${p}`);
        }
        source.dispose();
      }
    });

    it("keeps no tensors but a fixed set, which it frees", () => {
      const before = tf.memory().numTensors;
      const fresh = lineSource(PAPER);
      fresh.batch([stream(1, "data")], 3).dispose();
      expect(tf.memory().numTensors).to.equal(before);
      const fixed = lineSource({ ...PAPER, rows: 10 });
      fixed.batch([stream(1, "data")], 3).dispose();
      expect(tf.memory().numTensors).to.equal(before + 1);
      for (const source of [fresh, fixed]) source.dispose();
      expect(tf.memory().numTensors).to.equal(before);
    });
  });
}

describe("lineSource()", () => {
  before(() => useBackend("cpu"));

  it("holds out samples of the law, the same for the same seed, different for every split", () => {
    const source = lineSource(PAPER);
    const held = (["validation", "test", "floor"] as const).map((split) => {
      followsTheLaw(source.held(split, 10_000, 4));
      closeTo(source.held(split, 10, 4), lineSource(PAPER).held(split, 10, 4), {});
      return source.held(split, 10, 4);
    });
    const other = source.held("test", 10, 5);
    expect(new Set([...held, other].map((angles) => angles[0])).size).to.equal(4);
  });

  it("starts a longer held-out sample with the shorter one", () => {
    const source = lineSource(PAPER);
    closeTo(source.held("test", 1000, 1).subarray(0, 20), source.held("test", 10, 1), {});
  });

  it("draws from a fixed set that only its own seed changes", async () => {
    const setOf = async (source: AngleSource): Promise<string[]> => {
      const values = await valuesOf(source.batch([stream(1, "data")], 1000));
      source.dispose();
      const rows = Array.from(
        { length: 1000 },
        (_, i) => `${values[2 * i]!} ${values[2 * i + 1]!}`,
      );
      return [...new Set(rows)].sort();
    };
    const options = { ...PAPER, rows: 8 };
    const first = await setOf(lineSource(options));
    expect(first).to.have.length(8);
    expect(await setOf(lineSource(options))).to.deep.equal(first);
    expect(await setOf(lineSource(options, { seed: 1 }))).not.to.deep.equal(first);
  });

  it("is exactly a line without noise", () => {
    const angles = lineSource({ ...PAPER, noise: 0 }).held("test", 100, 1);
    const [, , slope, , residualStd] = lawOf(angles);
    closeTo([slope!, residualStd!], [-0.6, 0], { atol: 1e-6 });
  });

  it("has the angles as its units, and describes itself", () => {
    const source = lineSource(PAPER);
    const angles = source.held("test", 5, 1);
    closeTo(source.toUnits(angles), angles, {});
    expect(source.toUnits(angles)).not.to.equal(angles);
    expect(source.columns).to.deep.equal(["theta_1", "theta_2"]);
    expect(source.report.join(" ")).to.include("theta_1 ~ N(1.5708, 0.4)");
    expect(source.report.join(" ")).to.include("fresh draw");
    expect(lineSource({ ...PAPER, rows: 9 }).report.join(" ")).to.include("fixed set of 9 rows");
  });

  it("says what is wrong with the law", () => {
    expect(() => lineSource({ ...PAPER, slope: NaN })).to.throw(ArgumentError, "`slope`");
    expect(() => lineSource({ ...PAPER, std: 0 })).to.throw(ArgumentError, "`std`");
    expect(() => lineSource({ ...PAPER, noise: -1 })).to.throw(ArgumentError, "`noise`");
    expect(() => lineSource({ ...PAPER, rows: 0 })).to.throw(ArgumentError, "`rows`");
    expect(() => lineSource(PAPER).held("test", 1.5, 0)).to.throw(ArgumentError, "`n`");
  });
});
