// Tests of the sweeps that the conformance suite cannot have: golden trajectories, the stationary law, slices, what is
// observed on the way, and the composed form.

import { expect } from "chai";
import { thresholds, integerModel } from "../../kernels/ising-sweeps/rounding.js";
import { slicesOf } from "../../kernels/ising-sweeps/gpu.js";
import {
  composedSweeps,
  prepareSweeps,
  sweep,
  sweptSpins,
} from "../../kernels/ising-sweeps/index.js";
import { fieldOf, referenceSweeps, upProbability } from "../../kernels/ising-sweeps/reference.js";
import { philoxUniforms } from "../../kernels/philox/reference.js";
import { complete, energies, graph, model, torus } from "../../src/ising/index.js";
import { randomSpins } from "../../src/ising/samplers/chains.js";
import {
  goldenCase,
  k4,
  ruledModel,
  spinHash,
  spinText,
  wavyModel,
} from "../ising/gibbs-golden.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo, closeWithin } from "../support/close-to.js";
import type { SweepCall, SweepModel, SweepRule } from "../../kernels/ising-sweeps/contract.js";
import type { HostModel } from "../../src/ising/index.js";
import type { ExactValues, Trajectory } from "../ising/gibbs-golden.js";

const signsOf = (seed: number, size: number): Float64Array =>
  philoxUniforms(seed, 21, size).map((u) => (u < 0.5 ? -1 : 1));

function callOf(of: HostModel, more: Partial<SweepCall> & Pick<SweepCall, "chains">): SweepCall {
  const { seed = 1, chains, chainOffset = 0 } = more;
  const spins = randomSpins(of.graph, seed, of.population * chains, chainOffset);
  return { beta: 0.8, seed, firstSweep: 0, sweeps: 6, spins, ...more };
}

