// Samplers along schedules: annealing finds ground states, tempering samples the coldest law and reports its exchanges,
// importance sampling brackets log Z; each against golden values and exact laws.

import { expect } from "chai";
import { ArgumentError } from "../../src/errors.js";
import { energies } from "../../src/ising/energies.js";
import { graph } from "../../src/ising/graph.js";
import { logPartition } from "../../src/ising/exact/exact.js";
import { model } from "../../src/ising/model.js";
import { anneal } from "../../src/ising/samplers/anneal.js";
import { annealedImportance } from "../../src/ising/samplers/importance.js";
import {
  evenRungs,
  exchange,
  newCounts,
  newLadder,
  swapProbability,
} from "../../src/ising/samplers/ladder.js";
import { betaRange, scheduleValues } from "../../src/ising/samplers/schedule.js";
import { parallelTempering } from "../../src/ising/samplers/tempering.js";
import { chimera } from "../../src/ising/topologies/chimera.js";
import { complete } from "../../src/ising/topologies/simple.js";
import { closeTo } from "../support/close-to.js";
import { goldenCase } from "./annealing-golden.js";
import { drawn, goldenK4, K4, lawOf, mean, ruledModel } from "./exact-law.js";

const average = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((e: unknown) => e);

async function refuses(promise: Promise<unknown>, words: string): Promise<void> {
  const error = await failure(promise);
  expect(error).to.be.instanceOf(ArgumentError);
  expect((error as Error).message).to.include(words);
}

describe("scheduleValues()", () => {
  const at = { function: "anneal", argument: "schedule" };
  const ends = { from: 1, to: 16 };

  it("has equal differences or equal ratios, and reaches its ends", () => {
    closeTo(scheduleValues(at, { kind: "linear", steps: 4 }, ends), [1, 6, 11, 16], {});
    closeTo(scheduleValues(at, { kind: "geometric", steps: 5 }, ends), [1, 2, 4, 8, 16], {
      rtol: 1e-15,
    });
    closeTo(scheduleValues(at, { kind: "linear", steps: 3, from: 4, to: 0 }, ends), [4, 2, 0], {});
    closeTo(scheduleValues(at, { kind: "geometric", steps: 1 }, ends), [16], {});
    closeTo(scheduleValues(at, [3, 1, Infinity], ends), [3, 1, Infinity], {});
  });

  it("says what is wrong", () => {
    const fails = (schedule: Parameters<typeof scheduleValues>[1], words: string): void => {
      expect(() => scheduleValues(at, schedule, ends)).to.throw(ArgumentError, words);
    };
    fails([], "anneal: argument `schedule` must hold at least one value");
    fails([1, -1], "has -1");
    fails([NaN], "has NaN");
    fails({ kind: "linear", steps: 0 }, "has 0 steps");
    fails({ kind: "linear", steps: 2, to: Infinity }, "runs from 1 to Infinity");
    fails({ kind: "geometric", steps: 2, from: 0 }, 'use kind "linear"');
  });
});

describe("betaRange()", () => {
  it("is the golden range", () => {
    const { hot, cold } = goldenCase("automatic beta range") as { hot: number; cold: number };
    const [range] = betaRange(K4);
    closeTo([range!.hot, range!.cold], [hot, cold], { rtol: 1e-12 });
  });

  it("is one range per replica, and 1 for a model of zeros", () => {
    const pair = model(K4.graph, { couplings: [K4.couplings, new Array(6).fill(0)] });
    expect(betaRange(pair)[1]).to.deep.equal({ hot: 1, cold: 1 });
    // Without biases the smallest excitation is that of the coupling 0.2.
    closeTo(betaRange(pair)[0]!.cold, Math.log(400) / 0.4, { rtol: 1e-12 });
  });
});

