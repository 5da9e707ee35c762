// The rows of a run as text: CSV, dimod's JSON, this package's JSON. Text only; who writes it is elsewhere.

import { toJson } from "../../runs/json.js";
import type { SampleSet } from "../../ising/index.js";
import type { OutputFormat } from "./options.js";

const CHUNK_ROWS = 1024;

/** The format that a file's name asks for. */
export function formatOf(file: string): OutputFormat {
  return file.endsWith(".json") ? "dimod" : "csv";
}

/** The text of a set, in pieces. */
export function textOf(
  set: SampleSet,
  format: OutputFormat,
  labels?: readonly (number | string)[],
): Iterable<string> {
  if (format === "csv") return csv(set, labels);
  return [`${toJson(format === "dimod" ? set.toDimod(labels) : set.toJSON())}\n`];
}

/** One row a line: model, chain, energy, occurrences, then the spins under the names of their nodes. */
function* csv(
  set: SampleSet,
  labels?: readonly (number | string)[],
): Generator<string, void, void> {
  const names = Array.from({ length: set.n }, (_, i) => `s${String(labels?.[i] ?? i)}`);
  yield `${["model", "chain", "energy", "occurrences", ...names.map(field)].join(",")}\r\n`;
  for (let from = 0; from < set.rows; from += CHUNK_ROWS) {
    const lines: string[] = [];
    for (let row = from; row < Math.min(set.rows, from + CHUNK_ROWS); row++) {
      const spins = set.samples.subarray(row * set.n, (row + 1) * set.n).join(",");
      const head = [set.model[row], set.chain[row], set.energies[row], set.numOccurrences[row]];
      lines.push(`${head.join(",")},${spins}`);
    }
    yield `${lines.join("\r\n")}\r\n`;
  }
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
