// `--dry-run`: trials, groups, blocks by rung, and from a probe micro-batch, memory and time. Leaves nothing behind.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TIMING, type EngineOptions } from "../../sweeps/engines/engine.js";
import type { Probed } from "../../sweeps/execution/messages.js";
import { startAsker } from "../../sweeps/execution/rerun.js";
import { blockOf } from "../../sweeps/plan/blocks.js";
import { rungBudgets, rungSizes } from "../../sweeps/plan/halving.js";
import { cohortOf, planOf } from "../../sweeps/plan/plan.js";
import { makeFolder } from "../../runs/files.js";
import { STUDY_LOCK_SCHEMA, writeStudyLock, type StudyLock } from "../../sweeps/store/index.js";
import type { Block, Study } from "../../sweeps/types.js";
import type { Context } from "../context.js";
import { EXECUTOR } from "../executor-call.js";
import { EXIT } from "../exit-codes.js";
import { duration, table } from "../table.js";
import { placeSettings } from "../use/load-run.js";
import { failing } from "./failing.js";
import type { SweepOptions } from "./options.js";
import { grouped } from "./readings.js";
import type { ReadyStudy } from "./study.js";
import { workOf } from "./tally.js";

type Lock = Omit<StudyLock, "schema">;

/** One group of the first cohort. */
type GroupPlan = { readonly group: string; readonly trials: readonly number[] };

function firstGroups(lock: Lock, ready: ReadyStudy): readonly GroupPlan[] {
  const { study, identity } = lock;
  // Proposals of ask-tell change dynamic parameters too; the first cohort stands for all.
  if (ready.ask !== undefined) return [];
  const plan = planOf(study, identity, { blockRows: lock.blockSize });
  return cohortOf(plan, 0).groups.map(({ key, trials }) => ({ group: key, trials }));
}

function probeBlock({ study, identity, blockSize }: Lock, { group, trials }: GroupPlan): Block {
  const budget = rungBudgets(study)[0]!;
  const rows = trials.slice(0, blockSize);
  return blockOf(identity, { cohort: 0, group, rung: 0, budget, generation: 0, trials: rows });
}

function probeOptions(options: SweepOptions, context: Context): EngineOptions {
  const settings = placeSettings(options, context);
  return {
    executor: [...(context.io.program ?? []), EXECUTOR],
    env: context.io.env,
    cwd: context.io.cwd,
    backend: settings.backend,
    threads: options.workers > 1 ? 1 : settings.threads,
    workers: options.workers,
    failFast: false,
    seconds: null,
    microBatch: null,
    timing: TIMING,
    stop: new AbortController().signal,
  };
}

