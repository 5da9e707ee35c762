// The one result object of all samplers: spins, energies, multiplicities and where each row comes from. How rows are
// written down is in sample-set-json.ts, what they say about convergence in diagnostics.ts.

import { ArgumentError, ShapeError } from "../errors.js";
import { toDimod, toJson, type DimodSampleSet, type SampleSetJson } from "./sample-set-json.js";

/** Wall-clock time in milliseconds. */
export type SampleTiming = {
  readonly preprocessMs: number;
  readonly samplingMs: number;
  readonly postprocessMs: number;
};

/** Convergence of the energy, one number per model; NaN where it never changed. */
export type SampleDiagnostics = {
  /** Split R-hat. */
  readonly rHat: readonly number[];
  /** Effective sample size of all chains of a model together. */
  readonly ess: readonly number[];
};

/** How the rows were made. Null: unknown, or different among the parts of a concatenation. */
export type SampleInfo = {
  /** Name of the function, for example `"gibbs"`. */
  readonly sampler: string | null;
  readonly seed: number | null;
  /** Inverse temperature: one for all rows, or one per model. */
  readonly beta: number | readonly number[] | null;
  /** Sweeps of each chain. */
  readonly sweeps: number | null;
  readonly mode: "exact" | "fast" | null;
  readonly backend: string | null;
  /** Spin decisions taken, of all chains together. */
  readonly flips: number;
  /** `flips / samplingMs 10⁻⁶`; 0 where nothing was timed. */
  readonly flipsPerNs: number;
  readonly timing: SampleTiming;
  readonly diagnostics: SampleDiagnostics | null;
};

/** One row of a sample set. */
export type SampleRow = {
  /** `[n]`, spins ±1. */
  readonly sample: Int8Array;
  readonly energy: number;
  readonly numOccurrences: number;
  readonly chain: number;
  readonly model: number;
  /** Index into `parts` of the set. */
  readonly part: number;
};

/** The columns of a sample set. */
export type SampleColumns = {
  /** Number of spins. */
  readonly n: number;
  /** `[rows, n]`, row-major, spins ±1. */
  readonly samples: Int8Array;
  /** `[rows]`, `E = -(Σ b s + Σ J s s)`. */
  readonly energies: Float64Array;
  /** `[rows]`, how often the row was drawn. Default 1. */
  readonly numOccurrences?: Int32Array;
  /** `[rows]`, the chain of its model that drew the row. Default 0. */
  readonly chain?: Int32Array;
  /** `[rows]`, which model of the population the row belongs to. Default 0. */
  readonly model?: Int32Array;
  /** `[rows]`, index into `parts`. Default 0. */
  readonly part?: Int32Array;
  /** How the rows were made, one entry per part. */
  readonly parts: readonly SampleInfo[];
};

/** Samples of one or several Ising models. Rows are in the order of sampling unless a method says otherwise. */
export type SampleSet = Required<SampleColumns> & {
  readonly rows: number;
  /** How the rows were made; of several parts the sum of times and flips, and what they have in common. */
  readonly info: SampleInfo;
  /** A row of lowest energy, the earliest of several. */
  readonly first: SampleRow;
  /** One row. */
  row(index: number): SampleRow;
  /** The rows whose energy is the lowest of their model, to within `atol + rtol |E|`. */
  lowest(options?: { readonly rtol?: number; readonly atol?: number }): SampleSet;
  /** Equal rows of one model as one, in the order of first appearance, with added multiplicities. */
  aggregate(): SampleSet;
  /** The `count` rows of lowest energy, in ascending order; ties in the order of sampling. */
  truncate(count: number): SampleSet;
  /** The rows of one model of a population. */
  ofModel(model: number): SampleSet;
  /** The form of `dimod.SampleSet.from_serializable`; energies are the same there. */
  toDimod(labels?: ArrayLike<number | string>): DimodSampleSet;
  /** What `JSON.stringify` writes and `sampleSetFromJson` reads. */
  toJSON(): SampleSetJson;
};

/** An info without anything known: what a sampler fills in. */
export const NO_INFO: SampleInfo = {
  sampler: null,
  seed: null,
  beta: null,
  sweeps: null,
  mode: null,
  backend: null,
  flips: 0,
  flipsPerNs: 0,
  timing: { preprocessMs: 0, samplingMs: 0, postprocessMs: 0 },
  diagnostics: null,
};

/**
 * Makes a sample set of its columns. Arrays are kept, not copied.
 *
 * @throws ShapeError if a column has the wrong length
 * @throws ArgumentError if a spin is not ±1 or a row belongs to no part
 */
