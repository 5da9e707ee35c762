// Parameters and values on a common footing: each as a place in [0, 1] with labels, so that panels, counts and pictures
// need not know whether an axis is linear, logarithmic or a list.

import type { Axis } from "../../figures/spec.js";
import { parameterAt, type ParameterColumn } from "../store/table.js";
import type { Parameter } from "../types.js";
import { plainValue } from "../values.js";
import { linearTicks, logTicks, tickText } from "./ticks.js";
import { at, judged, type View } from "./view.js";

/** One quantity of all rows. */
export type Scale = {
  readonly name: string;
  readonly kind: "linear" | "log" | "list";
  /** Bins of a histogram over it: its categories, or 50. */
  readonly bins: number;
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
  /** Place of a row; NaN where it has none, outside of [0, 1] beyond the axis. */
  place(row: number): number;
};

const BINS = 50;
/** Up to here the values of an integer stand side by side as a list does. */
const MOST_LISTED = 12;
const MARGIN = 0.03;

type Ends = readonly [low: number, high: number];

function listScale(
  name: string,
  labels: readonly string[],
  indexOf: (row: number) => number,
): Scale {
  const n = labels.length;
  const place = (row: number): number => {
    const index = indexOf(row);
    return index >= 0 ? (index + 0.5) / n : Number.NaN;
  };
  const ticks = labels.map((label, i) => ({ place: (i + 0.5) / n, label }));
  return { name, kind: "list", bins: n, ticks, place };
}

function numberScale(
  name: string,
  kind: "linear" | "log",
  [low, high]: Ends,
  valueAt: (row: number) => number,
): Scale {
  const bend = kind === "log" ? Math.log : (value: number): number => value;
  const [from, to] = [bend(low), bend(high)];
  const width = to > from ? to - from : 1;
  const placeOf = (value: number): number => (bend(value) - from) / width;
  const values = kind === "log" ? logTicks(low, high) : linearTicks(low, high);
  const ticks = values.map((value) => ({ place: placeOf(value), label: tickText(value) }));
  return { name, kind, bins: BINS, ticks, place: (row) => placeOf(valueAt(row)) };
}

function dataEnds(rows: number, valueAt: (row: number) => number): Ends {
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < rows; row++) {
    const value = valueAt(row);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The last part of a dotted name says enough on an axis where no other parameter ends alike. */
export function shortName(name: string, names: readonly string[]): string {
  const last = (one: string): string => one.slice(one.lastIndexOf(".") + 1);
  return names.filter((other) => last(other) === last(name)).length > 1 ? name : last(name);
}

function scaleOf(name: string, parameter: Parameter, column: ParameterColumn, rows: number): Scale {
  if (parameter.kind === "choice" && column.kind === "choice") {
    const labels = parameter.values.map((value) =>
      typeof value === "number" ? tickText(value) : String(plainValue(value)),
    );
    return listScale(name, labels, (row) => column.codes[row]!);
  }
  // What is absent is NaN in a column of numbers.
  const valueAt =
    column.kind === "choice"
      ? (row: number): number => Number(parameterAt(column, row) ?? Number.NaN)
      : (row: number): number => column.values[row]!;
  if (parameter.kind === "integer" && parameter.max - parameter.min < MOST_LISTED) {
    const { min, max } = parameter;
    const labels = Array.from({ length: max - min + 1 }, (_, i) => tickText(min + i));
    return listScale(name, labels, (row) => valueAt(row) - min);
  }
  if (parameter.kind === "integer" || parameter.kind === "real")
    return numberScale(name, parameter.scale, [parameter.min, parameter.max], valueAt);
  const kind = parameter.kind === "logNormal" ? "log" : "linear";
  return numberScale(name, kind, dataEnds(rows, valueAt), valueAt);
}

/** The parameters of a study that vary, by name; those with a single value are left out. */
export function parameterScales({ study, table }: View): readonly Scale[] {
  const names = [...table.parameters.keys()];
  return names
    .map((name) => {
      const scale = scaleOf(name, study.parameters[name]!, table.parameters.get(name)!, table.rows);
      return { ...scale, name: shortName(name, names) };
    })
    .filter(({ bins }) => bins > 1);
}

/** Quantiles of numbers; `sorted` ascending, not empty. */
export function quantileOf(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const [a, b] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return a + (at - Math.floor(at)) * (b - a);
}

function valueEnds(sorted: Float64Array): { readonly kind: "linear" | "log"; readonly ends: Ends } {
  if (sorted.length === 0) return { kind: "linear", ends: [0, 1] };
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  if (low > 0 && high / low > 8) {
    const margin = Math.exp(MARGIN * Math.log(high / low));
    return { kind: "log", ends: [low / margin, high * margin] };
  }
  // A few values far away must not press all others against the axis.
  const [p5, p95] = [quantileOf(sorted, 0.05), quantileOf(sorted, 0.95)];
  const reach = 3 * (p95 - p5) || Infinity;
  const [from, to] = [Math.max(low, p5 - reach), Math.min(high, p95 + reach)];
  const margin = MARGIN * (to - from) || 1e-9 + MARGIN * Math.abs(to);
  return { kind: "linear", ends: [from - margin, to + margin] };
}

/** A scale for the values of some rows, logarithmic where they are positive and spread. */
export function valueScale(view: View, rows: Int32Array): Scale {
  const { values } = view.table.value;
  const sorted = at(values, judged(view, rows)).sort();
  const { kind, ends } = valueEnds(sorted);
  const valueAt = (row: number): number =>
    Number.isFinite(view.cost[row]!) ? values[row]! : Number.NaN;
  return numberScale(view.metric.name, kind, ends, valueAt);
}

/** A scale for one metric of some rows, as {@link valueScale}. */
export function metricScale(view: View, name: string, rows: Int32Array): Scale {
  const column = view.table.metrics.get(name);
  const valueAt = (row: number): number => column?.values[row] ?? Number.NaN;
  const sorted = Float64Array.from(rows, valueAt).filter(Number.isFinite).sort();
  const { kind, ends } = valueEnds(sorted);
  return numberScale(name, kind, ends, valueAt);
}

/** The axis of a scale: places in [0, 1], labelled with what they stand for. */
export function axisOf({ name, kind, ticks }: Scale, title: string = name): Axis {
  const labels = ticks.map(({ place, label }) => [place.toFixed(4), label] as const);
  return {
    title: kind === "log" ? `${title} (log)` : title,
    domain: [0, 1],
    ticks: ticks.map(({ place }) => place),
    labelExpr: `(${JSON.stringify(Object.fromEntries(labels))})[format(datum.value, '.4f')]`,
  };
}
