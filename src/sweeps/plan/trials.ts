// Which trial is which: trial i of a study as a pure function of the study and i, one or a million at a time.

import { ArgumentError } from "../../errors.js";
import type { Parameter, ParameterValue, Study, StudyIdentity, Trial } from "../types.js";
import { activity } from "./conditions.js";
import { philoxInto, STREAMS } from "./philox.js";
import { drawOf, spaceOf, type AskedPoints, type Draw, type Space } from "./space.js";

/** The values of one parameter, one entry a trial. */
export type Column =
  | {
      readonly kind: "number";
      /** NaN where the parameter is inactive. */
      readonly values: Float64Array;
    }
  | {
      readonly kind: "choice";
      readonly options: readonly ParameterValue[];
      /** Indices of `options`; -1 where the parameter is inactive. */
      readonly indices: Int32Array;
    };

/** Trials `from` … `to - 1`, by column. */
export type TrialTable = {
  readonly from: number;
  readonly to: number;
  /** Sorted. */
  readonly names: readonly string[];
  /** In the order of `names`. */
  readonly columns: readonly Column[];
  /** Seed of each training, below 2³¹. */
  readonly seeds: Uint32Array;
};

function emptyColumn(parameter: Parameter, rows: number): Column {
  return parameter.kind === "choice"
    ? { kind: "choice", options: parameter.values, indices: new Int32Array(rows) }
    : { kind: "number", values: new Float64Array(rows) };
}

/** Value of a column in row `row` of its table; null where inactive. */
export function columnValue(column: Column, row: number): ParameterValue {
  if (column.kind === "choice") return column.options[column.indices[row]!] ?? null;
  const value = column.values[row]!;
  return Number.isNaN(value) ? null : value;
}

/** Whether a parameter is active in row `row`. */
export function isActiveAt(column: Column, row: number): boolean {
  return column.kind === "choice" ? column.indices[row] !== -1 : !Number.isNaN(column.values[row]);
}

// Replicates lie next to each other and share their parameters: a configuration is drawn once.
function fill(column: Column, d: number, draw: Draw, from: number, replicates: number): void {
  const target = column.kind === "choice" ? column.indices : column.values;
  let last = -1;
  for (let row = 0; row < target.length; row++) {
    const j = Math.floor((from + row) / replicates);
    target[row] = j === last ? target[row - 1]! : draw(j, d);
    last = j;
  }
}

// In an order in which what a parameter depends on is already decided.
function deactivate(
  columns: readonly Column[],
  { conditions }: Space,
  needed: readonly boolean[],
  rows: number,
): void {
  for (const d of (conditions.order ?? []).filter((d) => needed[d])) {
    const column = columns[d]!;
    for (const { on, allows } of conditions.of[d]!) {
      const other = columns[on]!;
      for (let row = 0; row < rows; row++) {
        if (isActiveAt(other, row) && allows(columnValue(other, row))) continue;
        if (column.kind === "choice") column.indices[row] = -1;
        else column.values[row] = Number.NaN;
      }
    }
  }
}

/**
 * The seed of a trial's training: the upper 31 bits of word 0 of stream 1, counter i.
 *
 * @returns an integer ≥ 0 and < 2³¹, as models take it
 */
export function seedAt(identity: StudyIdentity, i: number): number {
  const words = new Uint32Array(4);
  philoxInto(identity.key, i, 0, STREAMS.seed, words);
  return words[0]! >>> 1;
}

function seedsOf(identity: StudyIdentity, from: number, rows: number): Uint32Array {
  const seeds = new Uint32Array(rows);
  const words = new Uint32Array(4);
  for (let row = 0; row < rows; row++) {
    philoxInto(identity.key, from + row, 0, STREAMS.seed, words);
    seeds[row] = words[0]! >>> 1;
  }
  return seeds;
}

function checkRange(from: number, to: number): void {
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to) return;
  throw new ArgumentError(
    `trialTable: arguments \`from\`, \`to\` must be integers with 0 ≤ from ≤ to, but are ${String(from)}, ${String(to)}.`,
  );
}

// What is wanted, and what that depends on.
function closure(wanted: readonly boolean[], { conditions }: Space): readonly boolean[] {
  const needed = [...wanted];
  for (const d of [...(conditions.order ?? [])].reverse()) {
    if (needed[d]) for (const { on } of conditions.of[d]!) needed[on] = true;
  }
  return needed;
}

/**
 * Some columns of trials `from` … `to - 1`, in the order of the sorted names.
 *
 * @param wanted - one entry a parameter; the columns of others may be empty
 * @param asked - what was proposed for these configurations; method ask-tell only
 */
export function trialColumns(
  study: Study,
  identity: StudyIdentity,
  from: number,
  to: number,
  wanted: readonly boolean[],
  asked?: AskedPoints,
): readonly Column[] {
  checkRange(from, to);
  const space = spaceOf(study);
  const draw = drawOf(study, identity, asked);
  const needed = closure(wanted, space);
  const columns = space.parameters.map((parameter, d) => {
    const column = emptyColumn(parameter, needed[d]! ? to - from : 0);
    fill(column, d, draw, from, study.replicates);
    return column;
  });
  deactivate(columns, space, needed, to - from);
  return columns;
}

/**
 * Trials `from` … `to - 1` as columns of numbers: no object a trial.
 *
 * @param asked - what was proposed for these configurations; method ask-tell only
 * @throws ArgumentError beyond the end of a grid, and where `asked` is missing
 */
export function trialTable(
  study: Study,
  identity: StudyIdentity,
  from: number,
  to: number,
  asked?: AskedPoints,
): TrialTable {
  const { names } = spaceOf(study);
  const all = names.map(() => true);
  const columns = trialColumns(study, identity, from, to, all, asked);
  return { from, to, names, columns, seeds: seedsOf(identity, from, to - from) };
}

/** Trial `index` of a table that holds it. */
export function trialOf(table: TrialTable, index: number): Trial {
  const row = index - table.from;
  const values = table.columns.map((column) => columnValue(column, row));
  return { index, values, seed: table.seeds[row]! };
}

/**
 * Trial i of a study.
 *
 * @param i - an integer ≥ 0; it may lie beyond the study's present number of trials
 * @throws ArgumentError beyond the end of a grid, and where `asked` is missing
 */
export function trialAt(
  study: Study,
  identity: StudyIdentity,
  i: number,
  asked?: AskedPoints,
): Trial {
  return trialOf(trialTable(study, identity, i, i + 1, asked), i);
}

/** The parameters that are active in a trial, by name. */
export function activeValues(
  study: Study,
  trial: Pick<Trial, "values">,
): Readonly<Record<string, ParameterValue>> {
  const { names, conditions } = spaceOf(study);
  const active = activity(conditions, (d) => trial.values[d] ?? null);
  const entries = names.map((name, d) => [name, trial.values[d] ?? null] as const);
  return Object.fromEntries(entries.filter((_, d) => active[d]));
}

type Section = Record<string, unknown>;

function withValue(section: Section, path: readonly string[], value: unknown): Section {
  const [key = "", ...rest] = path;
  const inner = (section[key] ?? {}) as Section;
  return { ...section, [key]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

/**
 * The task's configuration of a trial: what is fixed, and its active parameters. Inactive parameters keep what
 * the study fixes or the task's default. Without seed and number of replicas, which belong to who trains.
 */
export function trialConfig(study: Study, trial: Pick<Trial, "values">): Section {
  return Object.entries(activeValues(study, trial)).reduce<Section>(
    (config, [name, value]) => withValue(config, name.split("."), value),
    study.config,
  );
}
