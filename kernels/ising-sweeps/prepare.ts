// A model made ready for the host form: words in the layout of the kernel, without addresses, built once for many calls.

import { layoutOf } from "./layout.js";
import { integerModel, MOST_ENTRIES, rowSums } from "./rounding.js";
import type { SweepMode, SweepModel } from "./contract.js";
import type { Layout } from "./layout.js";
import type { IntegerModel } from "./rounding.js";

/** Largest field that a plane of 16 bytes serves. */
const SMALL_FIELD = 15;

/** Largest matrix of the dense form, and nodes below which it does not pay. */
const DENSE_NODES = { least: 6, most: 4096 };

/** Largest field up to which `auto` prefers tables: 64 KiB stay in the cache. */
const AUTO_FIELD = 2 ** 13;

/** The two layouts of links and biases; see host.as.ts. */
export type Words = {
  /** Float form: bytes. Small form: bytes, to become addresses. */
  readonly bounds: Uint32Array;
  readonly links: Uint32Array;
  readonly biases: Uint32Array;
};

/** What {@link prepareSweeps} gives. */
export type PreparedModel = {
  readonly model: SweepModel;
  readonly layout: Layout;
  readonly mode: "exact" | "fast";
  /** Exact mode: one a replica. */
  readonly integers: readonly IntegerModel[];
  /** Made when first asked for: small and dense forms do without. */
  readonly float: Words;
  /** Exact mode with small fields. */
  readonly small?: Words;
  /** Exact mode on a graph with most of its edges. */
  readonly dense?: Words;
  /** For energies, by position: `[P, n]`. */
  readonly biases: Float64Array;
  /** Node of each position, and 16 times the position of each end of an edge, as the kernel reads them. */
  readonly order: Uint32Array;
  readonly ends: Uint32Array;
  /** Thresholds that earlier calls have computed, by rule, replica and temperature. */
  readonly tables: Map<string, Int32Array>;
};

/** Whether exact mode would serve every replica without rounding, from small tables. */
function isLossless(integers: readonly IntegerModel[]): boolean {
  return integers.every(
    ({ rounding, largestField }) => rounding === 0 && largestField <= AUTO_FIELD,
  );
}

function integersOf(model: SweepModel): IntegerModel[] {
  return Array.from({ length: model.population }, (_, p) => integerModel(model, p));
}

/**
 * Makes a model ready.
 *
 * @throws RangeError if exact mode needs tables that are too large or a scaled coupling
 */
export function prepareSweeps(model: SweepModel, mode: SweepMode): PreparedModel {
  const integers = mode === "fast" || model.scaled !== undefined ? [] : integersOf(model);
  if (mode === "exact") refuseInexact(model, integers);
  const exact = mode === "exact" || (integers.length > 0 && isLossless(integers));
  const layout = layoutOf(model);
  let float: Words | undefined;
  const small = exact && integers.every(({ largestField }) => largestField <= SMALL_FIELD);
  return {
    ...{ model, layout, mode: exact ? "exact" : "fast", integers: exact ? integers : [] },
    get float() {
      return (float ??= floatWords(model, layout, exact ? integers : []));
    },
    ...(small && { small: smallWords(model, layout, integers) }),
    ...(exact && isDense(model, integers) && { dense: denseWords(model, layout, integers) }),
    biases: byPosition(model, layout, model.biases),
    order: new Uint32Array(layout.order),
    ends: endsOf(model),
    tables: new Map(),
  };
}

function refuseInexact({ scaled }: SweepModel, integers: readonly IntegerModel[]): void {
  if (scaled !== undefined) throw new RangeError("exact mode has no scaled couplings");
  const most = integers.reduce((a, { largestField }) => Math.max(a, largestField), 0);
  if (2 * most + 1 <= MOST_ENTRIES) return;
  throw new RangeError(
    `exact mode needs tables of ${2 * most + 1} entries, more than the ${MOST_ENTRIES} allowed`,
  );
}

function isDense({ graph }: SweepModel, integers: readonly IntegerModel[]): boolean {
  const { n, edges } = graph;
  const fits = integers.every(({ couplings }) => couplings.every((k) => Math.abs(k) < 2 ** 15));
  const { least, most } = DENSE_NODES;
  return fits && n >= least && n <= most && edges.length >= (n * (n - 1)) / 2;
}

