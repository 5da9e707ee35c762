// Embeddings: golden chains, the verifier's complaints, splitting of parameters, votes, ranges, errors of control, and the
// annealer made of them.

import { expect } from "chai";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import * as em from "../../src/ising/embedding/index.js";
import { energies } from "../../src/ising/energies.js";
import { graph, type IsingGraph } from "../../src/ising/graph.js";
import { model, type HostModel } from "../../src/ising/model.js";
import { without } from "../../src/ising/parts.js";
import { chimera } from "../../src/ising/topologies/chimera.js";
import { complete } from "../../src/ising/topologies/simple.js";
import { closeTo } from "../support/close-to.js";
import { goldenCase } from "./annealing-golden.js";
import { drawn, goldenK4, K4, lawOf, mean } from "./exact-law.js";
import { hostRoles } from "../../src/ising/embedding/embedding.js";

type Pattern = {
  readonly host: string;
  readonly qubits: number;
  readonly used_couplers: number;
  readonly chain_couplers?: number;
  readonly chain_0: number[];
  readonly chain_last: number[];
};
type EmbeddedK4 = {
  readonly chains: number[][];
  readonly physical: Readonly<Record<string, number>>;
  readonly values: readonly {
    readonly chain_coupling: number;
    readonly logZ: number;
    readonly broken_chain_probability: number[];
    readonly any_broken: number;
    readonly voted_m: number[];
    readonly voted_corr: number[];
  }[];
};
const golden = goldenCase("K4 embedded in chimera(1,1,4), majority vote with coin") as EmbeddedK4;
const K4_IN_CELL = em.cliqueEmbedding(4);

function matchesGolden(made: em.Embedding, name: string): void {
  const want = goldenCase(name) as Pattern;
  const { role } = hostRoles(made);
  const count = (keep: (of: number) => boolean): number => role.filter(keep).length;
  expect(made.host.name.replaceAll(" ", "")).to.equal(want.host);
  expect([...made.chains[0]!]).to.deep.equal(want.chain_0);
  expect([...made.chains.at(-1)!]).to.deep.equal(want.chain_last);
  expect(made.chains.reduce((sum, chain) => sum + chain.length, 0)).to.equal(want.qubits);
  expect(count((of) => of !== -2)).to.equal(want.used_couplers);
  if (want.chain_couplers !== undefined) {
    expect(count((of) => of === -1)).to.equal(want.chain_couplers);
  }
}

describe("cliqueEmbedding()", () => {
  it("is the golden TRIAD pattern", () => {
    for (const n of [4, 8, 36]) matchesGolden(em.cliqueEmbedding(n), `triad K${n}`);
  });

  it("is an embedding for every size, and other t, with chains of ⌈n/t⌉ + 1", () => {
    for (const [n, t] of [
      [1, 4],
      [3, 4],
      [5, 4],
      [7, 3],
      [9, 1],
      [13, 5],
    ] as const) {
      // prettier-ignore
      const size = Math.ceil(n / t);
      const made = em.cliqueEmbedding(n, chimera(size, size, t));
      em.verifyEmbedding(made);
      for (const chain of made.chains) expect(chain.length).to.equal(size + 1);
    }
  });

  it("finds a place without dead qubits in a larger host", () => {
    const host = chimera(3, 4, 4);
    const dead = without(host, { nodes: [0, 9] });
    const made = em.cliqueEmbedding(8, dead);
    em.verifyEmbedding(made);
    const qubits = made.chains.flatMap((chain) => Array.from(chain, (q) => dead.labels![q]!));
    expect(qubits).not.to.include.members([0]);
    expect(qubits).not.to.include.members([9]);
    expect(() => em.cliqueEmbedding(12, dead)).to.throw(
      ArgumentError,
      "none without a dead qubit or coupler in a chain",
    );
    expect(() => em.cliqueEmbedding(13, host)).to.throw(ArgumentError, "only 3 × 4 cells");
    expect(() => em.cliqueEmbedding(4, complete(9))).to.throw(
      ArgumentError,
      "must be a Chimera graph",
    );
  });
});

