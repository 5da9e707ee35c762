// Path-integral annealing: at a fixed field the golden law of S slices, along a falling field golden ground states.

import { expect } from "chai";
import { ArgumentError } from "../../src/errors.js";
import { energies } from "../../src/ising/energies.js";
import { graph } from "../../src/ising/graph.js";
import { model, type HostModel } from "../../src/ising/model.js";
import { quantumAnneal } from "../../src/ising/samplers/quantum-anneal.js";
import { bondBetweenSlices, slicedModel, tunnelling } from "../../src/ising/samplers/slices.js";
import { chimera } from "../../src/ising/topologies/chimera.js";
import { torus } from "../../src/ising/topologies/lattices.js";
import { closeTo } from "../support/close-to.js";
import { goldenCase } from "./annealing-golden.js";
import { goldenK4, K4, lawOf, mean, ruledModel } from "./exact-law.js";

type Tfim = {
  readonly n: number;
  readonly edges: readonly (readonly [number, number])[];
  readonly J: number[];
  readonly b: number[];
  readonly gamma: number;
  readonly beta: number;
  readonly trotter: readonly {
    readonly P: number;
    readonly z: number[];
    readonly zz: number[];
    readonly x_mean: number;
    readonly K_perp: number;
  }[];
};
const CASES = [
  "tfim 1 qubit beta=1.0",
  "tfim 2 qubits beta=1.0",
  "tfim ring4 beta=2.0",
  "tfim K4 beta=1.0",
];
const cases = CASES.map((name) => [name, goldenCase(name) as Tfim] as const);
const modelOf = ({ n, edges, J, b }: Tfim): HostModel =>
  model(graph(n, edges), { biases: b, couplings: J });

describe("slicedModel()", () => {
  it("has the golden bonds and, by enumeration, the golden law of S slices", () => {
    for (const [name, golden] of cases) {
      for (const { P, z, zz, K_perp } of golden.trotter.filter((one) => one.P * golden.n <= 12)) {
        const K = bondBetweenSlices(tunnelling(golden.beta, golden.gamma, P));
        closeTo(K, K_perp, { rtol: 1e-10 });
        const { model: of, scaled } = slicedModel(modelOf(golden), golden.beta, P);
        const couplings = of.couplings.map((J, e) => (scaled[e] === 1 ? J * K : J));
        const law = lawOf(model(of.graph, { biases: of.biases, couplings }), 1);
        z.forEach((value, i) =>
          closeTo(
            mean(law, (s) => s[i]!),
            value,
            { atol: 1e-9 },
            `${name} P=${P}`,
          ),
        );
        golden.edges.forEach(([u, v], e) =>
          closeTo(
            mean(law, (s) => s[u]! * s[v]!),
            zz[e]!,
            { atol: 1e-9 },
            `${name} P=${P}`,
          ),
        );
      }
    }
  });

  it("is coloured for any number of colours and even slices", () => {
    for (const on of [torus(3, 3), torus(5), graph(2, []), chimera(1, 1, 2)]) {
      for (const slices of [1, 2, 4, 6, 10]) slicedModel(model(on, {}), 1, slices);
    }
  });
});

describe("quantumAnneal()", () => {
  it("samples the golden law of S slices at a fixed field", async () => {
    const chains = 2000;
    for (const [name, golden] of cases) {
      for (const { P, z, zz, x_mean } of golden.trotter.filter((one) =>
        [1, 2, 4, 8].includes(one.P),
      )) {
        // Slices bound by K⊥ = 1.4 forget their start in about a hundred sweeps.
        const gamma = new Array<number>(P === 8 ? 600 : 200).fill(golden.gamma);
        const run = await quantumAnneal(modelOf(golden), {
          chains,
          beta: golden.beta,
          slices: P,
          gamma,
          seed: P,
        });
        const moment = (of: (row: number) => number): number => {
          let sum = 0;
          for (let row = 0; row < chains; row++) sum += of(row);
          return sum / chains;
        };
        const check = (found: number, exact: number): void =>
          closeTo(
            found,
            exact,
            { atol: 5 * Math.sqrt((1 - exact * exact) / chains) + 1e-12 },
            `${name} P=${P}`,
          );
        z.forEach((value, i) =>
          check(
            moment((row) => run.samples[row * golden.n + i]!),
            value,
          ),
        );
        golden.edges.forEach(([u, v], e) =>
          check(
            moment((row) => run.samples[row * golden.n + u]! * run.samples[row * golden.n + v]!),
            zz[e]!,
          ),
        );
        // One bond has two values, t and 1/t; the mean over bonds of a chain varies at most as much.
        const t = Math.tanh((golden.beta * golden.gamma) / P);
        const q = P === 1 ? 1 : (1 / t - x_mean) / (1 / t - t);
        const sigma = (1 / t - t) * Math.sqrt((q * (1 - q)) / chains);
        const x = run.sigmaX.reduce((a, b) => a + b, 0) / golden.n;
        closeTo(x, x_mean, { atol: 5 * sigma + 1e-9 }, `${name} P=${P}`);
      }
    }
  });

  it("finds golden ground states as the field falls", async () => {
    const { ground_energy } = goldenCase("chimera(1,1,4)") as { ground_energy: number };
    const targets = [[K4, goldenK4("1.0").ground_energy], [ruledModel(chimera(1, 1, 4)), ground_energy]] as const; // prettier-ignore
    for (const [of, ground] of targets) {
      for (const read of ["best", "random"] as const) {
        const run = await quantumAnneal(of, {
          chains: 50,
          beta: 10,
          read,
          gamma: { kind: "linear", steps: 200 },
        });
        closeTo(run.first.energy, ground, { atol: 1e-9 });
        closeTo(run.energies, energies(of, run.samples), {});
        expect(run.complete).to.equal(true);
      }
    }
  });

  it("keeps replicas and chains apart", async () => {
    const pair = model(K4.graph, {
      biases: [K4.biases, K4.biases],
      couplings: [K4.couplings, K4.couplings.map((J) => 2 * J)],
    });
    const options = { slices: 4, gamma: [2, 1, 0.5], seed: 5 };
    const both = await quantumAnneal(pair, { ...options, chains: 3 });
    const alone = await quantumAnneal(K4, { ...options, chains: 1, chainOffset: 2 });
    expect([...both.model]).to.deep.equal([0, 0, 0, 1, 1, 1]);
    expect([...alone.samples]).to.deep.equal([...both.samples.subarray(8, 12)]);
    closeTo(both.energies, energies(pair, both.samples), {});
  });

  it("refuses odd slices, negative fields and temperatures without a path integral", async () => {
    const fails = async (
      options: Parameters<typeof quantumAnneal>[1],
      words: string,
    ): Promise<void> => {
      const error = await quantumAnneal(K4, options).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(ArgumentError);
      expect((error as Error).message).to.include(words);
    };
    await fails({ slices: 3 }, "`slices` must be 1 or even, but is 3");
    await fails({ gamma: [1, -1] }, "`gamma` must hold values of at least 0, but has -1");
    await fails({ beta: 0 }, "`beta`");
    await fails({ beta: Infinity }, "`beta`");
  });
});