describe("anneal()", () => {
  it("finds the golden ground states", async () => {
    const cases: readonly (readonly [ReturnType<typeof ruledModel>, number])[] = [
      [K4, goldenK4("1.0").ground_energy],
      ...(
        [
          [chimera(1, 1, 4), "chimera(1,1,4)", 0.5],
          [complete(12), "complete(12)", 0.3],
        ] as const
      ).map(
        ([on, name, scale]) =>
          [
            ruledModel(on, scale),
            (goldenCase(name) as { ground_energy: number }).ground_energy,
          ] as const,
      ),
    ];
    for (const [of, ground] of cases) {
      for (const rule of ["metropolis", "gibbs"] as const) {
        const run = await anneal(of, {
          chains: 32,
          seed: 1,
          rule,
          schedule: { kind: "geometric", steps: 200 },
        });
        closeTo(run.first.energy, ground, { atol: 1e-9 }, `${of.graph.name} by ${rule}`);
        closeTo(run.energies, energies(of, run.samples), {});
        expect(run.complete).to.equal(true);
      }
    }
  });

  it("samples the last temperature when it stays there", async () => {
    const run = await anneal(K4, {
      chains: 8000,
      schedule: new Array<number>(30).fill(1),
      rule: "gibbs",
    });
    const { energy, energy_variance } = goldenK4("1.0");
    closeTo(average(run.energies), energy, { atol: 5 * Math.sqrt(energy_variance / 8000) });
    expect(run.info).to.include({ sampler: "anneal", beta: 1, sweeps: 30 });
  });

  it("gives each replica its own range, and chains their own addresses", async () => {
    const pair = model(K4.graph, {
      biases: [K4.biases, K4.biases],
      couplings: [K4.couplings, K4.couplings.map((J) => 3 * J)],
    });
    const schedule = { kind: "linear", steps: 50 } as const;
    const run = await anneal(pair, { chains: 4, seed: 3, schedule, mode: "fast" });
    expect(run.info.beta).to.deep.equal(betaRange(pair).map(({ cold }) => cold));
    expect([...run.model]).to.deep.equal([0, 0, 0, 0, 1, 1, 1, 1]);
    const alone = await anneal(K4, { chains: 2, seed: 3, schedule, chainOffset: 2, mode: "fast" });
    expect([...alone.samples]).to.deep.equal([...run.samples.subarray(8, 16)]);
  });

  it("holds clamped spins, starts where it is told, and stops when interrupted", async () => {
    const clamp = [1, 0, 0, -1];
    const held = await anneal(K4, { chains: 20, clamp, schedule: { kind: "linear", steps: 20 } });
    for (let row = 0; row < 20; row++) {
      expect([held.samples[4 * row], held.samples[4 * row + 3]]).to.deep.equal([1, -1]);
    }
    const signal = AbortSignal.abort();
    const stopped = await anneal(K4, { initial: [1, -1, 1, -1], signal });
    expect(stopped.complete).to.equal(false);
    expect([...stopped.samples]).to.deep.equal([1, -1, 1, -1]);
  });

  it("refuses what it cannot do", async () => {
    await refuses(anneal(K4, { sweepsPerBeta: 0 }), "`sweepsPerBeta`");
    await refuses(anneal(K4, { schedule: [] }), "`schedule`");
    await refuses(anneal(K4, { chains: 0 }), "`chains`");
    await refuses(anneal(K4, { seed: 0.5 }), "`seed`");
  });
});

type GoldenSwap = {
  readonly betas: [number, number];
  readonly mean_acceptance: number;
  readonly example: { E_i: number; E_j: number; probability: number; reverse: number };
};

