// Boltzmann machines against golden values by enumeration: gradients of both divergences, likelihoods, restricted machines.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, boltzmann, ising, ShapeError, useBackend } from "../../src/index.js";
import { closeTo } from "../support/close-to.js";
import { golden, goldenRows, k4, rbm, spinsOf } from "./golden.js";

const EXACT = { atol: 1e-11, rtol: 0 };

describe("boltzmannMachine()", () => {
  it("has the exact gradient of the likelihood of the golden case", () => {
    const expected = golden("fully visible");
    const positive = boltzmann.dataMoments(k4(), goldenRows());
    closeTo(positive.correlations, expected["data_corr"], EXACT);
    closeTo(positive.magnetisations, expected["data_m"], EXACT);
    const { couplings, biases } = boltzmann.exactGradient(k4(), positive);
    closeTo(couplings, expected["delta_J_per_eta"], EXACT);
    closeTo(biases, expected["delta_b_per_eta"], EXACT);
  });

  it("has the golden likelihood from rows and from moments, and both divergences", () => {
    const expected = golden("fully visible");
    const rows = goldenRows();
    closeTo(boltzmann.logLikelihood(k4(), rows), [expected["log_likelihood_per_row"]], EXACT);
    const moments = boltzmann.dataMoments(k4(), rows);
    closeTo(
      boltzmann.momentLogLikelihood(k4(), moments),
      [expected["log_likelihood_per_row"]],
      EXACT,
    );
    const data = ising.empiricalDistribution(rows, 4);
    const { dataModel, modelData } = boltzmann.divergences(k4(), data);
    closeTo(dataModel, [expected["kl_data_model"]], EXACT);
    expect(modelData[0]).to.equal(Infinity);
    const smooth = boltzmann.divergences(k4(), ising.empiricalDistribution(rows, 4, 0.01));
    closeTo(smooth.modelData, [expected["kl_model_smoothed"]], EXACT);
    closeTo(smooth.dataModel, [expected["kl_smoothed_model"]], EXACT);
  });

  it("has the golden gradient of the divergence in the other direction", () => {
    const expected = golden("fully visible");
    const data = ising.empiricalDistribution(goldenRows(), 4, 0.01);
    const { couplings, biases } = boltzmann.reverseGradient(k4(), data);
    closeTo(couplings, expected["grad_kl_model_smoothed_J"], EXACT);
    closeTo(biases, expected["grad_kl_model_smoothed_b"], EXACT);
  });

  it("has the L1 norm of the golden case in every reading", () => {
    const expected = golden("fully visible");
    const { graph } = k4().model;
    const norm = boltzmann.correlationNorm(
      graph,
      expected["data_corr"] as number[],
      boltzmann.exactPairs(k4().model),
    );
    closeTo(
      [norm.unordered, norm.ordered / 2, norm.perPair * 6, norm.edges],
      new Array<number>(4).fill(expected["L1_unordered"] as number),
      EXACT,
    );
  });

  it("matches the moments of data by exact ascent to 1e-6", () => {
    const rows = goldenRows().map((s, i) => (i < 8 ? -s : s));
    let machine = boltzmann.boltzmannMachine(
      ising.graph(4, [
        [0, 1],
        [1, 2],
        [2, 3],
      ]),
    );
    const positive = boltzmann.dataMoments(machine, rows);
    let velocity: ReturnType<typeof boltzmann.ascend>["velocity"] | undefined;
    for (let step = 0; step < 400; step++) {
      const slope = boltzmann.exactGradient(machine, positive);
      ({ machine, velocity } = boltzmann.ascend(machine, slope, {
        ...{ rate: 0.3, momentum: 0.7 },
        ...(velocity && { velocity }),
      }));
    }
    const { biases, couplings } = boltzmann.exactGradient(machine, positive);
    expect(Math.max(...[...biases, ...couplings].map(Math.abs))).to.be.below(1e-6);
  });

  it("moves each replica by its own rate", () => {
    const machine = boltzmann.boltzmannMachine(ising.complete(4), { population: 2 });
    const positive = boltzmann.dataMoments(machine, goldenRows());
    const slope = boltzmann.exactGradient(machine, positive);
    const moved = boltzmann.ascend(machine, slope, { rate: [0, 0.5] }).machine.model;
    expect(Array.from(moved.couplings.subarray(0, 6))).to.deep.equal([0, 0, 0, 0, 0, 0]);
    closeTo(
      moved.couplings.subarray(6),
      positive.correlations.map((c) => 0.5 * c).slice(0, 6),
      EXACT,
    );
  });

  it("refuses hidden units that are none, and data that are no rows", () => {
    const graph = ising.complete(3);
    expect(() => boltzmann.boltzmannMachine(graph, { hidden: [3] })).to.throw(
      ArgumentError,
      /hidden/,
    );
    expect(() => boltzmann.boltzmannMachine(graph, { hidden: [0, 1, 2] })).to.throw(
      ArgumentError,
      /visible/,
    );
    expect(() => boltzmann.boltzmannMachine(graph, { beta: 0 })).to.throw(ArgumentError, /beta/);
    expect(() => boltzmann.dataMoments(k4(), [1, 1, 1])).to.throw(ShapeError, /whole rows of 4/);
    const seen = boltzmann.boltzmannMachine(graph, { hidden: [1, 2] });
    expect(() => boltzmann.dataMoments(seen, [1])).to.throw(ArgumentError, /clampedMoments/);
  });
});

