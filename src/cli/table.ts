// Text tables: columns aligned by spaces, numbers to the right.

import { stripVTControlCharacters } from "node:util";

/** How to lay out a table. */
export type TableOptions = {
  /** Alignment per column; left where missing. */
  readonly align?: readonly ("left" | "right")[];
  /** Applied to the header line after alignment. */
  readonly header?: (line: string) => string;
};

// Widths in code points are right for the letters used here: no wide or combining characters.
function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function pad(text: string, size: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, size - width(text)));
  return align === "right" ? space + text : text + space;
}

/** A table with a header line; every line ends without trailing space. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const widths = header.map((title, c) =>
    Math.max(width(title), ...rows.map((row) => width(row[c] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => pad(cell, widths[c] ?? 0, options.align?.[c] ?? "left"))
      .join("  ")
      .trimEnd();
  const head = options.header?.(line(header)) ?? line(header);
  return [head, ...rows.map(line)].map((text) => `${text}\n`).join("");
}

/** A number for people: four significant digits, integers as they are. */
export function figure(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
}

/** Seconds for people: `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s.toString()} s`;
  if (s < 3600) return `${Math.floor(s / 60).toString()} min ${(s % 60).toString()} s`;
  return `${Math.floor(s / 3600).toString()} h ${Math.round((s % 3600) / 60).toString()} min`;
}
