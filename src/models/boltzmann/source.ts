// The data that a configuration names, as probabilities of spins +1: synthetic digits, bars and stripes, or columns of a file.

import {
  areaAverage,
  barsAndStripes,
  parseCsv,
  syntheticDigits,
  type CsvTable,
  type Images,
  type Intensities,
} from "../../data/index.js";
import { splitRows } from "../../data/splits.js";
import { DataError } from "../../errors.js";
import { stream } from "../../random.js";
import type { DataFiles } from "../model.js";
import type { BoltzmannConfig, DataConfig } from "./config.js";
import type { ImageSize } from "./topology.js";

/** Rows of probabilities that a spin is up, for training and for the test. */
export type SpinSource = {
  readonly columns: readonly string[];
  readonly image: ImageSize | null;
  readonly training: Intensities;
  readonly test: Intensities;
  /** What a spin down is in the units of the data: 0 or −1. Up is 1. */
  readonly down: 0 | -1;
  /** What was read, in sentences. */
  readonly report: readonly string[];
};

/** Images are brought to this many pixels a side. */
const SIDE = 6;

/** The column that says which rows of a file are the test. */
const SPLIT = "split";

/** Opens the source of a configuration. */
export function openSource({ data }: BoltzmannConfig, files: DataFiles = {}): SpinSource {
  if (data.file !== null) return fileSource(data, data.file, files);
  return data.source === "bars" ? barsSource(data) : digitsSource(data);
}

function digitsSource({ rows, seed }: DataConfig): SpinSource {
  const draw = (event: number, count: number): Intensities =>
    reduced(syntheticDigits(stream(seed, "data", event), count));
  return {
    ...{ columns: pixelNames(SIDE * SIDE), image: { height: SIDE, width: SIDE }, down: -1 },
    training: draw(0, rows),
    test: draw(1, Math.max(10, Math.round(rows / 5))),
    report: [
      `${rows.toLocaleString("en-US")} synthetic digits, averaged to ${SIDE} × ${SIDE} pixels; each pixel is up with its intensity as probability.`,
    ],
  };
}

/** Images at 6 × 6 pixels. */
export function reduced(images: Images): Intensities {
  return { values: areaAverage(images, SIDE).values, width: SIDE * SIDE };
}

/** All patterns, each once: the test is the law itself. */
function barsSource({ size }: DataConfig): SpinSource {
  const patterns = barsAndStripes(size, size);
  const width = size * size;
  const values = Float64Array.from(patterns, (spin) => (spin + 1) / 2);
  const training = { values, width };
  return {
    ...{ columns: pixelNames(width), image: { height: size, width: size }, down: -1 },
    ...{ training, test: training },
    report: [
      `All ${values.length / width} patterns of bars and stripes of ${size} × ${size} pixels, with equal probability.`,
    ],
  };
}

function pixelNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `p${i}`);
}

function fileSource({ seed }: DataConfig, name: string, files: DataFiles): SpinSource {
  const text = files[name];
  if (text === undefined) {
    throw new DataError(
      `boltzmann: the text of ${name} must be given in \`files\`, but is missing.`,
    );
  }
  const table = parseCsv(text, { name });
  const columns = table.columns.filter((column) => column.name !== SPLIT);
  if (columns.length === 0)
    throw new DataError(`${name}: must have a column of data, but has none.`);
  const down = columns.some(({ values }) => values.includes(-1)) ? -1 : 0;
  const probabilities = columns.map((column) => probabilitiesOf(column, table, name, down));
  const { training, test, said } = splitOf(table, seed);
  const pick = (rows: Int32Array): Intensities => ({
    values: Float64Array.from(
      { length: rows.length * columns.length },
      (_, at) => probabilities[at % columns.length]![rows[Math.floor(at / columns.length)]!]!,
    ),
    width: columns.length,
  });
  const names = columns.map((column) => column.name);
  return {
    ...{ columns: names, image: squareOf(names), down },
    ...{ training: pick(training), test: pick(test) },
    report: [
      `${name}: ${table.rows.toLocaleString("en-US")} rows of ${columns.length} columns; ${said}`,
    ],
  };
}

function probabilitiesOf(
  { name: column, values }: CsvTable["columns"][number],
  { lines }: CsvTable,
  file: string,
  down: 0 | -1,
): Float64Array {
  const wrong = values.findIndex((value) =>
    down === -1 ? Math.abs(value) !== 1 : !(value >= 0 && value <= 1),
  );
  if (wrong < 0) return down === -1 ? values.map((value) => (value + 1) / 2) : values;
  const wanted = down === -1 ? "spins of −1 or 1" : "spins of 0 or 1, or intensities between";
  throw new DataError(
    `${file}: must hold ${wanted}, but line ${lines[wrong]!}, column ${column}, has ${values[wrong]!}.`,
  );
}

type Rows = { readonly training: Int32Array; readonly test: Int32Array; readonly said: string };

function splitOf({ columns, rows }: CsvTable, seed: number): Rows {
  const given = columns.find(({ name }) => name === SPLIT)?.values;
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  if (given !== undefined) {
    const [training, test] = [0, 1].map((part) => all.filter((row) => given[row] === part));
    if (training!.length > 0 && test!.length > 0)
      return {
        training: training!,
        test: test!,
        said: `column ${SPLIT} says which of them train (0) and test (1).`,
      };
    throw new DataError(
      `boltzmann: column ${SPLIT} must have rows of 0 (training) and 1 (test), but lacks one.`,
    );
  }
  if (rows < 10) {
    return { training: all, test: all, said: "all of them train and test." };
  }
  const { test, validation, floor, training } = splitRows(all, seed);
  return {
    training: Int32Array.from([...training, ...validation, ...floor]),
    test,
    said: "a tenth of them, chosen at random, are the test.",
  };
}

/** Columns p0, p1, … of a square number are its pixels. */
function squareOf(names: readonly string[]): ImageSize | null {
  const side = Math.sqrt(names.length);
  const arePixels = names.every((name, i) => name === `p${i}`);
  return Number.isInteger(side) && arePixels ? { height: side, width: side } : null;
}
