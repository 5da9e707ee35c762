// Spins summed, or maximised, out one after the other (variable elimination): the upward pass. Bipartite and
// independent-set summation and the transfer matrices of chains, strips and Chimera columns are orders of this.

import type { HostModel } from "../model.js";
import type { Plan, Step } from "./plan.js";

/** What the upward pass leaves. */
export type Eliminated = {
  readonly plan: Plan;
  /** ln of the sum of all weights, or of the largest weight. */
  readonly logWeight: number;
  /**
   * The log-odds of a spin being up, for each state of its scope: bit k set means that spin k of the scope is up. A spin
   * is drawn from them when its scope is known.
   */
  odds(step: number): Float64Array;
};

/** `sum`: partition function. `max`: largest weight. */
export type Semiring = "sum" | "max";

/** Sums of one sign of a node's spin, over its scope. */
type Sums = { readonly down: Float64Array; readonly up: Float64Array };

/**
 * The upward pass for one replica.
 *
 * @param of - a model without population axis
 * @param beta - inverse temperature, finite
 */
export function eliminateAll(
  of: HostModel,
  plan: Plan,
  beta: number,
  semiring: Semiring,
): Eliminated {
  const { steps } = plan;
  const sums: (Sums | undefined)[] = steps.map(() => undefined);
  const odds: (Float64Array | undefined)[] = steps.map(() => undefined);
  let logWeight = -beta * of.offset[0]!;
  steps.forEach((step, at) => {
    const fields = fieldTable(of, step, beta);
    const { total, logOdds } = combine(fields, sums[at], semiring);
    sums[at] = undefined;
    // The odds of a leaf are 2βF and cheap to find again.
    if (!step.leaf) odds[at] = logOdds;
    if (step.parent === -1) logWeight += total[0]!;
    else addTo((sums[step.parent] ??= emptySums(steps[step.parent]!)), total, step, steps);
  });
  return {
    ...{ plan, logWeight },
    odds: (at) => odds[at] ?? fieldTable(of, steps[at]!, beta).map((field) => 2 * field),
  };
}

/** β F of a node for each state of its scope, by doubling. */
function fieldTable(of: HostModel, { node, scope, edge }: Step, beta: number): Float64Array {
  const J = Array.from(edge, (e) => (e === -1 ? 0 : beta * of.couplings[e]!));
  const table = new Float64Array(2 ** scope.length);
  table[0] = beta * of.biases[node]! - J.reduce((a, b) => a + b, 0);
  J.forEach((coupling, k) => {
    const half = 2 ** k;
    for (let x = 0; x < half; x++) table[half + x] = table[x]! + 2 * coupling;
  });
  return table;
}

function emptySums({ scope }: Step): Sums {
  const size = 2 ** scope.length;
  return { down: new Float64Array(size), up: new Float64Array(size) };
}

/** ln(e^(F + up) + e^(−F + down)), or the larger exponent, in place of the fields; log-odds in place of `up`. */
function combine(
  fields: Float64Array,
  sums: Sums | undefined,
  semiring: Semiring,
): { total: Float64Array; logOdds: Float64Array } {
  const { down, up } = sums ?? { down: fields, up: fields };
  const leaf = sums === undefined;
  const logOdds = leaf ? fields : up;
  const entropy = semiring === "sum";
  for (let x = 0; x < fields.length; x++) {
    const field = fields[x]!;
    const high = leaf ? field : field + up[x]!;
    const low = leaf ? -field : down[x]! - field;
    const gap = high - low;
    const top = gap > 0 ? high : low;
    if (!leaf) logOdds[x] = gap;
    fields[x] = entropy ? top + Math.log1p(Math.exp(-Math.abs(gap))) : top;
  }
  return { total: fields, logOdds };
}

/** Adds a step's sums to its parent's, whose spin is bit 0 of the step's scope. */
function addTo(
  { down, up }: Sums,
  total: Float64Array,
  { parent, places }: Step,
  steps: readonly Step[],
): void {
  const at = compress(places, steps[parent]!.scope.length);
  for (let x = 0; x < down.length; x++) {
    const y = at.low[x & at.mask]! + at.high[x >>> at.bits]!;
    down[x]! += total[y]!;
    up[x]! += total[y + 1]!;
  }
}

/** Picks bits of an index by two look-ups: `low[x & mask] + high[x >>> bits]`. */
export type Compression = {
  readonly bits: number;
  readonly mask: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
};

/** Moves bit `places[k]` of an index of `width` bits to bit k + 1; bit 0 is left for the parent's spin. */
export function compress(places: Int32Array, width: number): Compression {
  const bits = width >> 1;
  const moved = (x: number): number => {
    let y = 0;
    for (let k = 0; k < places.length; k++) y += ((x >>> places[k]!) & 1) << (k + 1);
    return y;
  };
  return {
    ...{ bits, mask: 2 ** bits - 1 },
    low: Int32Array.from({ length: 2 ** bits }, (_, x) => moved(x)),
    high: Int32Array.from({ length: 2 ** (width - bits) }, (_, x) => moved(x << bits)),
  };
}
