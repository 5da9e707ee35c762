// `zenoflow sweep`: reads the study, opens its folder, runs what is left, and says how it ended.

import { TIMING, type EngineOptions, type SweepEnd } from "../../sweeps/engines/engine.js";
import { retryOf, sweepOf } from "../../sweeps/execution/sweep.js";
import { damageText, openSweep, writeDesired, type Store } from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { explain } from "../explain.js";
import { near, shellWord } from "../places.js";
import { CliError } from "../problem.js";
import { placeSettings } from "../use/load-run.js";
import { detach } from "./detach.js";
import { completeBestRuns, keepBestRuns, type BestRun } from "./best-runs.js";
import { checkEngine, engineOf } from "./engine.js";
import { executorCall } from "./executor-options.js";
import { failureError } from "./failing.js";
import { sweepsRoot } from "./folder.js";
import { openInvocation, type OpenInvocation } from "./invocation.js";
import type { SweepOptions } from "./options.js";
import { createSweepProgress } from "./progress.js";
import { showPlan } from "./show-plan.js";
import { readyStudy, type ReadyStudy } from "./study.js";
import { showSweep } from "./summary.js";
import { createTally } from "./tally.js";
import { showTrials } from "./trials.js";

const LEAST_BLOCK = 64;
const MOST_BLOCK = 1024;

// Several blocks an executor, so that none of them waits long for the others; but no more than memory pays for.
function blockSize(trials: number, workers: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, trials / (4 * Math.max(1, workers)))));
  return Math.min(MOST_BLOCK, Math.max(LEAST_BLOCK, wanted));
}

/** The backend of a sweep: a continued one goes on where its rows were computed. */
function backendOf(store: Store, wanted: string, mix: boolean): string {
  const [earlier, ...others] = store.scan().backends.filter((name) => name !== "none");
  if (earlier === undefined || mix) return wanted;
  if (wanted === "auto" && others.length === 0) return earlier;
  if (wanted === earlier) return wanted;
  throw new CliError(EXIT.data, {
    message: `${store.folder} has rows of backend ${[earlier, ...others].join(", ")}, got --backend ${wanted}`,
    hint: "the numbers of two backends differ in the last digits: accept it with --mix-backends, or start again with --new",
  });
}

function engineOptions(
  store: Store,
  options: SweepOptions,
  context: Context,
  stop: AbortSignal,
): EngineOptions {
  const { io } = context;
  const settings = placeSettings(options, context);
  const { workers, gpus } = options;
  // The tasks of an array have machines of their own.
  const isShared = workers > 1 && options.executor !== "slurm";
  const call = executorCall(io);
  return {
    ...call,
    env: { ...call.env, ...(isShared && { ZENOFLOW_THREADS: "1" }) },
    backend: backendOf(store, settings.backend, options.mixBackends),
    threads: isShared ? 1 : settings.threads,
    workers,
    ...(gpus && { gpus }),
    failFast: options.failFast,
    seconds: options.time ?? null,
    microBatch: options.microBatch ?? null,
    timing: TIMING,
    stop,
  };
}

function protect({ workers, executor }: SweepOptions, context: Context): AbortController {
  const controller = new AbortController();
  context.interruptions.protect((signal) => {
    const again = signal === "SIGINT" ? "; Ctrl-C again ends at once" : "";
    const batches = workers === 1 ? "what runs" : `${workers.toString()} batches`;
    const what = executor === "slurm" ? "the array goes on" : `checkpointing ${batches}`;
    context.terminal.note(`stopping: ${what}${again}`);
    controller.abort();
  });
  return controller;
}

async function runLeft(
  store: Store,
  ready: ReadyStudy,
  invocation: OpenInvocation,
  controller: AbortController,
  options: SweepOptions,
  context: Context,
): Promise<SweepEnd> {
  const { study } = store.lock;
  const { terminal } = context;
  const tally = createTally(study, store.scan());
  const progress = createSweepProgress(options.progress, study.name, context);
  const retry = options.retry === undefined ? undefined : retryOf(store, options.retry);
  const engine = await engineOf(options, retry, context);
  const sweep = sweepOf(store, { ...(retry && { retry }), ...(ready.ask && { ask: ready.ask }) });
  const { journal } = invocation;
  const show = (): void => {
    invocation.pace(tally.now());
    progress.show(tally.now());
  };
  const lost = new Promise<never>((_resolve, reject) => {
    invocation.onLost((error) => {
      controller.abort();
      reject(error);
    });
  });
  const running = engine.run(sweep, engineOptions(store, options, context, controller.signal), {
    backend: journal.backend,
    progress(slot, message) {
      tally.progress(slot, message);
      journal.progress(slot, message);
      show();
    },
    done(block, done) {
      tally.done(block, done);
      journal.done(block, done);
      if (done.why !== null) {
        const { error } = done.counts;
        const rows = error === 1 ? "a row" : `${error.toString()} rows`;
        terminal.note(`${done.batch}: ${rows} failed: ${done.why}`);
      }
      show();
    },
    trouble(message) {
      journal.trouble(message);
      terminal.warn({ message });
    },
  });
  try {
    return await Promise.race([running, lost]);
  } finally {
    progress.done();
  }
}