describe("bicliqueEmbedding()", () => {
  it("is the golden pattern of crossing bars", () => {
    for (const [p, q] of [
      [4, 4],
      [18, 18],
      [5, 9],
    ] as const) {
      // prettier-ignore
      matchesGolden(em.bicliqueEmbedding(p, q), `biclique K${p},${q}`);
    }
  });

  it("is an embedding for other sizes, and avoids dead qubits", () => {
    for (const [p, q] of [
      [1, 1],
      [3, 10],
      [9, 2],
    ] as const) {
      // prettier-ignore
      em.verifyEmbedding(em.bicliqueEmbedding(p, q));
    }
    em.verifyEmbedding(em.bicliqueEmbedding(4, 8, without(chimera(2, 2, 4), { nodes: [3] })));
  });
});

describe("verifyEmbedding()", () => {
  const host = chimera(1, 1, 4);
  const triangle = complete(3);
  const fails = (chains: number[][], words: string, on: IsingGraph = host): void => {
    expect(() => em.embedding(triangle, on, chains)).to.throw(ArgumentError, words);
  };

  it("accepts what is one", () => {
    expect(em.embedding(triangle, host, [[0], [4], [1, 5]]).chains).to.have.length(3);
  });

  it("names the chain, qubit or edge at fault", () => {
    fails([[0], [4]], "one chain for each of the 3 logical spins, but holds 2");
    fails([[0], [], [1, 5]], "must not be empty, but chain 1 is");
    fails([[0], [4], [1, 8]], "from 0 to 7, but chain 2 has 8");
    fails([[0], [4], [-1]], "chain 2 has -1");
    fails([[0], [4], [4, 1]], "qubit 4 is in chain 1 and in chain 2");
    fails([[0], [4], [1, 5, 1]], "qubit 1 is in chain 2 and there twice");
    fails([[0], [4], [1, 2]], "chain 2 has no path of its own couplers from qubit 1 to qubit 2");
    fails([[0], [4], [5]], "chains 1 and 2 have none between them for edge 1-2");
    const labelled = without(host, { nodes: [0] });
    fails([[0], [3], [1, 2]], "qubit 1 (hardware 2)", labelled);
  });
});

describe("embedModel()", () => {
  it("splits biases over chains and couplings over couplers as the golden model", () => {
    const { host } = K4_IN_CELL;
    const made = em.embedModel(K4, K4_IN_CELL, 2);
    for (let e = 0; 2 * e < host.edges.length; e++) {
      const [u, v] = [host.edges[2 * e]!, host.edges[2 * e + 1]!];
      closeTo(made.couplings[e]!, golden.physical[`${u},${v}`] ?? 2, { atol: 1e-15 }, `${u}-${v}`);
    }
    for (const [i, chain] of golden.chains.entries()) {
      expect([...K4_IN_CELL.chains[i]!]).to.deep.equal(chain);
      for (const qubit of chain) expect(made.biases[qubit]).to.equal(K4.biases[i]! / 2);
    }
  });

  it("has the logical energies, up to the chains' constant, where no chain is broken", () => {
    for (const made of [em.cliqueEmbedding(4, chimera(2, 2, 2)), K4_IN_CELL]) {
      const physical = em.embedModel(K4, made, 1.5);
      const inner = hostRoles(made).role.filter((of) => of === -1).length;
      for (const logical of [
        [1, 1, 1, 1],
        [1, -1, 1, -1],
        [-1, -1, 1, 1],
      ]) {
        // prettier-ignore
        const spins = new Float64Array(made.host.n).fill(1);
        made.chains.forEach((chain, i) => chain.forEach((qubit) => (spins[qubit] = logical[i]!)));
        const shifted = energies(physical, spins)[0]! + 1.5 * inner;
        closeTo(shifted, energies(K4, logical)[0]!, { atol: 1e-12 });
      }
    }
  });

  it("keeps populations apart and takes the strength from each", () => {
    const pair = model(K4.graph, {
      biases: [K4.biases, K4.biases],
      couplings: [K4.couplings, K4.couplings.map((J) => 2 * J)],
    });
    const made = em.embedModel(pair, K4_IN_CELL, "rms");
    expect(made.population).to.equal(2);
    const { role } = hostRoles(K4_IN_CELL);
    const inner = role.indexOf(-1);
    // √(mean J²) = √(1.54/6), mean degree 3.
    const rms = 1.414 * Math.sqrt(1.54 / 6) * Math.sqrt(3);
    closeTo(made.couplings[inner]!, rms, { rtol: 1e-12 });
    closeTo(made.couplings[role.length + inner]!, 2 * rms, { rtol: 1e-12 });
  });

  it("refuses strengths that are not positive, and models of other graphs", () => {
    expect(() => em.embedModel(K4, K4_IN_CELL, 0)).to.throw(ArgumentError, "`strength`");
    const path = model(graph(4, [[0, 1]]), {});
    expect(() => em.embedModel(path, K4_IN_CELL)).to.throw(ArgumentError, "`embedding`");
    em.embedModel(path, { ...K4_IN_CELL, logical: path.graph });
  });
});

