// `zenoflow train`: resolve, decide where, train, evaluate, draw, summarise.

import type { ModelDefinition } from "../../models/model.js";
import type { Identity } from "../../runs/identity.js";
import { trainRun, type CheckpointEvery, type Trained } from "../../runs/train.js";
import { resolveConfig, type Resolved } from "../config/resolve.js";
import { renderConfig } from "../config/render.js";
import { flagAssignment } from "../config/value.js";
import type { Assignment } from "../config/layer.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { explain } from "../explain.js";
import { createProgress, type ProgressMode } from "../progress/progress.js";
import { duration } from "../table.js";
import { backendFor } from "./backend.js";
import { loadData, type LoadedData } from "./data-files.js";
import { finishRun } from "./finish.js";
import { openRun, type OpenRun } from "./open-run.js";
import { planRun, type Plan } from "./plan.js";
import { showPlan } from "./show-plan.js";
import { showFinished, showSummary } from "./summary.js";

/** The flags of `train`. */
export type TrainOptions = {
  readonly preset?: string;
  readonly data?: string;
  readonly replicas?: string;
  readonly seed?: string;
  readonly backend?: string;
  readonly threads?: string;
  readonly runs?: string;
  readonly output?: string;
  readonly new: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly figures: boolean;
  readonly mixBackends: boolean;
  readonly progress: ProgressMode;
  readonly checkpointEvery: CheckpointEvery;
};

/** A training that is ready to start. */
export type Training = {
  readonly resolved: Resolved;
  readonly identity: Identity;
  readonly data: LoadedData;
  readonly plan: Plan;
  readonly options: TrainOptions;
};

/** Assignments of the flags that stand for keys. */
export function keyFlags(
  options: Pick<
    TrainOptions,
    "preset" | "data" | "replicas" | "seed" | "backend" | "threads" | "runs"
  >,
): readonly Assignment[] {
  const { data, preset, backend, runs } = options;
  const texts = { "data.file": data, preset, backend, runs };
  const numbers = { replicas: options.replicas, seed: options.seed, threads: options.threads };
  const set = [
    ...Object.entries(texts),
    ...Object.entries(numbers).map(([key, text]) => [key, asNumber(text)] as const),
  ];
  return set
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => flagAssignment(key, value));
}

// Text that is no number is kept: the schema says what the key wants.
function asNumber(text: string | undefined): number | string | undefined {
  return text === undefined || text.trim() === "" || Number.isNaN(Number(text))
    ? text
    : Number(text);
}

async function prepare(
  args: readonly string[],
  options: TrainOptions,
  context: Context,
): Promise<Training> {
  const { io, terminal } = context;
  const resolved = await resolveConfig({
    args,
    flags: keyFlags(options),
    strict: options.strict,
    cwd: io.cwd,
    env: io.env,
    models: io.models,
    warn: (problem) => {
      terminal.warn(problem);
    },
  });
  const data = loadData(resolved.config, resolved.entry.dataKeys, io.cwd);
  const identity = {
    task: resolved.task,
    config: resolved.config,
    data: Object.fromEntries(data.sources.map(({ path, sha256 }) => [path, sha256])),
  };
  const plan = planRun({
    identity,
    root: resolved.settings.runs,
    cwd: io.cwd,
    fresh: options.new,
    force: options.force,
    ...(options.output === undefined ? {} : { output: options.output }),
  });
  return { resolved, identity, data, plan, options };
}

function announce(training: Training, context: Context): void {
  const { plan, resolved } = training;
  const { task } = resolved;
  if (plan.kind === "continue") {
    const from = plan.manifest.step > 0 ? ` at step ${plan.manifest.step.toString()} or later` : "";
    context.terminal.note(`${task}: continuing ${plan.folder}${from} (--new starts another run)`);
  } else context.terminal.note(`${task}: new run ${plan.folder}`);
}

function protect(context: Context): void {
  context.interruptions.protect((signal) => {
    const again = signal === "SIGINT" ? "; press Ctrl-C again to end at once" : "";
    context.terminal.note(`stopping: finishing this step, then a checkpoint${again}`);
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
      `stopped at step ${step.toString()} after ${duration(trained.seconds)} of training; the same command continues ${run.folder}`,
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

// The first error is the one to report, also where the disk is too full to note it in the manifest.
function closeFailed(run: OpenRun, error: unknown): void {
  try {
    run.close(explain(error).exit, "failed");
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
  announce(training, context);
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
    return await inRun(run, training, context);
  } catch (error) {
    closeFailed(run, error);
    throw error;
  } finally {
    context.interruptions.unprotect();
  }
}