describe("sweep() in exact mode", () => {
  const run = (
    of: HostModel,
    { beta, seed, chains }: Omit<Trajectory, "spins_after_sweep">,
    sweeps: number,
  ): Int8Array =>
    sweep(prepareSweeps(of, "exact"), callOf(of, { beta, seed, chains, sweeps })).spins;

  it("has the golden trajectory of chimera(1, 1, 4)", () => {
    const golden = goldenCase<Trajectory>("exact mode chimera(1,1,4)");
    for (const [sweeps, expected] of Object.entries(golden.spins_after_sweep))
      expect(spinText(run(ruledModel(1, 1, 4), golden, Number(sweeps)), 8)).to.deep.equal(expected);
  });

  it("has the golden trajectory of complete(5)", () => {
    const golden = goldenCase<Trajectory & { kJ: number[]; kb: number[] }>(
      "exact mode complete(5)",
    );
    const scaled = (k: readonly number[]): number[] => k.map((x) => x / 512);
    const of = model(complete(5), { couplings: scaled(golden.kJ), biases: scaled(golden.kb) });
    for (const [sweeps, expected] of Object.entries(golden.spins_after_sweep))
      expect(spinText(run(of, golden, Number(sweeps)), 5)).to.deep.equal(expected);
  });

  it("has the golden hashes of 1000 sweeps of chimera(2, 2, 4), in one call or in two", () => {
    const golden = goldenCase<Trajectory & Record<string, number> & { chain5_after_1000: string }>(
      "exact mode chimera(2,2,4)",
    );
    const of = ruledModel(2, 2, 4);
    expect(spinHash(run(of, golden, 0))).to.equal(golden["hash_initial"]);
    expect(spinHash(run(of, golden, 1))).to.equal(golden["hash_after_1"]);
    const whole = run(of, golden, 1000);
    expect(spinHash(whole)).to.equal(golden["hash_after_1000"]);
    expect(spinText(whole, 32)[5]).to.equal(golden.chain5_after_1000);
    const prepared = prepareSweeps(of, "exact");
    const { beta, seed, chains } = golden;
    const first = sweep(prepared, callOf(of, { beta, seed, chains, sweeps: 313 })).spins;
    const rest = { beta, seed, chains, sweeps: 687, firstSweep: 313, spins: first };
    expect(spinHash(sweep(prepared, rest).spins)).to.equal(golden["hash_after_1000"]);
  });

  it("has the golden words and first spins of torus(3, 3)", () => {
    type Golden = { seed: number; chains: number; spins: readonly string[] };
    const { seed, chains, spins } = goldenCase<Golden>("initial spins");
    const of = torus(3, 3);
    expect(Array.from(of.pos)).to.deep.equal(goldenCase<{ pos: number[] }>("sweep addressing").pos);
    expect(spinText(randomSpins(of, seed, chains), 9)).to.deep.equal(spins);
  });

  it("gives small fields the same bits as large ones", () => {
    const of = torus(4, 4);
    const couplings = signsOf(3, of.edges.length / 2);
    const biases = signsOf(4, of.n);
    const small = model(of, { couplings, biases });
    const prepared = prepareSweeps(small, "exact");
    expect(prepared.small).to.not.equal(undefined);
    for (const rule of ["gibbs", "metropolis"] as const) {
      // A temperature a chain takes the form for large fields.
      const chains = 20;
      const each = { shape: [1, 1, chains] as const, values: new Float64Array(chains).fill(0.8) };
      const one = sweep(prepared, callOf(small, { chains, rule })).spins;
      expect(one).to.deep.equal(sweep(prepared, callOf(small, { chains, rule, beta: each })).spins);
    }
  });

  it("divides out what all couplings have in common", () => {
    const integers = integerModel(model(torus(3, 3), { couplings: 6, biases: -3 }), 0);
    expect(integers.unit).to.equal(3);
    expect(integers.largestField).to.equal(9);
    expect(integers.rounding).to.equal(0);
  });

  it("rounds couplings to 11 bits and tells by how much", () => {
    const integers = integerModel(model(complete(2), { couplings: Math.SQRT1_2, biases: 0.1 }), 0);
    expect(integers.unit * integers.couplings[0]!).to.be.closeTo(Math.SQRT1_2, 2 ** -12);
    expect(integers.rounding).to.be.within(1e-6, 2 ** -12);
  });

  it("has thresholds within 2^-24 of the probabilities, and fair coins at field 0", () => {
    const integers = integerModel(k4(), 0);
    const { unit, largestField } = integers;
    for (const beta of [0, 0.3, 2, Infinity]) {
      const table = thresholds("gibbs", beta, integers);
      expect(table[largestField]).to.equal(2 ** 22);
      table.forEach((threshold, at) => {
        const p = upProbability("gibbs", beta, (at - largestField) * unit, 1);
        expect(Math.abs(threshold * 2 ** -23 - p)).to.be.at.most(2 ** -24);
      });
    }
  });

  it("refuses couplings that are scaled and tables that are too large", () => {
    const scaled = { ...k4(), scaled: new Uint8Array(6) };
    expect(() => prepareSweeps(scaled, "exact")).to.throw(RangeError, "scaled");
    const heavy = model(complete(3), { couplings: 2 ** -11, biases: 1 + 2 ** -22 });
    expect(() => prepareSweeps(heavy, "exact")).to.throw(RangeError, "tables of");
  });
});

/** The law after one sweep, from the law before: node after node, by the reference's probabilities. */
function swept(
  of: SweepModel,
  rule: SweepRule,
  beta: number,
  law: Float64Array,
  scale = 1,
): Float64Array {
  const { n, pos } = of.graph;
  const order = Array.from(pos.keys()).sort((i, j) => pos[i]! - pos[j]!);
  return order.reduce((before, node, position) => {
    const after = new Float64Array(before.length);
    before.forEach((weight, state) => {
      const spins = spinsOf(state, n);
      const up = upProbability(rule, beta, fieldOf(of, of, position, spins, scale), spins[node]!);
      after[state | (1 << node)]! += weight * up;
      after[state & ~(1 << node)]! += weight * (1 - up);
    });
    return after;
  }, law);
}

const spinsOf = (state: number, n: number): Int8Array =>
  Int8Array.from({ length: n }, (_, i) => ((state >> i) & 1 ? 1 : -1));

