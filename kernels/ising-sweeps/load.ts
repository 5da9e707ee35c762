// What the kernel reads, put into the pool's memory: the model in the layout of a form, temperatures, clamped spins, and
// the list of arguments that host.as.ts describes.

import { loadCoefficients, sharedByChains } from "./coefficients.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { SweepCall } from "./contract.js";
import type { PreparedModel } from "./prepare.js";

/** Chains of an item. */
export const LANES = 16;

/** Items first … last − 1, and the rows they hold. */
export type Slice = {
  readonly first: number;
  readonly last: number;
  readonly row: number;
  readonly rows: number;
};

/** Sizes of a call. */
export type Shape = {
  readonly n: number;
  readonly edges: number;
  readonly population: number;
  readonly perModel: number;
  readonly records: number;
};

/** Addresses of what the kernel writes; 0 where it is not asked for. */
export type Outputs = {
  readonly spins: number;
  readonly samples: number;
  readonly energies: number;
  readonly moments: number;
};

/** The forms of host.as.ts. */
export type Form = "Small" | "Dense" | "Exact" | "Fast";

/** The fastest form for a call; all of a mode give the same bits. */
export function formOf({ mode, small, dense }: PreparedModel, call: SweepCall): Form {
  if (mode === "fast") return "Fast";
  if (small !== undefined && sharedByChains(call)) return "Small";
  return dense === undefined ? "Exact" : "Dense";
}

function loadWords(pool: HostPool, words: Uint32Array): number {
  const at = pool.alloc(4 * words.length);
  pool.u32(at, words.length).set(words);
  return at;
}

function loadDoubles(pool: HostPool, values: Float64Array): number {
  const at = pool.alloc(8 * values.length);
  pool.f64(at, values.length).set(values);
  return at;
}

function loadFloats(pool: HostPool, values: Float64Array): number {
  const at = pool.alloc(4 * values.length);
  pool.f32(at, values.length).set(values);
  return at;
}

/** Sixteen bits a position, one for each chain; one set for all items if the mask has no chains. */
function loadClamped(
  pool: HostPool,
  { layout }: PreparedModel,
  call: SweepCall,
  { n, perModel }: Shape,
  slice: Slice,
): { at: number; stride: number } {
  const { clamped, chains } = call;
  if (clamped === undefined) return { at: 0, stride: 0 };
  const shared = clamped.length === n;
  const items = shared ? 1 : slice.last - slice.first;
  const bits = new Uint32Array(Math.ceil((items * n) / 2));
  const halves = new Uint16Array(bits.buffer);
  for (let i = 0; i < items; i++) {
    const item = slice.first + i;
    const chain = (item % perModel) * LANES;
    const row = Math.floor(item / perModel) * chains + chain;
    const lanes = shared ? LANES : Math.min(LANES, chains - chain);
    for (let at = 0; at < n; at++) {
      // Lanes without a chain are held, so that a node held in all chains is skipped.
      let word = (0xffff << lanes) & 0xffff;
      for (let l = 0; l < lanes; l++)
        if (clamped[(shared ? 0 : row + l) * (shared ? 0 : n) + layout.order[at]!] !== 0)
          word |= 1 << l;
      halves[i * n + at] = word;
    }
  }
  return { at: loadWords(pool, bits), stride: shared ? 0 : 2 * n };
}

type ModelAddresses = {
  readonly bounds: number;
  readonly links: number;
  readonly biases: number;
  /** Bytes of the links of one model. */
  readonly stride: number;
};

/** Links, biases and their bounds, the ends of the small form as addresses. */
function loadModel(pool: HostPool, prepared: PreparedModel, form: Form): ModelAddresses {
  const { small, dense, model } = prepared;
  const words = (form === "Small" ? small : form === "Dense" ? dense : undefined) ?? prepared.float;
  const links = loadWords(pool, words.links);
  const ends = form === "Small" ? words.bounds.map((end) => end + links) : words.bounds;
  const biases = loadWords(pool, words.biases);
  const stride = (4 * words.links.length) / model.population;
  return { bounds: loadWords(pool, ends), links, biases, stride };
}

/** The couplings as given, in float64, for energies and moments. */
function loadObserved(
  pool: HostPool,
  { biases, model, ends }: PreparedModel,
  { energies, moments }: Outputs,
): readonly [biases: number, couplings: number, ends: number] {
  if (energies === 0 && moments === 0) return [0, 0, 0];
  return [loadDoubles(pool, biases), loadDoubles(pool, model.couplings), loadWords(pool, ends)];
}

/** Loads everything and gives the arguments of the kernel. */
export function loadArguments(
  pool: HostPool,
  prepared: PreparedModel,
  call: SweepCall,
  form: Form,
  shape: Shape,
  slice: Slice,
  outputs: Outputs,
): number[] {
  const { n, edges, perModel } = shape;
  const { chains, seed, firstSweep, sweeps, chainOffset = 0, record } = call;
  const model = loadModel(pool, prepared, form);
  const order = loadWords(pool, prepared.order);
  const coefficients = loadCoefficients(pool, prepared, call, form === "Small");
  const clamped = loadClamped(pool, prepared, call, shape, slice);
  const scale = call.scale === undefined ? 0 : loadFloats(pool, call.scale);
  const observed = loadObserved(pool, prepared, outputs);
  return [
    ...[outputs.spins, order, model.bounds, model.links, model.biases],
    ...[n, chains, perModel, slice.first, slice.row, seed, firstSweep, sweeps, chainOffset],
    ...[coefficients.at, ...coefficients.strides, clamped.at, clamped.stride, scale],
    ...[4 * (2 * n + 1), model.stride, record?.every ?? 0, outputs.samples, slice.rows],
    ...[outputs.energies, ...observed, edges, outputs.moments],
  ];
}
