// What the programs of gpu.ts read of a model and a call: temperatures or thresholds, spins, what is held, and the words of
// structure. Links and biases are those of the float form of prepare.ts.

import { streamKeys } from "../philox/index.js";
import { scheduleOf, tableOf } from "./coefficients.js";
import { finiteBeta } from "./rounding.js";
import type { SweepCall } from "./contract.js";
import type { PreparedModel } from "./prepare.js";

/** Thresholds of one call at most: 16 MiB, as on the host. */
const MOST_THRESHOLDS = 2 ** 22;

/** Where the tables of a call begin, and what they hold. */
type Tables = { readonly zeros: Uint32Array; readonly table: Uint32Array };

/** What the programs are told of the temperature. */
export type GpuCoefficients = {
  /** One word a sweep, model and chain that the schedule tells apart: −2β, or where the threshold of field 0 is. */
  readonly entries: Uint32Array;
  /** Thresholds, or the factors of the scaled couplings in each sweep. */
  readonly table: Uint32Array;
  readonly numbers: Readonly<Record<"bySweep" | "byModel" | "byChain", number>>;
};

/** The coefficients of a call, or null where its tables are too large. */
export function coefficientsOf(prepared: PreparedModel, call: SweepCall): GpuCoefficients | null {
  const { shape, values } = scheduleOf(call);
  const [sweeps, models, chains] = shape;
  const exact = prepared.mode === "exact";
  // Tables belong to a model: then there is an entry for each.
  const count = exact ? prepared.model.population : models;
  const betas = new Float64Array(sweeps * count * chains);
  for (let t = 0; t < sweeps; t++)
    for (let p = 0; p < count; p++)
      for (let c = 0; c < chains; c++)
        betas[(t * count + p) * chains + c] =
          values[(t * models + (models === 1 ? 0 : p)) * chains + c]!;
  const stride = (size: number, words: number): number => (size === 1 ? 0 : words);
  const numbers = {
    bySweep: stride(sweeps, count * chains),
    byModel: stride(count, chains),
    byChain: stride(chains, 1),
  };
  if (!exact) {
    const slopes = Float32Array.from(betas, (beta) => -2 * finiteBeta(beta));
    return { entries: new Uint32Array(slopes.buffer), table: scales(call), numbers };
  }
  const tables = tablesOf(prepared, call, betas, (at) => Math.floor(at / chains) % count);
  return tables === null ? null : { entries: tables.zeros, table: tables.table, numbers };
}

function scales({ scale, sweeps }: SweepCall): Uint32Array {
  const factors = scale === undefined ? new Float32Array(sweeps).fill(1) : Float32Array.from(scale);
  return new Uint32Array(factors.buffer);
}

/** The tables of all temperatures one behind the other, each once; null where they are too large. */
function tablesOf(
  prepared: PreparedModel,
  { rule = "gibbs" }: SweepCall,
  betas: Float64Array,
  modelOf: (at: number) => number,
): Tables | null {
  const known = prepared.integers.map(() => new Map<number, number>());
  const parts: Int32Array[] = [];
  const zeros = new Uint32Array(betas.length);
  let length = 0;
  for (let at = 0; at < betas.length; at++) {
    const [p, beta] = [modelOf(at), betas[at]!];
    let zero = known[p]!.get(beta);
    if (zero === undefined) {
      const { largestField } = prepared.integers[p]!;
      zero = length + largestField;
      length += 2 * largestField + 1;
      if (length > MOST_THRESHOLDS) return null;
      parts.push(tableOf(prepared, rule, p, beta));
      known[p]!.set(beta, zero);
    }
    zeros[at] = zero;
  }
  return { zeros, table: joined(parts) };
}

function joined(parts: readonly ArrayLike<number>[]): Uint32Array {
  const words = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}

/** The spins of all rows, each at `row · byRow + position · byPosition`. */
export function placedSpins(
  { layout, model }: PreparedModel,
  { spins, chains }: SweepCall,
  { byRow, byPosition }: { readonly byRow: number; readonly byPosition: number },
): Float32Array {
  const { n } = model.graph;
  const rows = chains * model.population;
  const state = new Float32Array(rows * n);
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < n; at++)
      state[row * byRow + at * byPosition] = spins[row * n + layout.order[at]!]!;
  return state;
}

/** What is held, by row and position, `[n]` where rows share it; one word where nothing is. */
export function clampedOf(
  { layout, model }: PreparedModel,
  { clamped }: SweepCall,
): {
  readonly clamped: Uint32Array;
  readonly numbers: Readonly<Record<"clampedByRow" | "clampedByPosition", number>>;
} {
  if (clamped === undefined)
    return { clamped: new Uint32Array(1), numbers: { clampedByRow: 0, clampedByPosition: 0 } };
  const { n } = model.graph;
  const words = new Uint32Array(clamped.length);
  for (let at = 0; at < words.length; at++)
    words[at] = clamped[at - (at % n) + layout.order[at % n]!]!;
  return {
    clamped: words,
    numbers: { clampedByRow: clamped.length === n ? 0 : n, clampedByPosition: 1 },
  };
}

/** Bounds of the links, first positions of the colours, nodes by position, keys of the sweeps; and where each begins. */
export function wordsOf(
  { float: { bounds }, order }: PreparedModel,
  { seed, firstSweep, sweeps }: SweepCall,
  colours: readonly number[],
): {
  readonly words: Uint32Array;
  readonly places: Readonly<Record<"colourAt" | "orderAt" | "keys", number>>;
} {
  const keys = Array.from({ length: sweeps }, (_, t) => streamKeys(seed, firstSweep + t)).flat();
  const colourAt = bounds.length;
  const orderAt = colourAt + colours.length;
  return {
    words: joined([bounds, colours, order, keys]),
    places: { colourAt, orderAt, keys: orderAt + order.length },
  };
}