function energiesOfStates(of: HostModel): Float64Array {
  const { n } = of.graph;
  return Float64Array.from({ length: 2 ** n }, (_, state) => energies(of, spinsOf(state, n))[0]!);
}

function boltzmann(of: HostModel, beta: number): Float64Array {
  const weights = energiesOfStates(of).map((energy) => Math.exp(-beta * energy));
  const Z = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / Z);
}

describe("one sweep", () => {
  const models: Readonly<Record<string, HostModel>> = {
    K4: k4(),
    "chimera(1, 1, 4)": wavyModel(),
    "graph with an isolated node": model(graph(3, [[0, 2]]), { couplings: 0.7, biases: 0.2 }),
  };
  for (const [name, of] of Object.entries(models))
    for (const rule of ["gibbs", "metropolis"] as const)
      it(`keeps the Boltzmann law of ${name} by ${rule}`, () => {
        for (const beta of [0.4, 1, 2.5]) {
          const law = boltzmann(of, beta);
          closeWithin(swept(of, rule, beta, law), law, 1e-12, "law");
        }
      });

  it("has the golden mean energy of the law after 1, 2, 4 and 8 sweeps from all up", () => {
    type Golden = { after: readonly { sweeps: number; energy: number; m0: number }[] };
    const of = wavyModel();
    const golden = goldenCase<Golden>("chimera(1,1,4) chromatic Gibbs started from all +1");
    const E = energiesOfStates(of);
    for (const { sweeps, energy, m0 } of golden.after) {
      let law = new Float64Array(256);
      law[255] = 1;
      for (let t = 0; t < sweeps; t++) law = new Float64Array(swept(of, "gibbs", 1, law));
      closeTo(
        law.reduce((sum, p, s) => sum + p * E[s]!, 0),
        energy,
        { atol: 1e-12 },
      );
      closeTo(
        law.reduce((sum, p, s) => sum + (s & 1 ? p : -p), 0),
        m0,
        { atol: 1e-12 },
      );
    }
  });
});

