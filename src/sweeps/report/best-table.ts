// Tables of a report: the best trials with their parameters, rows by rung and status, and the study's settings.

import type { Cell, ReportTable } from "../../figures/tables.js";
import { parameterAt } from "../store/table.js";
import type { ParameterValue } from "../types.js";
import { plainValue } from "../values.js";
import { shortName } from "./scales.js";
import { countsOf, ranking, threes, type View } from "./view.js";

const MOST = 20;

function cell(value: ParameterValue): Cell {
  const plain = plainValue(value) ?? undefined;
  return typeof plain === "boolean" ? String(plain) : plain;
}

/** The rows of the best trials: those of the deepest rung, best first. */
export function bestRows(view: View, most: number = MOST): Int32Array {
  const { rung } = view.table;
  const deepest = view.last.reduce((a, row) => Math.max(a, rung[row]!), 0);
  return ranking(
    view,
    view.last.filter((row) => rung[row] === deepest),
  ).subarray(0, most);
}

/**
 * The best trials with their metrics and parameters.
 *
 * @param checkpoint - where the trained model of a trial lies, if it was kept
 */
export function bestTable(
  view: View,
  checkpoint: (trial: number) => string | undefined = () => undefined,
): ReportTable {
  const { table, study } = view;
  const rows = bestRows(view);
  const names = [...table.parameters.keys()];
  const others = study.metrics.slice(1).map(({ name }) => name);
  const places = Array.from(rows, (row) => checkpoint(table.trial[row]!));
  const hasPlaces = places.some((place) => place !== undefined);
  return {
    title: `Best trials by ${view.metric.name} (${view.metric.goal}d)`,
    columns: [
      "trial",
      view.metric.name,
      ...others,
      "steps",
      ...names.map((name) => shortName(name, names)),
      ...(hasPlaces ? ["checkpoint"] : []),
    ],
    rows: Array.from(rows, (row, i) => [
      String(table.trial[row]!),
      table.value.values[row],
      ...others.map((name) => table.metrics.get(name)?.values[row]),
      table.steps[row],
      ...names.map((name) => cell(parameterAt(table.parameters.get(name)!, row))),
      ...(hasPlaces ? [places[i]] : []),
    ]),
    ...(rows.length > 0 && { highlight: 0 }),
    note:
      study.replicates === 1
        ? "At the deepest rung. The best of many trials is partly luck: train it again from other seeds before you rely on it."
        : `Single trials at the deepest rung; every configuration has ${String(study.replicates)} seeds.`,
  };
}

/** Rows by rung and status. */
export function statusTable(view: View): ReportTable {
  const { table, study } = view;
  const rungs = [...new Set(table.rung)].sort((a, b) => a - b);
  return {
    title: "Rows",
    columns: ["rung", "steps", "rows", "ok", "diverged", "pruned", "error"],
    rows: rungs.map((rung) => {
      const rows = Int32Array.from({ length: table.rows }, (_, row) => row).filter(
        (row) => table.rung[row] === rung,
      );
      const { ok, diverged, pruned, error } = countsOf(view, rows);
      const steps = rows.reduce((most, row) => Math.max(most, table.steps[row]!), 0);
      return [String(rung + 1), steps, rows.length, ok, diverged, pruned, error];
    }),
    note: `${threes(view.first.length)} of ${threes(study.trials)} trials have a row. A diverged trial is a result: its settings do not train.`,
  };
}
