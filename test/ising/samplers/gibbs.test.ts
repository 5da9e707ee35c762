// Tests of Gibbs and Metropolis sampling through their door: exact values within 5 sigma, independence of how a run is
// cut, clamped spins, interruption, what is refused.

import { expect } from "chai";
import {
  complete,
  energies,
  gibbs,
  gibbsMoments,
  metropolis,
  model,
  replica,
  torus,
} from "../../../src/ising/index.js";
import { ArgumentError, ShapeError } from "../../../src/errors.js";
import { closeTo, closeWithin } from "../../support/close-to.js";
import { startThreads } from "../../support/threads.js";
import { hostPool, setThreads } from "../../../kernels/runtime/host/pool.js";
import { goldenCase, k4, ruledModel, spinHash, wavyModel } from "../gibbs-golden.js";
import type { GibbsOptions, GibbsRun, HostModel } from "../../../src/ising/index.js";
import type { ExactValues } from "../gibbs-golden.js";

const meanOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The message of the error that a promise ends with. */
async function refusal(run: Promise<unknown>): Promise<Error> {
  return run.then(
    () => new Error("nothing was refused"),
    (error: unknown) => error as Error,
  );
}

describe("gibbs()", () => {
  const independent = { warmup: 60, chains: 10_000, seed: 3 } as const;

  for (const [name, sampler] of Object.entries({ gibbs, metropolis }))
    for (const mode of ["exact", "fast"] as const)
      it(`has the energy and magnetisation of K4 by ${name} in ${mode} mode`, async () => {
        const { m, energy, energy_variance } = goldenCase<ExactValues>("K4 beta=1.0");
        const run = await sampler(k4(), { ...independent, mode });
        const sigma = Math.sqrt(energy_variance / run.rows);
        closeTo(meanOf(run.energies), energy, { atol: 5 * sigma });
        m.forEach((expected, i) => {
          const spin = run.samples.filter((_, at) => at % 4 === i).reduce((a, b) => a + b, 0);
          closeTo(spin / run.rows, expected, {
            atol: 5 * Math.sqrt((1 - expected ** 2) / run.rows),
          });
        });
        expect(run.info.mode).to.equal(mode);
      });

  it("has the golden energies on the way from all spins up", async () => {
    type Golden = { after: readonly { sweeps: number; energy: number }[] };
    const { after } = goldenCase<Golden>("chimera(1,1,4) chromatic Gibbs started from all +1");
    for (const { sweeps, energy } of after) {
      const options = {
        chains: 10_000,
        seed: 8,
        warmup: sweeps - 1,
        initial: new Int8Array(8).fill(1),
      };
      const { energies: E } = await gibbs(wavyModel(), options);
      const mean = meanOf(E);
      const sigma = Math.sqrt(meanOf(E.map((x) => (x - mean) ** 2)) / E.length);
      closeTo(mean, energy, { atol: 5 * sigma });
    }
  });

  it("has the golden hash of 1000 sweeps in exact mode", async () => {
    const golden = goldenCase<Record<string, number>>("exact mode chimera(2,2,4)");
    const { beta, seed, chains } = golden as { beta: number; seed: number; chains: number };
    const run = await gibbs(ruledModel(2, 2, 4), {
      beta,
      seed,
      chains,
      warmup: 999,
      mode: "exact",
    });
    expect(spinHash(run.samples)).to.equal(golden["hash_after_1000"]);
    expect(run.rounding).to.equal(0);
  });

  it("gives rows by sample, model and chain, with the energies of the model and its offset", async () => {
    const of = model(complete(4), {
      biases: [
        [0.1, -0.2, 0.3, 0],
        [0, 0.4, 0, 0.4],
      ],
      couplings: k4().couplings,
      offset: [2, -3],
    });
    const run = await gibbs(of, { chains: 3, samples: 5, sweepsPerSample: 2, warmup: 4 });
    expect(run.rows).to.equal(30);
    expect(Array.from(run.chain.subarray(0, 6))).to.deep.equal([0, 1, 2, 0, 1, 2]);
    expect(Array.from(run.model.subarray(0, 6))).to.deep.equal([0, 0, 0, 1, 1, 1]);
    for (const p of [0, 1]) {
      const { samples, energies: E } = run.ofModel(p);
      closeWithin(E, energies(replica(of, p), samples), 1e-13, "energies");
    }
    expect(run.info).to.include({ sampler: "gibbs", sweeps: 14, flips: 14 * 24 });
    expect(run.diagnostics.rHat).to.have.length(2);
    expect(run.state.sweep).to.equal(14);
    expect(Array.from(run.state.spins)).to.deep.equal(Array.from(run.samples.subarray(96)));
  });

  it("gives a replica of a population what it has alone at the same address", async () => {
    const of = model(complete(4), {
      biases: [
        [0.1, -0.2, 0.3, 0],
        [0, 0.4, 0, 0.4],
      ],
      couplings: k4().couplings,
    });
    const options = { chains: 5, samples: 3, warmup: 2, beta: [0.5, 1.5] };
    const run = await gibbs(of, options);
    for (const p of [0, 1]) {
      const alone = await gibbs(replica(of, p), {
        ...options,
        beta: options.beta[p]!,
        chainOffset: 5 * p,
      });
      expect(run.ofModel(p).samples).to.deep.equal(alone.samples);
    }
  });

  it("gives every chain of an own temperature what it has alone", async () => {
    const beta = [[0.2, 0.7, 3]];
    const run = await gibbs(wavyModel(), { chains: 3, warmup: 9, beta });
    for (const c of [0, 1, 2]) {
      const alone = await gibbs(wavyModel(), { warmup: 9, beta: beta[0]![c]!, chainOffset: c });
      expect(Array.from(run.samples.subarray(8 * c, 8 * c + 8))).to.deep.equal(
        Array.from(alone.samples),
      );
    }
    expect(run.info.beta).to.equal(null);
  });

  it("does not depend on the number of threads", async () => {
    const { threads } = hostPool();
    const options = { chains: 70, samples: 20, warmup: 5, mode: "fast" } as const;
    const runs: Int8Array[] = [];
    try {
      for (const count of [1, 2, 3]) {
        await startThreads(count);
        runs.push((await gibbs(model(torus(16, 16), { couplings: 0.4 }), options)).samples);
      }
    } finally {
      setThreads(threads);
    }
    expect(runs[1]).to.deep.equal(runs[0]);
    expect(runs[2]).to.deep.equal(runs[0]);
  });

  it("takes what is left after an interruption, so that all parts are the whole", async () => {
    const options = { chains: 40, warmup: 30, samples: 40, sweepsPerSample: 7, seed: -5 } as const;
    const of = model(torus(20, 20), { couplings: 1 });
    const whole = await gibbs(of, { ...options, beta: 0.4 });
    const parts: GibbsRun[] = [];
    do {
      const stop = new AbortController();
      const resume = parts.at(-1)?.state;
      const control = { onProgress: () => stop.abort(), signal: stop.signal };
      parts.push(await gibbs(of, { ...options, ...control, beta: 0.4, ...(resume && { resume }) }));
      expect(parts.at(-1)!.rows % 40).to.equal(0);
    } while (!parts.at(-1)!.complete);
    // The warm-up is a part of its own, however fast the machine is.
    expect(parts.length).to.be.greaterThan(1);
    expect(parts.flatMap(({ samples }) => [...samples])).to.deep.equal([...whole.samples]);
    expect(parts.flatMap(({ energies: E }) => [...E])).to.deep.equal([...whole.energies]);
  });

  it("tells how far it is and how long it will take", async () => {
    const seen: number[] = [];
    await gibbs(model(torus(24, 24), { couplings: 1 }), {
      ...{ chains: 40, warmup: 100, samples: 2 },
      onProgress: ({ sweeps, total, remainingMs }) => {
        expect(total).to.equal(102);
        expect(remainingMs).to.be.at.least(0);
        seen.push(sweeps);
      },
    });
    expect(seen.at(-1)).to.equal(102);
    expect([...seen].sort((a, b) => a - b)).to.deep.equal(seen);
  });

  it("makes nothing of an aborted signal but the first spins", async () => {
    const run = await gibbs(k4(), { chains: 2, signal: AbortSignal.abort() });
    expect(run.rows).to.equal(0);
    expect(run.state.sweep).to.equal(0);
    const untouched = await gibbs(k4(), { chains: 2, warmup: 0, sweepsPerSample: 0 });
    expect(Array.from(untouched.samples)).to.deep.equal(Array.from(run.state.spins));
    closeWithin(untouched.energies, energies(k4(), untouched.samples), 1e-14, "energies");
  });

  it("samples the conditional law of clamped spins", async () => {
    // s0 = +1 and s3 = -1: four states of the two others.
    const of = k4();
    const run = await gibbs(of, { ...independent, clamp: [1, 0, 0, -1] });
    const states = [-1, 1].flatMap((a) => [-1, 1].map((b) => [1, a, b, -1]));
    const weights = states.map((s) => Math.exp(-energies(of, s)[0]!));
    const Z = weights.reduce((a, b) => a + b);
    states.forEach((state, k) => {
      let count = 0;
      for (let row = 0; row < run.rows; row++)
        if (state.every((s, i) => run.samples[4 * row + i] === s)) count++;
      const p = weights[k]! / Z;
      closeTo(count / run.rows, p, { atol: 5 * Math.sqrt((p * (1 - p)) / run.rows) });
    });
  });

  it("clamps other spins in every chain, without moving what the free ones draw", async () => {
    const clamp = Int8Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0);
    const run = await gibbs(k4(), { chains: 3, samples: 40, warmup: 0, clamp });
    const free = await gibbs(k4(), { chains: 3, samples: 40, warmup: 0 });
    for (let row = 0; row < 120; row++) {
      const s = run.samples.subarray(4 * row, 4 * row + 4);
      if (row % 3 === 0) expect(s[0]).to.equal(1);
      if (row % 3 === 1) expect(s[1]).to.equal(-1);
      if (row % 3 === 2) expect(s).to.deep.equal(free.samples.subarray(4 * row, 4 * row + 4));
    }
  });

  it("leaves chains alone in which everything is clamped", async () => {
    const run = await gibbs(k4(), { chains: 2, samples: 3, clamp: [1, -1, -1, 1] });
    for (let row = 0; row < 6; row++)
      expect(Array.from(run.samples.subarray(4 * row, 4 * row + 4))).to.deep.equal([1, -1, -1, 1]);
  });

  it("chooses the exact mode where it rounds nothing", async () => {
    const signs = await gibbs(model(torus(4, 4), { couplings: -1 }));
    expect(signs.info.mode).to.equal("exact");
    const waves = await gibbs(wavyModel());
    expect(waves.info.mode).to.equal("fast");
    const rounded = await gibbs(wavyModel(), { mode: "exact" });
    expect(rounded.rounding).to.be.within(1e-6, 2 ** -12);
  });

  it("warns of Metropolis chains that cannot mix", async () => {
    const flat = await metropolis(model(torus(3, 3), {}), { beta: 0 });
    expect(flat.warnings.join()).to.include("beta = 0").and.include("spin 0 of model 0");
    expect((await metropolis(k4())).warnings).to.deep.equal([]);
    expect((await gibbs(k4(), { beta: 0 })).warnings).to.deep.equal([]);
  });
});

