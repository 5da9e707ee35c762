// Exact methods: golden averages, agreement of methods and orders, samples, ground states, transverse field, refusals.

import { expect } from "chai";
import { ising } from "../../src/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import { caseOf, casesOf, listedModel, namedGraph, ruleModel } from "./golden.js";
import type { ExactMoments, HostModel } from "../../src/ising/index.js";

const tight = { atol: 1e-12, rtol: 1e-12 };

type Kaufman = {
  readonly T: readonly number[];
  readonly values: readonly { readonly L: number; readonly energy: readonly number[] }[];
};

/** logZ, energy, magnetisations, correlations of a golden case. */
function closeToCase(moments: ExactMoments, golden: ReturnType<typeof caseOf>): void {
  closeTo(moments.logZ, [golden["logZ"]], tight, "logZ");
  if (golden["energy"] !== undefined)
    closeTo(moments.energies, [golden["energy"]], tight, "energy");
  const m = golden["m"] ?? golden["m_first8"] ?? [];
  const corr = golden["corr"] ?? golden["corr_first8"] ?? [];
  closeTo(moments.magnetisations.slice(0, m.length), m, tight, "m");
  closeTo(moments.correlations.slice(0, corr.length), corr, tight, "correlations");
}

/** A model in which no two parameters are alike. */
function irregular(n: number, strength = 0.7): HostModel {
  const graph = ising.without(ising.complete(n), { edges: [0, 4, 7] });
  return ising.model(graph, {
    biases: Array.from({ length: n }, (_, i) => 0.3 * Math.sin(3 * i)),
    couplings: Array.from({ length: ising.edgeCount(graph) }, (_, e) => strength * Math.sin(e * e)),
  });
}

