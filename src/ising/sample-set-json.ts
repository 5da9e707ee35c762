// How sample sets are written down: as JSON of this package, spins as strings of + and -, and as dimod writes them. Reading
// files is the caller's part.

import { DataError } from "../errors.js";
import { sampleSet, type SampleColumns, type SampleInfo, type SampleSet } from "./sample-set.js";

/** Numbers as JSON holds them: those it has no notation for as text. */
type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

/** A sample set in JSON. */
export type SampleSetJson = {
  readonly format: "zenoflow.samples/1";
  readonly n: number;
  /** One string a row, `+` and `-` for the spins of node 0, 1, … */
  readonly samples: readonly string[];
  readonly energies: readonly JsonNumber[];
  readonly numOccurrences: readonly number[];
  readonly chain: readonly number[];
  readonly model: readonly number[];
  readonly part: readonly number[];
  /** The parts' infos, numbers without JSON notation as text. */
  readonly parts: readonly unknown[];
};

/** An array of `dimod.serialization`. */
type DimodArray = {
  readonly type: "array";
  readonly data: readonly unknown[];
  readonly data_type: string;
  readonly shape: readonly number[];
  readonly use_bytes: false;
};

/** What `dimod.SampleSet.from_serializable` takes. */
export type DimodSampleSet = {
  readonly type: "SampleSet";
  readonly version: { readonly sampleset_schema: "3.2.0" };
  readonly num_variables: number;
  readonly num_rows: number;
  readonly sample_data: DimodArray;
  readonly sample_type: "int8";
  readonly sample_packed: false;
  readonly vectors: Readonly<Record<string, DimodArray>>;
  readonly variable_labels: readonly (number | string)[];
  readonly variable_type: "SPIN";
  readonly info: Readonly<Record<string, unknown>>;
};

/** The JSON form of a set's columns. */
export function toJson(columns: Required<SampleColumns>): SampleSetJson {
  const { n, energies, numOccurrences, chain, model, part, parts } = columns;
  return {
    format: "zenoflow.samples/1",
    n,
    samples: Array.from(energies, (_, row) => spinText(columns, row)),
    energies: Array.from(energies, written),
    numOccurrences: [...numOccurrences],
    chain: [...chain],
    model: [...model],
    part: [...part],
    parts: parts.map(writtenDeep),
  };
}

/**
 * Reads what `JSON.stringify(set)` wrote, after `JSON.parse`.
 *
 * @param json - the parsed value
 * @returns the same set
 * @throws DataError if it is something else; ShapeError if its columns disagree
 */
export function sampleSetFromJson(json: unknown): SampleSet {
  const wanted: SampleSetJson["format"] = "zenoflow.samples/1";
  const format = (json as { format?: unknown } | null)?.format;
  if (format !== wanted) {
    throw new DataError(
      `sampleSetFromJson: argument \`json\` must have the format "${wanted}", but has ${String(format)}.`,
    );
  }
  const from = json as SampleSetJson;
  return sampleSet({
    n: from.n,
    samples: spinsOf(from),
    energies: Float64Array.from(from.energies, Number),
    numOccurrences: Int32Array.from(from.numOccurrences),
    chain: Int32Array.from(from.chain),
    model: Int32Array.from(from.model),
    part: Int32Array.from(from.part),
    parts: from.parts.map(readDeep) as SampleInfo[],
  });
}

/** The dimod form; chain, model and part become vectors beside the energy. */
export function toDimod(
  columns: Required<SampleColumns>,
  labels?: ArrayLike<number | string>,
): DimodSampleSet {
  const { n, samples, energies, parts } = columns;
  const rows = energies.length;
  const grid = Array.from(energies, (_, row) => [...samples.subarray(row * n, (row + 1) * n)]);
  const vector = (name: "numOccurrences" | "chain" | "model" | "part"): DimodArray =>
    dimodArray([...columns[name]], "int64", [rows]);
  return {
    type: "SampleSet",
    version: { sampleset_schema: "3.2.0" },
    num_variables: n,
    num_rows: rows,
    sample_data: dimodArray(grid, "int8", [rows, n]),
    sample_type: "int8",
    sample_packed: false,
    vectors: {
      energy: dimodArray([...energies], "float64", [rows]),
      num_occurrences: vector("numOccurrences"),
      chain: vector("chain"),
      model: vector("model"),
      part: vector("part"),
    },
    variable_labels: Array.from({ length: n }, (_, i) => labels?.[i] ?? i),
    variable_type: "SPIN",
    info: { parts: parts.map(writtenDeep) },
  };
}

function dimodArray(data: unknown[], type: string, shape: readonly number[]): DimodArray {
  return { type: "array", data, data_type: type, shape, use_bytes: false };
}

function spinText({ n, samples }: Required<SampleColumns>, row: number): string {
  let text = "";
  for (let i = row * n; i < (row + 1) * n; i++) text += samples[i]! > 0 ? "+" : "-";
  return text;
}

function spinsOf({ n, samples }: SampleSetJson): Int8Array {
  const spins = new Int8Array(samples.length * n);
  for (const [row, text] of samples.entries()) {
    if (text.length !== n || /[^+-]/.test(text)) {
      throw new DataError(
        `sampleSetFromJson: argument \`json.samples[${row}]\` must be ${n} signs + or -, but is "${text}".`,
      );
    }
    for (let i = 0; i < n; i++) spins[row * n + i] = text[i] === "+" ? 1 : -1;
  }
  return spins;
}

function written(value: number): JsonNumber {
  return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}

function writtenDeep(value: unknown): unknown {
  if (typeof value === "number") return written(value);
  return mapped(value, writtenDeep);
}

function readDeep(value: unknown): unknown {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  return mapped(value, readDeep);
}

function mapped(value: unknown, map: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
}