describe("parallelTempering()", () => {
  const swap = goldenCase("parallel tempering swap") as GoldenSwap;

  it("exchanges with the golden probabilities", async () => {
    const [i, j] = swap.betas;
    const { E_i, E_j, probability, reverse } = swap.example;
    closeTo(swapProbability(i, j, E_i, E_j), probability, { rtol: 1e-12 });
    closeTo(swapProbability(i, j, E_j, E_i), reverse, { rtol: 1e-12 });
    const run = await parallelTempering(K4, {
      ladders: 1000,
      betas: swap.betas,
      warmup: 20,
      samples: 20,
      sweepsPerRound: 6,
      adapt: false,
    });
    // Ten tries a ladder, taken as one, since a ladder's energies are correlated.
    const p = swap.mean_acceptance;
    closeTo(run.acceptance[0]![0]!, p, { atol: 5 * Math.sqrt((p * (1 - p)) / 1000) });
  });

  it("samples the law of every rung", async () => {
    const betas = [0.5, 1, 2];
    const run = await parallelTempering(K4, {
      ladders: 500,
      betas,
      warmup: 50,
      samples: 20,
      keep: "all",
      adapt: false,
    });
    for (const [k, name] of (["0.5", "1.0", "2.0"] as const).entries()) {
      const { energy, energy_variance } = goldenK4(name);
      closeTo(
        average(run.rungs[k]!.energies),
        energy,
        { atol: 5 * Math.sqrt(energy_variance / 500) },
        name,
      );
      closeTo(run.rungs[k]!.energies, energies(K4, run.rungs[k]!.samples), { atol: 1e-12 });
    }
    expect(run.rows).to.equal(500 * 20);
    expect([...run.energies]).to.deep.equal([...run.rungs[2]!.energies]);
    expect(run.roundTrips[0]).to.be.greaterThan(0);
    expect(run.diagnostics.rHat[0]).to.be.below(1.1);
  });

  it("crosses a barrier that single chains do not", async () => {
    // Two ferromagnetic cells held together: at β = 6 no chain of 300 sweeps turns over.
    const of = model(chimera(2, 1, 4), { couplings: 0.6 });
    const run = await parallelTempering(of, {
      betas: { kind: "geometric", steps: 14, from: 0.05, to: 6 },
      warmup: 500,
      samples: 2000,
      seed: 2,
    });
    const up = Array.from({ length: run.rows }, (_, row) =>
      average(run.samples.subarray(16 * row, 16 * row + 16)),
    );
    expect(run.roundTrips[0]).to.be.greaterThan(10);
    expect(up.some((m) => m > 0.9) && up.some((m) => m < -0.9)).to.equal(true);
  });

  it("moves rungs to about equal acceptance", async () => {
    const of = ruledModel(chimera(2, 2, 4));
    const betas = [0.1, 0.12, 0.14, 0.16, 3];
    const rejections = async (adapt: boolean): Promise<number[]> => {
      const run = await parallelTempering(of, {
        ladders: 50,
        betas,
        warmup: 512,
        samples: 100,
        adapt,
      });
      return Array.from(run.acceptance[0]!, (rate) => 1 - rate);
    };
    const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);
    const [fixed, moved] = [await rejections(false), await rejections(true)];
    expect(spread(fixed)).to.be.greaterThan(0.6);
    expect(spread(moved)).to.be.below(0.15);
  });

  it("refuses rungs that fall, and reports interruption", async () => {
    await refuses(parallelTempering(K4, { betas: [1, 0.5] }), "0.5 follows 1");
    await refuses(parallelTempering(K4, { ladders: 0 }), "`ladders`");
    const stopped = await parallelTempering(K4, { signal: AbortSignal.abort(), samples: 5 });
    expect([stopped.complete, stopped.rows]).to.deep.equal([false, 0]);
  });
});

describe("evenRungs()", () => {
  it("inverts the sum of rejections at equal distances", () => {
    const counts = {
      ...newCounts(4),
      tried: Float64Array.of(10, 10, 10),
      probability: Float64Array.of(10, 4, 10),
    };
    // All rejection lies between the middle rungs: the two inner ones divide it in three.
    closeTo(evenRungs(Float64Array.of(0, 1, 4, 5), counts), [0, 2, 3, 5], { rtol: 1e-12 });
    const none = { ...counts, probability: Float64Array.of(10, 10, 10) };
    expect([...evenRungs(Float64Array.of(0, 1, 4, 5), none)]).to.deep.equal([0, 1, 4, 5]);
  });
});

describe("exchange()", () => {
  it("counts a trip when a chain that was hot and then cold is hot again", () => {
    const ladder = newLadder(3);
    const equal = new Float64Array(3);
    const always = Float32Array.of(0, 0);
    const trips: number[] = [];
    // With certain exchanges chains walk to the end of the ladder and back: 3 chains, a period of 6 rounds.
    for (let round = 0; round < 12; round++) {
      exchange(ladder, round, Float64Array.of(1, 2, 3), equal, always, newCounts(3));
      trips.push(ladder.trips);
    }
    expect(trips[5]).to.equal(1);
    expect(trips[11]! - trips[5]!).to.equal(3);
  });
});

