// A sweep as a journal of Optuna: JSON lines that `JournalStorage` replays and the dashboard's browser reads.
//
// Each trial is created without a value (operation 4), then gets its values between rungs (7) and its end (6): the
// dashboard would drop curves that stand in operation 4. It also takes quadratic time, hence the cap.

import { STATUS_CODES } from "../store/committed.js";
import { numberText } from "../store/row-text.js";
import { outcomes, type Outcomes } from "../store/outcomes.js";
import type { BatchSummary } from "../store/scan.js";
import { parameterAt, type ParameterColumn, type Table } from "../store/table.js";
import type { Distribution, Parameter, Study } from "../types.js";
import { choiceIndex, plainValue } from "../values.js";
import { writeFileInPieces } from "./pieces.js";
import { bestAndUniform, ranked } from "./sample.js";

/** Most trials a journal holds unless told otherwise: the dashboard takes quadratic time. */
export const OPTUNA_CAP = 5000;

/** What was written. */
export type OptunaExport = {
  /** Trials of the sweep, and of the journal. */
  readonly trials: number;
  readonly written: number;
};

type Attributes = Readonly<Record<string, unknown>>;

const STATES = { complete: 1, pruned: 2, failed: 3 } as const;

/** A list of JSON texts is put together by hand where numbers may be NaN, which Python reads and JSON has not. */
function bare(value: number): string {
  return numberText(value).replace(/"/g, "");
}

function observed(column: ParameterColumn, rows: Iterable<number>): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    const value = parameterAt(column, row);
    if (typeof value !== "number") continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 0];
}

function range(parameter: Extract<Distribution, { scale: unknown }>): Attributes {
  const { kind, scale, min, max, step } = parameter;
  const isLog = scale === "log";
  if (step === undefined || isLog) {
    const whole = kind === "integer" ? { step: 1 } : { step: null };
    return { low: min, high: max, log: isLog, ...whole };
  }
  // Optuna wants the last value that a step reaches.
  const steps = Math.floor((max - min) / step + 1e-9);
  return { low: min, high: Number((min + steps * step).toPrecision(12)), log: false, step };
}

/** A distribution as Optuna writes it: JSON inside of JSON. */
export function optunaDistribution(
  parameter: Parameter,
  column: ParameterColumn,
  rows: Iterable<number>,
): string {
  if (parameter.kind === "choice") {
    // Optuna's choices have no parts.
    const attributes = { choices: parameter.values.map(plainValue) };
    return JSON.stringify({ name: "CategoricalDistribution", attributes });
  }
  if (!("scale" in parameter)) {
    // Optuna knows no normal law: the range that was seen.
    const [low, high] = observed(column, rows);
    const attributes = { low, high, log: parameter.kind === "logNormal" && low > 0, step: null };
    return JSON.stringify({ name: "FloatDistribution", attributes });
  }
  const name = parameter.kind === "integer" ? "IntDistribution" : "FloatDistribution";
  return JSON.stringify({ name, attributes: range(parameter) });
}