describe("restrictedMachine()", () => {
  it("has the golden partition function, likelihood, means and gradients", () => {
    const expected = golden("restricted");
    const machine = rbm();
    const rows = goldenRows();
    closeTo(ising.logPartition(machine.model), [expected["logZ"]], EXACT);
    closeTo(boltzmann.logLikelihood(machine, rows), [expected["log_likelihood_per_row"]], EXACT);
    const { magnetisations } = ising.exactMoments(machine.model);
    closeTo(
      magnetisations,
      [...(expected["visible_m"] as number[]), ...(expected["hidden_m"] as number[])],
      EXACT,
    );
    const { couplings, biases } = boltzmann.exactGradient(
      machine,
      boltzmann.dataMoments(machine, rows),
    );
    closeTo(couplings, expected["grad_W"], EXACT);
    closeTo(
      biases,
      [...(expected["grad_b"] as number[]), ...(expected["grad_c"] as number[])],
      EXACT,
    );
    closeTo(
      boltzmann.freeEnergies(machine, spinsOf("++++")),
      [expected["free_energy_all_up"]],
      EXACT,
    );
  });

  it("gives visible states the probabilities of their free energies", () => {
    const machine = rbm();
    const F = boltzmann.freeEnergies(machine, ising.allStates(4));
    const logZ = ising.logPartition(machine.model)[0]!;
    closeTo(
      boltzmann.visibleDistribution(machine),
      F.map((f) => Math.exp(-f - logZ)),
      EXACT,
    );
  });

  it("has the gradient of its likelihood, at another temperature too", () => {
    const at = boltzmann.boltzmannMachine(rbm().model.graph, {
      ...{ biases: rbm().model.biases, couplings: rbm().model.couplings },
      ...{ hidden: [4, 5, 6], beta: 1.7 },
    });
    const rows = goldenRows();
    const { couplings } = boltzmann.exactGradient(at, boltzmann.dataMoments(at, rows));
    const shifted = (step: number): number => {
      const moved = at.model.couplings.slice();
      moved[5]! += step;
      return boltzmann.logLikelihood(
        boltzmann.withParameters(at, at.model.biases, moved),
        rows,
      )[0]!;
    };
    closeTo([couplings[5]!], [(shifted(1e-5) - shifted(-1e-5)) / 2e-5], { atol: 1e-8, rtol: 0 });
  });

  it("has moments by clamped sampling that agree with the exact ones", async () => {
    const rows = goldenRows();
    const many = Int8Array.from({ length: 100 * rows.length }, (_, i) => rows[i % rows.length]!);
    const exact = boltzmann.dataMoments(rbm(), rows);
    const sampled = await boltzmann.clampedMoments(rbm(), many, { seed: 3 });
    // 40,000 draws of units that are independent given the data: five standard errors of at most 1/√N.
    closeTo(sampled.correlations, exact.correlations, { atol: 5 / Math.sqrt(40_000), rtol: 0 });
    closeTo(sampled.magnetisations.subarray(0, 4), exact.magnetisations.subarray(0, 4), EXACT);
  });
});

describe("surrogateLoss()", () => {
  before(() => useBackend("wasm"));

  it("has minus the gradient of the likelihood", async () => {
    const machine = k4();
    const rows = goldenRows();
    const samples = ising.allStates(4);
    const uniform = boltzmann.dataMoments(machine, samples);
    const expected = boltzmann.gradient(machine, boltzmann.dataMoments(machine, rows), uniform);
    const tensor = (spins: Int8Array): tf.Tensor =>
      tf.tensor(Array.from(spins), [spins.length / 4, 4], "float32");
    const slope = tf.grad((J: tf.Tensor) =>
      boltzmann.surrogateLoss(
        ising.model(machine.model.graph, { couplings: J }),
        tensor(rows),
        tensor(samples),
      ),
    )(tf.tensor1d(Array.from(machine.model.couplings)));
    closeTo(
      Array.from(await slope.data()).map((x) => -x),
      expected.couplings,
      { atol: 1e-6, rtol: 0 },
    );
  });
});
