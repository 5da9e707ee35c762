// A sweep as CSV (RFC 4180): one line a row, NaN as a literal, nothing where there is no value.

import { STATUS_CODES } from "../store/committed.js";
import { parameterAt, type NumberColumn, type Table } from "../store/table.js";
import { csvField, valueText } from "../values.js";
import { writeFileInPieces } from "./pieces.js";

type Field = { readonly name: string; readonly text: (row: number) => string };

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function numberField(name: string, { values, present }: NumberColumn): Field {
  return { name, text: (row) => (present[row] === 1 ? numberText(values[row]!) : "") };
}

function fieldsOf(table: Table): readonly Field[] {
  const plain = (name: string, values: ArrayLike<number>): Field => ({
    name,
    text: (row) => String(values[row]!),
  });
  return [
    plain("trial", table.trial),
    { name: "status", text: (row) => STATUS_CODES[table.status[row]!]! },
    numberField("value", table.value),
    plain("steps", table.steps),
    plain("rung", table.rung),
    plain("generation", table.generation),
    ...[...table.metrics].map(([name, column]) => numberField(`metrics.${name}`, column)),
    ...[...table.parameters].map(([name, column]) => ({
      name: `parameters.${name}`,
      text: (row: number) => csvField(valueText(parameterAt(column, row))),
    })),
    { name: "batch", text: (row) => table.batches[table.batch[row]!]! },
    plain("seconds", table.seconds),
  ];
}

/** The lines of the CSV, with a header; they end with CR LF as the standard says. */
export function* csvLines(table: Table): Generator<string, void, void> {
  const fields = fieldsOf(table);
  yield `${fields.map(({ name }) => csvField(name)).join(",")}\r\n`;
  for (let row = 0; row < table.rows; row++) {
    yield `${fields.map(({ text }) => text(row)).join(",")}\r\n`;
  }
}

/**
 * Writes a sweep as CSV.
 *
 * @throws DiskError where the disk is full
 */
export function exportCsv(table: Table, path: string): void {
  writeFileInPieces(path, csvLines(table));
}
