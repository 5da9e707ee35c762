// Sweeps in plain float64 loops, one spin after the other: the oracle of the fused forms. In exact mode the decisions
// are those of every other form, bit for bit; in fast mode the fields are not rounded to float32.

import { philoxWords } from "../philox/index.js";
import { layoutOf } from "./layout.js";
import { finiteBeta, integerModel, thresholds } from "./rounding.js";
import { scheduleOf } from "./coefficients.js";
import type { SweepCall, SweepModel, SweepRule } from "./contract.js";
import type { IntegerModel } from "./rounding.js";

/** One replica as a sweep reads it. */
type Replica = { readonly biases: Float64Array; readonly couplings: Float64Array };

/** The rows of a call: their model, chain and spins. */
type Chain = {
  readonly p: number;
  readonly c: number;
  readonly row: number;
  readonly spins: Int8Array;
};

/** Probability that the spin s in the field F is up after its turn. */
export function upProbability(rule: SweepRule, beta: number, F: number, s: number): number {
  const cost = 2 * finiteBeta(beta) * F;
  if (rule === "gibbs") return 1 / (1 + Math.exp(-cost));
  const flip = Math.min(1, Math.exp(-cost * s));
  return s > 0 ? 1 - flip : flip;
}

/** `F = b + Σ J s` of a node, links in the order of their positions, scaled ones last. */
export function fieldOf(
  model: SweepModel,
  { biases, couplings }: Replica,
  position: number,
  spins: ArrayLike<number>,
  scale = 1,
): number {
  const { order, bounds, to, edge } = layoutOf(model);
  let field = biases[order[position]!]!;
  for (let i = bounds[2 * position]!; i < bounds[2 * position + 2]!; i++) {
    const factor = i < bounds[2 * position + 1]! ? 1 : scale;
    field += factor * couplings[edge[i]!]! * spins[order[to[i]!]!]!;
  }
  return field;
}

/**
 * The spins after the sweeps of a call, `[P · C, n]`.
 *
 * @param mode - not "auto": the forms choose differently what they compute, not what it means
 */
export function referenceSweeps(
  model: SweepModel,
  mode: "exact" | "fast",
  call: SweepCall,
): Int8Array {
  const spins = call.spins.slice();
  const { n } = model.graph;
  for (let row = 0; row < model.population * call.chains; row++) {
    const p = Math.floor(row / call.chains);
    const chain = { p, c: row % call.chains, row, spins: spins.subarray(row * n, (row + 1) * n) };
    for (let t = 0; t < call.sweeps; t++) sweepChain(model, mode, call, chain, t);
  }
  return spins;
}

function sweepChain(
  model: SweepModel,
  mode: "exact" | "fast",
  call: SweepCall,
  chain: Chain,
  t: number,
): void {
  const { n } = model.graph;
  const { order } = layoutOf(model);
  const width = 4 * Math.ceil(n / 4);
  const address = ((call.chainOffset ?? 0) + chain.row) * width;
  const words = philoxWords(call.seed, call.firstSweep + t, n, address);
  const goesUp =
    mode === "exact" ? exactRule(model, call, chain, t) : fastRule(model, call, chain, t);
  for (let at = 0; at < n; at++) {
    const node = order[at]!;
    if (isClamped(call, n, chain.row, node)) continue;
    chain.spins[node] = goesUp(at, chain.spins[node]!, words[at]! & 0x7fffff) ? 1 : -1;
  }
}

type Goes = (position: number, s: number, mantissa: number) => boolean;

function fastRule(model: SweepModel, call: SweepCall, { p, c, spins }: Chain, t: number): Goes {
  const edges = model.graph.edges.length / 2;
  const replica = {
    biases: model.biases.subarray(p * model.graph.n, (p + 1) * model.graph.n),
    couplings: model.couplings.subarray(p * edges, (p + 1) * edges),
  };
  const rule = call.rule ?? "gibbs";
  const beta = betaAt(call, t, p, c);
  return (position, s, mantissa) => {
    const F = fieldOf(model, replica, position, spins, call.scale?.[t]);
    // A spin that is up stays up where it does not flip.
    const up = upProbability(rule, beta, F, s);
    const u = mantissa * 2 ** -23 + 2 ** -24;
    return rule === "metropolis" && s > 0 ? u >= 1 - up : u < up;
  };
}

const integerModels = new WeakMap<SweepModel, IntegerModel[]>();

function integerAt(model: SweepModel, p: number): IntegerModel {
  const known = integerModels.get(model) ?? [];
  integerModels.set(model, known);
  return (known[p] ??= integerModel(model, p));
}

function exactRule(model: SweepModel, call: SweepCall, { p, c, spins }: Chain, t: number): Goes {
  const integer = integerAt(model, p);
  const rule = call.rule ?? "gibbs";
  const table = thresholds(rule, betaAt(call, t, p, c), integer);
  return (position, s, mantissa) => {
    const f = fieldOf(model, integer, position, spins);
    if (rule === "gibbs") return mantissa < table[f + integer.largestField]!;
    const flips = mantissa < table[s * f + integer.largestField]!;
    return flips ? s < 0 : s > 0;
  };
}

function betaAt(call: SweepCall, t: number, p: number, c: number): number {
  const { shape, values } = scheduleOf(call);
  const [sweeps, models, chains] = shape;
  const at = (size: number, index: number): number => (size === 1 ? 0 : index);
  return values[(at(sweeps, t) * models + at(models, p)) * chains + at(chains, c)]!;
}

function isClamped({ clamped }: SweepCall, n: number, row: number, node: number): boolean {
  if (clamped === undefined) return false;
  return clamped[clamped.length === n ? node : row * n + node] !== 0;
}
