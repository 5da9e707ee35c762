// The fused form of the sums: the table of the inner spins, items of outer states, and what their sums say together.

import type { HostForm } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { SplitAttrs, SplitModel, SplitMoments } from "./contract.js";

/** Spins of the table, half of them rows. */
const INNER = 12;
const SIDE = 64;

/** Outer spins of an item at least: states come in sixteens. */
const LEAST_LOW = 4;

/** Items at most, 2^6: each has sums of its own. Not by threads, so that sums do not depend on their number. */
const ITEM_SPINS = 6;

/** Scratch of a thread; see host.as.ts. */
const SCRATCH = 1376 + 16 * 288 + 4 * 8192;

/** Exponents between inner spins may differ by this much before weights that count are lost below the smallest float. */
const WIDEST_TABLE = 600;

/** Whether the weights of a model fit into float64 as this kernel multiplies them. */
export function fitsSplit({ n, couplings }: SplitModel): boolean {
  let width = 0;
  for (let i = 0; i < Math.min(INNER, n); i++)
    for (let j = 0; j < i; j++) width += 2 * Math.abs(couplings[i * n + j]!);
  return width <= WIDEST_TABLE;
}

/** logZ and moments of a model for which {@link fitsSplit}. Memory of the pool is released before and after. */
export function runSplit(pool: HostPool, model: SplitModel): SplitMoments {
  const padded = paddedModel(model);
  const { out, top } = runItems(pool, padded, true);
  const free = padded.n - model.n;
  const all = momentsOf(padded, out.values, out.table);
  return {
    logZ: out.logScale + top + Math.log(out.values[1]!) - free * Math.LN2,
    spins: all.spins.slice(0, model.n),
    pairs: Float64Array.from(
      { length: model.n ** 2 },
      (_, at) => all.pairs[Math.floor(at / model.n) * padded.n + (at % model.n)]!,
    ),
  };
}

/** logZ alone, in a third of the time. */
export function runSplitTotal(pool: HostPool, model: SplitModel): number {
  const padded = paddedModel(model);
  const { out, top } = runItems(pool, padded, false);
  return out.logScale + top + Math.log(out.values[1]!) - (padded.n - model.n) * Math.LN2;
}

/** With spins that are free, each of which doubles the sum, up to the least number that the kernel takes. */
function paddedModel(model: SplitModel): SplitModel {
  const n = Math.max(INNER + LEAST_LOW, model.n);
  if (n === model.n) return model;
  const biases = new Float64Array(n);
  const couplings = new Float64Array(n * n);
  biases.set(model.biases);
  for (let i = 0; i < model.n; i++)
    couplings.set(model.couplings.subarray(i * model.n, (i + 1) * model.n), i * n);
  return { n, biases, couplings };
}

/** Exponents of the table's states, spin k down or up by bit k: rows are the low bits, columns the high ones. */
function innerExponents({ n, couplings }: SplitModel): Float64Array {
  const table = new Float64Array(SIDE * SIDE);
  for (let c = 0; c < SIDE; c++)
    for (let d = 0; d < SIDE; d++) {
      const state = c + SIDE * d;
      let sum = 0;
      for (let i = 1; i < INNER; i++)
        for (let j = 0; j < i; j++) {
          const same = ((state >> i) & 1) === ((state >> j) & 1);
          sum += same ? couplings[i * n + j]! : -couplings[i * n + j]!;
        }
      table[SIDE * c + d] = sum;
    }
  return table;
}

function transposed(table: Float64Array): Float64Array {
  return table.map((_, at) => table[SIDE * (at % SIDE) + Math.floor(at / SIDE)]!);
}

/** Sums of all items in one unit. */
type Sums = {
  readonly logScale: number;
  /** As an item's output in host.as.ts. */
  readonly values: Float64Array;
  /** `[64, 64]`, weights of the inner states. */
  readonly table: Float64Array;
};

function runItems(
  pool: HostPool,
  model: SplitModel,
  withMoments: boolean,
): { out: Sums; top: number } {
  const { n } = model;
  const width = n + (n % 2);
  const low = Math.max(LEAST_LOW, n - INNER - ITEM_SPINS);
  const count = 2 ** (n - INNER - low);
  const size = withMoments ? 2 + width + (n - INNER) * width + SIDE * SIDE : 2;
  const exponents = innerExponents(model);
  const top = exponents.reduce((a, b) => Math.max(a, b));
  const table = exponents.map((exponent) => Math.exp(exponent - top));
  try {
    const load = (values: Float64Array): number => {
      const at = pool.alloc(8 * values.length);
      pool.f64(at, values.length).set(values);
      return at;
    };
    const inputs = [wide(model.biases, n, width), wide(model.couplings, n, width), table];
    const at = [...inputs, transposed(table)].map(load);
    const out = pool.alloc(8 * count * size);
    const kernel = withMoments ? "isingSplitMoments" : "isingSplitTotal";
    pool.run(kernel, [...at, n, width, low, out, size], count, { chunk: 1, scratch: SCRATCH });
    return { out: together(pool.f64(out, count * size), size, table), top };
  } finally {
    pool.release();
  }
}

/** Rows of n as rows of `width`. */
function wide(values: Float64Array, n: number, width: number): Float64Array {
  const rows = new Float64Array((values.length / n) * width);
  values.forEach((x, at) => (rows[Math.floor(at / n) * width + (at % n)] = x));
  return rows;
}

/** Items in their order, in the unit of the largest. */
function together(items: Float64Array, size: number, weights: Float64Array): Sums {
  const values = new Float64Array(size);
  let logScale = -Infinity;
  for (let at = 0; at < items.length; at += size) logScale = Math.max(logScale, items[at]!);
  for (let at = 0; at < items.length; at += size) {
    const factor = Math.exp(items[at]! - logScale);
    for (let k = 1; k < size; k++) values[k]! += factor * items[at + k]!;
  }
  const products = values.subarray(size - weights.length);
  return {
    ...{ logScale, values },
    table: size > weights.length ? products.map((sum, at) => sum * weights[at]!) : weights,
  };
}

/** Averages from sums; those between inner spins from the weights of the inner states. */
function momentsOf(
  { n }: SplitModel,
  values: Float64Array,
  table: Float64Array,
): Pick<SplitMoments, "spins" | "pairs"> {
  const width = n + (n % 2);
  const total = values[1]!;
  const spins = values.slice(2, 2 + n).map((sum) => sum / total);
  const pairs = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const outer = 2 + width + (i - INNER) * width + j;
      const sum = i === j ? total : i < INNER ? innerPair(table, i, j) : values[outer]!;
      pairs[i * n + j] = pairs[j * n + i] = sum / total;
    }
  return { spins, pairs };
}

function innerPair(table: Float64Array, i: number, j: number): number {
  let sum = 0;
  table.forEach((weight, at) => {
    const state = Math.floor(at / SIDE) + SIDE * (at % SIDE);
    sum += ((state >> i) & 1) === ((state >> j) & 1) ? weight : -weight;
  });
  return sum;
}

/** Host form of `ZenoIsingSplit`. */
export const splitHost: HostForm<SplitAttrs> = ({ pool, attrs: { n, models } }) => {
  const width = 1 + n + n * n;
  const out = new Float32Array(models.length * width);
  models.forEach((model, p) => {
    const { logZ, spins, pairs } = runSplit(pool, model);
    out.set([logZ, ...spins, ...pairs], p * width);
  });
  return [out];
};
