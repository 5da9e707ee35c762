// The sweeps as a case: no tensor inputs, so that a problem is a population of models, its options and a number of
// sweeps. Spins are compared one for one; what is rounded in fast mode moves no decision of these seeds.

import * as tf from "@tensorflow/tfjs";
import { sweepsContract } from "../../kernels/ising-sweeps/contract.js";
import { sweptSpins } from "../../kernels/ising-sweeps/index.js";
import { referenceSweeps } from "../../kernels/ising-sweeps/reference.js";
import { philoxNormals, philoxUniforms } from "../../kernels/philox/reference.js";
import { chimera, complete, graph, torus } from "../../src/ising/index.js";
import { pairwise } from "./pairs.js";
import type {
  BetaSchedule,
  SweepAttrs,
  SweepCall,
  SweepModel,
} from "../../kernels/ising-sweeps/contract.js";
import type { IsingGraph } from "../../src/ising/index.js";
import type { KernelCase, Problem } from "./case.js";
import type { Choice } from "./pairs.js";

/** Odd numbers of nodes, two, three and n colours, one node, no edges. */
const GRAPHS: Readonly<Record<string, () => IsingGraph>> = {
  "chimera(1, 2, 3)": () => chimera(1, 2, 3),
  "torus(3, 3)": () => torus(3, 3),
  "complete(7)": () => complete(7),
  "one node": () => graph(1, []),
  "no edges": () => graph(5, []),
};

const FACTORS = {
  name: Object.keys(GRAPHS),
  // Around the 16 chains of an item.
  chains: [1, 3, 16, 17, 0],
  population: [1, 2, 3],
  mode: ["exact", "fast"],
  rule: ["gibbs", "metropolis"],
  // Signs have small fields in exact mode.
  law: ["signs", "sixteenths", "normal"],
  beta: ["one", "per model", "per chain", "per sweep", "all", "infinite"],
  clamped: ["none", "nodes", "chains", "all"],
  scaled: [false, true],
} as const;

const SWEEPS = 4;

type Options = Omit<Choice<typeof FACTORS>, "chains"> & {
  readonly seed: number;
  readonly chains: number;
};

function draws(seed: number, input: number, size: number, law: Options["law"]): Float64Array {
  const normal = philoxNormals(seed, input, size);
  if (law === "signs") return normal.map(Math.sign);
  return law === "normal" ? normal : normal.map((x) => Math.round(16 * x) / 16);
}

function modelOf({ name, population, law, mode, scaled, seed }: Options): SweepModel {
  const of = GRAPHS[name]!();
  const edges = of.edges.length / 2;
  return {
    graph: of,
    population,
    biases: draws(seed, 11, population * of.n, law),
    couplings: draws(seed, 12, population * edges, law),
    // Exact mode has none.
    ...(scaled &&
      mode === "fast" && { scaled: Uint8Array.from({ length: edges }, (_, e) => e % 2) }),
  };
}

function betaOf({ beta, population, chains, seed }: Options): number | BetaSchedule {
  if (beta === "one") return 0.7;
  if (beta === "infinite") return Infinity;
  const every = beta === "all";
  const shape = [
    every || beta === "per sweep" ? SWEEPS : 1,
    every || beta === "per model" ? population : 1,
    (every || beta === "per chain") && chains > 0 ? chains : 1,
  ] as const;
  return { shape, values: philoxUniforms(seed, 13, shape[0] * shape[1] * shape[2]) };
}

function clampedOf({ clamped, seed }: Options, rows: number, n: number): Uint8Array | undefined {
  if (clamped === "none") return undefined;
  if (clamped === "all") return new Uint8Array(n).fill(1);
  const size = clamped === "nodes" ? n : rows * n;
  return Uint8Array.from(philoxUniforms(seed, 14, size), (u) => (u < 0.4 ? 1 : 0));
}

function attrsOf(options: Options): SweepAttrs {
  const model = modelOf(options);
  const { n } = model.graph;
  const rows = options.population * options.chains;
  const clamped = clampedOf(options, rows, n);
  return {
    model,
    mode: options.mode,
    call: {
      ...{ chains: options.chains, seed: options.seed, firstSweep: 3, sweeps: SWEEPS },
      ...{ rule: options.rule, chainOffset: 5, beta: betaOf(options) },
      spins: Int8Array.from(philoxUniforms(options.seed, 15, rows * n), (u) => (u < 0.5 ? 1 : -1)),
      ...(clamped && { clamped }),
      ...(model.scaled && { scale: philoxUniforms(options.seed, 16, SWEEPS) }),
    },
  };
}