/** A loop: `from` with a function takes ten times as long, which shows with a million spins. */
function endsOf({ graph: { edges, pos } }: SweepModel): Uint32Array {
  const ends = new Uint32Array(edges.length);
  for (let i = 0; i < ends.length; i++) ends[i] = 16 * pos[edges[i]!]!;
  return ends;
}

function byPosition(
  { graph, population }: SweepModel,
  { order }: Layout,
  values: Float64Array,
): Float64Array {
  const out = new Float64Array(population * graph.n);
  for (let p = 0; p < population; p++)
    for (let at = 0; at < graph.n; at++) out[p * graph.n + at] = values[p * graph.n + order[at]!]!;
  return out;
}

/** Couplings and biases of replica p as they are used. */
function usedBy(
  { biases, couplings, graph }: SweepModel,
  integers: readonly IntegerModel[],
  p: number,
): Pick<IntegerModel, "biases" | "couplings"> {
  const integer = integers[p];
  if (integer !== undefined) return integer;
  const edges = graph.edges.length / 2;
  return {
    biases: biases.subarray(p * graph.n, (p + 1) * graph.n),
    couplings: couplings.subarray(p * edges, (p + 1) * edges),
  };
}

function floatWords(model: SweepModel, layout: Layout, integers: readonly IntegerModel[]): Words {
  const { n } = model.graph;
  const count = layout.to.length;
  const links = new Uint32Array(2 * count * model.population);
  const weights = new Float32Array(links.buffer);
  const biases = new Float32Array(n * model.population);
  for (let p = 0; p < model.population; p++) {
    const used = usedBy(model, integers, p);
    for (let i = 0; i < count; i++) {
      links[2 * (p * count + i)] = 64 * layout.to[i]!;
      weights[2 * (p * count + i) + 1] = used.couplings[layout.edge[i]!]!;
    }
    for (let at = 0; at < n; at++) biases[p * n + at] = used.biases[layout.order[at]!]!;
  }
  const bounds = new Uint32Array(layout.bounds);
  for (let i = 0; i < bounds.length; i++) bounds[i]! *= 8;
  return { bounds, links, biases: new Uint32Array(biases.buffer) };
}

/** A coupling of k is |k| links of 1, the positive ones first. */
function smallWords(model: SweepModel, layout: Layout, integers: readonly IntegerModel[]): Words {
  const { n } = model.graph;
  const bounds = new Uint32Array((2 * n + 1) * model.population);
  const biases = new Uint32Array(n * model.population);
  const links = new Uint32Array(
    integers.reduce(
      (sum, { couplings }) => sum + couplings.reduce((a, k) => a + 2 * Math.abs(k), 0),
      0,
    ),
  );
  let end = 0;
  integers.forEach(({ biases: b, couplings, largestField }, p) => {
    const sums = rowSums(model, b, couplings);
    const from = p * (2 * n + 1);
    bounds[from] = 4 * end;
    for (let at = 0; at < n; at++) {
      const node = layout.order[at]!;
      for (const sign of [1, -1]) {
        for (let i = layout.bounds[2 * at]!; i < layout.bounds[2 * at + 2]!; i++)
          for (let k = sign * couplings[layout.edge[i]!]!; k > 0; k--)
            links[end++] = 16 * layout.to[i]!;
        bounds[from + 2 * at + (sign > 0 ? 1 : 2)] = 4 * end;
      }
      const parity = sums[node]! % 2;
      const offset = largestField + ((largestField + parity) % 2);
      biases[p * n + at] = (b[node]! & 255) | (offset << 8) | (parity << 16);
    }
  });
  return { bounds, links, biases };
}

/** A row of 16-bit couplings for each position, of even length. */
function denseWords(model: SweepModel, layout: Layout, integers: readonly IntegerModel[]): Words {
  const { n } = model.graph;
  const width = n + (n % 2);
  const links = new Int16Array(model.population * n * width);
  const biases = new Int32Array(model.population * n);
  integers.forEach(({ biases: b, couplings }, p) => {
    for (let at = 0; at < n; at++) {
      const row = (p * n + at) * width;
      biases[p * n + at] = b[layout.order[at]!]!;
      for (let i = layout.bounds[2 * at]!; i < layout.bounds[2 * at + 2]!; i++)
        links[row + layout.to[i]!] = couplings[layout.edge[i]!]!;
    }
  });
  return {
    bounds: new Uint32Array(0),
    links: new Uint32Array(links.buffer),
    biases: new Uint32Array(biases.buffer),
  };
}
