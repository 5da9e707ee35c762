// A sweep for TensorBoard: quantile curves over the steps and the best trials with their settings, never a run a trial.

import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { quantile } from "../../figures/quantiles.js";
import { makeFolder } from "../../runs/files.js";
import { outcomes, type Outcomes } from "../store/outcomes.js";
import { parameterAt, type NumberColumn, type Table } from "../store/table.js";
import type { Study } from "../types.js";
import { plainValue } from "../values.js";
import { endRecord, scalarRecord, startRecord, versionRecord } from "./event-file.js";
import { writeFileInPieces } from "./pieces.js";
import { ranked } from "./sample.js";

/** Options of {@link exportTensorBoard}. */
export type TensorBoardOptions = {
  /** Runs of best trials. Default 10. */
  readonly top?: number;
  /** Seconds since 1970 that stand in every record. Default: now. */
  readonly wallTime?: number;
};

/** What was written. */
export type TensorBoardExport = {
  /** Trials of the sweep. */
  readonly trials: number;
  /** Names of the runs: quantiles, then the best trials, best first. */
  readonly runs: readonly string[];
};

type Curve = readonly (readonly [step: number, value: number])[];

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

/** The curves of a table: the value and each metric. */
function columnsOf(table: Table): readonly (readonly [tag: string, column: NumberColumn])[] {
  const metrics = [...table.metrics].map(([name, column]) => [`metrics/${name}`, column] as const);
  return [["value", table.value], ...metrics];
}

/** Finite values by steps, each list sorted. */
function valuesBySteps(table: Table, { values }: NumberColumn): Map<number, number[]> {
  const lists = new Map<number, number[]>();
  for (let row = 0; row < table.rows; row++) {
    // A diverged row stopped somewhere: its steps are no place where trials are compared.
    if (table.status[row] !== 0 || !Number.isFinite(values[row])) continue;
    const steps = table.steps[row]!;
    const list = lists.get(steps) ?? [];
    if (list.length === 0) lists.set(steps, list);
    list.push(values[row]!);
  }
  for (const [steps, list] of lists) {
    lists.set(steps, Array.from(Float64Array.from(list).sort()));
  }
  return lists;
}

function quantileCurves(table: Table, column: NumberColumn): readonly Curve[] {
  const lists = [...valuesBySteps(table, column)].sort(([a], [b]) => a - b);
  return QUANTILES.map((p) => lists.map(([steps, list]) => [steps, quantile(list, p)] as const));
}

function trialCurve(table: Table, trials: Outcomes, k: number, column: NumberColumn): Curve {
  const [first, end] = [trials.first[k]!, trials.first[k + 1]!];
  const rows = Array.from({ length: end - first }, (_, i) => first + i);
  return rows
    .filter((row) => column.present[row] === 1)
    .map((row) => [table.steps[row]!, column.values[row]!]);
}

function* curveRecords(
  wallTime: number,
  curves: Iterable<readonly [tag: string, curve: Curve]>,
): Generator<Uint8Array, void, void> {
  for (const [tag, curve] of curves) {
    for (const [step, value] of curve) yield scalarRecord(wallTime, step, tag, value);
  }
}

function settingsOf(table: Table, row: number): Record<string, number | string | boolean> {
  const settings = [...table.parameters].flatMap(([name, column]) => {
    const value = plainValue(parameterAt(column, row));
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(settings);
}

/**
 * Writes runs for TensorBoard into a folder: `quantiles/<p>` with a curve of the value and of each metric over the steps,
 * and `best/<rank>-trial-<i>` with the same tags and the settings. Both replace those of an earlier export.
 *
 * @throws DiskError where the disk is full
 */
export function exportTensorBoard(
  table: Table,
  study: Study,
  folder: string,
  options: TensorBoardOptions = {},
): TensorBoardExport {
  const { top = 10, wallTime = Date.now() / 1000 } = options;
  const file = `events.out.tfevents.${Math.floor(wallTime)}.${hostname()}.${process.pid}.0`;
  const write = (run: string, records: Iterable<Uint8Array>): string => {
    makeFolder(join(folder, run));
    writeFileInPieces(join(folder, run, file), withVersion(wallTime, records));
    return run;
  };
  // TensorBoard would draw the runs of an earlier export as well.
  for (const own of ["quantiles", "best"]) {
    rmSync(join(folder, own), { recursive: true, force: true });
  }
  const columns = columnsOf(table);
  const curves = columns.map(([tag, column]) => [tag, quantileCurves(table, column)] as const);
  const quantileRuns = QUANTILES.map((p, i) => {
    const own = curves.map(([tag, list]) => [tag, list[i]!] as const);
    const name = String(Math.round(100 * p)).padStart(2, "0");
    return write(join("quantiles", name), curveRecords(wallTime, own));
  });
  const trials = outcomes(table, study);
  const order = ranked(table, trials, study.metrics[0]?.goal ?? "minimize");
  const best = Array.from(order.subarray(0, top), (k, rank) => {
    const row = trials.first[k]!;
    const own = columns.map(
      ([tag, column]) => [tag, trialCurve(table, trials, k, column)] as const,
    );
    const place = String(rank + 1).padStart(2, "0");
    return write(
      join("best", `${place}-trial-${table.trial[row]!}`),
      bestRecords(wallTime, settingsOf(table, row), own, trials.outcome(k) !== "failed"),
    );
  });
  return { trials: trials.count, runs: [...quantileRuns, ...best] };
}

function* withVersion(
  wallTime: number,
  records: Iterable<Uint8Array>,
): Generator<Uint8Array, void, void> {
  yield versionRecord(wallTime);
  yield* records;
}

function* bestRecords(
  wallTime: number,
  settings: Readonly<Record<string, number | string | boolean>>,
  curves: Iterable<readonly [tag: string, curve: Curve]>,
  isSuccess: boolean,
): Generator<Uint8Array, void, void> {
  yield startRecord(wallTime, settings);
  yield* curveRecords(wallTime, curves);
  yield endRecord(wallTime, isSuccess);
}