describe("gibbsMoments()", () => {
  it("has the means of the samples that gibbs keeps", async () => {
    const options = { chains: 33, warmup: 5, samples: 12, beta: 0.6 };
    const { spins, pairs, count, state } = await gibbsMoments(wavyModel(), options);
    const run = await gibbs(wavyModel(), options);
    expect(count).to.equal(run.rows);
    expect(state).to.deep.equal(run.state);
    const { edges } = wavyModel().graph;
    const expected = (value: (s: Int8Array) => number): number => {
      let sum = 0;
      for (let row = 0; row < run.rows; row++)
        sum += value(run.samples.subarray(8 * row, 8 * row + 8));
      return sum / run.rows;
    };
    closeWithin(
      spins,
      Array.from({ length: 8 }, (_, i) => expected((s) => s[i]!)),
      1e-14,
      "spins",
    );
    const products = Array.from({ length: 16 }, (_, e) =>
      expected((s) => s[edges[2 * e]!]! * s[edges[2 * e + 1]!]!),
    );
    closeWithin(pairs, products, 1e-14, "pairs");
  });
});

describe("what gibbs() refuses", () => {
  const cases: readonly (readonly [string, GibbsOptions, string, HostModel?])[] = [
    ["no chains", { chains: 0 }, "`chains` must be an integer from 1"],
    ["half a sweep", { warmup: 0.5 }, "`warmup` must be an integer from 0"],
    ["a negative temperature", { beta: -1 }, "`beta` must not be negative or NaN, but is -1"],
    [
      "a temperature that is none",
      { beta: [[NaN]] },
      "`beta` must not be negative or NaN, but is NaN",
    ],
    ["temperatures of other models", { beta: [1, 2] }, "`beta` must be a number, [1] or [1, 1]"],
    ["a seed of more than 32 bits", { seed: 2 ** 31 }, "`seed` must be an integer"],
    ["sweeps beyond 2^31", { firstSweep: 2 ** 31 - 10 }, "must leave all sweeps below 2^31"],
    ["spins of another length", { initial: [1, 1] }, "`initial` must hold [4]"],
    [
      "spins that are none",
      { initial: [1, 1, 0, 1] },
      "`initial` must hold 1, -1 only, but has 0 at 2",
    ],
    ["clamped values that are no spins", { clamp: [0, 2, 0, 0] }, "but has 2 at 1"],
    ["a mode that is none", { mode: "slow" as "fast" }, "`mode` must be one of"],
    ["more samples than memory", { chains: 1e6, samples: 1e6 }, "must give at most 4 GiB"],
    [
      "chains without addresses",
      { chains: 2 ** 31 - 1, chainOffset: 2 ** 31 - 1 },
      "2^34 spins",
      model(torus(3, 3)),
    ],
    [
      "a state of another run",
      { resume: { spins: new Int8Array(4).fill(1), sweep: 102 } },
      "`resume.sweep`",
    ],
    [
      "exact mode with large fields",
      { mode: "exact" },
      '`mode` must not be "exact"',
      model(complete(3), { couplings: 2 ** -11, biases: 1 + 2 ** -22 }),
    ],
  ];
  for (const [name, options, message, of] of cases)
    it(`is ${name}`, async () => {
      const error = await refusal(gibbs(of ?? k4(), options));
      expect(error).to.satisfy((e: Error) => e instanceof ArgumentError || e instanceof ShapeError);
      expect(error.message).to.include("gibbs: argument").and.include(message);
    });
});