describe("majorityVote()", () => {
  for (const value of golden.values) {
    const c = value.chain_coupling;
    const law = lawOf(em.embedModel(K4, K4_IN_CELL, c), 1);

    it(`breaks chains with the golden probabilities at strength ${c}`, () => {
      closeTo(law.logZ, value.logZ, { atol: 1e-10 });
      const { broken } = em.majorityVote(law.states, K4_IN_CELL);
      const any = law.probabilities.reduce((sum, p, i) => sum + (broken[i]! > 0 ? p : 0), 0);
      const average = law.probabilities.reduce((sum, p, i) => sum + (p * broken[i]!) / 4, 0);
      const each = value.broken_chain_probability;
      closeTo(any, value.any_broken, { atol: 1e-12 });
      closeTo(average, each.reduce((a, b) => a + b, 0) / 4, { atol: 1e-12 });
    });

    it(`has the golden moments at strength ${c}`, () => {
      const rows = 40_000;
      const { samples } = em.majorityVote(drawn(law, rows, 3).samples, K4_IN_CELL, { seed: 1 });
      const check = (exact: number, of: (row: number) => number): void => {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += of(row);
        closeTo(sum / rows, exact, { atol: 5 * Math.sqrt((1 - exact * exact) / rows) });
      };
      value.voted_m.forEach((m, i) => check(m, (row) => samples[4 * row + i]!));
      goldenK4("1.0").edges.forEach(([u, v], e) =>
        check(value.voted_corr[e]!, (row) => samples[4 * row + u]! * samples[4 * row + v]!),
      );
    });
  }

  it("tosses a fair coin for ties, by address, and none for chains of odd length", () => {
    const rows = 10_000;
    const pair = em.embedding(graph(1, []), graph(2, [[0, 1]]), [[0, 1]]); // prettier-ignore
    const tied = Int8Array.from({ length: 2 * rows }, (_, at) => (at % 2 === 0 ? 1 : -1));
    const { samples, broken } = em.majorityVote(tied, pair, { seed: 5 });
    const up = samples.reduce((sum, spin) => sum + spin, 0) / rows;
    closeTo(up, 0, { atol: 5 / Math.sqrt(rows) });
    expect(new Set(broken)).to.deep.equal(new Set([1]));
    const head = em.majorityVote(tied.subarray(0, 20), pair, { seed: 5 }).samples;
    expect([...head]).to.deep.equal([...samples.subarray(0, 10)]);
    const others = [{ seed: 6 }, { seed: 5, event: 1 }].map(
      (draw) => em.majorityVote(tied, pair, draw).samples,
    );
    for (const other of others) expect([...other]).not.to.deep.equal([...samples]);
    const three = em.embedding(graph(1, []), graph(3, [[0, 1], [1, 2]]), [[0, 1, 2]]); // prettier-ignore
    const vote = em.majorityVote(Int8Array.of(1, -1, 1, -1, -1, 1, 1, 1, 1), three);
    expect([...vote.samples]).to.deep.equal([1, -1, 1]);
    closeTo(em.chainBreakFraction(vote), 2 / 3, { rtol: 1e-15 });
  });

  it("refuses spins of another host", () => {
    expect(() => em.majorityVote(new Int8Array(9), K4_IN_CELL)).to.throw(ShapeError, "[rows, 8]");
  });
});