function cutBeta(beta: SweepCall["beta"], p: number, c: number | null): SweepCall["beta"] {
  if (typeof beta === "number") return beta;
  const [sweeps, models, chains] = beta.shape;
  const own = c === null ? chains : 1;
  const values = new Float64Array(sweeps * own);
  for (let t = 0; t < sweeps; t++)
    for (let l = 0; l < own; l++)
      values[t * own + l] =
        beta.values[
          (t * models + (models === 1 ? 0 : p)) * chains + (chains === 1 ? 0 : (c ?? l))
        ]!;
  return { shape: [sweeps, 1, own], values };
}

/** Model p alone, or chain c of it alone: the same addresses. */
function alone({ model, mode, call }: SweepAttrs, p: number, c: number | null): SweepAttrs {
  const { n, edges } = model.graph;
  const [row, rows] = c === null ? [p * call.chains, call.chains] : [p * call.chains + c, 1];
  const rowsOf = <T extends Int8Array | Uint8Array>(values: T): T =>
    values.slice(row * n, (row + rows) * n) as T;
  const { clamped } = call;
  return {
    mode,
    model: {
      ...model,
      population: 1,
      biases: model.biases.slice(p * n, (p + 1) * n),
      couplings: model.couplings.slice((p * edges.length) / 2, ((p + 1) * edges.length) / 2),
    },
    call: {
      ...call,
      ...{ chains: rows, spins: rowsOf(call.spins), chainOffset: (call.chainOffset ?? 0) + row },
      beta: cutBeta(call.beta, p, c),
      ...(clamped && clamped.length !== n && { clamped: rowsOf(clamped) }),
    },
  };
}

function reference({ model, mode, call }: SweepAttrs): Float64Array {
  return Float64Array.from(referenceSweeps(model, mode === "fast" ? "fast" : "exact", call));
}

/** Parts of a population, each with calls of its own, one below the other. */
function problem(label: string, parts: readonly SweepAttrs[]): Problem {
  const [{ call, model }] = parts as [SweepAttrs];
  const population = parts.reduce((sum, part) => sum + part.model.population, 0);
  return {
    label,
    inputs: {},
    axes: {},
    output: { shape: [population, call.chains, model.graph.n], axes: "PCn" },
    reference: () => Float64Array.from(parts.flatMap((part) => [...reference(part)])),
    fused: () =>
      parts.length === 1 ? sweptSpins(parts[0]!) : tf.tidy(() => tf.concat(parts.map(sweptSpins))),
    part: (letter, index) =>
      letter === "P"
        ? problem(label, [alone(parts[0]!, index, null)])
        : problem(
            label,
            Array.from({ length: population }, (_, p) => alone(parts[0]!, p, index)),
          ),
  };
}

const textOf = (options: Options): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

const LARGE = { seed: 5, population: 1, mode: "fast", rule: "gibbs", law: "signs" } as const;
const PLAIN = { beta: "one", clamped: "none", scaled: false } as const;

function large(of: IsingGraph, mode: "exact" | "fast", chains: number, sweeps: number): SweepAttrs {
  const options = { ...LARGE, ...PLAIN, mode, chains, name: "one node" };
  const edges = of.edges.length / 2;
  const [biases, couplings] = [draws(5, 11, of.n, "signs"), draws(5, 12, edges, "signs")];
  const spins = Int8Array.from(philoxUniforms(5, 15, chains * of.n), (u) => (u < 0.5 ? 1 : -1));
  const { call } = attrsOf(options);
  return {
    mode,
    model: { graph: of, population: 1, biases, couplings },
    call: { ...call, sweeps, spins },
  };
}

const TIMED: readonly (readonly [
  string,
  () => IsingGraph,
  n: number,
  chains: number,
  sweeps: number,
])[] = [
  ["chimera(4, 4, 4)", () => chimera(4, 4, 4), 128, 1000, 20],
  ["torus(64, 64)", () => torus(64, 64), 4096, 32, 20],
  ["complete(100)", () => complete(100), 100, 1000, 8],
];

/** `kernels/ising-sweeps`. */
export const isingSweepsCase: KernelCase = {
  kernel: "ising-sweeps",
  contract: sweepsContract,
  bounds: { value: { atol: 0, rtol: 0 }, gradient: {}, second: 0 },
  population: "P",
  batch: "C",
  problems: (seed = 1) =>
    pairwise(FACTORS).map((choice) => {
      const options = { ...choice, seed };
      return problem(textOf(options), [attrsOf(options)]);
    }),
  smooth: () => [],
  split: () => problem("split", [large(chimera(4, 4, 4), "fast", 50, 20)]),
  sample: "one spin decision",
  benchmarks: TIMED.flatMap(([name, make, n, chains, sweeps]) =>
    (["fast", "exact"] as const).map((mode) => ({
      label: `${name}, ${chains} chains, ${mode}`,
      samples: n * chains * sweeps,
      problem: () => problem(name, [large(make(), mode, chains, sweeps)]),
    })),
  ),
};
