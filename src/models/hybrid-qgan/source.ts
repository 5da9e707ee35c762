// The data source that a configuration names.

import { csvRowSource, lawSource, type RowSource } from "../../data/row-source.js";
import { circlesLaw, gridLaw, mixtureLaw, namedLaw, ringLaw, type Law } from "../../data/laws.js";
import { DataError } from "../../errors.js";
import type { DataFiles } from "../model.js";
import type { DataConfig, HybridConfig } from "./config.js";

/** The law of the configuration. */
function lawOf({ law, mean, std, means, weights, radius, spread }: DataConfig): Law {
  switch (law) {
    case "mixture":
      return mixtureLaw(
        means.map((x) => [x]),
        spread ?? 0.1,
        weights ?? undefined,
      );
    case "ring":
      return ringLaw(radius, spread ?? undefined);
    case "grid":
      return gridLaw(radius, spread ?? undefined);
    case "circles":
      return circlesLaw(radius, spread ?? undefined);
    default:
      return namedLaw(law, mean, std);
  }
}

/** Opens the source of the configuration; the caller disposes it. */
export function openSource({ data, model }: HybridConfig, files: DataFiles = {}): RowSource {
  if (data.file === null) return lawSource(lawOf(data));
  const text = files[data.file];
  if (text === undefined) {
    throw new DataError(
      `hybrid-qgan: the text of ${data.file} must be given in \`files\`, but is missing.`,
    );
  }
  const { file: name, columns, margin, seed } = data;
  const source = csvRowSource(text, { name, margin, seed, ...(columns !== null && { columns }) });
  if (source.columns.length <= model.qubits) return source;
  source.dispose();
  throw new DataError(
    `hybrid-qgan: ${name} must have at most ${model.qubits} columns, one for each qubit of the circuit, but has ${source.columns.length} (${source.columns.join(", ")}). Set model.qubits, or name the columns in data.columns.`,
  );
}
