// What is printed at the end of a training: the measures beside their floors, and where everything lies.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import type { Evaluation, Measure } from "../../models/model.js";
import { runFiles } from "../../runs/folder.js";
import { fromJson } from "../../runs/json.js";
import type { Manifest } from "../../runs/manifest.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near, shellWord } from "../places.js";
import { CliError } from "../problem.js";
import { duration, figure, table } from "../table.js";
import type { Drawn } from "./draw.js";

/** A finished training. */
export type Summary = {
  readonly folder: string;
  readonly step: number;
  readonly seconds: number;
  readonly evaluation: Evaluation;
  readonly drawn: Drawn;
};

function cell(value: number | undefined): string {
  return value === undefined ? "" : figure(value);
}

function measureRow({ label, value, floor, published }: Measure): readonly string[] {
  return [label, cell(value), cell(floor), cell(published)];
}

// A note follows its line instead of having a column: most measures have none, and terminals are narrow.
function withNotes(text: string, measures: readonly Measure[]): string {
  const lines = text.split("\n");
  const notes = ["", ...measures.map(({ note }) => note ?? "")];
  return lines.map((line, i) => (notes[i] ? `${line}  ${notes[i]}` : line)).join("\n");
}

/** The measures as a table; columns without a value are left out. */
export function measureTable(
  measures: readonly Measure[],
  header: (line: string) => string,
): string {
  const titles = ["measure", "value", "floor", "published"];
  const rows = measures.map(measureRow);
  const used = titles.map((_, c) => c < 2 || rows.some((row) => row[c] !== ""));
  const keep = (row: readonly string[]): string[] => row.filter((_, c) => used[c]);
  const text = table(keep(titles), rows.map(keep), {
    align: ["left", "right", "right", "right"],
    header,
  });
  return withNotes(text, measures);
}

function places(summary: Summary, context: Context): string {
  const { folder, drawn } = summary;
  const rows = [
    ["run", near(context.io.cwd, folder)],
    ...(drawn.report === undefined ? [] : [["report", near(context.io.cwd, drawn.report)]]),
    ...(drawn.figures.length === 0
      ? []
      : [["figures", near(context.io.cwd, runFiles(folder).figures)]]),
    [
      "samples",
      `zenoflow sample ${shellWord(near(context.io.cwd, folder))} -n 100000 -o samples.csv`,
    ],
  ];
  return rows.map(([name = "", text = ""]) => `${name.padEnd(8)} ${text}\n`).join("");
}

/** Writes the measures and the replica they belong to. */
export async function showMeasures(evaluation: Evaluation, context: Context): Promise<void> {
  const { terminal } = context;
  const { measures, replicas, best } = evaluation;
  const bold = (line: string): string => terminal.style("bold", line);
  await terminal.print(measureTable(measures, bold));
  if (replicas.length > 1) {
    const which = `best of ${replicas.length.toString()} replicas in validation: number ${best.toString()} (the first is 0)`;
    await terminal.print(`${which}\n`);
  }
}

/** Writes the measures and the protocol behind them. */
export async function showEvaluation(evaluation: Evaluation, context: Context): Promise<void> {
  const { terminal } = context;
  await showMeasures(evaluation, context);
  for (const sentence of evaluation.protocol)
    await terminal.print(`${terminal.style("dim", sentence)}\n`);
}

function document(summary: Summary): Record<string, unknown> {
  const { folder, step, seconds, evaluation, drawn } = summary;
  const { arrays: _arrays, ...rest } = evaluation;
  return {
    schema: "zenoflow.train/1",
    run: folder,
    status: "finished",
    step,
    seconds,
    ...rest,
    report: drawn.report ?? null,
    figures: drawn.figures,
  };
}

/** Prints a finished training. */
export async function showSummary(summary: Summary, context: Context): Promise<void> {
  const { terminal } = context;
  if (terminal.options.json) {
    await terminal.json(document(summary));
    return;
  }
  const steps = `${summary.step.toString()} steps in ${duration(summary.seconds)}`;
  await terminal.print(`${terminal.style("bold", summary.evaluation.model)}: ${steps}\n\n`);
  await showMeasures(summary.evaluation, context);
  await terminal.print(`\n${places(summary, context)}`);
}

function asEvaluation(value: unknown): Evaluation {
  const parts = (typeof value === "object" ? value : null) as Partial<
    Record<keyof Evaluation, unknown>
  > | null;
  const lists = [parts?.measures, parts?.replicas, parts?.protocol, parts?.columns];
  const isWhole =
    lists.every(Array.isArray) &&
    [parts?.arrays, parts?.rows].every((each) => typeof each === "object" && each !== null) &&
    typeof parts?.model === "string" &&
    typeof parts.best === "number";
  if (!isWhole) throw new DataError("some of its parts are missing");
  return value as Evaluation;
}

/**
 * The stored evaluation of a run, or undefined.
 *
 * @throws CliError where it is damaged
 */
export function readEvaluation(folder: string): Evaluation | undefined {
  const { evaluation } = runFiles(folder);
  if (!existsSync(evaluation)) return undefined;
  try {
    return asEvaluation(fromJson(readFileSync(evaluation, "utf8")));
  } catch (error) {
    throw new CliError(EXIT.data, {
      message: `${evaluation} is damaged: ${error instanceof Error ? error.message : String(error)}`,
      hint: `measure again: zenoflow evaluate ${shellWord(folder)}`,
    });
  }
}

function drawnBefore(folder: string): Drawn {
  const { figures, report } = runFiles(folder);
  const isFolder = statSync(figures, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const names = isFolder ? readdirSync(figures).sort() : [];
  const paths = names.map((name) => join(figures, name));
  return existsSync(report) ? { figures: paths, report } : { figures: paths };
}

/** Prints a run that was finished before; nothing is computed. */
export async function showFinished(
  folder: string,
  manifest: Manifest,
  context: Context,
): Promise<number> {
  const evaluation = readEvaluation(folder);
  context.terminal.note(
    `${near(context.io.cwd, folder)} is finished; replace it with --force, or name another folder`,
  );
  if (evaluation !== undefined) {
    const { step } = manifest;
    const seconds = trainingSeconds(folder);
    await showSummary({ folder, step, seconds, evaluation, drawn: drawnBefore(folder) }, context);
  }
  return EXIT.done;
}

/** As its history says; 0 where that is gone or damaged, which must not hide the results. */
function trainingSeconds(folder: string): number {
  const { metrics } = runFiles(folder);
  try {
    const last = readFileSync(metrics, "utf8").trimEnd().split("\n").at(-1)!;
    return (fromJson(last) as { readonly seconds?: number }).seconds ?? 0;
  } catch {
    return 0;
  }
}