describe("exactMoments()", () => {
  for (const golden of casesOf("K4 beta")) {
    it(`of ${golden.name} are the golden ones by either method`, () => {
      for (const method of ["elimination", "split"] as const) {
        const moments = ising.exactMoments(listedModel(golden), { beta: golden["beta"], method });
        closeToCase(moments, golden);
      }
    });
  }

  for (const golden of [...casesOf("chimera("), ...casesOf("bipartite"), ...casesOf("complete(")]) {
    it(`of ${golden.name} are the golden ones`, () => {
      const strength = Number(/J_e = ([\d.]+)/.exec(golden["rule"])?.[1] ?? 0.5);
      const beta = golden["beta"] ?? 1;
      closeToCase(
        ising.exactMoments(ruleModel(namedGraph(golden.name), strength), { beta }),
        golden,
      );
    });
  }

  it("of rings and chains are the transfer matrix's", () => {
    const ring = (N: number, J: number): ExactMoments =>
      ising.exactMoments(ising.model(ising.torus(N), { couplings: J }));
    for (const [N, J, name] of [
      [10, 0.5, "ring N=10 betaJ=0.5"],
      [7, -0.8, "ring N=7 betaJ=-0.8"],
    ] as const) {
      const golden = caseOf(name);
      closeTo(ring(N, J).logZ, [golden["logZ"]], tight);
      closeTo(ring(N, J).correlations, new Array<number>(N).fill(golden["nn_corr"]), tight);
    }
    const chain = ising.exactMoments(ising.model(ising.grid(10), { couplings: 0.5 }));
    closeTo(chain.logZ, [caseOf("open chain N=10 betaJ=0.5")["logZ"]], tight);
    // ln 2 + 9999 ln 2cosh J
    const long = ising.exactMoments(ising.model(ising.grid(10_000), { couplings: 0.5 }));
    closeTo(long.logZ, [Math.log(2) + 9999 * Math.log(2 * Math.cosh(0.5))], { rtol: 1e-11 });
    expect(long.cost.width).to.equal(1);
  });

  it("of square tori are Kaufman's", () => {
    const { T, values } = caseOf("torus energy per spin (Kaufman), J=1") as unknown as Kaufman;
    for (const { L, energy } of values.filter((row) => row.L <= 6)) {
      const couplings = T.map(() => new Float64Array(2 * L * L).fill(1));
      const model = ising.model(ising.torus(L, L), { couplings });
      const { energies } = ising.exactMoments(model, { beta: T.map((t) => 1 / t) });
      closeTo(
        energies.map((E) => E / (L * L)),
        energy,
        { rtol: 1e-11 },
        `L = ${L}`,
      );
    }
  });

  it("are the same in any order of elimination and by splitting, at any temperature", () => {
    const of = irregular(11);
    for (const beta of [0, 0.4, 3, 200]) {
      const expected = averagesByListing(of, beta);
      const orders = [Array.from({ length: 11 }, (_, i) => (i * 5) % 11), "auto" as const];
      const results = [
        ...orders.map((order) => ising.exactMoments(of, { beta, order, method: "elimination" })),
        ising.exactMoments(of, { beta, method: "split" }),
      ];
      for (const result of results) {
        closeTo(result.logZ, expected.logZ, { rtol: 1e-12 }, `logZ at ${beta}`);
        closeTo(result.magnetisations, expected.magnetisations, { atol: 1e-11 }, `m at ${beta}`);
        closeTo(result.correlations, expected.correlations, { atol: 1e-11 }, `c at ${beta}`);
        closeTo(result.energies, expected.energies, { rtol: 1e-10, atol: 1e-10 });
      }
    }
  });

  it("split models with outer spins as elimination sums them out", () => {
    const of = irregular(16, 0.3);
    // At the second temperature products of exponentials would leave the range of numbers.
    for (const beta of [1, 100]) {
      const [a, b] = (["elimination", "split"] as const).map((method) =>
        ising.exactMoments(of, { method, beta }),
      );
      closeTo(a!.logZ, b!.logZ, { rtol: 1e-13 });
      closeTo(a!.magnetisations, b!.magnetisations, { atol: 1e-11 });
      closeTo(a!.correlations, b!.correlations, { atol: 1e-11 });
    }
  });

  it("of a population are those of its replicas, each at its temperature", () => {
    const graph = ising.chimera(1, 2, 2);
    const rows = [1, 2, 3].map((p) =>
      Array.from({ length: ising.edgeCount(graph) }, (_, e) => Math.sin(p * e)),
    );
    const of = ising.model(graph, { couplings: rows, biases: 0.1, offset: [1, 2, 3] });
    const beta = [0.5, 1, 2];
    const together = ising.exactMoments(of, { beta });
    const alone = beta.map((one, p) => ising.exactMoments(ising.replica(of, p), { beta: one }));
    closeTo(
      together.logZ,
      alone.map(({ logZ }) => logZ[0]!),
      {},
    );
    closeTo(
      together.energies,
      alone.map(({ energies }) => energies[0]!),
      {},
    );
    const flat = alone.flatMap(({ correlations }) => Array.from(correlations));
    closeTo(together.correlations, flat, {});
    closeTo(ising.logPartition(of, { beta }), together.logZ, {});
  });

  it("energies are −∂logZ/∂β, offset included", () => {
    const of = { ...irregular(8), offset: Float64Array.of(0.7) };
    const h = 1e-4;
    const [up, down] = [1 + h, 1 - h].map((beta) => ising.logPartition(of, { beta })[0]!);
    closeTo(ising.exactMoments(of).energies, [(down! - up!) / (2 * h)], { rtol: 1e-7 });
  });

  it("take one node, no edges and parts that are not connected", () => {
    const one = ising.model(ising.graph(1, []), { biases: [0.4] });
    closeTo(ising.exactMoments(one).magnetisations, [Math.tanh(0.4)], tight);
    const parts = ising.model(
      ising.graph(4, [
        [0, 2],
        [1, 3],
      ]),
      { couplings: [0.3, -0.9] },
    );
    closeTo(ising.exactMoments(parts).correlations, [Math.tanh(0.3), Math.tanh(-0.9)], tight);
    const logZ = 2 * Math.log(4) + Math.log(Math.cosh(0.3)) + Math.log(Math.cosh(0.9));
    closeTo(ising.logPartition(parts), [logZ], tight);
  });

  it("say their cost beforehand and refuse what is too much", () => {
    expect(ising.exactCost(ising.chimera(4, 4, 4)).width).to.equal(16);
    expect(ising.exactCost(ising.complete(30)).method).to.equal("split");
    const big = ising.model(ising.chimera(16, 16, 4), {});
    expect(() => ising.exactMoments(big)).to.throw(ArgumentError, /chimera\(16, 16, 4\).*Sample/);
    const slow = ising.model(ising.complete(36), {});
    expect(() => ising.logPartition(slow, { maxSeconds: 1 })).to.throw(
      ArgumentError,
      /at most 1 s .* split on complete\(36\) needs about \d+ s .*`maxSeconds`/,
    );
    const strong = ising.model(ising.complete(32), { couplings: 1 });
    expect(() => ising.logPartition(strong, { beta: 20 })).to.throw(
      ArgumentError,
      /logPartition: .*`maxSeconds` be \d+: at β = 20 .*complete\(32\).*groundStates/,
    );
    expect(() => ising.exactMoments(big, { beta: -1 })).to.throw(
      ArgumentError,
      /`beta`.* but is -1/,
    );
    expect(() => ising.exactMoments(big, { beta: Infinity })).to.throw(
      ArgumentError,
      /groundStates/,
    );
    expect(() => ising.exactMoments(big, { beta: [1, 2] })).to.throw(ShapeError, /`beta`/);
    const small = ising.model(ising.complete(3), {});
    expect(() => ising.exactMoments(small, { order: [0, 1] })).to.throw(ShapeError, /`order`/);
    expect(() => ising.exactMoments(small, { order: [0, 1, 1] })).to.throw(
      ArgumentError,
      /node 2 is missing/,
    );
  });
});

