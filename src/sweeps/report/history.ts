// The values of all trials in their order, and the best one so far.

import { channel, compact, type Spec } from "../../figures/spec.js";
import { panelWidth } from "../../figures/small-multiples.js";
import { COLOR, WIDTH } from "../../figures/theme.js";
import { MOST_MARKS } from "./density.js";
import {
  axesOf,
  planePanel,
  rowsLayer,
  sweepFigure,
  type Plane,
  type SweepFigure,
} from "./panels.js";
import { axisOf, valueScale, type Scale } from "./scales.js";
import { linearTicks } from "./ticks.js";
import { countWords, judged, threes, type View } from "./view.js";

/** Trials along an axis. */
function trialScale({ table, last }: View): Scale {
  const end = Math.max(1, (table.trial[last.at(-1) ?? 0] ?? 0) + 1);
  const ticks = linearTicks(0, end).map((tick) => ({ place: tick / end, label: threes(tick) }));
  const place = (row: number): number => (table.trial[row]! + 0.5) / end;
  return { name: "trial", kind: "linear", bins: 50, ticks, place };
}

/** Rows at which the best value so far gets better, by trial. */
export function records(view: View, rows: Int32Array): readonly number[] {
  let best = Infinity;
  const better: number[] = [];
  for (const row of rows) {
    if (!(view.cost[row]! < best)) continue;
    best = view.cost[row]!;
    better.push(row);
  }
  return better;
}

function recordLayer(plane: Plane, rows: readonly number[]): Spec {
  const axes = axesOf(plane);
  const points = rows.map((row) => [plane.x.place(row), plane.y.place(row)] as const);
  const all = [...points, ...(points.length > 0 ? [[1, points.at(-1)![1]] as const] : [])];
  return {
    data: { values: all.map(([px, py]) => ({ px: compact(px), py: compact(py) })) },
    mark: {
      type: "line",
      interpolate: "step-after",
      color: COLOR.vermillion,
      strokeWidth: 1.5,
      clip: true,
    },
    encoding: { x: channel("px", axes.x), y: channel("py", axes.y), order: { value: null } },
  };
}

/** History: each trial's value at the end of its training, and the best one so far. */
export function history(view: View): SweepFigure {
  const rows = judged(view, view.last);
  const [x, y] = [trialScale(view), valueScale(view, rows)];
  const axes = { x: axisOf(x), y: axisOf(y) };
  const plane: Plane = { x, y, width: panelWidth(WIDTH.double, 1), height: 190, axes };
  const marks = rows.length > MOST_MARKS ? "Darker cells hold more trials," : "Each dot is a trial";
  return sweepFigure(
    "history",
    {
      title: `History of ${view.metric.name}`,
      subtitle: countWords(view, view.last),
      caption: `${marks} at the end of its own training; the line is the best value up to that trial (${view.metric.goal}d).`,
    },
    planePanel(plane, [rowsLayer(plane, rows), recordLayer(plane, records(view, view.last))]),
  );
}
