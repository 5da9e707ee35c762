// The prior of a QAAAN: its graph, its updates against exact moments, its samplers, and what latents are made of its spins.

import { expect } from "chai";
import { exactGradient } from "../../src/boltzmann/index.js";
import { edgeCount, exactMoments } from "../../src/ising/index.js";
import { random } from "../../src/index.js";
import { qaaanConfig } from "../../src/models/index.js";
import { latentBatch, reparameterised } from "../../src/models/qaaan/latent.js";
import { initialPrior, priorGraph, priorSteps } from "../../src/models/qaaan/prior.js";
import { closeTo } from "../support/close-to.js";
import { tiny } from "./qaaan-runs.js";
import type { Prior } from "../../src/models/qaaan/prior.js";
import type { QaaanOptions } from "../../src/models/index.js";

describe("priorGraph()", () => {
  it("has the nodes and edges of the reference", () => {
    const edges = (options: QaaanOptions): number[] => {
      const graph = priorGraph(qaaanConfig(options));
      return [graph.n, edgeCount(graph)];
    };
    expect(edges({})).to.deep.equal([100, 264]);
    expect(edges({ prior: { cells: [5, 5, 2] } })).to.deep.equal([100, 180]);
    expect(edges({ prior: { graph: "bipartite" } })).to.deep.equal([100, 2500]);
    expect(edges({ prior: { graph: "complete" } })).to.deep.equal([100, 4950]);
  });
});

/** Features of 6 units with means and correlations: units agree with the first one three times in four. */
const FEATURES: Int8Array = Int8Array.from({ length: 64 * 6 }, (_, at) => {
  const [row, i] = [Math.floor(at / 6), at % 6];
  const first = row % 3 === 0 ? -1 : 1;
  return i === 0 || (row + i) % 4 > 0 ? first : -first;
});

const SMALL: QaaanOptions = tiny({
  model: { features: 6 },
  prior: { graph: "complete", chains: 4000, sweeps: 10, rate: 0.5, decay: 0 },
});

async function learned(options: QaaanOptions, steps: number): Promise<Prior> {
  const config = qaaanConfig(options);
  const { advance, learn } = priorSteps(config);
  let prior = initialPrior(config, 3);
  for (let t = 0; t < steps; t++) {
    prior = await learn(await advance(prior, { seed: 3, t }), FEATURES, { seed: 3, t });
  }
  return prior;
}

describe("priorSteps()", () => {
  it("moves along the exact gradient of the features' likelihood, but for the noise of the chains", async () => {
    const config = qaaanConfig(SMALL);
    const before = await learned(SMALL, 3);
    const { advance, learn } = priorSteps(config);
    const at = { seed: 3, t: 3 };
    const drawn = await advance(before, at);
    const after = await learn(drawn, FEATURES, at);
    const exact = exactGradient(before.machine, after.features!);
    // A mean over 4000 chains has a standard deviation of at most 1/√4000; 5 of them, times η.
    const atol = (0.5 * 5) / Math.sqrt(4000);
    for (const key of ["biases", "couplings"] as const) {
      const moved = after.machine.model[key].map((x, i) => x - before.machine.model[key][i]!);
      closeTo(
        moved,
        exact[key].map((slope) => 0.5 * slope),
        { atol },
      );
    }
    // The samples that the latents came from were drawn before the update.
    expect(after.spins).to.equal(drawn.spins);
  });

  for (const sampler of ["gibbs", "annealing", "path-integral", "embedded"] as const) {
    it(`ends at the moments of the features: ${sampler}`, async () => {
      const options = tiny({
        model: { features: 6 },
        prior: { cells: [1, 1, 4], chains: 1000, sweeps: 5, rate: 0.2, decay: 0, sampler },
        annealer: { sweeps: 20, slices: 4, physical: "annealing", rangeCouplings: 4 },
      });
      // A stand-in that samples hotter than β needs larger couplings, and more steps to grow them.
      const { machine, features, moments } = await learned(
        options,
        sampler === "path-integral" ? 120 : 60,
      );
      // What the sampler draws has the features' moments: 5 standard deviations of 1000 chains, and what the last update moved.
      closeTo(moments.correlations, features!.correlations, { atol: 5 / Math.sqrt(1000) });
      closeTo(moments.magnetisations, features!.magnetisations, { atol: 5 / Math.sqrt(1000) });
      if (sampler !== "gibbs") return;
      const exact = exactMoments(machine.model);
      closeTo(exact.correlations, features!.correlations, { atol: 5 / Math.sqrt(1000) });
    });
  }

  it("averages moments over batches, a plain mean at first", async () => {
    const config = qaaanConfig(
      tiny({ model: { features: 2 }, prior: { frozen: true, decay: 0.6 } }),
    );
    const { learn } = priorSteps(config);
    let prior = initialPrior(config, 1);
    const means: number[] = [];
    for (const [t, f] of [1, -1, -1].entries()) {
      prior = await learn(prior, Int8Array.of(f, 1), { seed: 1, t });
      means.push(prior.features!.magnetisations[0]!);
    }
    // keep = min(0.6, t/(t + 1)) = 0, 1/2, 0.6.
    closeTo(means, [1, 0, -0.4], { atol: 1e-6 });
  });

  it("redraws an annealer's samples only where the prior has changed", async () => {
    const config = qaaanConfig(tiny({ prior: { sampler: "annealing", every: 2 } }));
    const { advance, learn } = priorSteps(config);
    const features = Int8Array.from({ length: 4 * 12 }, (_, i) => (i % 3 === 0 ? 1 : -1));
    let prior = initialPrior(config, 1);
    const redrawn: boolean[] = [];
    for (let t = 0; t < 5; t++) {
      const next = await advance(prior, { seed: 1, t });
      redrawn.push(next !== prior);
      prior = await learn(next, features, { seed: 1, t });
    }
    expect(redrawn).to.deep.equal([true, true, false, true, false]);
  });
});

