// The downward pass after an elimination: magnetisations and edge correlations, and samples that are independent.

import { compress } from "./elimination.js";
import type { IsingGraph } from "../graph.js";
import type { Eliminated } from "./elimination.js";
import type { Step } from "./plan.js";

/** First and second moments. */
export type Marginals = {
  /** ⟨sᵢ⟩, `[n]`. */
  readonly magnetisations: Float64Array;
  /** ⟨s_u s_v⟩ of the edges, `[E]`. */
  readonly correlations: Float64Array;
};

/** Moments of one replica, from a sum over its states. */
export function marginals(graph: IsingGraph, eliminated: Eliminated): Marginals {
  const { steps } = eliminated.plan;
  const magnetisations = new Float64Array(graph.n);
  const correlations = new Float64Array(graph.edges.length / 2);
  const weights: (Float64Array | undefined)[] = steps.map(() => undefined);
  const childrenOf = children(steps);
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!;
    const weight = weights[at] ?? new Float64Array([1]);
    const up = eliminated.table(at);
    for (let x = 0; x < up.length; x++) up[x]! *= weight[x]!;
    for (const child of childrenOf[at]!) {
      weights[child] = marginalFor(steps[child]!, step, weight, up);
    }
    weights[at] = undefined;
    // P(scope) ⟨s | scope⟩: its sum is ⟨s⟩, its sums signed by a spin of the scope are the correlations.
    for (let x = 0; x < up.length; x++) up[x] = 2 * up[x]! - weight[x]!;
    const moments = signedSums(up);
    magnetisations[step.node] = moments[0]!;
    step.edge.forEach((e, k) => {
      if (e !== -1) correlations[e] = moments[k + 1]!;
    });
  }
  return { magnetisations, correlations };
}

function children(steps: readonly Step[]): number[][] {
  const lists: number[][] = steps.map(() => []);
  steps.forEach(({ parent }, at) => {
    if (parent !== -1) lists[parent]!.push(at);
  });
  return lists;
}

/** Probabilities of a child's scope from those of its parent's, in all and with the parent's spin up. */
function marginalFor(
  child: Step,
  parent: Step,
  weight: Float64Array,
  up: Float64Array,
): Float64Array {
  const { low, high, mask, bits } = compress(child.places, parent.scope.length);
  const out = new Float64Array(2 ** child.scope.length);
  for (let x = 0; x < weight.length; x++) {
    const y = low[x & mask]! + high[x >>> bits]!;
    out[y + 1]! += up[x]!;
    out[y]! += weight[x]! - up[x]!;
  }
  return out;
}

/** The sum of a table, then its sums signed by each bit of the index, by folding it in half; the table is used up. */
export function signedSums(table: Float64Array): Float64Array {
  const width = Math.round(Math.log2(table.length));
  const sums = new Float64Array(width + 1);
  for (let k = width - 1; k >= 0; k--) {
    const half = 2 ** k;
    let signed = 0;
    for (let x = 0; x < half; x++) {
      const low = table[x]!;
      const high = table[half + x]!;
      signed += high - low;
      table[x] = low + high;
    }
    sums[k + 1] = signed;
  }
  sums[0] = table[0]!;
  return sums;
}

/**
 * Independent samples: spins are drawn in the reverse of the order in which they were summed out.
 *
 * @param eliminated - a sum over states
 * @param uniforms - `[rows, n]`, in [0, 1)
 * @param out - `[rows, n]`, filled with ±1
 */
export function drawSamples(eliminated: Eliminated, uniforms: Float32Array, out: Int8Array): void {
  const { steps } = eliminated.plan;
  const n = steps.length;
  for (let at = n - 1; at >= 0; at--) {
    const { node, scope } = steps[at]!;
    const table = eliminated.table(at);
    for (let row = 0; row < out.length; row += n) {
      const up = table[stateOf(scope, out, row)]!;
      // u + 2^-24 is never 0 or 1: a spin that cannot be up is never up.
      out[row + node] = uniforms[row + node]! + 2 ** -24 < up ? 1 : -1;
    }
  }
}

/** The state of a scope as an index: bit k set where its spin k is up. */
export function stateOf(scope: Int32Array, spins: Int8Array, row: number): number {
  let x = 0;
  for (let k = 0; k < scope.length; k++) if (spins[row + scope[k]!]! > 0) x += 2 ** k;
  return x;
}