function exitOf(end: SweepEnd, store: Store, options: SweepOptions): number {
  if (end === "stopped") return EXIT.requeue;
  if (end === "failures") return EXIT.failed;
  const errors = store.scan().rungs.reduce((sum, { counts }) => sum + counts.error, 0);
  return options.failOnTrialError && errors > 0 ? EXIT.failed : EXIT.done;
}

function announce(store: Store, context: Context): void {
  const folder = near(context.io.cwd, store.folder);
  const done = store.committed().count(0);
  context.terminal.note(
    done === 0
      ? `${store.lock.study.name}: new sweep ${folder}`
      : `${store.lock.study.name}: continuing ${folder} (--new starts another sweep)`,
  );
}

/** An end that was asked for holds once; a pause until it is taken back. */
function readWishes(store: Store, { io, terminal }: Context): void {
  const { stop, pause } = store.desired();
  if (stop === true) writeDesired(store.folder, { stop: false });
  if (pause === true)
    terminal.note(
      `paused: zenoflow prune ${shellWord(near(io.cwd, store.folder))} --continue goes on`,
    );
}

function repair(store: Store, { terminal }: Context): void {
  store.repair((damage) => {
    terminal.warn({
      message: `${damageText(damage)}; it was put aside, and its rows are computed again`,
    });
  });
}

/** Does what follows the rows of a sweep; a full disk or lost data cost none of them, and are told. */
async function afterRows<Result>(
  work: () => Promise<Result>,
  told: string,
  { terminal }: Context,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    const { exit, message } = explain(error);
    if (exit === EXIT.bug) throw error;
    terminal.warn({ message: `${told}: ${message}` });
    return undefined;
  }
}

/** Brings the run folders of the best trials up to date. */
async function keepModels(
  store: Store,
  end: SweepEnd,
  options: EngineOptions | null,
  context: Context,
): Promise<readonly BestRun[]> {
  if (end !== "finished") return keepBestRuns(store, context);
  const { dropModels } = await import("../../sweeps/execution/models.js");
  dropModels(store, true);
  return completeBestRuns(store, options, context);
}

/** Compacts the rows of a finished sweep, so that the first look at a large one need not. */
async function compactRows(store: Store): Promise<void> {
  const { results } = await import("../../sweeps/store/results.js");
  await results(store);
}

async function inFolder(
  store: Store,
  ready: ReadyStudy,
  options: SweepOptions,
  context: Context,
): Promise<number> {
  store.prepare();
  const controller = protect(options, context);
  const invocation = openInvocation(store, options, context);
  try {
    repair(store, context);
    announce(store, context);
    readWishes(store, context);
    const end = await runLeft(store, ready, invocation, controller, options, context);
    // Other executors have their devices elsewhere.
    const here =
      options.executor === "local"
        ? engineOptions(store, options, context, controller.signal)
        : null;
    const keep = (): Promise<readonly BestRun[]> => keepModels(store, end, here, context);
    const best = (await afterRows(keep, "the best models are not all in best/", context)) ?? [];
    if (end === "finished")
      await afterRows(() => compactRows(store), "results.parquet was not written", context);
    const exit = exitOf(end, store, options);
    invocation.close(exit);
    if (options.detach && end === "stopped") return await showSubmitted(store, context);
    await showSweep(store, end, best, context);
    return exit;
  } catch (error) {
    const told = failureError(error);
    try {
      invocation.close(explain(told).exit);
    } catch {
      // The first error is the one to report.
    }
    throw told;
  } finally {
    context.interruptions.unprotect();
  }
}

/** An array was submitted, and nobody waits for it. */
async function showSubmitted(store: Store, { io, terminal }: Context): Promise<number> {
  const folder = near(io.cwd, store.folder);
  terminal.note(
    `zenoflow watch ${shellWord(folder)} follows, zenoflow prune ${shellWord(folder)} --stop ends it`,
  );
  if (terminal.options.json)
    await terminal.json({ schema: "zenoflow.detached/1", sweep: store.folder });
  else await terminal.print(`${folder}\n`);
  return EXIT.done;
}

/** Runs `zenoflow sweep`; resolves with the exit code. */
export async function sweep(
  path: string,
  overrides: readonly string[],
  options: SweepOptions,
  context: Context,
): Promise<number> {
  checkEngine(options);
  const { studyDifferences } = await import("../../sweeps/study/index.js");
  const ready = await readyStudy(path, overrides, options.maxTrials, context);
  const { study } = ready.lock;
  if (options.printTrials || options.saveTrials !== undefined)
    return showTrials(ready, options.saveTrials, context);
  const size = blockSize(study.trials, options.gpus?.length ?? options.workers);
  const { models } = options;
  const lock = { ...ready.lock, blockSize: size, ...(models !== undefined && { models }) };
  if (options.dryRun) return showPlan(ready, lock, options, context);
  const root = sweepsRoot(options, context);
  const store = openSweep({ root, text: ready.text, lock, fresh: options.new }, studyDifferences);
  if (options.detach && options.executor !== "slurm") return detach(store, context);
  return inFolder(store, ready, options, context);
}
