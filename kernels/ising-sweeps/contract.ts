// What the sweeps of an Ising sampler take and give: the structure, the model, one call, its result.

import type { KernelContract } from "../runtime/define.js";

/** The structure that all models of a population share. */
export type SweepGraph = {
  readonly n: number;
  /** Edge e joins `edges[2e]` and `edges[2e + 1]`. */
  readonly edges: Int32Array;
  /** Neighbours of i are `col[rowPtr[i]]` … `col[rowPtr[i + 1] − 1]`; `edgeId` names the edges. */
  readonly rowPtr: Int32Array;
  readonly col: Int32Array;
  readonly edgeId: Int32Array;
  /** Neighbours never share a colour. */
  readonly colour: Int32Array;
  /** Rank of each node when nodes are ordered by colour, then index: order of updates and place in the stream. */
  readonly pos: Int32Array;
};

/** A population of P models on one graph. */
export type SweepModel = {
  readonly graph: SweepGraph;
  /** P. */
  readonly population: number;
  /** `[P, n]`. */
  readonly biases: Float64Array;
  /** `[P, edges]`. */
  readonly couplings: Float64Array;
  /** `[edges]`, 1 where the coupling of a sweep is multiplied by `scale` of the call. Absent: nowhere. */
  readonly scaled?: Uint8Array;
};

/**
 * `exact`: couplings rounded to integers, the same bits everywhere. `fast`: couplings as float32. `auto`: exact where
 * that rounds nothing and tables are small, else fast.
 */
export type SweepMode = "exact" | "fast" | "auto";

/** Heat bath, or acceptance of a flip with probability min(1, exp(−β ΔE)). */
export type SweepRule = "gibbs" | "metropolis";

/** Inverse temperatures `[sweeps or 1, P or 1, chains or 1]`, row-major; infinity is allowed. */
export type BetaSchedule = {
  readonly shape: readonly [number, number, number];
  readonly values: Float64Array;
};

/** One call: a number of sweeps of all chains of all models. Row p · chains + c is chain c of model p. */
export type SweepCall = {
  /** Chains of each model, C. */
  readonly chains: number;
  readonly beta: number | BetaSchedule;
  readonly seed: number;
  /** Number of the first sweep: sweep t draws from stream (seed, t). */
  readonly firstSweep: number;
  readonly sweeps: number;
  /** Address of row 0 among all chains of the run. Default 0. */
  readonly chainOffset?: number;
  /** Default `gibbs`. */
  readonly rule?: SweepRule;
  /** Where the chains stand, `[P · C, n]`, ±1. Not changed. */
  readonly spins: Int8Array;
  /** `[n]` or `[P · C, n]`, not 0 where a spin keeps its value. */
  readonly clamped?: Uint8Array;
  /** Factor of the scaled couplings, one a sweep. Default 1. */
  readonly scale?: Float64Array;
  /** What to keep after every `every` sweeps. */
  readonly record?: {
    readonly every: number;
    readonly spins?: boolean;
    readonly energies?: boolean;
  };
  /** Whether to add up spins and products along edges over all sweeps. */
  readonly moments?: boolean;
};

/** What a call gives. */
export type SweepResult = {
  /** Where the chains stand then, `[P · C, n]`. */
  readonly spins: Int8Array;
  /** `[records, P · C, n]`, empty unless recorded. */
  readonly samples: Int8Array;
  /** `[records, P · C]`, in float64 of the couplings as given, unscaled; empty unless recorded. */
  readonly energies: Float64Array;
  /** Sums over the sweeps and chains of each model, `[P, n]` and `[P, edges]`; empty unless asked for. */
  readonly spinSums: Float64Array;
  readonly edgeSums: Float64Array;
};

/** Attributes of {@link sweepsContract}. */
export type SweepAttrs = {
  readonly model: SweepModel;
  readonly mode: SweepMode;
  readonly call: SweepCall;
};

/** `ZenoIsingSweeps`: no tensor inputs, the spins after the last sweep `[P, C, n]`. */
export const sweepsContract: KernelContract<SweepAttrs> = {
  name: "ZenoIsingSweeps",
  inputs: [],
  outputShapes: (_, { model, call }) => [[model.population, call.chains, model.graph.n]],
};
