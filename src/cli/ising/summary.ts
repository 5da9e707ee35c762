// What is told of a run of a sampler: one line a model of energies, magnetisation and convergence. Numbers and text only.

import * as ising from "../../ising/index.js";
import type { HostModel, SampleSet } from "../../ising/index.js";
import type { Drawn } from "./samplers.js";

/** One model's line; null where a column has nothing to say. */
export type SummaryRow = Readonly<Record<string, number | null>>;

/** The lines of all models. */
export function summaryOf(model: HostModel, { set, exact, facts }: Drawn): SummaryRow[] {
  return Array.from({ length: model.population }, (_, p) => ({
    ...(model.population > 1 && { model: p }),
    ...(exact === undefined ? {} : exactColumns(exact, p, model.graph.n)),
    ...(set === undefined ? {} : rowColumns(set.ofModel(p), set, p, exact === undefined)),
    ...Object.fromEntries(Object.entries(facts).map(([name, values]) => [name, values[p] ?? null])),
  }));
}

function exactColumns(
  { energies, magnetisations }: NonNullable<Drawn["exact"]>,
  p: number,
  n: number,
): SummaryRow {
  const own = magnetisations.subarray(p * n, (p + 1) * n);
  return { "mean energy": energies[p]!, magnetisation: mean(own) };
}

function rowColumns(own: SampleSet, all: SampleSet, p: number, isSampled: boolean): SummaryRow {
  if (own.rows === 0) return { rows: 0 };
  const lowest = own.energies.reduce((a, b) => Math.min(a, b), Infinity);
  const columns = { rows: own.rows, "lowest energy": lowest };
  if (!isSampled) return columns;
  const { n } = own;
  const moments = ising.magnetisationMoments(own.samples, n);
  const { rHat, ess } = all.info.diagnostics ?? { rHat: [], ess: [] };
  return {
    ...columns,
    "mean energy": mean(own.energies),
    "± error": errorOf(own.energies, ess[p] ?? own.rows),
    magnetisation: moments.mean,
    "|magnetisation|": moments.absolute,
    ...(rHat[p] !== undefined && { "R-hat": rHat[p] }),
    ...(ess[p] !== undefined && { ESS: ess[p] }),
  };
}

/** Standard deviation over the root of the effective number of rows. */
function errorOf(values: Float64Array, effective: number): number {
  const centre = mean(values);
  const variance = values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / values.length;
  // A constant has no number of independent rows, and no error.
  const isConstant = variance <= 1e-24 * centre ** 2;
  return isConstant ? 0 : Math.sqrt(variance / effective);
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** `⟨s_i⟩` over all rows of the first model, or exact: what the picture of the graph shows. */
export function firstMagnetisations(
  { graph: { n } }: HostModel,
  { set, exact }: Drawn,
): Float64Array {
  if (exact !== undefined) return exact.magnetisations.slice(0, n);
  const own = set!.ofModel(0);
  const sums = new Float64Array(n);
  own.samples.forEach((s, at) => (sums[at % n]! += s));
  return sums.map((sum) => sum / Math.max(1, own.rows));
}
