// What a DQGAN's figures read from a history and an evaluation. Draws nothing.

import type { Evaluation, HistoryRow } from "../model.js";
import type { DqganConfig } from "./config.js";
import type { RunWords } from "./figure-words.js";

/** All that is known of a run. */
export type Run = {
  readonly config: DqganConfig;
  readonly history: readonly HistoryRow[];
  readonly evaluation: Evaluation;
  readonly words: RunWords;
};

/** Two data columns. */
export type Pair = readonly [i: number, j: number];

/** Which Hellinger distance: of the joint histograms, or the mean over the marginals. */
export type Distance = "joint" | "marginal";

/** The column pairs that have joint histograms. */
export function pairsOf(run: Run): Pair[] {
  const count = run.words.columns.length;
  const all = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count - i - 1 }, (_, k): Pair => [i, i + 1 + k]),
  );
  return all.flat().filter(([i, j]) => has(run, `jointReal.${String(i)}.${String(j)}`));
}

/** The distances of all replicas at the steps where they were validated. */
export function distanceRows(run: Run, kind: Distance): { x: number; values: readonly number[] }[] {
  return run.history.flatMap(({ step, metrics }) => {
    const values = metrics?.[`${kind}Distance`];
    return values === undefined ? [] : [{ x: step, values }];
  });
}

/** "Hellinger distance 0.0597, floor 0.012, paper 0.094"; undefined where it was not measured. */
export function measureWords(run: Run, name: string): string | undefined {
  const measure = run.evaluation.measures.find((one) => one.name === name);
  if (measure === undefined) return undefined;
  const { value, floor, published } = measure;
  return [
    `Hellinger distance ${value.toPrecision(3)}`,
    ...(floor === undefined ? [] : [`floor ${floor.toPrecision(2)}`]),
    ...(published === undefined ? [] : [`paper ${String(published)}`]),
  ].join(", ");
}

/** The last step of the history. */
export function lastStep(run: Run): number {
  return run.history.reduce((last, row) => Math.max(last, row.step), 1);
}

/** Whether an evaluation has an array. */
export function has(run: Run, name: string): boolean {
  return (run.evaluation.arrays[name]?.length ?? 0) > 0;
}

/** A loss of all replicas over the steps. */
export function lossRows(run: Run, name: string): { x: number; values: readonly number[] }[] {
  return run.history.map((row) => ({ x: row.step, values: row.losses[name] ?? [] }));
}

/** Two columns of samples. */
export function pointsOf(run: Run, name: string, i: number, j: number): [number, number][] {
  const values = array(run, name);
  const d = run.words.columns.length;
  return Array.from({ length: Math.floor(values.length / d) }, (_, row) => [
    values[row * d + i] ?? Number.NaN,
    values[row * d + j] ?? Number.NaN,
  ]);
}

/** An array of the evaluation; empty where it is missing. */
export function array(run: Run, name: string): readonly number[] {
  return run.evaluation.arrays[name] ?? [];
}
