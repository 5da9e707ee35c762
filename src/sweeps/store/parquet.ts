// results.parquet: the table of a sweep in the form that other tools read, and back. Loaded only where it is needed.

import { writeSync } from "node:fs";
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, type ColumnData } from "hyparquet";
import {
  ByteWriter,
  ParquetWriter,
  schemaFromColumnData,
  type ColumnSource,
} from "hyparquet-writer";
import { writeAside } from "../../data/files/whole-file.js";
import { DataError } from "../../errors.js";
import { sha256 } from "../../runs/files.js";
import { canonicalJson } from "../../runs/json.js";
import type { ParameterValue, Study } from "../types.js";
import { STATUS_CODES } from "./committed.js";
import { storing } from "./exclusive.js";
import type { Scan } from "./scan.js";
import {
  emptyTable,
  metricColumn,
  setNumber,
  setParameter,
  type ChoiceColumn,
  type NumberColumn,
  type ParameterColumn,
  type Table,
} from "./table.js";

/** Rows whose values are objects at the same time, some 500 bytes a row. */
const GROUP_ROWS = 50_000;
const KEY = "zenoflow";
const METRIC = "metrics.";
const PARAMETER = "parameters.";

type Source = Pick<ColumnSource, "name" | "type" | "nullable" | "encoding" | "statistics"> & {
  readonly piece: (from: number, to: number) => ColumnSource["data"];
};

// A dictionary would take 0 and −0 for one value, and least and greatest values mean nothing where one is NaN.
const REAL = { type: "DOUBLE", encoding: "PLAIN", statistics: false } as const;

function bigints(values: Float64Array, from: number, to: number): BigInt64Array {
  return BigInt64Array.from({ length: to - from }, (_, i) => BigInt(values[from + i]!));
}

function numbers(name: string, { kind, values, present }: NumberColumn): Source {
  const nullable = present.includes(0);
  const isWhole = kind === "integer";
  const pick = (i: number): number | bigint | null =>
    present[i] === 0 ? null : isWhole ? BigInt(values[i]!) : values[i]!;
  const whole = (from: number, to: number): ColumnSource["data"] =>
    isWhole ? bigints(values, from, to) : values.slice(from, to);
  const sparse = (from: number, to: number): ColumnSource["data"] =>
    Array.from({ length: to - from }, (_, i) => pick(from + i));
  const type = isWhole ? ({ type: "INT64" } as const) : REAL;
  return { name, ...type, nullable, piece: nullable ? sparse : whole };
}

type ChoiceType = "STRING" | "BOOLEAN" | "INT64" | "DOUBLE";

/** Values of one type keep it; of several types they are written as JSON. */
function choiceType(choices: readonly ParameterValue[]): ChoiceType | "JSON" {
  const values = choices.filter((value) => value !== null);
  const all = (type: string): boolean => values.every((value) => typeof value === type);
  if (all("string")) return "STRING";
  if (all("boolean")) return "BOOLEAN";
  if (!all("number")) return "JSON";
  return values.every((value) => Number.isSafeInteger(value)) ? "INT64" : "DOUBLE";
}

function choices(name: string, { codes, choices: list }: ChoiceColumn): Source {
  const type = choiceType(list);
  const write = (value: ParameterValue): unknown => {
    if (type === "JSON") return canonicalJson(value);
    return type === "INT64" && typeof value === "number" ? BigInt(value) : value;
  };
  const written = list.map(write);
  return {
    name,
    ...(type === "DOUBLE" ? REAL : { type: type === "JSON" ? "STRING" : type }),
    nullable: true,
    piece: (from, to) =>
      Array.from({ length: to - from }, (_, i) => written[codes[from + i]!] ?? null),
  };
}

function parameterSource(name: string, column: ParameterColumn): Source {
  return column.kind === "choice"
    ? choices(`${PARAMETER}${name}`, column)
    : numbers(`${PARAMETER}${name}`, column);
}

function texts(name: string, codes: Uint8Array | Int32Array, list: readonly string[]): Source {
  const piece = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => list[codes[from + i]!]!);
  return { name, type: "STRING", nullable: false, piece };
}

function sourcesOf(table: Table): readonly Source[] {
  const whole = (name: string, values: Float64Array): Source => ({
    name,
    type: "INT64",
    nullable: false,
    piece: (from, to) => bigints(values, from, to),
  });
  const small = (name: string, values: Int32Array): Source => ({
    name,
    type: "INT32",
    nullable: false,
    piece: (from, to) => values.slice(from, to),
  });
  return [
    whole("trial", table.trial),
    texts("status", table.status, STATUS_CODES),
    numbers("value", table.value),
    whole("steps", table.steps),
    small("rung", table.rung),
    small("generation", table.generation),
    ...[...table.metrics].map(([name, column]) => numbers(`${METRIC}${name}`, column)),
    ...[...table.parameters].map(([name, column]) => parameterSource(name, column)),
    texts("batch", table.batch, table.batches),
    {
      name: "seconds",
      ...REAL,
      nullable: false,
      piece: (from, to) => table.seconds.slice(from, to),
    },
  ];
}