describe("scaleFactors()", () => {
  const of = (b: number, J: number): HostModel =>
    model(graph(2, [[0, 1]]), { biases: b, couplings: J }); // prettier-ignore

  it("brings biases into ±2 and couplings into ±1 with one factor", () => {
    const cases = [[1, 0.5, 1, 2], [8, 1, 0.25, 0.25], [1, -4, 0.25, 0.25], [0, 0, 1, 1]] as const; // prettier-ignore
    for (const [b, J, shrink, fill] of cases) {
      expect([...em.scaleFactors(of(b, J))]).to.deep.equal([shrink]);
      expect([...em.scaleFactors(of(b, J), "fill")]).to.deep.equal([fill]);
    }
  });

  it("has one factor for each replica, and leaves room for a chain strength that follows the model", () => {
    const pair = model(graph(2, [[0, 1]]), { couplings: [[0.5], [2]] }); // prettier-ignore
    expect([...em.scaleFactors(pair)]).to.deep.equal([1, 0.5]);
    closeTo(em.scaleFactors(pair, "fill", undefined, "rms"), [2 / 1.414, 0.5 / 1.414], {
      rtol: 1e-12,
    });
    const scaled = em.scaleModel(pair, Float64Array.of(3, 5));
    expect([...scaled.couplings]).to.deep.equal([1.5, 10]);
  });

  it("refuses factors and strengths that leave the ranges", () => {
    expect(() => em.scaleFactors(of(1, 1), 1.5)).to.throw(ArgumentError, "at most 1, but is 1.5");
    expect(() => em.scaleFactors(of(1, 1), -1)).to.throw(ArgumentError, "`scaling`");
    expect(() => em.scaleFactors(of(1, 1), "fill", { bias: 0, coupling: 1 })).to.throw(
      ArgumentError,
      "`ranges.bias`",
    );
    expect(() => em.scaleFactors(of(1, 1), "fill", undefined, 2)).to.throw(
      ArgumentError,
      "`strength`",
    );
  });
});

describe("withControlNoise()", () => {
  const flat = model(complete(60), {});

  it("adds normal errors of the given width, fresh for each event", () => {
    const noisy = em.withControlNoise(flat, { bias: 0.5, coupling: 0.1 }, { seed: 1 });
    const [E, n] = [noisy.couplings.length, 60];
    const square = (values: Float64Array): number => values.reduce((sum, x) => sum + x * x, 0);
    closeTo(square(noisy.couplings) / E / 0.01, 1, { atol: 5 * Math.sqrt(2 / E) });
    closeTo(square(noisy.biases) / n / 0.25, 1, { atol: 5 * Math.sqrt(2 / n) });
    const sum = noisy.couplings.reduce((a, b) => a + b, 0);
    closeTo(sum / E, 0, { atol: (5 * 0.1) / Math.sqrt(E) });
    const later = em.withControlNoise(flat, { bias: 0.5, coupling: 0.1 }, { seed: 1, event: 1 });
    expect(later.biases[0]).not.to.equal(noisy.biases[0]);
    expect([...flat.biases]).to.deep.equal(new Array(60).fill(0));
  });

  it("gives replica p of seed S what seed S + p gets alone", () => {
    const pair = model(complete(5), { biases: [new Array(5).fill(0), new Array(5).fill(0)] });
    const together = em.withControlNoise(pair, { bias: 1, coupling: 1 }, { seed: 4 });
    const alone = em.withControlNoise(
      model(complete(5), {}),
      { bias: 1, coupling: 1 },
      { seed: 5 },
    );
    expect([...together.biases.subarray(5)]).to.deep.equal([...alone.biases]);
    expect([...together.couplings.subarray(10)]).to.deep.equal([...alone.couplings]);
  });

  it("refuses negative widths", () => {
    expect(() => em.withControlNoise(flat, { bias: -1, coupling: 0 })).to.throw(
      ArgumentError,
      "`noise.bias`",
    );
  });
});

