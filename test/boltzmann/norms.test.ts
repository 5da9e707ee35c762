// Correlations of all pairs by every method, the L1 norm's floor, the baseline without couplings.

import { expect } from "chai";
import { ArgumentError, boltzmann, ising, ShapeError } from "../../src/index.js";
import { closeTo } from "../support/close-to.js";
import { golden } from "./golden.js";
import type { HostModel } from "../../src/ising/index.js";

function rule(graph: ReturnType<typeof ising.graph>, population = 1): HostModel {
  const E = graph.edges.length / 2;
  const each = (length: number, f: (k: number, p: number) => number): Float64Array[] =>
    Array.from({ length: population }, (_, p) => Float64Array.from({ length }, (__, k) => f(k, p)));
  return ising.model(graph, {
    couplings: each(E, (e, p) => (0.5 + 0.2 * p) * Math.sin(e + 1)),
    biases: each(graph.n, (i, p) => 0.2 * Math.cos(i + 1 + p)),
  });
}

/** ⟨s_i s_j⟩ of all pairs from the listed distribution. */
function listed(of: HostModel, beta: number): number[] {
  const { n } = of.graph;
  const states = ising.allStates(n);
  const pairs = boltzmann.allPairs(n);
  const p = ising.distribution(of, beta);
  return Array.from({ length: of.population * boltzmann.pairCount(n) }, (_, at) => {
    const [replica, pair] = [Math.floor(at / boltzmann.pairCount(n)), at % boltzmann.pairCount(n)];
    let sum = 0;
    for (let x = 0; x < 2 ** n; x++) {
      const spins = [pairs[2 * pair]!, pairs[2 * pair + 1]!].map((i) => states[x * n + i]!);
      sum += p[replica * 2 ** n + x]! * spins[0]! * spins[1]!;
    }
    return sum;
  });
}

describe("exactPairs()", () => {
  for (const graph of [ising.chimera(1, 1, 4), ising.grid(3, 3), ising.complete(6)]) {
    it(`has the correlations of all pairs that listing all states has: ${graph.name}`, () => {
      for (const beta of [0.4, 1.5]) {
        const of = rule(graph, 2);
        closeTo(boltzmann.exactPairs(of, { beta }), listed(of, beta), { atol: 1e-11 });
      }
    });
  }
});

describe("raoBlackwellPairs()", () => {
  it("is the mean that counting has, with less noise", () => {
    const of = rule(ising.chimera(2, 2, 4));
    const exact = boltzmann.exactPairs(of);
    const spins = ising.exactSamples(of, { rows: 2000, seed: 11 });
    const deviation = (found: Float64Array): number =>
      found.reduce((sum, value, i) => sum + (value - exact[i]!) ** 2, 0);
    const counted = boltzmann.sampledPairs(of, spins);
    const conditional = boltzmann.raoBlackwellPairs(of, spins);
    // 496 pairs, five standard errors of at most 1/√N each.
    closeTo(counted, exact, { atol: 5 / Math.sqrt(2000) });
    closeTo(conditional, exact, { atol: 5 / Math.sqrt(2000) });
    expect(deviation(conditional)).to.be.below(0.5 * deviation(counted));
  });
});

describe("correlationFloor()", () => {
  it("has the golden values for free spins", () => {
    const { values } = golden("L1 sampling") as unknown as {
      values: { n: number; N: number; floor: number; both_sides_sampled: number }[];
    };
    for (const { n, N: samples, floor, both_sides_sampled } of values) {
      const free = new Float64Array(boltzmann.pairCount(n));
      closeTo(boltzmann.correlationFloor(free, { samples }), floor, { atol: 1e-9 });
      const both = boltzmann.correlationFloor(free, { samples, bothSampled: true });
      closeTo(both, both_sides_sampled, { atol: 1e-9 });
    }
  });

  it("is what independent samples of the model itself score", () => {
    const of = rule(ising.chimera(1, 1, 4));
    const exact = boltzmann.exactPairs(of);
    const scores = Array.from({ length: 40 }, (_, seed) => {
      const pairs = boltzmann.sampledPairs(of, ising.exactSamples(of, { rows: 500, seed }));
      return boltzmann.correlationNorm(of.graph, exact, pairs).unordered;
    });
    const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
    const spread = Math.sqrt(
      scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1),
    );
    const floor = boltzmann.correlationFloor(exact, { samples: 500 });
    closeTo(mean, floor, { atol: (4 * spread) / Math.sqrt(scores.length) });
  });

  it("refuses no sample, and norms of other sizes", () => {
    expect(() => boltzmann.correlationFloor([0], { samples: 0 })).to.throw(
      ArgumentError,
      /samples/,
    );
    const graph = ising.complete(3);
    expect(() => boltzmann.correlationNorm(graph, [0, 0, 0], [0])).to.throw(ShapeError, /model/);
  });
});

describe("fieldOnly()", () => {
  it("has the data's means, no covariance, and the entropy of independent spins as its likelihood", () => {
    const means = [0.3, -0.8, 0, 0.95];
    const machine = boltzmann.fieldOnly(
      boltzmann.boltzmannMachine(ising.complete(4), { beta: 2 }),
      means,
    );
    const { magnetisations, correlations } = ising.exactMoments(machine.model, { beta: 2 });
    closeTo(magnetisations, means, { atol: 1e-12 });
    closeTo(boltzmann.covariances(means, correlations), new Array<number>(6).fill(0), {
      atol: 1e-12,
    });
    const entropy = means
      .flatMap((m) => [(1 + m) / 2, (1 - m) / 2])
      .reduce((sum, p) => sum + p * Math.log(p), 0);
    const data = { magnetisations: Float64Array.from(means), correlations };
    closeTo(boltzmann.momentLogLikelihood(machine, data), [entropy], { atol: 1e-12 });
  });
});
