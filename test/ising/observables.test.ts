// Averages over samples, whole distributions, divergences and likelihood.

import { expect } from "chai";
import { ising } from "../../src/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import { caseOf, listedModel, ruleModel } from "./golden.js";

const tight = { atol: 1e-12, rtol: 1e-12 };
const K4 = (): ReturnType<typeof listedModel> => listedModel(caseOf("K4 beta=1.0"));

type GoldenMachine = {
  readonly data_states: readonly { readonly state: string; readonly count: number }[];
  readonly data_m: readonly number[];
};
const machine = (): GoldenMachine =>
  caseOf("fully visible Boltzmann machine, 4 units") as unknown as GoldenMachine;

/** Rows of the golden data, repeated as often as they are counted. */
function goldenData(): number[] {
  const spinsOf = (state: string): number[] => Array.from(state, (sign) => (sign === "+" ? 1 : -1));
  return machine().data_states.flatMap(({ state, count }) =>
    Array.from({ length: count }, () => spinsOf(state)).flat(),
  );
}

describe("sampleMoments()", () => {
  it("counts as the golden data are counted, each replica on its own", () => {
    const golden = caseOf("fully visible Boltzmann machine, 4 units");
    const spins = goldenData();
    const { magnetisations, correlations } = ising.sampleMoments(K4(), spins);
    closeTo(magnetisations, golden["data_m"], tight);
    closeTo(correlations, golden["data_corr"], tight);
    const two = ising.model(ising.complete(4), {
      couplings: [new Float64Array(6), new Float64Array(6)],
    });
    const both = ising.sampleMoments(two, [...spins, ...spins.map((s) => -s)]);
    const m = machine().data_m;
    closeTo(both.magnetisations, [...m, ...m.map((one) => -one)], tight);
  });

  it("refuses no rows and parts of rows", () => {
    expect(() => ising.sampleMoments(K4(), [])).to.throw(ShapeError, /at least one row/);
    expect(() => ising.sampleMoments(K4(), [1, 1, 1])).to.throw(ShapeError, /length 3/);
  });
});

describe("raoBlackwellMoments()", () => {
  it("is exact where the samples are all states in their proportions, and near with less error", () => {
    const of = ruleModel(ising.chimera(1, 1, 4));
    const exact = ising.exactMoments(of, { beta: 0.8 });
    const squares = { counted: 0, conditional: 0 };
    const rows = 400;
    for (let seed = 0; seed < 20; seed++) {
      const spins = ising.exactSamples(of, { rows, seed, beta: 0.8 });
      const counted = ising.sampleMoments(of, spins);
      const conditional = ising.raoBlackwellMoments(of, spins, 0.8);
      exact.magnetisations.forEach((m, i) => {
        squares.counted += (counted.magnetisations[i]! - m) ** 2;
        squares.conditional += (conditional.magnetisations[i]! - m) ** 2;
      });
      exact.correlations.forEach((c, e) => {
        closeTo(conditional.correlations[e]!, c, { atol: 5 * Math.sqrt((1 - c * c) / rows) });
      });
    }
    expect(squares.conditional).to.be.lessThan(squares.counted);
  });

  it("of a free spin is its exact mean, whatever the samples", () => {
    const of = ising.model(ising.graph(2, []), { biases: [0.3, -1] });
    const { magnetisations } = ising.raoBlackwellMoments(of, [1, 1, -1, 1], 2);
    closeTo(magnetisations, [Math.tanh(0.6), Math.tanh(-2)], tight);
  });
});

describe("pairCorrelations() and magnetisationMoments()", () => {
  it("are averages over rows", () => {
    closeTo(ising.pairCorrelations([1, 1, -1, 1, -1, -1], 3), [1, 0, -1, 0, 1, 0, -1, 0, 1], tight);
    const moments = ising.magnetisationMoments([1, 1, -1, -1, 1, -1], 2);
    closeTo(moments.mean, 0, tight);
    closeTo([moments.absolute, moments.second, moments.fourth], [2 / 3, 2 / 3, 2 / 3], tight);
    expect(() => ising.pairCorrelations([], 3)).to.throw(ShapeError);
    expect(() => ising.magnetisationMoments([1, 1], 2, [1, 2])).to.throw(ShapeError, /`weights`/);
  });

  it("with the weights of all states are the golden ones of a torus", () => {
    const of = ising.model(ising.torus(4, 4), { couplings: 1 });
    for (const { T, abs_m, m2, m4 } of caseOf("torus(4,4) by enumeration")["values"]) {
      const p = ising.distribution(of, 1 / T);
      const moments = ising.magnetisationMoments(ising.allStates(16), 16, p);
      closeTo([moments.absolute, moments.second, moments.fourth], [abs_m, m2, m4], { rtol: 1e-10 });
    }
  });
});

describe("distributions", () => {
  it("list exp(−βE)/Z of each state", () => {
    const of = { ...K4(), offset: Float64Array.of(3) };
    const p = ising.distribution(of, 0.7);
    const logZ = ising.logPartition(of, { beta: 0.7 })[0]!;
    const E = ising.energies(of, ising.allStates(4));
    closeTo(
      p,
      E.map((energy) => Math.exp(-0.7 * energy - logZ)),
      tight,
    );
    expect(() => ising.distribution(ising.model(ising.grid(25), {}))).to.throw(ArgumentError, /25/);
  });

  it("divergences and likelihood are the golden ones", () => {
    const golden = caseOf("fully visible Boltzmann machine, 4 units");
    const spins = goldenData();
    const of = K4();
    const model = ising.distribution(of);
    const data = ising.empiricalDistribution(spins, 4);
    const smooth = ising.empiricalDistribution(spins, 4, 0.01);
    closeTo(ising.klDivergence(data, model), golden["kl_data_model"], tight);
    closeTo(ising.klDivergence(model, smooth), golden["kl_model_smoothed"], tight);
    closeTo(ising.klDivergence(smooth, model), golden["kl_smoothed_model"], tight);
    closeTo(ising.logLikelihood(of, spins), [golden["log_likelihood_per_row"]], tight);
    expect(ising.klDivergence(model, data)).to.equal(Infinity);
  });

  it("refuse what is no distribution of spins", () => {
    expect(() => ising.empiricalDistribution([1, 0], 2)).to.throw(ArgumentError, /`spins\[1\]`/);
    expect(() => ising.empiricalDistribution([], 2)).to.throw(ShapeError);
    expect(() => ising.empiricalDistribution([1], 1, NaN)).to.throw(ArgumentError, /`smoothing`/);
    expect(() => ising.klDivergence([1], [1, 2])).to.throw(ShapeError, /1 and 2/);
    expect(() => ising.logLikelihood(K4(), [])).to.throw(ShapeError, /at least one row/);
    expect(() => ising.allStates(25)).to.throw(ArgumentError, /`n`/);
  });
});
