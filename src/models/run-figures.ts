// What the figures of every model are made of: series, arrays and column pairs of a run, and a panel with its words as a figure.
// What is shown, and how it is said, is the model's.

import { figure } from "../figures/figure.js";
import { COLOR, GENERATED_COLOR } from "../figures/theme.js";
import type { Series } from "../figures/lines.js";
import type { Spec } from "../figures/spec.js";
import type { Evaluation, Figure, HistoryRow } from "./model.js";

/** What figures are drawn from. */
export type ShownRun = {
  readonly history: readonly HistoryRow[];
  readonly evaluation: Evaluation;
};

/** Two data columns. */
export type Pair = readonly [i: number, j: number];

/** An array of the evaluation; empty where it is missing. */
export function array({ evaluation }: ShownRun, name: string): readonly number[] {
  return evaluation.arrays[name] ?? [];
}

/** Whether the evaluation has all these arrays. */
export function has(run: ShownRun, ...names: readonly string[]): boolean {
  return names.every((name) => array(run, name).length > 0);
}

/** Two columns of samples in an array. */
export function pointsOf(run: ShownRun, name: string, [i, j]: Pair): [number, number][] {
  const values = array(run, name);
  const d = run.evaluation.columns.length;
  return Array.from({ length: Math.floor(values.length / d) }, (_, row) => [
    values[row * d + i]!,
    values[row * d + j]!,
  ]);
}

/** The column pairs i < j. */
export function columnPairs({ evaluation }: ShownRun): Pair[] {
  const columns = evaluation.columns.map((_, c) => c);
  return columns.flatMap((i) => columns.slice(i + 1).map((j): Pair => [i, j]));
}

/** Says so when there are more column pairs than are drawn. */
export function shownPairs(shown: readonly Pair[], all: readonly Pair[]): string[] {
  if (all.length === shown.length) return [];
  return [`first ${String(shown.length)} of ${String(all.length)} column pairs`];
}

/** The last step of the history. */
export function lastStep({ history }: ShownRun): number {
  return history.reduce((last, { step }) => Math.max(last, step), 1);
}

/** A loss of all replicas over the steps. */
export function lossRows({ history }: ShownRun, name: string): Series["rows"] {
  return history.flatMap(({ step, losses }) => rowOf(step, losses[name]));
}

/** A metric of all replicas over the steps at which it was measured. */
export function metricRows({ history }: ShownRun, name: string): Series["rows"] {
  return history.flatMap(({ step, metrics }) => rowOf(step, metrics?.[name]));
}

function rowOf(x: number, values: readonly number[] | undefined): Series["rows"] {
  return values === undefined ? [] : [{ x, values }];
}

/** A metric that all replicas share when it was last measured: a floor. */
export function lastMetric(run: ShownRun, name: string): number | undefined {
  return metricRows(run, name).at(-1)?.values[0];
}

/** Curves of the median over replicas and of the best one; a single replica is the best one. */
export function medianAndBest({ evaluation }: ShownRun, rows: Series["rows"]): Series[] {
  const ofBest = rows.map(({ x, values }) => ({ x, values: [values[evaluation.best] ?? NaN] }));
  const best = { name: "best replica", rows: ofBest, color: GENERATED_COLOR };
  if (evaluation.replicas.length === 1) return [best];
  return [{ name: "median", rows, color: COLOR.blue }, best];
}

/** A figure but for its subtitle. */
export type FigureParts = {
  readonly name: string;
  readonly title: string;
  /** The caption. */
  readonly says: string;
  readonly body: Spec;
  readonly width: number;
};

/** A panel, or panels side by side, with title, subtitle, caption and description. */
export function captioned(parts: FigureParts, subtitle: string): Figure {
  const { name, title, says, body, width } = parts;
  const spec = figure({ title, subtitle, body, width, description: `${says} ${subtitle}.` });
  return { name, caption: says, spec };
}
