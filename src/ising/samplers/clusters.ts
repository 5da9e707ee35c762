// Cluster updates: whole clusters of aligned spins turn at once. They beat the slowing down near the critical point where
// couplings are balanced; elsewhere clusters fill the lattice, and this sampler refuses.

import { checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { philoxArray } from "../../../kernels/philox/index.js";
import { energyDiagnostics } from "../diagnostics.js";
import { energies } from "../energies.js";
import { hostModel, type HostModel, type IsingModel } from "../model.js";
import {
  NO_INFO,
  sampleSet,
  type SampleDiagnostics,
  type SampleInfo,
  type SampleSet,
  type SampleTiming,
} from "../sample-set.js";
import {
  betaSchedule,
  chainsOf,
  givenSpins,
  randomSpins,
  type ChainBeta,
  type Chains,
} from "./chains.js";
import { breathe, report } from "./scheduled-run.js";
import type { ChainSpins } from "./chains.js";
import type { RunControl } from "./drive.js";

/** Options of {@link swendsenWang}. */
export type ClusterOptions = RunControl & {
  /** Chains of each model. Default 1. */
  readonly chains?: number;
  /** Inverse temperature: a number, `[P]` or `[P, chains]`. Default 1. */
  readonly beta?: ChainBeta;
  /** Sweeps before the first sample. Default 100. */
  readonly warmup?: number;
  /** Samples of each chain. Default 1. */
  readonly samples?: number;
  /** Default 1. */
  readonly sweepsPerSample?: number;
  /** A signed 32-bit integer. Default 0. */
  readonly seed?: number;
  /** First spins, `[n]`, `[chains, n]` or `[P, chains, n]`, flat. Default: random by seed. */
  readonly initial?: ChainSpins;
  /** Address of the first chain. Default 0. */
  readonly chainOffset?: number;
};

/** Samples in the order of sampling: sample, model, chain. */
export type ClusterRun = SampleSet & {
  readonly diagnostics: SampleDiagnostics;
  readonly complete: boolean;
};

/**
 * Swendsen and Wang's algorithm: satisfied couplings become bonds with probability `1 − exp(−2β|J|)`, every cluster of bonds then
 * turns up or down by heat bath in the sum of its biases.
 *
 * @param model - with balanced couplings: turning some spins over makes all of them ferromagnetic. Biases are free
 * @returns rows in the order sample, model, chain
 * @throws ArgumentError if couplings are not balanced (names a coupling of a frustrated loop), or options do not fit
 * @remarks A sweep t draws from stream (seed, t): words of the n nodes by position, then of the edges, one block a chain. Host
 * only, about 20 ns a node and edge.
 * @see Swendsen and Wang, Phys. Rev. Lett. 58, 86 (1987)
 */
export async function swendsenWang(
  model: IsingModel,
  options: ClusterOptions = {},
): Promise<ClusterRun> {
  const begin = performance.now();
  const run = await clusterRun(model, options);
  const { spins, total, warmup, every } = run;
  const start = performance.now();
  const kept: Int8Array[] = [];
  let [sweep, last] = [0, start];
  for (; sweep < total && options.signal?.aborted !== true; sweep++) {
    clusterSweep(run, sweep);
    if (sweep >= warmup && (sweep + 1 - warmup) % every === 0) kept.push(spins.slice());
    if (performance.now() - last < 40 && sweep + 1 < total) continue;
    last = performance.now();
    report(options, sweep + 1, total, last - start);
    await breathe();
  }
  const timing = {
    preprocessMs: start - begin,
    samplingMs: performance.now() - start,
    postprocessMs: 0,
  };
  const set = clusterSamples(run, kept, infoOf(run, options, sweep, timing));
  return Object.assign(set, { diagnostics: set.info.diagnostics!, complete: sweep === total });
}

/** A run that is ready to start. */
type Run = {
  readonly host: HostModel;
  readonly chains: Chains;
  readonly seed: number;
  readonly betas: Float64Array;
  /** `[rows, n]`, changed by every sweep. */
  readonly spins: Int8Array;
  readonly warmup: number;
  readonly every: number;
  readonly total: number;
};

async function clusterRun(model: IsingModel, options: ClusterOptions): Promise<Run> {
  const { chains: count = 1, chainOffset = 0, warmup = 100, samples = 1 } = options;
  const { sweepsPerSample: every = 1, seed = 0, initial, beta = 1 } = options;
  checkInteger("swendsenWang", "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  for (const [name, value] of Object.entries({ warmup, samples }))
    checkInteger("swendsenWang", name, value, 0, 2 ** 30);
  checkInteger("swendsenWang", "sweepsPerSample", every, 1, 2 ** 20);
  const host = await hostModel(model);
  for (let p = 0; p < host.population; p++) checkBalanced(host, p);
  const chains = chainsOf("swendsenWang", host, count, chainOffset);
  const betas = betaOfRows(betaSchedule("swendsenWang", beta, chains), chains);
  const spins = initial
    ? givenSpins("swendsenWang", "initial", initial, chains, [1, -1])
    : randomSpins(host.graph, seed, chains.population * count, chainOffset);
  return { host, chains, seed, betas, spins, warmup, every, total: warmup + samples * every };
}

function infoOf(
  { seed, spins }: Run,
  { beta = 1 }: ClusterOptions,
  sweeps: number,
  timing: SampleTiming,
): SampleInfo {
  const flips = sweeps * spins.length;
  return {
    ...NO_INFO,
    ...{ sampler: "swendsenWang", seed, sweeps, backend: "host", flips, timing },
    beta: typeof beta === "number" ? beta : null,
    flipsPerNs: timing.samplingMs > 0 ? flips / (timing.samplingMs * 1e6) : 0,
  };
}

function clusterSamples(
  { host, chains }: Run,
  kept: readonly Int8Array[],
  info: SampleInfo,
): SampleSet {
  const rows = chains.population * chains.chains;
  const samples = new Int8Array(kept.length * rows * chains.n);
  const all = new Float64Array(kept.length * rows);
  kept.forEach((spins, k) => {
    samples.set(spins, k * spins.length);
    all.set(energies(host, spins), k * rows);
  });
  const columns = {
    ...{ n: chains.n, samples, energies: all },
    chain: Int32Array.from(all, (_, row) => row % chains.chains),
    model: Int32Array.from(all, (_, row) => Math.floor(row / chains.chains) % chains.population),
  };
  const diagnostics = energyDiagnostics(sampleSet({ ...columns, parts: [info] }));
  return sampleSet({ ...columns, parts: [{ ...info, diagnostics }] });
}

/** Throws unless the spins can be turned so that every coupling aligns: a walk that gives each node its turn. */
function checkBalanced({ graph, couplings, population }: HostModel, p: number): void {
  const { n, rowPtr, col, edgeId } = graph;
  const edges = couplings.length / population;
  const turn = new Int8Array(n);
  for (let root = 0; root < n; root++) {
    if (turn[root] !== 0) continue;
    turn[root] = 1;
    for (const queue = [root]; queue.length > 0;) {
      const node = queue.pop()!;
      for (let slot = rowPtr[node]!; slot < rowPtr[node + 1]!; slot++) {
        const J = couplings[p * edges + edgeId[slot]!]!;
        if (J === 0) continue;
        const other = col[slot]!;
        const wanted = Math.sign(J) * turn[node]!;
        if (turn[other] === 0) {
          turn[other] = wanted;
          queue.push(other);
        } else if (turn[other] !== wanted) {
          throw new ArgumentError(
            `swendsenWang: argument \`model\` must have balanced couplings, but coupling ${node}-${other} of model ${p} closes a loop ` +
              "with an odd number of negative ones: clusters would fill the graph and turn as one. Use gibbs or parallelTempering.",
          );
        }
      }
    }
  }
}

function betaOfRows(
  { shape: [, models, own], values }: ReturnType<typeof betaSchedule>,
  { population, chains }: Chains,
): Float64Array {
  return Float64Array.from({ length: population * chains }, (_, row) => {
    const p = models === 1 ? 0 : Math.floor(row / chains);
    return values[p * own + (own === 1 ? 0 : row % chains)]!;
  });
}

function clusterSweep({ host, chains: of, spins, betas, seed }: Run, sweep: number): void {
  const { n, chains, chainOffset } = of;
  const edges = host.graph.edges.length / 2;
  const width = 4 * Math.ceil(n / 4) + 4 * Math.ceil(edges / 4);
  const step = Math.max(1, Math.floor(DRAWN_AT_ONCE / width));
  let u: Float32Array = new Float32Array(0);
  for (let row = 0; row < betas.length; row++) {
    if (row % step === 0) {
      const count = Math.min(step, betas.length - row) * width;
      const offset = (chainOffset + row) * width;
      const law = { law: "uniform", scale: 1, shift: 2 ** -24 } as const;
      u = philoxArray({ seeds: [[seed, sweep]], count, offset, ...law });
    }
    const drawn = u.subarray((row % step) * width, ((row % step) + 1) * width);
    const p = Math.floor(row / chains);
    const own = {
      biases: host.biases.subarray(p * n, (p + 1) * n),
      couplings: host.couplings.subarray(p * edges, (p + 1) * edges),
    };
    const state = spins.subarray(row * n, (row + 1) * n);
    turnClusters(host, own, state, Math.min(betas[row]!, 1e30), drawn);
  }
}

/** Uniforms drawn in one call. */
const DRAWN_AT_ONCE = 2 ** 20;

/** One sweep of one chain. A cluster is named by its lowest node, whose word decides its turn. */
function turnClusters(
  { graph: { n, edges, pos } }: HostModel,
  { biases, couplings }: { readonly biases: Float64Array; readonly couplings: Float64Array },
  spins: Int8Array,
  beta: number,
  u: Float32Array,
): void {
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const bondsFrom = 4 * Math.ceil(n / 4);
  for (let e = 0; e < couplings.length; e++) {
    const [a, b] = [edges[2 * e]!, edges[2 * e + 1]!];
    const satisfied = couplings[e]! * spins[a]! * spins[b]!;
    if (satisfied <= 0 || u[bondsFrom + e]! >= -Math.expm1(-2 * beta * satisfied)) continue;
    const [x, y] = [rootOf(parent, a), rootOf(parent, b)];
    parent[Math.max(x, y)] = Math.min(x, y);
  }
  const pull = new Float64Array(n);
  for (let i = 0; i < n; i++) pull[rootOf(parent, i)]! += biases[i]! * spins[i]!;
  // The cluster keeps its state with probability σ(2β Σ b s).
  const turns = pull.map((sum, i) => (u[pos[i]!]! * (1 + Math.exp(-2 * beta * sum)) < 1 ? 1 : -1));
  for (let i = 0; i < n; i++) spins[i]! *= turns[parent[i]!]!;
}

/** Halves the path on the way. */
function rootOf(parent: Int32Array, node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}
