// The data source that a configuration names.

import { csvSource, lineSource } from "../../data/index.js";
import { DataError } from "../../errors.js";
import type { AngleSource } from "../../data/source.js";
import type { DataFiles } from "../model.js";
import type { DqganConfig } from "./config.js";

/** Opens the source of the configuration; the caller disposes it. */
export function openSource({ data }: DqganConfig, files: DataFiles = {}): AngleSource {
  if (data.file === null) return lineSource(data, { seed: data.seed });
  const text = files[data.file];
  if (text === undefined) {
    throw new DataError(
      `dqgan: the text of ${data.file} must be given in \`files\`, but is missing.`,
    );
  }
  const { file: name, columns, margin, seed } = data;
  return csvSource(text, { name, margin, seed, ...(columns !== null && { columns }) });
}
