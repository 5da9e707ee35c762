// Cluster updates: the exact law with and without biases, golden energies of the critical torus, and where they are refused.

import { expect } from "chai";
import { ArgumentError } from "../../src/errors.js";
import { graph } from "../../src/ising/graph.js";
import { model, type HostModel } from "../../src/ising/model.js";
import { swendsenWang } from "../../src/ising/samplers/clusters.js";
import { torus } from "../../src/ising/topologies/lattices.js";
import { closeTo } from "../support/close-to.js";
import { goldenCase } from "./annealing-golden.js";
import { K4, lawOf, mean } from "./exact-law.js";

const SQUARE = graph(5, [[0, 1], [1, 2], [2, 3], [0, 3], [3, 4]]); // prettier-ignore

async function hasLaw(of: HostModel, beta: number): Promise<void> {
  const { n } = of.graph;
  const run = await swendsenWang(of, {
    chains: 200,
    samples: 50,
    sweepsPerSample: 4,
    warmup: 30,
    beta,
    seed: 3,
  });
  const law = lawOf(of, beta);
  const check = (pick: (s: Int8Array) => number, name: string): void => {
    const exact = mean(law, pick);
    let sum = 0;
    for (let row = 0; row < run.rows; row++)
      sum += pick(run.samples.subarray(row * n, (row + 1) * n));
    // Every fourth sweep of a small system: at most every second sample counts.
    closeTo(
      sum / run.rows,
      exact,
      { atol: 5 * Math.sqrt((2 * (1 - exact * exact)) / run.rows) + 1e-12 },
      name,
    );
  };
  for (let i = 0; i < n; i++) check((s) => s[i]!, `spin ${i}`);
  for (let e = 0; 2 * e < of.graph.edges.length; e++) {
    check((s) => s[of.graph.edges[2 * e]!]! * s[of.graph.edges[2 * e + 1]!]!, `edge ${e}`);
  }
}

describe("swendsenWang()", () => {
  it("samples ferromagnets, balanced couplings, and biases of both signs", async () => {
    const ferromagnet = [0.5, 0.3, 0.8, 0.2, 0.4];
    // Turning spins 1 and 4 over changes three signs: no loop is frustrated.
    const balanced = [-0.5, -0.3, 0.8, 0.2, -0.4];
    await hasLaw(model(SQUARE, { couplings: ferromagnet }), 1);
    await hasLaw(model(SQUARE, { couplings: balanced }), 0.7);
    await hasLaw(model(SQUARE, { couplings: balanced, biases: [0.4, -0.2, 0, 0.7, -0.6] }), 1.2);
  });

  it("has the golden energy of the torus at the critical temperature", async () => {
    const { T, values } = goldenCase("torus energy per spin (Kaufman), J=1") as {
      readonly T: number[];
      readonly values: readonly { L: number; energy: number[] }[];
    };
    const exact = values.find(({ L }) => L === 8)!.energy[1]!;
    const run = await swendsenWang(model(torus(8, 8), { couplings: 1 }), {
      chains: 50,
      samples: 100,
      beta: 1 / T[1]!,
    });
    const perSpin = Array.from(run.energies, (energy) => energy / 64);
    const average = perSpin.reduce((a, b) => a + b, 0) / perSpin.length;
    const variance = perSpin.reduce((a, b) => a + (b - average) ** 2, 0) / perSpin.length;
    closeTo(average, exact, {
      atol: 5 * Math.sqrt(variance / run.diagnostics.ess[0]!),
    });
    // Far more independent samples than single flips give here: about one in three or better.
    expect(run.diagnostics.ess[0]).to.be.greaterThan(1000);
  });

  it("depends on the chain's address alone", async () => {
    const of = model(torus(4, 4), { couplings: 1 });
    const many = await swendsenWang(of, { chains: 6, samples: 2, beta: 0.4, seed: 9 });
    const alone = await swendsenWang(of, {
      chains: 1,
      samples: 2,
      beta: 0.4,
      seed: 9,
      chainOffset: 5,
    });
    expect([...alone.samples.subarray(16)]).to.deep.equal([
      ...many.samples.subarray(16 * 11, 16 * 12),
    ]);
  });

  it("freezes at infinite β and is free at β = 0", async () => {
    const of = model(torus(4, 4), { couplings: 1 });
    const cold = await swendsenWang(of, {
      chains: 20,
      warmup: 0,
      initial: new Array(16).fill(1),
      beta: Infinity,
    });
    for (const energy of cold.energies) expect(energy).to.equal(-32);
    const hot = await swendsenWang(of, { chains: 4000, warmup: 1, beta: 0 });
    const average = hot.samples.reduce((a, b) => a + b, 0) / hot.samples.length;
    closeTo(average, 0, { atol: 5 / Math.sqrt(hot.samples.length) });
  });

  it("refuses frustrated couplings, naming one", async () => {
    const error = await swendsenWang(K4).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(ArgumentError);
    expect((error as Error).message).to.match(
      /balanced couplings, but coupling \d-\d of model 0 closes a loop/,
    );
  });
});