describe("sweep()", () => {
  const of = ruledModel(1, 2, 4);
  const wavy = wavyModel();

  it("gives a chain of many the spins of that chain alone", () => {
    for (const mode of ["exact", "fast"] as const) {
      const all = sweep(prepareSweeps(wavy, mode), callOf(wavy, { chains: 64 })).spins;
      const alone = sweep(
        prepareSweeps(wavy, mode),
        callOf(wavy, { chains: 1, chainOffset: 5 }),
      ).spins;
      expect(Array.from(alone)).to.deep.equal(Array.from(all.subarray(40, 48)));
    }
  });

  it("records what it passes, with energies in float64", () => {
    const record = { every: 2, spins: true, energies: true };
    for (const mode of ["exact", "fast"] as const) {
      const call = callOf(wavy, { chains: 19, sweeps: 7 });
      const prepared = prepareSweeps(wavy, mode);
      const { samples, energies: recorded, spins } = sweep(prepared, { ...call, record });
      expect(samples).to.have.length(3 * 19 * 8);
      [2, 4, 6].forEach((sweeps, r) => {
        const expected = sweep(prepared, { ...call, sweeps }).spins;
        expect(samples.slice(r * 152, (r + 1) * 152)).to.deep.equal(expected);
      });
      closeWithin(recorded, energies(wavy, samples), 1e-13, "energies");
      expect(spins).to.deep.equal(sweep(prepared, call).spins);
    }
  });

  it("adds up spins and products along edges over chains and sweeps", () => {
    const population = model(of.graph, {
      biases: [of.biases, of.biases.map((b) => -b)],
      couplings: of.couplings,
    });
    const { n, edges } = of.graph;
    const record = { every: 1, spins: true };
    for (const mode of ["exact", "fast"] as const) {
      const call = callOf(population, { chains: 18, sweeps: 5 });
      const result = sweep(prepareSweeps(population, mode), { ...call, record, moments: true });
      const sums = new Float64Array(2 * n);
      const pairs = new Float64Array(edges.length);
      for (let row = 0; row < 5 * 36; row++) {
        const p = Math.floor(row / 18) % 2;
        const s = result.samples.subarray(row * n, (row + 1) * n);
        s.forEach((spin, i) => (sums[p * n + i]! += spin));
        for (let e = 0; 2 * e < edges.length; e++)
          pairs[(p * edges.length) / 2 + e]! += s[edges[2 * e]!]! * s[edges[2 * e + 1]!]!;
      }
      expect(result.spinSums).to.deep.equal(sums);
      expect(result.edgeSums).to.deep.equal(pairs);
    }
  });

  it("follows a schedule of temperatures whose tables do not fit one call", () => {
    // Fields of ±2^16 at 40 temperatures: 5 million thresholds.
    const heavy = model(complete(2), { couplings: 2 ** -6, biases: [1 + 2 ** -16, 1] });
    const sweeps = 40;
    const values = Float64Array.from({ length: sweeps }, (_, t) => 0.02 * (t + 1));
    const call = callOf(heavy, { chains: 3, sweeps, beta: { shape: [sweeps, 1, 1], values } });
    const record = { every: 2, spins: true };
    const { spins, samples } = sweep(prepareSweeps(heavy, "exact"), { ...call, record });
    expect(Array.from(spins)).to.deep.equal(Array.from(referenceSweeps(heavy, "exact", call)));
    expect(samples).to.have.length(20 * 6);
    expect(Array.from(samples.subarray(114))).to.deep.equal(Array.from(spins));
  });

  it("keeps the law of scaled couplings", () => {
    const scaled = { ...wavy, scaled: Uint8Array.from({ length: 16 }, (_, e) => e % 2) };
    const couplings = wavy.couplings.map((J, e) => (e % 2 === 1 ? 0.3 * J : J));
    const law = boltzmann(model(wavy.graph, { biases: wavy.biases, couplings }), 1);
    closeWithin(swept(scaled, "gibbs", 1, law, 0.3), law, 1e-12, "law");
  });

  it("has fair coins at beta 0 and follows the field at beta infinity", () => {
    const ferromagnet = model(torus(3, 3), { couplings: 1, biases: 0.5 });
    const cold = sweep(prepareSweeps(ferromagnet, "auto"), {
      ...callOf(ferromagnet, { chains: 5, beta: Infinity }),
      spins: new Int8Array(45).fill(1),
    });
    expect(cold.spins.every((s) => s === 1)).to.equal(true);
    const chains = 2000;
    const hot = sweep(prepareSweeps(ferromagnet, "fast"), callOf(ferromagnet, { chains, beta: 0 }));
    const mean = hot.spins.reduce((a, b) => a + b, 0) / (9 * chains);
    expect(Math.abs(mean)).to.be.below(5 / Math.sqrt(9 * chains));
  });
});

onEachBackend("composedSweeps()", () => {
  const population = model(torus(3, 3), {
    biases: [signsOf(5, 9), signsOf(6, 9).map((x) => 0.3 * x)],
    couplings: [signsOf(7, 18), signsOf(8, 18).map((x) => 0.7 * x)],
  });
  for (const mode of ["exact", "fast"] as const)
    for (const rule of ["gibbs", "metropolis"] as const)
      it(`has the spins of the fused form in ${mode} mode by ${rule}`, async () => {
        const clamped = Uint8Array.from({ length: 2 * 3 * 9 }, (_, i) => (i % 5 === 0 ? 1 : 0));
        const beta = { shape: [4, 2, 3] as const, values: philoxUniforms(9, 22, 24) };
        const call = callOf(population, {
          chains: 3,
          chainOffset: 2,
          sweeps: 4,
          rule,
          beta,
          clamped,
        });
        const prepared = prepareSweeps(population, mode);
        const composed = composedSweeps(prepared, call);
        expect(composed.shape).to.deep.equal([2, 3, 9]);
        expect(Array.from(await composed.data())).to.deep.equal(
          Array.from(sweep(prepared, call).spins),
        );
        composed.dispose();
      });

  it("has the spins of the fused form with scaled couplings", async () => {
    const scaled = { ...k4(), scaled: Uint8Array.of(0, 1, 1, 0, 0, 1) };
    const call = callOf(k4(), { chains: 9, sweeps: 5, scale: Float64Array.of(0.1, 0.5, 1, 2, 4) });
    const composed = composedSweeps(prepareSweeps(scaled, "fast"), call);
    const expected = sweep(prepareSweeps(scaled, "fast"), call).spins;
    expect(Array.from(await composed.data())).to.deep.equal(Array.from(expected));
    composed.dispose();
  });

  it("has the moments of K4 within 5 sigma", async () => {
    const { m } = goldenCase<ExactValues>("K4 beta=1.0");
    const call = callOf(k4(), { chains: 1000, sweeps: 20, beta: 1 });
    const composed = composedSweeps(prepareSweeps(k4(), "fast"), call);
    const spins = await composed.data();
    composed.dispose();
    m.forEach((expected, i) => {
      let sum = 0;
      for (let c = 0; c < 1000; c++) sum += spins[4 * c + i]!;
      closeTo(sum / 1000, expected, { atol: 5 * Math.sqrt((1 - expected ** 2) / 1000) });
    });
  });
});