describe("annealedImportance()", () => {
  const golden = goldenCase("AIS, perfect equilibration") as {
    readonly betas: number[];
    readonly log_weight_mean: number;
    readonly log_weight_variance: number;
  };
  const { logZ } = goldenK4("1.0");

  it("has golden weights where chains equilibrate between the steps", async () => {
    const chains = 20_000;
    const run = await annealedImportance(K4, { chains, schedule: golden.betas, sweepsPerBeta: 25 });
    const variance = golden.log_weight_variance;
    closeTo(average(run.logWeights), golden.log_weight_mean, {
      atol: 5 * Math.sqrt(variance / chains),
    });
    const own = average(run.logWeights.map((w) => (w - golden.log_weight_mean) ** 2));
    const fourth = average(run.logWeights.map((w) => (w - golden.log_weight_mean) ** 4));
    closeTo(own, variance, { atol: 5 * Math.sqrt((fourth - variance ** 2) / chains) });
    closeTo(run.logZ[0]!, logZ, { atol: 3 * run.error[0]! });
    closeTo(run.lower[0]!, 4 * Math.LN2 + golden.log_weight_mean, { atol: 5 * run.lowerError[0]! });
  });

  it("finds log Z within its error, between its bounds", async () => {
    for (const [of, seed] of [
      [K4, 1],
      [ruledModel(chimera(1, 1, 4)), 2],
    ] as const) {
      // prettier-ignore
      const law = lawOf(of, 1);
      const run = await annealedImportance(of, {
        ...{ chains: 2000, seed, schedule: { kind: "linear", steps: 40 } },
        equilibrated: drawn(law, 2000, seed).samples,
      });
      closeTo(run.logZ[0]!, law.logZ, { atol: 4 * run.error[0]! });
      expect(run.lower[0]!).to.be.below(law.logZ + 4 * run.lowerError[0]!);
      expect(run.upper![0]!).to.be.above(law.logZ - 4 * run.upperError![0]!);
      expect(run.upper![0]! - run.lower[0]!).to.be.within(0, 0.2);
      expect(run.effectiveChains[0]!).to.be.within(1000, 2000);
    }
  });

  it("has the exact log Z of 32 and of 128 spins within four errors, and bounds around it", async () => {
    for (const [m, chains, steps] of [
      [2, 500, 300],
      [4, 512, 600],
    ] as const) {
      const of = ruledModel(chimera(m, m, 4));
      const schedule = { kind: "linear", steps } as const;
      const run = await annealedImportance(of, { chains, schedule });
      const exact = logPartition(of)[0]!;
      closeTo(run.logZ[0]!, exact, { atol: 4 * run.error[0]! }, of.graph.name);
      expect(run.error[0], of.graph.name).to.be.below(0.1);
      expect(run.lower[0]).to.be.below(exact + 4 * run.lowerError[0]!);
    }
    const golden = goldenCase("chimera(2,2,4) beta=1.0") as { logZ: number };
    closeTo(logPartition(ruledModel(chimera(2, 2, 4)))[0]!, golden.logZ, { rtol: 1e-11 });
  });

  it("shifts log Z by an offset, and knows models without couplings", async () => {
    const of = model(graph(2, []), { biases: [0.5, 0], offset: 2 });
    const run = await annealedImportance(of, {
      chains: 4000,
      schedule: { kind: "linear", steps: 30 },
    });
    const exact = Math.log(2 * Math.cosh(0.5)) + Math.LN2 - 2;
    closeTo(run.logZ[0]!, exact, { atol: 4 * run.error[0]! });
  });

  it("estimates every model of a population, as alone", async () => {
    const pair = model(K4.graph, {
      biases: [K4.biases, K4.biases],
      couplings: [K4.couplings, K4.couplings.map((J) => J / 2)],
    });
    const schedule = { kind: "linear", steps: 20 } as const;
    const run = await annealedImportance(pair, { chains: 500, schedule, mode: "fast" });
    const alone = await annealedImportance(K4, { chains: 500, schedule, mode: "fast" });
    expect(run.logZ[0]).to.equal(alone.logZ[0]);
    const half = model(K4.graph, { biases: K4.biases, couplings: K4.couplings.map((J) => J / 2) });
    closeTo(run.logZ[1]!, lawOf(half, 1).logZ, { atol: 4 * run.error[1]! });
    const exact = mean(lawOf(K4, 1), (s) => energies(K4, s)[0]!);
    closeTo(exact, goldenK4("1.0").energy, { rtol: 1e-10 });
  });

  it("refuses schedules that do not rise from 0", async () => {
    await refuses(annealedImportance(K4, { schedule: [0.5, 1] }), "rise from 0");
    await refuses(annealedImportance(K4, { schedule: [0, 1, 0.5] }), "rise from 0");
    await refuses(annealedImportance(K4, { schedule: [0, Infinity] }), "rise from 0");
  });
});