describe("embedded()", () => {
  const exactSampler: em.PhysicalSampler = (physical, { beta, seed }) =>
    drawn(lawOf(physical, beta), 20_000, seed);

  it("gives logical samples whose moments are the golden voted ones", async () => {
    const { samples, chainBreakFraction } = await em.embedded(K4, {
      embedding: em.cliqueEmbedding(4, chimera(2, 3, 4)),
      sampler: exactSampler,
    });
    const want = golden.values.find((value) => value.chain_coupling === 1)!;
    for (const [i, m] of want.voted_m.entries()) {
      let sum = 0;
      for (let row = 0; row < samples.rows; row++) sum += samples.samples[4 * row + i]!;
      closeTo(sum / samples.rows, m, { atol: 5 * Math.sqrt((1 - m * m) / samples.rows) });
    }
    const p = want.broken_chain_probability.reduce((a, b) => a + b, 0) / 4;
    // Breaks of one row's chains are not independent: at most as uncertain as if they were one.
    closeTo(chainBreakFraction, p, { atol: 5 * Math.sqrt((p * (1 - p)) / samples.rows) });
    closeTo(samples.energies, energies(K4, samples.samples), { atol: 1e-12 });
  });

  it("samples strong models at β times the factor", async () => {
    const strong = em.scaleModel(K4, Float64Array.of(10));
    const made = await em.embedded(strong, {
      embedding: K4_IN_CELL,
      sampler: exactSampler,
      beta: 3,
      scaling: "shrink",
    });
    closeTo(made.scale, [1 / 8], { rtol: 1e-12 });
    closeTo(made.samples.info.beta as number, 3 / 8, { rtol: 1e-12 });
    const physical = em.embedModel(em.scaleModel(strong, made.scale), K4_IN_CELL);
    const exact = mean(lawOf(physical, 3), (s) => energies(physical, s)[0]!);
    const average = made.physical.energies.reduce((a, b) => a + b, 0) / made.physical.rows;
    const spread = mean(lawOf(physical, 3), (s) => (energies(physical, s)[0]! - exact) ** 2);
    closeTo(average, exact, { atol: 5 * Math.sqrt(spread / made.physical.rows) });
  });

  it("keeps an unknown temperature to itself, the same for the same seed", async () => {
    const seen: number[] = [];
    const spy: em.PhysicalSampler = (physical, settings) => {
      seen.push(settings.beta);
      return drawn(lawOf(physical, settings.beta), 10, 1);
    };
    const options = { embedding: K4_IN_CELL, sampler: spy, beta: { from: 0.5, to: 2 } };
    const made = await em.embedded(K4, options);
    await em.embedded(K4, { ...options, event: 1 });
    await em.embedded(K4, { ...options, seed: 1 });
    expect(seen[0]).to.equal(seen[1]).and.not.equal(seen[2]);
    for (const beta of seen) expect(beta).to.be.within(0.5, 2);
    expect([made.samples.info.beta, made.physical.info.beta]).to.deep.equal([null, null]);
    const wrong = await em
      .embedded(K4, { ...options, beta: { from: 0, to: 1 } })
      .catch((e: unknown) => e);
    expect(wrong).to.be.instanceOf(ArgumentError);
  });

  it("gives the sampler the qubits in use alone, with errors, and refuses other samples", async () => {
    const shapes: number[] = [];
    const sampler: em.PhysicalSampler = (physical) => {
      shapes.push(physical.graph.n, physical.couplings.filter((J) => J === 1).length);
      return drawn(lawOf(model(complete(3), {}), 1), 2, 1);
    };
    const host = chimera(4, 4, 4);
    const options = {
      embedding: em.cliqueEmbedding(4, host),
      sampler,
      noise: { bias: 0.1, coupling: 0.1 },
    };
    const failure = await em.embedded(K4, options).catch((e: unknown) => e);
    expect(failure)
      .to.be.instanceOf(ArgumentError)
      .with.property("message")
      .that.includes("8 qubits in use");
    expect(shapes).to.deep.equal([8, 0]);
  });
});
