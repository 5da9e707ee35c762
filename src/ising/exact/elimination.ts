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
   * For each state of a step's scope, where bit k is set if spin k of the scope is up: the probability that the step's
   * spin is up (`sum`), or by how much that is better (`max`). For the caller to use up: a table is handed out once.
   */
  table(step: number): Float64Array;
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
  const tables: (Float64Array | undefined)[] = steps.map(() => undefined);
  let logWeight = -beta * of.offset[0]!;
  steps.forEach((step, at) => {
    const fields = fieldTable(of, step, beta);
    const kept = sums[at]?.up;
    if (semiring === "sum") logSumExp(fields, sums[at]);
    else largest(fields, sums[at]);
    sums[at] = undefined;
    tables[at] = kept;
    if (step.parent === -1) logWeight += fields[0]!;
    else addTo((sums[step.parent] ??= emptySums(steps[step.parent]!)), fields, step, steps);
  });
  return {
    ...{ plan, logWeight },
    // Those of leaves are cheap to find again, and many.
    table: (at) => tables[at] ?? leafTable(fieldTable(of, steps[at]!, beta), semiring),
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

/** `ln(e^(F + up) + e^(−F + down))` in place of the fields F; the probability of up in place of `up`. */
function logSumExp(fields: Float64Array, sums: Sums | undefined): void {
  if (sums === undefined) {
    for (let x = 0; x < fields.length; x++) {
      const size = Math.abs(fields[x]!);
      fields[x] = size + Math.log(1 + Math.exp(-2 * size));
    }
    return;
  }
  const { down, up } = sums;
  for (let x = 0; x < fields.length; x++) {
    const high = up[x]! + fields[x]!;
    const low = down[x]! - fields[x]!;
    const ratio = Math.exp(-Math.abs(high - low));
    const share = 1 / (1 + ratio);
    fields[x] = Math.max(high, low) + Math.log(1 + ratio);
    up[x] = high > low ? share : ratio * share;
  }
}

/** The larger exponent in place of the fields F; by how much up is better in place of `up`. */
function largest(fields: Float64Array, sums: Sums | undefined): void {
  for (let x = 0; x < fields.length; x++) {
    const field = fields[x]!;
    const high = sums === undefined ? field : sums.up[x]! + field;
    const low = sums === undefined ? -field : sums.down[x]! - field;
    fields[x] = Math.max(high, low);
    if (sums !== undefined) sums.up[x] = high - low;
  }
}

function leafTable(fields: Float64Array, semiring: Semiring): Float64Array {
  for (let x = 0; x < fields.length; x++) {
    const gap = 2 * fields[x]!;
    fields[x] = semiring === "sum" ? 1 / (1 + Math.exp(-gap)) : gap;
  }
  return fields;
}

/** Adds a step's sums to its parent's, whose spin is bit 0 of the step's scope. */
function addTo(
  { down, up }: Sums,
  total: Float64Array,
  { parent, places }: Step,
  steps: readonly Step[],
): void {
  const { low, high, mask, bits } = compress(places, steps[parent]!.scope.length);
  for (let x = 0; x < down.length; x++) {
    const y = low[x & mask]! + high[x >>> bits]!;
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
