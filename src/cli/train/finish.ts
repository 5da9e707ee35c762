// What follows a training: evaluation, figures and report in the run folder.

import type { Evaluation, ModelDefinition, Snapshot } from "../../models/model.js";
import { writeAtomically } from "../../runs/files.js";
import { runFiles } from "../../runs/folder.js";
import { toJson } from "../../runs/json.js";
import type { Context } from "../context.js";
import type { Training } from "./prepare.js";
import { drawRun, type Drawn } from "./draw.js";

/** What a finished run has to show. */
export type Finished = { readonly evaluation: Evaluation; readonly drawn: Drawn };

/** Writes evaluation.json. */
export function storeEvaluation(folder: string, evaluation: Evaluation): void {
  const document = { schema: "zenoflow.evaluation/1", ...evaluation };
  writeAtomically(runFiles(folder).evaluation, `${toJson(document)}\n`);
}

/** Evaluates and draws; undefined where a signal came in between. */
export async function finishRun(
  folder: string,
  definition: ModelDefinition<unknown>,
  snapshot: Snapshot,
  training: Training,
  context: Context,
): Promise<Finished | undefined> {
  const { config } = training.resolved;
  const isStopping = (): boolean => context.interruptions.requested() !== undefined;
  const options = { files: training.data.files };
  const evaluation = await definition.evaluate(config, snapshot, options);
  storeEvaluation(folder, evaluation);
  if (isStopping()) return undefined;
  const drawn = training.options.figures
    ? await drawRun(folder, definition, config, evaluation, context)
    : { figures: [] };
  return isStopping() ? undefined : { evaluation, drawn };
}