/** The time of Python's `isoformat`, without a zone as Optuna writes it. */
function time(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}000`;
}

type Source = {
  readonly table: Table;
  readonly study: Study;
  readonly batches: ReadonlyMap<string, BatchSummary>;
  readonly distributions: ReadonlyMap<string, string>;
};

function timesOf({ table, batches }: Source, row: number): readonly [string, string] {
  const header = batches.get(table.batches[table.batch[row]!]!)?.header;
  const parsed = Date.parse(header?.started ?? "");
  const start = Number.isFinite(parsed) ? parsed : 0;
  return [time(start), time(start + 1000 * (header?.seconds ?? 0))];
}

function parametersOf({ table, study, distributions }: Source, row: number): readonly Attributes[] {
  const params: Record<string, unknown> = {};
  const own: Record<string, string> = {};
  for (const [name, column] of table.parameters) {
    const value = parameterAt(column, row);
    const parameter = study.parameters[name]!;
    const index = parameter.kind === "choice" ? choiceIndex(parameter.values, value) : undefined;
    // An inactive parameter is none of the trial's.
    if (index === undefined ? value === null : index < 0) continue;
    if (value === null && parameter.when !== undefined) continue;
    params[name] = index ?? value;
    own[name] = distributions.get(name)!;
  }
  return [params, own];
}

function userAttributes({ table }: Source, row: number): Attributes {
  const metrics = [...table.metrics].flatMap(([name, { values, present }]) =>
    present[row] === 1 && Number.isFinite(values[row]) ? [[name, values[row]!] as const] : [],
  );
  return {
    "zenoflow:trial": table.trial[row]!,
    "zenoflow:status": STATUS_CODES[table.status[row]!]!,
    "zenoflow:batch": table.batches[table.batch[row]!]!,
    ...Object.fromEntries(metrics),
  };
}

const WORKER = '"worker_id":"zenoflow"';

function created(source: Source, first: number, last: number): string {
  const [params, distributions] = parametersOf(source, first);
  const rest = {
    study_id: 0,
    datetime_start: timesOf(source, first)[0],
    state: 0,
    params,
    distributions,
    user_attrs: userAttributes(source, last),
    system_attrs: {},
    intermediate_values: {},
  };
  return `{"op_code":4,${WORKER},${JSON.stringify(rest).slice(1)}\n`;
}

/** The values of all metrics; null where one of them is not finite. */
function valuesOf({ table, study }: Source, row: number): readonly number[] | null {
  const values = study.metrics.map(({ name }, i) =>
    i === 0 ? table.value.values[row]! : (table.metrics.get(name)?.values[row] ?? Number.NaN),
  );
  return values.every(Number.isFinite) ? values : null;
}

function ended(source: Source, trials: Outcomes, k: number, id: number): string {
  const last = trials.first[k + 1]! - 1;
  const outcome = trials.outcome(k);
  if (outcome === "running") return "";
  const values = outcome === "failed" ? null : valuesOf(source, last);
  const state = outcome === "complete" && values === null ? STATES.failed : STATES[outcome];
  const text = values === null ? "null" : `[${values.map(numberText).join(",")}]`;
  const [, complete] = timesOf(source, last);
  const [start] = timesOf(source, trials.first[k]!);
  return `{"op_code":6,${WORKER},"trial_id":${id},"state":${state},"values":${text},"datetime_start":"${start}","datetime_complete":"${complete}"}\n`;
}

function* trialLines(
  source: Source,
  trials: Outcomes,
  k: number,
  id: number,
): Generator<string, void, void> {
  const { table, study } = source;
  const [first, end] = [trials.first[k]!, trials.first[k + 1]!];
  yield created(source, first, end - 1);
  // With several metrics Optuna knows no values on the way.
  for (let row = first; row < end && study.metrics.length === 1; row++) {
    if (table.value.present[row] === 0) continue;
    const value = bare(table.value.values[row]!);
    yield `{"op_code":7,${WORKER},"trial_id":${id},"step":${table.steps[row]!},"intermediate_value":${value}}\n`;
  }
  yield ended(source, trials, k, id);
}

function* lines(
  source: Source,
  trials: Outcomes,
  chosen: Int32Array,
): Generator<string, void, void> {
  const { study } = source;
  const directions = study.metrics.map(({ goal }) => (goal === "minimize" ? 1 : 2));
  const head = { op_code: 0, worker_id: "zenoflow", study_name: study.name, directions };
  yield `${JSON.stringify(head)}\n`;
  for (const [id, k] of chosen.entries()) yield* trialLines(source, trials, k, id);
}

/**
 * Writes a sweep as a journal of Optuna 5. Of more trials than `cap` it holds the best and an even sample of the
 * others. Trials that halving left behind are pruned, diverged ones failed, and those under way running.
 *
 * @param batches - of the scan, for the times
 * @returns how many of the trials were written: tell the user where these are fewer
 * @throws DiskError where the disk is full
 */
export function exportOptuna(
  table: Table,
  study: Study,
  batches: ReadonlyMap<string, BatchSummary>,
  path: string,
  cap: number = OPTUNA_CAP,
): OptunaExport {
  const trials = outcomes(table, study);
  const chosen = bestAndUniform(ranked(table, trials, study.metrics[0]?.goal ?? "minimize"), cap);
  const rows = Array.from(chosen, (k) => trials.first[k]!);
  const distributions = new Map(
    [...table.parameters].map(([name, column]) => [
      name,
      optunaDistribution(study.parameters[name]!, column, rows),
    ]),
  );
  writeFileInPieces(path, lines({ table, study, batches, distributions }, trials, chosen));
  return { trials: trials.count, written: chosen.length };
}
