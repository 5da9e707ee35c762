// Trials as text, streamed: `--print-trials` and `--save-trials`.

import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { asOutputError } from "../../runs/output-error.js";
import type { ParameterValue, Study, StudyIdentity } from "../types.js";
import { columnValue, trialTable, type TrialTable } from "./trials.js";

const CHUNK = 4096;

function cell(value: ParameterValue): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function lines(table: TrialTable): string {
  let text = "";
  for (let row = 0; row < table.to - table.from; row++) {
    text += `${String(table.from + row)},${String(table.seeds[row])}`;
    for (const column of table.columns) text += `,${cell(columnValue(column, row))}`;
    text += "\r\n";
  }
  return text;
}

/**
 * Trials `from` … `to - 1` as CSV (RFC 4180) in pieces of some thousand rows: trial, seed, then the parameters by
 * name. An inactive parameter is an empty cell. Not for method ask-tell, whose trials are not known before.
 */
export function* trialsCsv(
  study: Study,
  identity: StudyIdentity,
  from = 0,
  to: number = study.trials,
): Generator<string, void, void> {
  const names = Object.keys(study.parameters).sort();
  yield `${["trial", "seed", ...names].map(cell).join(",")}\r\n`;
  for (let at = from; at < to; at += CHUNK) {
    yield lines(trialTable(study, identity, at, Math.min(to, at + CHUNK)));
  }
}

/**
 * Writes all trials of a study to a CSV file.
 *
 * @throws OutputError where it cannot be written
 */
export async function saveTrials(
  study: Study,
  identity: StudyIdentity,
  path: string,
): Promise<void> {
  try {
    await pipeline(Readable.from(trialsCsv(study, identity)), createWriteStream(path));
  } catch (error) {
    throw asOutputError(path, error);
  }
}
