// plan.jsonl: what the tasks of one array share out among themselves. A unit is a cohort and a group that climb the rungs
// together, so that no task ever waits for another one.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../../errors.js";
import { makeFolder } from "../../../runs/files.js";
import type { Retry } from "../../plan/left.js";
import { replaceFile, type Store } from "../../store/index.js";
import type { Block } from "../../types.js";
import type { Sweep } from "../engine.js";

const FORMAT = "zenoflow.slurm-plan/1";

/** How every task of an array runs its blocks. */
export type TaskSettings = {
  readonly tasks: number;
  readonly retry: Retry | null;
  readonly backend: string;
  readonly threads: number | null;
  readonly microBatch: number | null;
  readonly failFast: boolean;
};

/** A block that is to be done, and the unit it belongs to. */
export type PlanLine = { readonly unit: number; readonly block: Block };

/** The contents of a plan file. */
export type SlurmPlan = TaskSettings & { readonly units: readonly string[] };

/** The task `k` of `K`. */
export type Task = { readonly index: number; readonly count: number };

/** Where Slurm's files lie in a sweep folder. */
export function slurmFolder(folder: string): string {
  return join(folder, "slurm");
}

/** The plan file of a sweep folder. */
export function planPath(folder: string): string {
  return join(slurmFolder(folder), "plan.jsonl");
}

/** What climbs together: with scope cohort all groups of a cohort compete. */
function unitOf(store: Store, { cohort, group }: Pick<Block, "cohort" | "group">): string {
  const isWhole = store.lock.study.halving?.scope === "cohort";
  return isWhole ? cohort.toString() : `${cohort.toString()} ${group}`;
}

/** The blocks that are left, with their units numbered as they come. */
export function planLines({ store, left }: Sweep): readonly PlanLine[] {
  const units = new Map<string, number>();
  return [...left()].map((block) => {
    const name = unitOf(store, block);
    const unit = units.get(name) ?? units.size;
    units.set(name, unit);
    return { unit, block };
  });
}

/**
 * Writes the plan of an array.
 *
 * @throws OutputError where it cannot be written
 */
export function writePlan(store: Store, settings: TaskSettings, lines: readonly PlanLine[]): void {
  const head = { format: FORMAT, study: store.lock.identity.hash, ...settings };
  const text = [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  const path = planPath(store.folder);
  makeFolder(slurmFolder(store.folder));
  replaceFile(path, text);
}

/**
 * Reads the plan of an array.
 *
 * @throws DataError where there is none, or it belongs to another study
 */
export function readPlan(store: Store): SlurmPlan {
  const path = planPath(store.folder);
  let lines: readonly string[];
  try {
    lines = readFileSync(path, "utf8").trimEnd().split("\n");
  } catch (cause) {
    throw new DataError(
      `worker: file ${path} must hold the plan of an array, but cannot be read. Start one with \`zenoflow sweep --executor slurm\`.`,
      { cause },
    );
  }
  const { format, study, ...settings } = JSON.parse(lines[0]!) as TaskSettings & {
    readonly format?: string;
    readonly study?: string;
  };
  if (format !== FORMAT || study !== store.lock.identity.hash) {
    throw new DataError(
      `worker: file ${path} must hold a plan of study ${store.lock.identity.hash.slice(0, 8)}…, but holds another one. Submit the sweep again.`,
    );
  }
  const units: string[] = [];
  for (const line of lines.slice(1)) {
    const { unit, block } = JSON.parse(line) as PlanLine;
    units[unit] = unitOf(store, block);
  }
  return { ...settings, units };
}

/**
 * The part of a sweep that one task runs: units j ≡ k modulo K, to the end of their rungs.
 *
 * @throws DataError where the plan was made for another number of tasks
 */
export function partOf(sweep: Sweep, plan: SlurmPlan, { index, count }: Task): Sweep {
  if (count !== plan.tasks) {
    throw new DataError(
      `worker: argument \`task\` must be one of ${plan.tasks.toString()}, as the plan says, but is ${index.toString()}/${count.toString()}.`,
    );
  }
  const own = new Set(plan.units.filter((_, unit) => unit % count === index));
  const { store } = sweep;
  return {
    store,
    isPart: true,
    *left() {
      for (const block of sweep.left()) if (own.has(unitOf(store, block))) yield block;
    },
  };
}
