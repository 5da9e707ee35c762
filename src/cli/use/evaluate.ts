// `zenoflow evaluate`: measures of the model of a run.

import { acquireLock, lockHolder } from "../../runs/lock.js";
import { endInvocation, startInvocation } from "../../runs/manifest.js";
import type { Evaluation } from "../../models/model.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { drawRun } from "../train/draw.js";
import { storeEvaluation } from "../train/finish.js";
import { surroundings } from "../train/open-run.js";
import { showEvaluation } from "../train/summary.js";
import { loadRun, type PlaceOptions, type ReadyRun } from "./load-run.js";

/** The flags of `evaluate`. */
export type EvaluateOptions = PlaceOptions & {
  readonly rows?: number;
  readonly seed?: number;
  readonly figures: boolean;
};

async function store(
  run: ReadyRun,
  evaluation: Evaluation,
  figures: boolean,
  context: Context,
): Promise<void> {
  const { folder, definition, config, backend } = run;
  const lock = acquireLock(folder);
  try {
    startInvocation(folder, surroundings(context, "evaluate", backend, null));
    storeEvaluation(folder, evaluation);
    if (figures) await drawRun(folder, definition, config, evaluation, context);
    endInvocation(folder, EXIT.done);
  } finally {
    lock.release();
  }
}

/** Runs `zenoflow evaluate`; resolves with the exit code. */
export async function evaluate(
  name: string,
  options: EvaluateOptions,
  context: Context,
): Promise<number> {
  const { terminal } = context;
  const run = await loadRun(name, options, context);
  const { rows: n, seed } = options;
  const evaluation = await run.definition.evaluate(run.config, run.snapshot, {
    files: run.files,
    ...(n === undefined ? {} : { n }),
    ...(seed === undefined ? {} : { seed }),
  });
  const isOwnProtocol = n === undefined && seed === undefined;
  if (isOwnProtocol && lockHolder(run.folder) === undefined) {
    await store(run, evaluation, options.figures, context);
  } else terminal.note("the result is printed only, not stored in the run folder");
  if (terminal.options.json) {
    const { arrays: _arrays, ...rest } = evaluation;
    await terminal.json({ schema: "zenoflow.evaluation/1", run: run.folder, ...rest });
  } else await showEvaluation(evaluation, context);
  return EXIT.done;
}