/** Averages by listing all states. */
function averagesByListing(of: HostModel, beta: number): ExactMoments {
  const { n, edges } = of.graph;
  const states = ising.allStates(n);
  const E = ising.energies(of, states);
  const lowest = Math.min(...E);
  const weights = E.map((energy) => Math.exp(-beta * (energy - lowest)));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = (value: (x: number) => number): number =>
    weights.reduce((sum, w, x) => sum + w * value(x), 0) / total;
  const pair = (x: number, e: number): number =>
    states[x * n + edges[2 * e]!]! * states[x * n + edges[2 * e + 1]!]!;
  return {
    logZ: Float64Array.of(Math.log(total) - beta * lowest),
    energies: Float64Array.of(mean((x) => E[x]!)),
    magnetisations: Float64Array.from({ length: n }, (_, i) => mean((x) => states[x * n + i]!)),
    correlations: Float64Array.from({ length: edges.length / 2 }, (_, e) =>
      mean((x) => pair(x, e)),
    ),
    cost: ising.exactCost(of.graph),
  };
}

describe("exactSamples()", () => {
  it("have the exact averages, within 5σ", () => {
    const of = ruleModel(ising.chimera(2, 2, 4));
    const rows = 4000;
    const spins = ising.exactSamples(of, { rows, seed: 11 });
    const counted = ising.sampleMoments(of, spins);
    const exact = ising.exactMoments(of);
    const within = (values: Float64Array, means: Float64Array): void =>
      means.forEach((mean, i) => {
        closeTo(values[i]!, mean, { atol: 5 * Math.sqrt((1 - mean ** 2) / rows) }, `entry ${i}`);
      });
    within(counted.magnetisations, exact.magnetisations);
    within(counted.correlations, exact.correlations);
  });

  it("are addressed: more rows and other replicas change nothing", () => {
    const graph = ising.chimera(1, 1, 3);
    const of = ising.model(graph, {
      couplings: [new Float64Array(9).fill(0.3), new Float64Array(9).fill(0.3)],
    });
    const many = ising.exactSamples(of, { rows: 50, seed: 3 });
    const few = ising.exactSamples(ising.replica(of, 1), { rows: 20, seed: 4 });
    expect(Array.from(many.subarray(300, 420))).to.deep.equal(Array.from(few));
    expect(ising.exactSamples(of, { rows: 0, seed: 3 }).length).to.equal(0);
    expect(() => ising.exactSamples(of, { rows: 1.5, seed: 3 })).to.throw(ArgumentError, /`rows`/);
  });

  it("are never a state without weight", () => {
    const of = ising.model(ising.grid(6), { couplings: 1, biases: [0.1, 0, 0, 0, 0, 0] });
    const spins = ising.exactSamples(of, { rows: 500, seed: 1, beta: 1e4 });
    expect(spins.every((s) => s === 1)).to.equal(true);
  });
});