/** Tells whether a Parquet file holds what is committed: the batches it was made of. */
export function batchDigest({ batches }: Pick<Scan, "batches">): string {
  return sha256([...batches.keys()].sort().join("\n"));
}

function flushTo(file: number, bytes: ByteWriter): void {
  let at = 0;
  while (at < bytes.index)
    at += writeSync(file, new Uint8Array(bytes.buffer), at, bytes.index - at);
  bytes.index = 0;
}

function writeTo(file: number, table: Table, metadata: string): void {
  const sources = sourcesOf(table);
  const columns = (from: number, to: number): ColumnSource[] =>
    sources.map(({ piece, ...source }) => ({ ...source, data: piece(from, to) }));
  const bytes = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: columns(0, 0) });
  const kvMetadata = [{ key: KEY, value: metadata }];
  const writer = new ParquetWriter({ writer: bytes, schema, codec: "SNAPPY", kvMetadata });
  for (let from = 0; from < table.rows; from += GROUP_ROWS) {
    const columnData = columns(from, Math.min(table.rows, from + GROUP_ROWS));
    void writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    flushTo(file, bytes);
  }
  void writer.finish();
  flushTo(file, bytes);
}

/**
 * Writes a table as Parquet (snappy), whole or not at all.
 *
 * @param metadata - kept in the file under the key `zenoflow`
 * @throws DiskError where the disk is full
 */
export function writeParquet(path: string, table: Table, metadata = ""): void {
  storing(path, () => {
    writeAside(path, `${path}.part`, (file) => {
      writeTo(file, table, metadata);
    });
  });
}

/** The text kept in a Parquet file; undefined where there is no such file or no such text. */
export async function parquetNote(path: string): Promise<string | undefined> {
  try {
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return metadata.key_value_metadata?.find(({ key }) => key === KEY)?.value;
  } catch {
    return undefined;
  }
}

type Put = (at: number, value: unknown) => void;

function number(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function parameterPut(column: ParameterColumn): Put {
  if (column.kind !== "choice") {
    return (at, value) => {
      setNumber(column, at, number(value));
    };
  }
  const isJson = choiceType(column.choices) === "JSON";
  return (at, value) => {
    if (value === null || value === undefined) return;
    const plain = typeof value === "bigint" ? Number(value) : (value as ParameterValue);
    setParameter(column, at, isJson ? (JSON.parse(plain as string) as ParameterValue) : plain);
  };
}

function putInto(table: Table, batches: Map<string, number>, name: string): Put | undefined {
  const simple: Readonly<Record<string, Float64Array | Int32Array>> = {
    trial: table.trial,
    steps: table.steps,
    rung: table.rung,
    generation: table.generation,
    seconds: table.seconds,
  };
  const array = simple[name];
  if (array !== undefined) return (at, value) => (array[at] = Number(value));
  if (name === "status") {
    return (at, value) => (table.status[at] = (STATUS_CODES as readonly unknown[]).indexOf(value));
  }
  if (name === "batch") return (at, value) => (table.batch[at] = codeOf(batches, value as string));
  if (name === "value") return (at, value) => setNumber(table.value, at, number(value));
  if (name.startsWith(METRIC)) {
    const column = metricColumn(table, name.slice(METRIC.length));
    return (at, value) => setNumber(column, at, number(value));
  }
  const column = table.parameters.get(name.slice(PARAMETER.length));
  return column === undefined ? undefined : parameterPut(column);
}

function codeOf(codes: Map<string, number>, text: string): number {
  const code = codes.get(text) ?? codes.size;
  codes.set(text, code);
  return code;
}

/**
 * Reads a table back.
 *
 * @param study - says how parameters are to be read
 * @throws DataError where the file is no such table
 */
export async function readParquet(path: string, study: Study): Promise<Table> {
  const batches = new Map<string, number>();
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const table = emptyTable(Number(metadata.num_rows), study.parameters, []);
    const onChunk = ({ columnName, columnData, rowStart }: ColumnData): void => {
      const put = putInto(table, batches, columnName);
      if (put === undefined) return;
      for (let i = 0; i < columnData.length; i++) put(rowStart + i, columnData[i]);
    };
    // One group after the other: all columns of all rows at once would take several times the table's memory.
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      await parquetRead({ file, metadata, rowStart, rowEnd, onChunk });
      rowStart = rowEnd;
    }
    return { ...table, batches: [...batches.keys()] };
  } catch (cause) {
    throw new DataError(
      `readParquet: file ${path} must be the results of a sweep in Parquet, but cannot be read as such. Remove it; it is made anew from the batches.`,
      { cause },
    );
  }
}
