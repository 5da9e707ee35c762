// `zenoflow train`: resolve, decide where, train, evaluate, draw, summarise.

import type { ModelDefinition } from "../../models/model.js";
import { listCheckpoints } from "../../runs/checkpoint.js";
import { runFiles } from "../../runs/folder.js";
import { trainRun, type Trained } from "../../runs/train.js";
import { renderConfig } from "../config/render.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { explain } from "../explain.js";
import { near } from "../places.js";
import { createProgress } from "../progress/progress.js";
import { backendFor } from "./backend.js";
import { finishRun } from "./finish.js";
import { writeSheet } from "./sheets.js";
import { openRun, type OpenRun } from "./open-run.js";
import type { TrainOptions } from "./options.js";
import { prepare, type Training } from "./prepare.js";
import { showPlan } from "./show-plan.js";
import { showFinished, showSummary } from "./summary.js";

function announce(training: Training, context: Context): void {
  const { plan, resolved } = training;
  const folder = near(context.io.cwd, plan.folder);
  const way =
    training.options.output === undefined ? "--new starts another run" : "--force replaces it";
  const deed = plan.kind === "continue" ? `continuing ${folder} (${way})` : `new run ${folder}`;
  context.terminal.note(`${resolved.task}: ${deed}`);
  const version = plan.kind === "continue" ? plan.manifest.invocations[0]?.version : undefined;
  if (version === undefined || version === context.version) return;
  context.terminal.warn({
    message: `${folder} was begun with version ${version}, this is ${context.version}: the numbers may differ from an uninterrupted run`,
  });
}

function protect(context: Context): void {
  context.interruptions.protect((signal) => {
    const again = signal === "SIGINT" ? "; Ctrl-C again ends at once" : "";
    context.terminal.note(`stopping: finishing the step and checkpointing${again}`);
  });
}

function seedOf(config: unknown): number | null {
  const seed = (config as { readonly seed?: unknown }).seed;
  return typeof seed === "number" ? seed : null;
}

async function trainSteps(
  run: OpenRun,
  definition: ModelDefinition<unknown>,
  training: Training,
  context: Context,
): Promise<Trained> {
  const { resolved, data, options } = training;
  const progress = createProgress(options.progress, resolved.task, context.io, context.terminal);
  try {
    return await trainRun(definition, resolved.config, {
      folder: run.folder,
      lock: run.lock,
      files: data.files,
      checkpointEvery: options.checkpointEvery,
      interrupted: () => context.interruptions.requested() !== undefined,
      onEvent: (event) => {
        progress.event(event);
      },
      onImages: (images, step) => {
        writeSheet(run.folder, images, step);
      },
      onDamaged: (paths) => {
        const message = `checkpoint ${paths.join(", ")} is damaged and was put aside; an older one is used`;
        context.terminal.warn({ message });
      },
    });
  } finally {
    progress.done();
  }
}

async function inRun(run: OpenRun, training: Training, context: Context): Promise<number> {
  const definition = await training.resolved.entry.load();
  const trained = await trainSteps(run, definition, training, context);
  const { step } = trained.snapshot;
  const stopped = (): number => {
    run.close(EXIT.requeue, "stopped", step);
    context.terminal.note(
      `stopped at step ${step.toString()}; the same command continues ${near(context.io.cwd, run.folder)}`,
    );
    return EXIT.requeue;
  };
  if (trained.interrupted) return stopped();
  const finished = await finishRun(run.folder, definition, trained.snapshot, training, context);
  if (finished === undefined) return stopped();
  run.close(EXIT.done, "finished", step);
  await showSummary({ ...finished, step, seconds: trained.seconds, folder: run.folder }, context);
  return EXIT.done;
}

// A mistake of the user that shows before the first checkpoint leaves no run behind.
function isFalseStart(exit: number, training: Training): boolean {
  const isMistake = exit === EXIT.usage || exit === EXIT.data || exit === EXIT.missing;
  const { kind, folder } = training.plan;
  return isMistake && kind === "new" && listCheckpoints(runFiles(folder).checkpoints).length === 0;
}

// The first error is the one to report, also where the disk is too full to note it in the manifest.
function closeFailed(run: OpenRun, error: unknown, training: Training, context: Context): void {
  const { exit } = explain(error);
  try {
    if (isFalseStart(exit, training)) {
      run.discard();
      context.terminal.note(
        `nothing was trained: ${near(context.io.cwd, run.folder)} is removed again`,
      );
    } else run.close(exit, "failed");
  } catch {
    run.lock.release();
  }
}

/** Runs `zenoflow train`; resolves with the exit code. */
export async function train(
  args: readonly string[],
  options: TrainOptions,
  context: Context,
): Promise<number> {
  const training = await prepare(args, options, context);
  const { resolved, plan } = training;
  if (options.dryRun) return showPlan(training, context);
  if (plan.kind === "finished") return showFinished(plan.folder, plan.manifest, context);
  protect(context);
  const backend = await backendFor(training, context);
  const start = {
    identity: training.identity,
    data: training.data.sources,
    configText: renderConfig(resolved),
    backend,
    seed: seedOf(resolved.config),
  };
  const run = openRun(plan, start, context);
  try {
    announce(training, context);
    return await inRun(run, training, context);
  } catch (error) {
    closeFailed(run, error, training, context);
    throw error;
  } finally {
    context.interruptions.unprotect();
  }
}
