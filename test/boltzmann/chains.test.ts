// The negative phase by sampling: its direction against the exact gradient, that chains persist, and that a replica is what it
// would be alone.

import { expect } from "chai";
import { boltzmann, ising, ShapeError } from "../../src/index.js";
import { closeTo } from "../support/close-to.js";
import { goldenRows, k4, rbm } from "./golden.js";
import type { BoltzmannMachine, Gradient } from "../../src/boltzmann/index.js";

function cosine(a: Gradient, b: Gradient): number {
  const [x, y] = [a, b].map(({ biases, couplings }) => [...biases, ...couplings]);
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  return dot(x!, y!) / Math.sqrt(dot(x!, x!) * dot(y!, y!));
}

/** Units of chimera(2, 2, 4) with couplings of a rule. */
function hardware(population = 1): BoltzmannMachine {
  const graph = ising.chimera(2, 2, 4);
  const J = Float64Array.from({ length: 80 }, (_, e) => 0.3 * Math.sin(e + 1));
  return boltzmann.boltzmannMachine(graph, {
    couplings: Array.from({ length: population }, (_, p) => J.map((value) => (1 - p / 4) * value)),
  });
}

describe("advanceChains()", () => {
  const machines: [string, () => BoltzmannMachine, Int8Array][] = [
    ["a complete machine", k4, goldenRows()],
    ["a restricted machine", rbm, goldenRows()],
    ["hardware of 32 qubits", hardware, new Int8Array(32).fill(1)],
  ];
  for (const [name, make, rows] of machines) {
    it(`points along the exact gradient, cosine above 0.99: ${name}`, () => {
      const machine = make();
      const positive = boltzmann.dataMoments(machine, rows);
      let chains = boltzmann.persistentChains(machine, { chains: 2000, seed: 5 });
      for (const estimate of ["counted", "raoBlackwell"] as const) {
        const end = boltzmann.advanceChains(machine, chains, { sweeps: 50, estimate });
        chains = end.state;
        const found = boltzmann.gradient(machine, positive, end.moments);
        expect(cosine(found, boltzmann.exactGradient(machine, positive)), estimate).to.be.above(
          0.99,
        );
      }
    });
  }

  it("goes on where the chains stand: two calls are one call of as many sweeps", () => {
    const machine = hardware();
    const start = boltzmann.persistentChains(machine, { chains: 7, seed: 2 });
    const whole = boltzmann.advanceChains(machine, start, { sweeps: 5 });
    const first = boltzmann.advanceChains(machine, start, { sweeps: 2 });
    const second = boltzmann.advanceChains(machine, first.state, { sweeps: 3 });
    expect(second).to.deep.equal(whole);
    expect(whole.state.sweep).to.equal(5);
  });

  it("keeps the chains over an update of the machine, and starts them over on reset only", () => {
    const machine = hardware();
    const start = boltzmann.persistentChains(machine, { chains: 7, seed: 2 });
    const { state, moments } = boltzmann.advanceChains(machine, start, { sweeps: 5 });
    const slope = boltzmann.gradient(
      machine,
      boltzmann.dataMoments(machine, new Int8Array(32).fill(1)),
      moments,
    );
    const updated = boltzmann.ascend(machine, slope, { rate: 1e-9 }).machine;
    const next = boltzmann.advanceChains(updated, state).state;
    expect(next).to.deep.equal(boltzmann.advanceChains(machine, state).state);
    const reset = boltzmann.resetChains(updated, next);
    expect(reset.spins).to.deep.equal(start.spins);
    expect(reset.sweep).to.equal(6);
  });

  it("is for each replica with its own seed what it is alone, and with one seed one run of all chains", async () => {
    const machine = hardware(3);
    const seeds = [4, 5, 6];
    const all = boltzmann.advanceChains(
      machine,
      boltzmann.persistentChains(machine, { chains: 9, seed: seeds }),
      { sweeps: 3 },
    );
    seeds.forEach((seed, p) => {
      const model = ising.replica(machine.model, p);
      const alone = boltzmann.boltzmannMachine(model.graph, { couplings: model.couplings });
      const own = boltzmann.advanceChains(
        alone,
        boltzmann.persistentChains(alone, { chains: 9, seed }),
        { sweeps: 3 },
      );
      expect(all.state.spins.slice(p * 9 * 32, (p + 1) * 9 * 32)).to.deep.equal(own.state.spins);
      closeTo(all.moments.correlations.slice(80 * p, 80 * (p + 1)), own.moments.correlations, {});
    });
    const shared = boltzmann.advanceChains(
      machine,
      boltzmann.persistentChains(machine, { chains: 9, seed: 4 }),
      { sweeps: 3 },
    );
    const { samples } = await ising.gibbs(machine.model, {
      ...{ chains: 9, seed: 4, warmup: 2, samples: 1, mode: "fast" },
    });
    expect(shared.state.spins).to.deep.equal(samples);
  });

  it("refuses the chains of another machine", () => {
    const chains = boltzmann.persistentChains(hardware(), { chains: 3 });
    expect(() => boltzmann.advanceChains(k4(), chains)).to.throw(ShapeError, /state.spins/);
    expect(() => boltzmann.persistentChains(hardware(2), { seed: [1] })).to.throw(
      ShapeError,
      /seed/,
    );
  });
});

describe("contrastiveDivergence()", () => {
  it("tends to the moments of the model as k grows, and starts at those of the data", () => {
    const rows = goldenRows();
    const many = Int8Array.from({ length: 200 * rows.length }, (_, i) => rows[i % rows.length]!);
    for (const machine of [k4(), rbm()]) {
      const far = boltzmann.contrastiveDivergence(machine, many, { k: 60, seed: 1 });
      const { correlations } = ising.exactMoments(machine.model);
      // 4,000 chains: five standard errors of at most 1/√N.
      closeTo(far.correlations, correlations, { atol: 5 / Math.sqrt(4000), rtol: 0 });
      const positive = boltzmann.dataMoments(machine, many);
      const near = boltzmann.contrastiveDivergence(machine, many, { seed: 1 });
      const distance = (a: Float64Array, b: Float64Array): number =>
        a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0);
      expect(distance(near.correlations, positive.correlations)).to.be.below(
        distance(far.correlations, positive.correlations),
      );
    }
  });
});