export function sampleSet(columns: SampleColumns): SampleSet {
  const rows = columns.energies.length;
  const whole: Required<SampleColumns> = {
    n: columns.n,
    samples: columns.samples,
    energies: columns.energies,
    numOccurrences: columns.numOccurrences ?? new Int32Array(rows).fill(1),
    chain: columns.chain ?? new Int32Array(rows),
    model: columns.model ?? new Int32Array(rows),
    part: columns.part ?? new Int32Array(rows),
    parts: columns.parts,
  };
  checkColumns(whole, rows);
  return withMethods(whole, rows);
}

/**
 * The rows of several sets, one set after the other. Every row keeps its chain, its model and its part, so that it
 * can still be said how it was made.
 *
 * @throws ArgumentError if there is no set
 * @throws ShapeError if the sets have different numbers of spins
 */
export function concat(sets: readonly SampleSet[]): SampleSet {
  const n = sets[0]?.n;
  if (n === undefined) {
    throw new ArgumentError("concat: argument `sets` must hold at least one set, but is empty.");
  }
  const other = sets.findIndex((set) => set.n !== n);
  if (other > 0) {
    throw new ShapeError(
      `concat: argument \`sets[${other}]\` must have ${n} spins like the first, but has ${sets[other]!.n}.`,
    );
  }
  const counts = sets.map((set) => set.parts.length);
  const offset = (k: number): number => counts.slice(0, k).reduce((sum, count) => sum + count, 0);
  const rows = sets.reduce((sum, set) => sum + set.rows, 0);
  const join = <A extends TypedArray>(out: A, pick: (set: SampleSet, k: number) => A): A => {
    let at = 0;
    for (const [k, set] of sets.entries()) {
      const values = pick(set, k);
      out.set(values, at);
      at += values.length;
    }
    return out;
  };
  return sampleSet({
    n,
    samples: join(new Int8Array(rows * n), (set) => set.samples),
    energies: join(new Float64Array(rows), (set) => set.energies),
    numOccurrences: join(new Int32Array(rows), (set) => set.numOccurrences),
    chain: join(new Int32Array(rows), (set) => set.chain),
    model: join(new Int32Array(rows), (set) => set.model),
    part: join(new Int32Array(rows), (set, k) => set.part.map((part) => part + offset(k))),
    parts: sets.flatMap((set) => set.parts),
  });
}

type TypedArray = Int8Array | Int32Array | Float64Array;

function withMethods(columns: Required<SampleColumns>, rows: number): SampleSet {
  const { energies, model, parts } = columns;
  const row = (index: number): SampleRow => rowOf(columns, rows, index);
  const take = (picked: ArrayLike<number>): SampleSet => takeRows(columns, picked);
  const where = (keep: (row: number) => boolean): SampleSet => take(indices(rows).filter(keep));
  const set: Omit<SampleSet, "first"> = {
    ...columns,
    rows,
    info: mergedInfo(parts),
    row,
    lowest: ({ rtol = 1e-5, atol = 1e-8 } = {}) => {
      const lowest = lowestOfModels(columns);
      return where(
        (i) =>
          energies[i]! <= lowest.get(model[i]!)! + atol + rtol * Math.abs(lowest.get(model[i]!)!),
      );
    },
    aggregate: () => aggregated(columns, rows),
    truncate: (count) => {
      checkRowCount(count);
      return take(byEnergy(energies).subarray(0, count));
    },
    ofModel: (wanted) => where((i) => model[i] === wanted),
    toDimod: (labels) => toDimod(columns, labels),
    toJSON: () => toJson(columns),
  };
  const best = (): number =>
    energies.reduce((at, energy, i) => (energy < energies[at]! ? i : at), 0);
  // Not enumerable, so that a copy of an empty set does not look for its first row.
  return Object.defineProperty(set, "first", { get: () => row(best()) }) as SampleSet;
}

function rowOf(columns: Required<SampleColumns>, rows: number, index: number): SampleRow {
  if (!Number.isInteger(index) || index < 0 || index >= rows) {
    throw new ArgumentError(
      `row: argument \`index\` must be a row of the set, which has ${rows}, but is ${index}.`,
    );
  }
  return {
    sample: columns.samples.slice(index * columns.n, (index + 1) * columns.n),
    energy: columns.energies[index]!,
    numOccurrences: columns.numOccurrences[index]!,
    chain: columns.chain[index]!,
    model: columns.model[index]!,
    part: columns.part[index]!,
  };
}