onEachBackend("sweptSpins()", () => {
  const sweptBy = async (
    of: SweepModel,
    mode: "exact" | "fast",
    call: SweepCall,
  ): Promise<number[]> => {
    const spins = sweptSpins({ model: of, mode, call });
    const values = await spins.data();
    spins.dispose();
    return Array.from(values);
  };

  it("has the golden hash of 1000 sweeps of chimera(2, 2, 4)", async () => {
    const golden = goldenCase<Trajectory & { hash_after_1000: string }>(
      "exact mode chimera(2,2,4)",
    );
    const of = ruledModel(2, 2, 4);
    const { beta, seed, chains } = golden;
    const spins = await sweptBy(of, "exact", callOf(of, { beta, seed, chains, sweeps: 1000 }));
    expect(spinHash(Int8Array.from(spins))).to.equal(golden.hash_after_1000);
  });

  // On a device 32, 64 and 256 invocations share a chain of these.
  for (const [rows, columns] of [
    [8, 8],
    [16, 32],
    [32, 64],
  ] as const)
    it(`has the spins of the reference on a torus of ${rows} by ${columns}`, async () => {
      const of = torus(rows, columns);
      const couplings = signsOf(3, of.edges.length / 2);
      const biases = signsOf(4, of.n).map((x) => 0.5 * x);
      const spun = model(of, { couplings, biases });
      const clamped = Uint8Array.from({ length: of.n }, (_, i) => (i % 7 === 0 ? 1 : 0));
      for (const mode of ["exact", "fast"] as const)
        for (const rule of ["gibbs", "metropolis"] as const) {
          const call = callOf(spun, { chains: 2, sweeps: 3, rule, chainOffset: 2 ** 20, clamped });
          const expected = Array.from(referenceSweeps(spun, mode, call));
          expect(await sweptBy(spun, mode, call), `${mode}, ${rule}`).to.deep.equal(expected);
        }
    });

  it("follows a schedule of temperatures whose tables are too many for a program", async () => {
    // Fields of ±2^16 at 34 temperatures: 4.4 million thresholds.
    const heavy = model(complete(2), { couplings: 2 ** -6, biases: [1 + 2 ** -16, 1] });
    const sweeps = 34;
    const values = Float64Array.from({ length: sweeps }, (_, t) => 0.03 * (t + 1));
    const call = callOf(heavy, { chains: 3, sweeps, beta: { shape: [sweeps, 1, 1], values } });
    const expected = Array.from(referenceSweeps(heavy, "exact", call));
    expect(await sweptBy(heavy, "exact", call)).to.deep.equal(expected);
  });
});

describe("slicesOf()", () => {
  it("gives every sweep to one pass, none of which has more than 2^20 turns an invocation", () => {
    expect(slicesOf(5, 2 ** 19)).to.deep.equal([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
    expect(slicesOf(4, 2 ** 19)).to.have.length(2);
    expect(slicesOf(3, 2 ** 21)).to.have.length(3);
  });

  it("gives no sweeps a pass that hands the spins on", () => {
    expect(slicesOf(0, 100)).to.deep.equal([[0, 0]]);
  });
});
