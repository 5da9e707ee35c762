// Split R-hat, effective sample size, autocorrelation and standard errors against golden and arviz values and closed forms.

import { expect } from "chai";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import {
  autocorrelation,
  effectiveSampleSize,
  energyDiagnostics,
  splitRHat,
  standardError,
} from "../../src/ising/diagnostics.js";
import { NO_INFO, sampleSet } from "../../src/ising/sample-set.js";
import { normalArray, stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { goldenCase } from "./annealing-golden.js";

type Golden = {
  readonly draws: number[][];
  readonly split_rhat: number;
  readonly unshifted: {
    readonly split_rhat: number;
    readonly ess: number;
    readonly tau: number;
  };
};
const golden = goldenCase("split R-hat and ESS") as Golden;
const unshifted = golden.draws.map((row, i) => (i === 3 ? row.map((value) => value - 0.25) : row));

/** x_t = φ x_{t−1} + √(1 − φ²) noise: ρ_t = φᵗ, τ = (1 + φ)/(1 − φ), variance 1. */
function autoregressive(phi: number, chains: number, length: number): Float64Array[] {
  return Array.from({ length: chains }, (_, c) => {
    const noise = normalArray(stream(c, "data"), length);
    const draws = Float64Array.from(noise);
    for (let t = 1; t < length; t++) {
      draws[t] = phi * draws[t - 1]! + Math.sqrt(1 - phi * phi) * noise[t]!;
    }
    return draws;
  });
}

describe("splitRHat()", () => {
  it("is the golden value", () => {
    closeTo(splitRHat(golden.draws), golden.split_rhat, { atol: 1e-10 });
    closeTo(splitRHat(unshifted), golden.unshifted.split_rhat, { atol: 1e-10 });
  });

  it("leaves out the middle draw of an odd number, as arviz does", () => {
    const odd = golden.draws.map((row) => [...row.slice(0, 20), 99, ...row.slice(20)]);
    closeTo(splitRHat(odd), golden.split_rhat, { atol: 1e-10 });
  });

  it("is NaN without variation or with a value that is not finite, and infinite for chains stuck apart", () => {
    expect(splitRHat([[0.1, 0.1, 0.1, 0.1, 0.1]])).to.be.NaN;
    expect(splitRHat([[1, 2, NaN, 4]])).to.be.NaN;
    expect(splitRHat([new Array(6).fill(0.1), new Array(6).fill(0.3)])).to.equal(Infinity);
  });
});

describe("effectiveSampleSize()", () => {
  it("is the golden value", () => {
    const { ess, tau } = effectiveSampleSize(unshifted);
    closeTo([ess, tau], [golden.unshifted.ess, golden.unshifted.tau], { atol: 1e-10, rtol: 0 });
  });

  it("equals arviz 0.23 where the sum reaches the last lags, and at its cap", () => {
    const line = Array.from({ length: 20 }, (_, t) => t);
    const cases: readonly (readonly [number[][], number])[] = [
      [[line, line.map((t) => t + 20)], 3.4803803712516266],
      [[line.map((t) => (-1) ** t), line.map((t) => (-1) ** t)], 64.08239965311849],
      [[new Array<number>(8).fill(1), new Array<number>(8).fill(2)], 19.265919722494797],
    ];
    for (const [draws, ess] of cases) closeTo(effectiveSampleSize(draws).ess, ess, { rtol: 1e-12 });
  });

  it("finds the autocorrelation time of an autoregressive process", () => {
    for (const phi of [0, 0.5, 0.9]) {
      const exact = (1 + phi) / (1 - phi);
      const length = 20_000;
      const { tau } = effectiveSampleSize(autoregressive(phi, 4, length));
      // Sokal's error of a windowed sum: τ √(2 (2 W + 1) / N), with the sum cut at W ≈ 4 τ lags.
      const sigma = exact * Math.sqrt((2 * (8 * exact + 1)) / (4 * length));
      closeTo(tau, exact, { atol: 5 * sigma }, `φ = ${phi}`);
    }
  });

  it("is NaN without variation", () => {
    expect(effectiveSampleSize([[0.1, 0.1, 0.1, 0.1]])).to.deep.equal({ ess: NaN, tau: NaN });
  });
});

describe("autocorrelation()", () => {
  it("is the biased autocovariance over the variance, by hand", () => {
    // About the mean 2: −1, 1, −1, 1; sums of products 4, −3, 2, −1.
    closeTo(autocorrelation([[1, 3, 1, 3]], 3), [1, -0.75, 0.5, -0.25], { atol: 1e-15 });
  });

  it("falls as φᵗ for an autoregressive process", () => {
    const length = 20_000;
    const rho = autocorrelation(autoregressive(0.8, 4, length), 5);
    // Bartlett: variance below (1 + φ²)/(1 − φ²) / N.
    const sigma = Math.sqrt((1 + 0.64) / (1 - 0.64) / (4 * length));
    for (const [t, value] of rho.entries()) closeTo(value, 0.8 ** t, { atol: 5 * sigma + 1e-15 });
  });
});

describe("standardError()", () => {
  it("is the spread over the root of the effective sample size", () => {
    const { ess } = effectiveSampleSize(unshifted);
    const all = unshifted.flat();
    const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
    const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1);
    closeTo(standardError(unshifted), Math.sqrt(variance / ess), { rtol: 1e-12 });
  });

  it("is 0 for a constant", () => {
    expect(standardError([[0.1, 0.1, 0.1, 0.1]])).to.equal(0);
  });
});

describe("energyDiagnostics()", () => {
  it("takes the chains of each model apart, in whatever order the rows are", () => {
    const rows = [0, 1].flatMap((model) =>
      Array.from({ length: 40 }, (_, t) =>
        [3, 2, 1, 0].map((chain) => ({
          model,
          chain,
          energy: (model === 0 ? golden.draws : unshifted)[chain]![t]!,
        })),
      ).flat(),
    );
    const set = sampleSet({
      n: 1,
      samples: new Int8Array(rows.length).fill(1),
      energies: Float64Array.from(rows, (row) => row.energy),
      chain: Int32Array.from(rows, (row) => row.chain),
      model: Int32Array.from(rows, (row) => row.model),
      parts: [NO_INFO],
    });
    const { rHat, ess } = energyDiagnostics(set);
    closeTo(rHat, [golden.split_rhat, golden.unshifted.split_rhat], { rtol: 1e-10 });
    closeTo(ess[1]!, golden.unshifted.ess, { rtol: 1e-10 });
  });

  it("says nothing about fewer than 4 draws", () => {
    const set = sampleSet({
      n: 1,
      samples: Int8Array.of(1, 1, -1),
      energies: Float64Array.of(0, 1, 2),
      parts: [NO_INFO],
    });
    expect(energyDiagnostics(set)).to.deep.equal({ rHat: [NaN], ess: [NaN] });
  });
});

describe("diagnostics", () => {
  it("say what is wrong with the draws", () => {
    expect(() => splitRHat([])).to.throw(ArgumentError, "splitRHat: argument `draws`");
    expect(() => effectiveSampleSize([[1, 2, 3]])).to.throw(ArgumentError, "has 3 draws");
    expect(() =>
      splitRHat([
        [1, 2, 3, 4],
        [1, 2, 3],
      ]),
    ).to.throw(ShapeError, "`draws[1]`");
    expect(() => autocorrelation([[1, 2]], 2)).to.throw(ArgumentError, "`maxLag`");
  });
});