function takeRows(columns: Required<SampleColumns>, picked: ArrayLike<number>): SampleSet {
  const { n, samples } = columns;
  const rows = picked.length;
  const taken = new Int8Array(rows * n);
  for (let i = 0; i < rows; i++) {
    taken.set(samples.subarray(picked[i]! * n, (picked[i]! + 1) * n), i * n);
  }
  const of = (column: Int32Array): Int32Array => Int32Array.from(picked, (row) => column[row]!);
  return sampleSet({
    n,
    samples: taken,
    energies: Float64Array.from(picked, (row) => columns.energies[row]!),
    numOccurrences: of(columns.numOccurrences),
    chain: of(columns.chain),
    model: of(columns.model),
    part: of(columns.part),
    parts: columns.parts,
  });
}

function aggregated(columns: Required<SampleColumns>, rows: number): SampleSet {
  const { n, samples, model, numOccurrences } = columns;
  const places = new Map<string, number>();
  const firsts: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < rows; i++) {
    const key = `${model[i]!} ${spinKey(samples, i * n, n)}`;
    const place = places.get(key) ?? firsts.length;
    if (place === firsts.length) {
      places.set(key, place);
      firsts.push(i);
      counts.push(0);
    }
    counts[place]! += numOccurrences[i]!;
  }
  return sampleSet({ ...takeRows(columns, firsts), numOccurrences: Int32Array.from(counts) });
}

/** Sixteen spins a character: short keys for long rows. */
function spinKey(samples: Int8Array, from: number, n: number): string {
  const units: number[] = [];
  for (let i = 0; i < n; i += 16) {
    let unit = 0;
    for (let k = i; k < Math.min(i + 16, n); k++)
      unit = 2 * unit + (samples[from + k]! > 0 ? 1 : 0);
    units.push(unit);
  }
  return units.map((unit) => String.fromCharCode(unit)).join("");
}

function indices(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => i);
}

function byEnergy(energies: Float64Array): Int32Array {
  return indices(energies.length).sort((i, j) => energies[i]! - energies[j]! || i - j);
}

function lowestOfModels({ energies, model }: Required<SampleColumns>): Map<number, number> {
  const lowest = new Map<number, number>();
  for (const [i, energy] of energies.entries()) {
    const p = model[i]!;
    lowest.set(p, Math.min(lowest.get(p) ?? Infinity, energy));
  }
  return lowest;
}

function mergedInfo(parts: readonly SampleInfo[]): SampleInfo {
  const [head, ...rest] = parts;
  if (head === undefined) return NO_INFO;
  if (rest.length === 0) return head;
  const common = <K extends keyof SampleInfo>(key: K): SampleInfo[K] | null =>
    rest.every((info) => JSON.stringify(info[key]) === JSON.stringify(head[key]))
      ? head[key]
      : null;
  const total = (pick: (info: SampleInfo) => number): number =>
    parts.reduce((sum, info) => sum + pick(info), 0);
  const samplingMs = total((info) => info.timing.samplingMs);
  const flips = total((info) => info.flips);
  return {
    sampler: common("sampler"),
    seed: common("seed"),
    beta: common("beta"),
    sweeps: common("sweeps"),
    mode: common("mode"),
    backend: common("backend"),
    flips,
    flipsPerNs: samplingMs > 0 ? flips / (samplingMs * 1e6) : 0,
    timing: {
      preprocessMs: total((info) => info.timing.preprocessMs),
      samplingMs,
      postprocessMs: total((info) => info.timing.postprocessMs),
    },
    diagnostics: null,
  };
}

function checkRowCount(count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new ArgumentError(
    `truncate: argument \`count\` must be a non-negative integer, but is ${count}.`,
  );
}

function checkColumns(columns: Required<SampleColumns>, rows: number): void {
  const { n, samples, part, parts } = columns;
  checkLength("samples", samples, rows * n, `${rows} × ${n}`);
  for (const name of ["numOccurrences", "chain", "model", "part"] as const) {
    checkLength(name, columns[name], rows, String(rows));
  }
  const wrong = samples.findIndex((spin) => spin !== 1 && spin !== -1);
  if (wrong >= 0) {
    throw new ArgumentError(
      `sampleSet: argument \`samples\` must hold spins of ±1, but sample ${Math.floor(wrong / n)} has ` +
        `${samples[wrong]!} at spin ${wrong % n}.`,
    );
  }
  const lost = part.findIndex((index) => index < 0 || index >= parts.length);
  if (lost >= 0) {
    throw new ArgumentError(
      `sampleSet: argument \`part\` must be an index into the ${parts.length} \`parts\`, but is ` +
        `${part[lost]!} at row ${lost}.`,
    );
  }
}

function checkLength(name: string, column: TypedArray, length: number, text: string): void {
  if (column.length === length) return;
  throw new ShapeError(
    `sampleSet: argument \`${name}\` must have ${text} entries, but has ${column.length}.`,
  );
}
