// `--print-trials` and `--save-trials`: the trials of a study with their parameters and seeds, as CSV.

import { resolve } from "node:path";
import { writeAtomically } from "../../runs/files.js";
import { columnValue, trialTable } from "../../sweeps/plan/trials.js";
import type { ParameterValue, Study, StudyIdentity } from "../../sweeps/types.js";
import { csvField, valueText } from "../../sweeps/values.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { grouped } from "./readings.js";
import type { ReadyStudy } from "./study.js";

const PIECE = 4096;

function field(value: ParameterValue): string {
  return csvField(valueText(value));
}

function* tables(
  study: Study,
  identity: StudyIdentity,
): Generator<readonly (readonly ParameterValue[])[]> {
  for (let from = 0; from < study.trials; from += PIECE) {
    const to = Math.min(from + PIECE, study.trials);
    const { columns, seeds } = trialTable(study, identity, from, to);
    yield Array.from({ length: to - from }, (_, row) => [
      from + row,
      ...columns.map((column) => columnValue(column, row)),
      seeds[row]!,
    ]);
  }
}

function header({ parameters }: Study): readonly string[] {
  return ["trial", ...Object.keys(parameters).sort(), "seed"];
}

function* csv(study: Study, identity: StudyIdentity): Generator<string> {
  yield `${header(study).map(field).join(",")}\n`;
  for (const rows of tables(study, identity))
    yield rows.map((row) => `${row.map(field).join(",")}\n`).join("");
}

/** Prints all trials of a study, or writes them to a file. */
export async function showTrials(
  { lock: { study, identity } }: ReadyStudy,
  file: string | undefined,
  { io, terminal }: Context,
): Promise<number> {
  if (study.ask !== undefined) {
    throw new CliError(EXIT.usage, {
      message: "trials of method ask-tell are not known before they are asked for",
    });
  }
  if (file !== undefined) {
    writeAtomically(resolve(io.cwd, file), csv(study, identity));
    terminal.note(`${grouped(study.trials)} trials in ${file}`);
  }
  if (terminal.options.json) {
    const rows = file === undefined ? [...tables(study, identity)].flat() : undefined;
    await terminal.json({
      schema: "zenoflow.trials/1",
      study: identity.hash,
      columns: header(study),
      ...(rows === undefined ? { file } : { rows }),
    });
  } else if (file === undefined) {
    for (const piece of csv(study, identity)) await terminal.out(piece);
  }
  return EXIT.done;
}
