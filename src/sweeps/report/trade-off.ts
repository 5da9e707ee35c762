// Two metrics against each other: which trials no other one beats, and the volume they dominate.

import { panelWidth } from "../../figures/small-multiples.js";
import { channel, compact, type Spec } from "../../figures/spec.js";
import { formatNumber } from "../../figures/tables.js";
import { COLOR, WIDTH } from "../../figures/theme.js";
import type { Metric } from "../types.js";
import {
  axesOf,
  dots,
  planePanel,
  rowsLayer,
  sweepFigure,
  type Plane,
  type SweepFigure,
} from "./panels.js";
import { hypervolume, paretoFront, type Point } from "./pareto.js";
import { axisOf, metricScale } from "./scales.js";
import { countWords, type View } from "./view.js";

/** The front of a sweep. */
export type TradeOff = {
  readonly metrics: readonly Metric[];
  /** Rows that no other one beats, ascending by the first metric's cost. */
  readonly rows: readonly number[];
  /** The worst finite value of each metric, as a cost. */
  readonly reference: Point;
  readonly volume: number;
};

// Slices of slices: with many points in many dimensions the volume is not worth its time.
const MOST_POINTS = 400;

/** The trade-off between all metrics of a study, over trials at the end of their training; undefined with one metric. */
export function tradeOff(view: View): TradeOff | undefined {
  const { metrics } = view.study;
  if (metrics.length < 2) return undefined;
  const columns = metrics.map(({ name, goal }) => {
    const values = view.table.metrics.get(name)?.values;
    const sign = goal === "minimize" ? 1 : -1;
    return (row: number): number => sign * (values?.[row] ?? Number.NaN);
  });
  const rows = view.last.filter(
    (row) => view.table.status[row] === 0 && columns.every((cost) => Number.isFinite(cost(row))),
  );
  if (rows.length === 0) return undefined;
  const reference = columns.map((cost) =>
    rows.reduce((a, row) => Math.max(a, cost(row)), -Infinity),
  );
  const points = Array.from(rows, (row) => columns.map((cost) => cost(row)));
  const front = paretoFront(points);
  const few = metrics.length === 2 || front.length <= MOST_POINTS;
  const volume = few
    ? hypervolume(
        front.map((i) => points[i]!),
        reference,
      )
    : Number.NaN;
  return { metrics, rows: front.map((i) => rows[i]!), reference, volume };
}

function stepLayer(plane: Plane, points: readonly (readonly [number, number])[]): Spec {
  const axes = axesOf(plane);
  return {
    data: { values: points.map(([px, py]) => ({ px: compact(px), py: compact(py) })) },
    mark: {
      type: "line",
      interpolate: "step-after",
      color: COLOR.vermillion,
      strokeWidth: 1.25,
      clip: true,
    },
    encoding: { x: channel("px", axes.x), y: channel("py", axes.y), order: { value: null } },
  };
}

/** The first two metrics of a study with several; undefined with one. */
export function paretoFigure(view: View): SweepFigure | undefined {
  const found = tradeOff(view);
  if (found === undefined) return undefined;
  const [a, b] = found.metrics;
  const rows = view.last.filter((row) => view.table.status[row] === 0);
  const [x, y] = [metricScale(view, a!.name, rows), metricScale(view, b!.name, rows)];
  const size = { width: panelWidth(WIDTH.double, 1), height: 260 };
  const word = ({ name, goal }: Metric): string => `${name}, ${goal}d`;
  const axes = { x: axisOf(x, word(a!)), y: axisOf(y, word(b!)) };
  const plane: Plane = { x, y, ...size, axes };
  const places = found.rows.map((row) => [x.place(row), y.place(row)] as const);
  // With more metrics a point of the front need not be on the front of two: no line joins them.
  const line = found.metrics.length === 2 ? [stepLayer(plane, places)] : [];
  const signs = found.metrics.map(({ goal }) => (goal === "minimize" ? 1 : -1));
  const worst = found.reference.map((cost, d) => formatNumber(signs[d]! * cost)).join(", ");
  const volume = Number.isFinite(found.volume)
    ? `; hypervolume ${formatNumber(found.volume)} up to the worst values (${worst})`
    : "";
  return sweepFigure(
    "pareto",
    {
      title: `Trade-off between ${found.metrics.map(({ name }) => name).join(" and ")}`,
      subtitle: `${countWords(view, view.last)}; ${String(found.rows.length)} on the front${volume}`,
      caption:
        "In red the trials that no other one beats in all metrics, at the end of their training.",
    },
    planePanel(plane, [
      rowsLayer(plane, rows),
      ...line,
      dots(plane, places, { color: COLOR.vermillion, size: 20, opacity: 1 }),
    ]),
  );
}
