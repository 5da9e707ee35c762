// What the models of the best trials show: measured and drawn once, from the models that were kept.

import { existsSync } from "node:fs";
import type { ReportFigure } from "../../figures/report.js";
import type { ReportTable } from "../../figures/tables.js";
import type { Evaluation } from "../../models/model.js";
import { runFiles } from "../../runs/folder.js";
import { readHistory } from "../../runs/history.js";
import { lockHolder } from "../../runs/lock.js";
import type { Context } from "../context.js";
import { explain } from "../explain.js";
import type { BackendSummary } from "../io.js";
import { near, shellWord } from "../places.js";
import { configOf, entryOf, findRun } from "../run-argument.js";
import { storeEvaluation } from "../train/finish.js";
import { readEvaluation } from "../train/summary.js";
import { loadRun, type PlaceOptions } from "../use/load-run.js";
import type { BestRun } from "./best-runs.js";

/** What a report shows of the best trials' models. */
export type BestModels = {
  readonly tables: readonly ReportTable[];
  readonly figures: readonly ReportFigure[];
};

type Kept = { readonly trial: number; readonly folder: string };

type Evaluate = (kept: Kept) => Promise<Evaluation>;

/** Gives the stored evaluation of a trial, or a new one, which is stored; starts the backend when it is needed first. */
function evaluator(options: PlaceOptions, context: Context): Evaluate {
  let backend: BackendSummary | undefined;
  return async ({ folder }) => {
    const known = readEvaluation(folder);
    if (known !== undefined) return known;
    const run = await loadRun(folder, options, context, backend);
    ({ backend } = run);
    const { definition, config, snapshot, files } = run;
    const evaluation = await definition.evaluate(config, snapshot, { files });
    if (lockHolder(folder) === undefined && existsSync(folder)) storeEvaluation(folder, evaluation);
    return evaluation;
  };
}

async function figuresOf(
  { trial, folder }: Kept,
  evaluation: Evaluation,
  context: Context,
): Promise<readonly ReportFigure[]> {
  const { renderSvg } = await import("../../figures/render.js");
  const run = findRun(folder, folder, context.io.cwd);
  const entry = entryOf(run, context);
  const definition = await entry.load();
  const config = await configOf(run, entry);
  const figures = definition.figures(config, readHistory(runFiles(folder).metrics), evaluation);
  const drawn: ReportFigure[] = [];
  for (const { name, caption, spec } of figures) {
    const svg = await renderSvg(spec);
    drawn.push({
      name: `trial-${trial.toString()}-${name}`,
      caption: `Trial ${trial.toString()}. ${caption}`,
      svg,
    });
  }
  return drawn;
}

async function tableOf({ trial }: Kept, { measures }: Evaluation): Promise<ReportTable> {
  const { measuresTable } = await import("../../figures/tables.js");
  return measuresTable(`The model of trial ${trial.toString()}`, measures);
}

/**
 * Measures and draws the models of the best trials. What cannot be loaded or measured is told and left out.
 *
 * @param best - best first
 * @param most - trials that are shown
 */
export async function bestModels(
  best: readonly BestRun[],
  most: number,
  options: PlaceOptions,
  context: Context,
): Promise<BestModels> {
  const tables: ReportTable[] = [];
  const figures: ReportFigure[] = [];
  const evaluate = evaluator(options, context);
  for (const { trial, folder } of best.slice(0, most)) {
    if (folder === null) continue;
    const kept = { trial, folder };
    try {
      const evaluation = await evaluate(kept);
      tables.push(await tableOf(kept, evaluation));
      figures.push(...(await figuresOf(kept, evaluation, context)));
    } catch (error) {
      const { message } = explain(error);
      const where = near(context.io.cwd, folder);
      context.terminal.warn({
        message: `the model of trial ${trial.toString()} is not shown: ${message}`,
        hint: `zenoflow evaluate ${shellWord(where)}`,
      });
    }
  }
  return { tables, figures };
}
