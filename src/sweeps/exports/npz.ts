// A sweep as a .npz file of NumPy: one array a column, choices as codes beside their list.

import { STATUS_CODES } from "../store/committed.js";
import type { NumberColumn, ParameterColumn, Table } from "../store/table.js";
import { plainValue } from "../values.js";
import { npzPieces, type NpyArray } from "./npy.js";
import { writeFileInPieces } from "./pieces.js";

type Named = readonly [name: string, array: NpyArray];

function bigints(values: Float64Array): BigInt64Array {
  return BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i]!));
}

/** Whole numbers stay such where none is absent; an absent number is NaN. */
function numbers({ kind, values, present }: NumberColumn): NpyArray {
  return kind === "integer" && !present.includes(0) ? bigints(values) : values;
}

function parameterArrays(name: string, column: ParameterColumn): readonly Named[] {
  if (column.kind !== "choice") return [[`parameters.${name}`, numbers(column)]];
  return [
    [`parameters.${name}`, column.codes],
    [`choices.${name}`, column.choices.map((choice) => String(plainValue(choice)))],
  ];
}

/** The arrays of a table, by name. */
export function* npzArrays(table: Table): Generator<Named, void, void> {
  yield ["trial", bigints(table.trial)];
  yield ["status", table.status];
  yield ["choices.status", STATUS_CODES];
  yield ["value", table.value.values];
  yield ["steps", bigints(table.steps)];
  yield ["rung", table.rung];
  yield ["generation", table.generation];
  for (const [name, column] of table.metrics) yield [`metrics.${name}`, column.values];
  for (const [name, column] of table.parameters) yield* parameterArrays(name, column);
  yield ["batch", table.batch];
  yield ["choices.batch", table.batches];
  yield ["seconds", table.seconds];
}

/**
 * Writes a sweep as .npz. Numbers are float64 and int64, so that no bit is lost; `choices.<name>` lists what the codes
 * of `<name>` mean, and code -1 is an inactive parameter.
 *
 * @throws ArgumentError where it would be larger than 4 GiB; DiskError where the disk is full
 */
export function exportNpz(table: Table, path: string): void {
  writeFileInPieces(path, npzPieces(npzArrays(table)));
}