/** Probes the largest group in a folder that is removed again. */
async function probe(
  lock: Lock,
  groups: readonly GroupPlan[],
  options: SweepOptions,
  context: Context,
): Promise<Probed | undefined> {
  const [largest] = [...groups].sort((a, b) => b.trials.length - a.trials.length);
  if (largest === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "zenoflow-probe-"));
  try {
    makeFolder(folder);
    writeStudyLock(folder, { schema: STUDY_LOCK_SCHEMA, ...lock });
    const asker = startAsker(folder, folder, probeOptions(options, context));
    try {
      return await failing(asker.probe(probeBlock(lock, largest)));
    } finally {
      await asker.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type RungPlan = {
  readonly rung: number;
  readonly budget: number;
  readonly rows: number;
  readonly blocks: number;
};

/** Rows and blocks of each rung; later rungs as if all groups of a cohort competed. */
function rungsOf(
  study: Study,
  groups: readonly GroupPlan[],
  blockSize: number,
): readonly RungPlan[] {
  const cohort = study.halving?.cohort ?? Math.min(4096, study.trials);
  const cohorts = study.trials / cohort;
  const sizes = rungSizes(study, cohort / study.replicates);
  const first = groups.reduce((sum, { trials }) => sum + Math.ceil(trials.length / blockSize), 0);
  return rungBudgets(study).map((budget, rung) => {
    const rows = sizes[rung]! * study.replicates * cohorts;
    const blocks = rung === 0 ? first * cohorts : Math.max(cohorts, rows / blockSize);
    return { rung, budget, rows: Math.round(rows), blocks: Math.ceil(blocks) };
  });
}

/** Seconds of the whole study: lines through the probes, at the micro-batch that fits. */
function secondsOf(study: Study, { memory, times }: Probed, workers: number): number | undefined {
  const [a, b = a] = times;
  if (a === undefined || b === undefined) return undefined;
  const { microBatch } = memory;
  const at = (key: "seconds" | "around"): number => {
    const slope = b.rows > a.rows ? Math.max(0, (b[key] - a[key]) / (b.rows - a.rows)) : 0;
    return b[key] + slope * (microBatch - b.rows);
  };
  const { steps, rows } = workOf(study);
  return (steps * at("seconds") + rows * at("around")) / microBatch / workers;
}

function bytesText(bytes: number): string {
  const [size, unit] = bytes < 2 ** 30 ? [bytes / 2 ** 20, "MiB"] : [bytes / 2 ** 30, "GiB"];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}

function probeText(study: Study, found: Probed, workers: number): readonly string[] {
  const { footprints, limits, microBatch, failure } = found.memory;
  if (failure !== undefined) return [`memory  not measured, since a first row fails: ${failure}`];
  const [a, b] = footprints;
  if (a === undefined || b === undefined)
    return ["memory  not enough for 8 rows together; one row at a time"];
  const peak = a.bytes + ((b.bytes - a.bytes) / (b.rows - a.rows)) * (microBatch - a.rows);
  const memory = `memory  ${microBatch.toString()} rows at a time take ${bytesText(Math.max(0, peak))} of ${bytesText(limits.bytes)}`;
  const time = secondsOf(study, found, workers);
  if (time === undefined) return [memory];
  const who = workers === 1 ? "1 executor" : `${workers.toString()} executors`;
  return [
    memory,
    `time    about ${duration(Math.ceil(time))} with ${who}, by some steps of ${found.times.map(({ rows }) => rows.toString()).join(" and ")} rows`,
  ];
}

/** Prints what a sweep would do. */
export async function showPlan(
  ready: ReadyStudy,
  lock: Lock,
  options: SweepOptions,
  context: Context,
): Promise<number> {
  const { terminal } = context;
  const { study, identity } = lock;
  const groups = firstGroups(lock, ready);
  const rungs = rungsOf(study, groups, lock.blockSize);
  const found = await probe(lock, groups, options, context);
  if (terminal.options.json) {
    const { trials, task, name } = study;
    const time = found === undefined ? null : (secondsOf(study, found, options.workers) ?? null);
    const list = groups.map(({ group, trials }) => ({
      group: JSON.parse(group) as unknown,
      rows: trials.length,
    }));
    await terminal.json({
      schema: "zenoflow.sweep-plan/1",
      name,
      task,
      study: identity.hash,
      trials,
      blockSize: lock.blockSize,
      groups: list,
      rungs,
      probe: found?.memory ?? null,
      seconds: time,
    });
    return EXIT.done;
  }
  const rows = rungs.map(({ rung, budget, rows, blocks }) => [
    (rung + 1).toString(),
    grouped(budget),
    grouped(rows),
    grouped(blocks),
  ]);
  const lines = [
    `${study.name}  ${study.task}, study ${identity.hash.slice(0, 8)}`,
    `trials  ${grouped(study.trials)}${study.replicates === 1 ? "" : `, ${study.replicates.toString()} of each configuration`}`,
    `groups  ${grouped(groups.length)} in the first ${grouped(groups.reduce((sum, { trials }) => sum + trials.length, 0))} trials`,
    ...(found === undefined ? [] : probeText(study, found, options.workers)),
  ];
  await terminal.print(
    `${lines.join("\n")}\n\n${table(["rung", "steps", "rows", "batches"], rows, { align: ["right", "right", "right", "right"] })}`,
  );
  return EXIT.done;
}