describe("reparameterised()", () => {
  it("is the printed inverse: ζ from −1 to 1 with density rising as e^{αζ}", () => {
    const alpha = 4;
    const n = 20_000;
    const u = Float32Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    const up = reparameterised(new Int8Array(n).fill(1), u, alpha);
    expect(up.every((z) => z >= -1 && z <= 1)).to.equal(true);
    // The mean of α e^{αζ}/(e^α − e^{−α}) on [−1, 1] is coth α − 1/α.
    const mean = up.reduce((a, b) => a + b, 0) / n;
    closeTo([mean], [1 / Math.tanh(alpha) - 1 / alpha], { atol: 1e-4 });
    expect(reparameterised(Int8Array.of(-1, -1), Float32Array.of(0.1, 0.9), alpha)).to.deep.equal(
      Float32Array.of(-1, -1),
    );
  });
});

describe("latentBatch()", () => {
  const streams = {
    rows: random.stream(1, "latent"),
    noise: random.stream(1, "reparameterisation"),
  };
  const spins = Int8Array.of(1, 1, 1, -1, -1, -1, 1, -1, 1);
  const rows = ["1,1,1", "-1,-1,-1", "1,-1,1"];

  it("takes whole rows of the prior's samples, and smooths them as the configuration says", () => {
    const of = (latent: "binary" | "gaussian" | "reparam"): Float32Array =>
      latentBatch(qaaanConfig({ model: { latent, features: 3 } }).model, spins, 50, streams);
    const binary = of("binary");
    const taken = Array.from({ length: 50 }, (_, row) => binary.slice(3 * row, 3 * row + 3).join());
    expect(new Set(taken)).to.deep.equal(new Set(rows));
    const noise = of("gaussian").map((z, i) => z - binary[i]!);
    const std = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
    // 150 numbers of standard deviation 0.3: that of their root mean square is 0.3/√300.
    closeTo([std], [0.3], { atol: (5 * 0.3) / Math.sqrt(300) });
    of("reparam").forEach((z, i) => expect(binary[i]! < 0 ? z === -1 : z > -1).to.equal(true));
  });

  it("is uniform without a prior", () => {
    const { model } = qaaanConfig({ model: { latent: "uniform", features: 3 } });
    const z = latentBatch(model, null, 1000, streams);
    const mean = z.reduce((a, b) => a + b, 0) / z.length;
    closeTo([mean], [0], { atol: 5 / Math.sqrt(3 * 3000) });
    expect(Math.min(...z)).to.be.within(-1, -0.98);
    expect(Math.max(...z)).to.be.within(0.98, 1);
  });
});
