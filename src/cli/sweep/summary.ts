// A sweep in a few lines: what `status` prints, and what `sweep` prints at its end.

import type { SweepEnd } from "../../sweeps/engines/engine.js";
import type { Store } from "../../sweeps/store/index.js";
import type { ParameterValue, RowStatus } from "../../sweeps/types.js";
import { valueText as valueOf } from "../../sweeps/values.js";
import type { Context } from "../context.js";
import { near } from "../places.js";
import { duration, figure, table } from "../table.js";
import type { BestRun } from "./best-runs.js";
import { grouped, rowRate } from "./readings.js";
import { statusOf, type SweepStatus } from "./state.js";

function valueText(value: ParameterValue): string {
  return typeof value === "number" ? figure(value) : valueOf(value);
}

function countsText(counts: Readonly<Record<RowStatus, number>>): string {
  const words = Object.entries(counts).filter(([status, n]) => n > 0 || status === "ok");
  return words.map(([status, n]) => `${status} ${grouped(n)}`).join("  ");
}

function bestText({ best, metric }: SweepStatus): readonly string[] {
  if (best === null) return [];
  const active = Object.entries(best.parameters).filter(([, value]) => value !== null);
  const parameters = active.map(([name, value]) => `${name}=${valueText(value)}`).join(" ");
  return [
    `best    ${metric.name} ${figure(best.value)}  trial ${best.trial.toString()}  ${parameters}`,
  ];
}

function paceText({ pace, state }: SweepStatus): readonly string[] {
  if (pace === null || state !== "running") return [];
  const rate = pace.rate === null ? [] : [rowRate(pace.rate)];
  const left = pace.remaining === null ? [] : [`${duration(Math.ceil(pace.remaining))} to go`];
  return rate.length + left.length === 0 ? [] : [`pace    ${[...rate, ...left].join("  ")}`];
}

function stateText({ state, supervisor }: SweepStatus): string {
  if (supervisor === null) return state;
  const { pid, host, life } = supervisor;
  const who = `process ${pid.toString()} on ${host}`;
  return life === "alive" ? `${state}, ${who}` : `${state}? ${who} cannot be looked up from here`;
}

function arrayText({ array }: SweepStatus): readonly string[] {
  if (array === null) return [];
  const { id, running, pending } = array;
  return [`array   ${id}: ${running.toString()} tasks run, ${pending.toString()} wait`];
}

function rungsText({ rungs }: SweepStatus): string {
  if (rungs.length < 2) return "";
  const rows = rungs.map(({ rung, budget, rows, counts }) => [
    (rung + 1).toString(),
    grouped(budget),
    grouped(rows),
    countsText(counts),
  ]);
  return `\n${table(["rung", "steps", "rows", "status"], rows, { align: ["right", "right", "right"] })}`;
}

/** The lines of a status. */
export function statusText(status: SweepStatus, cwd: string): string {
  const { trials, rows, rungs, counts, damaged } = status;
  const part = trials.total === 0 ? 1 : trials.done / trials.total;
  const ofRungs = rungs.length > 1 ? `, ${grouped(rows.done)} rows at all rungs` : "";
  const lines = [
    `${status.name}  ${near(cwd, status.sweep)}`,
    `state   ${stateText(status)}`,
    `trials  ${grouped(trials.done)} of ${grouped(trials.total)} (${Math.floor(100 * part).toString()} %)${ofRungs}`,
    `rows    ${countsText(counts)}`,
    ...bestText(status),
    ...arrayText(status),
    ...paceText(status),
    ...(status.seconds > 0
      ? [`time    ${duration(status.seconds)} of training on ${status.backends.join(", ")}`]
      : []),
    ...(damaged > 0
      ? [
          `damage  ${damaged.toString()} batch ${damaged === 1 ? "file" : "files"} cannot be used; zenoflow sweep repairs`,
        ]
      : []),
  ];
  return `${lines.join("\n")}\n${rungsText(status)}`;
}

const WORDS: Readonly<Record<SweepEnd, string>> = {
  finished: "all rows are there",
  stopped: "stopped; the same command continues",
  failures: "stopped: rows failed",
};

function modelsText(best: readonly BestRun[], { lock }: Store, cwd: string): string {
  const kept = best.filter(({ folder }) => folder !== null);
  const first = kept[0]?.folder ?? null;
  if (first === null) return "";
  const which = kept.length === 1 ? "the best trial" : `the best ${kept.length.toString()} trials`;
  // A module of the user's only trains.
  const verb = lock.study.module === undefined ? "zenoflow sample " : "";
  return `models  of ${which}: ${verb}${near(cwd, first)}\n`;
}

/** Says how a call of `sweep` ended. */
export async function showSweep(
  store: Store,
  end: SweepEnd,
  best: readonly BestRun[],
  { io, terminal }: Context,
): Promise<void> {
  const status = statusOf(store);
  // The supervisor is this process, which is about to end.
  const state = end === "finished" ? "finished" : "stopped";
  const ended: SweepStatus = { ...status, state, supervisor: null, array: null, pace: null };
  terminal.note(`${status.name}: ${WORDS[end]}`);
  if (terminal.options.json) await terminal.json({ ...ended, models: best });
  else await terminal.print(`${statusText(ended, io.cwd)}${modelsText(best, store, io.cwd)}`);
}