describe("groundStates()", () => {
  for (const name of ["K4 beta=1.0", "chimera(1,1,4)", "bipartite(18,18)", "complete(12)"]) {
    it(`of ${name} have the golden energy`, () => {
      const golden = caseOf(name);
      const strength = Number(/J_e = ([\d.]+)/.exec(golden["rule"] ?? "")?.[1] ?? 0.5);
      const of = golden["J"] ? listedModel(golden) : ruleModel(namedGraph(name), strength);
      const { energies, states } = ising.groundStates(of);
      closeTo(energies, [golden["ground_energy"]], { rtol: 1e-12 });
      closeTo(ising.energies(of, states[0]!), [golden["ground_energy"]], { rtol: 1e-12 });
    });
  }

  it("are all found where there are many", () => {
    // An antiferromagnetic triangle leaves one edge wanting: 6 of 8 states.
    const triangle = ising.model(ising.complete(3), { couplings: -1 });
    const { energies, states, complete } = ising.groundStates(triangle);
    expect([energies[0], states[0]!.length / 3, complete[0]]).to.deep.equal([-1, 6, true]);
    const distinct = new Set(
      Array.from({ length: 6 }, (_, row) => String(states[0]!.slice(3 * row, 3 * row + 3))),
    );
    expect(distinct.size).to.equal(6);
    const some = ising.groundStates(triangle, { limit: 4 });
    expect([some.states[0]!.length / 3, some.complete[0]]).to.deep.equal([4, false]);
  });

  it("of a disordered model are those of the list of all states", () => {
    const graph = ising.torus(4, 4);
    const couplings = Array.from({ length: 32 }, (_, e) => (Math.sin(e * e) > 0 ? 1 : -1));
    const of = ising.model(graph, { couplings });
    const E = ising.energies(of, ising.allStates(16));
    const lowest = Math.min(...E);
    const { energies, states, complete } = ising.groundStates(of);
    expect(energies[0]).to.equal(lowest);
    expect(states[0]!.length / 16).to.equal(E.filter((energy) => energy === lowest).length);
    expect(complete[0]).to.equal(true);
  });
});

describe("transverseField()", () => {
  for (const golden of casesOf("tfim")) {
    it(`of ${golden.name} is the golden diagonalisation`, () => {
      const { gamma, beta } = golden as unknown as { gamma: number; beta: number };
      const moments = ising.transverseField(listedModel(golden), { gamma, beta });
      closeTo(moments.logZ, [golden["logZ"]], tight);
      closeTo(moments.energies, [golden["energy"]], tight);
      closeTo(moments.magnetisations, golden["z"], tight);
      closeTo(moments.correlations, golden["zz"], tight);
      closeTo(moments.transverse, golden["x"], tight);
    });
  }

  it("without field is the classical model, and without couplings free spins", () => {
    const of = { ...irregular(6), offset: Float64Array.of(0.3) };
    const exact = ising.exactMoments(of, { beta: 20 });
    const quantum = ising.transverseField(of, { gamma: 0, beta: 20 });
    closeTo(quantum.logZ, exact.logZ, { rtol: 1e-12 });
    closeTo(quantum.magnetisations, exact.magnetisations, { atol: 1e-10 });
    const free = ising.model(ising.graph(3, []), {});
    const { transverse, logZ } = ising.transverseField(free, { gamma: 0.8, beta: 2 });
    closeTo(transverse, new Array<number>(3).fill(Math.tanh(1.6)), tight);
    closeTo(logZ, [3 * Math.log(2 * Math.cosh(1.6))], tight);
  });

  it("keeps populations, and refuses more spins and fields that make no sense", () => {
    const of = ising.model(ising.complete(3), {
      couplings: [
        [1, 2, 3],
        [3, 2, 1],
      ],
    });
    const both = ising.transverseField(of, { gamma: [0.5, 1], beta: [1, 2] });
    const second = ising.transverseField(ising.replica(of, 1), { gamma: 1, beta: 2 });
    closeTo(both.transverse.slice(3), second.transverse, {});
    const large = ising.model(ising.complete(11), {});
    expect(() => ising.transverseField(large, { gamma: 1 })).to.throw(
      ArgumentError,
      /path-integral/,
    );
    expect(() => ising.transverseField(of, { gamma: -1 })).to.throw(ArgumentError, /`gamma`/);
    expect(() => ising.transverseField(of, { gamma: [1] })).to.throw(ShapeError, /`gamma`/);
  });
});
