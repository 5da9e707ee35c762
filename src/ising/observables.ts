// Averages over samples: counted, or with each spin replaced by its mean given its neighbours (Rao and Blackwell), which has
// less variance. Exact averages are in exact/; error bars of chains are not here.

import { localFields, rowsOf } from "./energies.js";
import { betas } from "./exact/beta.js";
import { ShapeError } from "../errors.js";
import { checkInteger } from "../checks.js";
import type { Beta } from "./exact/beta.js";
import type { SpinArray } from "./energies.js";
import type { Marginals } from "./exact/marginals.js";
import type { HostModel } from "./model.js";

/**
 * ⟨sᵢ⟩ `[P, n]` and ⟨s_u s_v⟩ of the edges `[P, E]`, counted.
 *
 * @param of - a model of arrays: its graph and population
 * @param spins - `[rows, n]`, `[P, rows, n]` for a population, flat
 * @throws ShapeError if the spins do not fit the model or there are none
 */
export function sampleMoments(of: HostModel, spins: SpinArray): Marginals {
  return averages("sampleMoments", of, spins, spins);
}

/**
 * The same with `sᵢ` replaced by its conditional mean `tanh(β Fᵢ)`, in pairs at either end in turn. Equal in the mean where
 * the samples come from the model at this β, with less variance; elsewhere biased towards the model.
 *
 * @param of - the model that the samples come from
 * @param spins - `[rows, n]`, `[P, rows, n]` for a population, flat
 * @param beta - inverse temperature of the samples. Default 1
 * @throws ShapeError if the spins do not fit the model or there are none
 */
export function raoBlackwellMoments(of: HostModel, spins: SpinArray, beta: Beta = 1): Marginals {
  const each = betas("raoBlackwellMoments", of, beta);
  const means = localFields(of, spins);
  const width = means.length / of.population;
  for (let at = 0; at < means.length; at++) {
    means[at] = Math.tanh(each[Math.floor(at / width)]! * means[at]!);
  }
  return averages("raoBlackwellMoments", of, spins, means);
}

/** Averages of the means, and of each spin with the mean at the other end of its edge. */
function averages(
  where: string,
  of: HostModel,
  spins: SpinArray,
  means: ArrayLike<number>,
): Marginals {
  const { n, edges } = of.graph;
  const count = edges.length / 2;
  const rows = rowsOf(where, of, spins);
  checkRows(where, rows);
  const magnetisations = new Float64Array(of.population * n);
  const correlations = new Float64Array(of.population * count);
  for (let r = 0; r < of.population * rows; r++) {
    const p = Math.floor(r / rows);
    for (let i = 0; i < n; i++) magnetisations[p * n + i]! += means[r * n + i]! / rows;
    for (let e = 0; e < count; e++) {
      const [u, v] = [r * n + edges[2 * e]!, r * n + edges[2 * e + 1]!];
      correlations[p * count + e]! += (spins[u]! * means[v]! + means[u]! * spins[v]!) / (2 * rows);
    }
  }
  return { magnetisations, correlations };
}

function checkRows(where: string, rows: number): void {
  if (rows > 0) return;
  throw new ShapeError(
    `${where}: argument \`spins\` must have at least one row for an average, but has none.`,
  );
}

/**
 * ⟨sᵢ sⱼ⟩ of all pairs, counted.
 *
 * @param spins - `[rows, n]`, flat
 * @param n - spins in a row
 * @returns `[n, n]`, symmetric, 1 on the diagonal
 * @throws ShapeError if there is no whole row
 */
export function pairCorrelations(spins: SpinArray, n: number): Float64Array {
  const rows = wholeRows("pairCorrelations", spins, n);
  const out = new Float64Array(n * n);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < n; i++) {
      const s = spins[r * n + i]!;
      for (let j = 0; j <= i; j++) out[i * n + j]! += s * spins[r * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) out[j * n + i] = out[i * n + j]! /= rows;
  }
  return out;
}

/** Moments of the magnetisation per spin, M = Σ sᵢ / n. */
export type MagnetisationMoments = {
  readonly mean: number;
  /** ⟨|M|⟩. */
  readonly absolute: number;
  /** ⟨M²⟩. */
  readonly second: number;
  /** ⟨M⁴⟩; 1 − ⟨M⁴⟩ / (3⟨M²⟩²) is Binder's cumulant. */
  readonly fourth: number;
};

/**
 * Moments of the magnetisation per spin.
 *
 * @param spins - `[rows, n]`, flat
 * @param n - spins in a row
 * @param weights - `[rows]`, positive, for rows that do not count equally, such as the states of a distribution
 * @throws ShapeError if there is no whole row, or not one weight for each
 */
export function magnetisationMoments(
  spins: SpinArray,
  n: number,
  weights?: ArrayLike<number>,
): MagnetisationMoments {
  const rows = wholeRows("magnetisationMoments", spins, n);
  if (weights !== undefined && weights.length !== rows) {
    throw new ShapeError(
      `magnetisationMoments: argument \`weights\` must have one entry for each of the ${rows} rows, but has ${weights.length}.`,
    );
  }
  const sums = { mean: 0, absolute: 0, second: 0, fourth: 0 };
  let total = 0;
  for (let r = 0; r < rows; r++) {
    const weight = weights?.[r] ?? 1;
    let M = 0;
    for (let i = 0; i < n; i++) M += spins[r * n + i]! / n;
    total += weight;
    sums.mean += weight * M;
    sums.absolute += weight * Math.abs(M);
    sums.second += weight * M ** 2;
    sums.fourth += weight * M ** 4;
  }
  return {
    ...{ mean: sums.mean / total, absolute: sums.absolute / total },
    ...{ second: sums.second / total, fourth: sums.fourth / total },
  };
}

function wholeRows(where: string, spins: SpinArray, n: number): number {
  checkInteger(where, "n", n, 1, 2 ** 26);
  const rows = spins.length / n;
  if (Number.isInteger(rows) && rows > 0) return rows;
  throw new ShapeError(
    `${where}: argument \`spins\` must hold whole rows of ${n}, but has length ${spins.length}.`,
  );
}
