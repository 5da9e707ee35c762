// The value over the steps of the rungs, where halving trains the best trials further.

import { lines } from "../../figures/lines.js";
import { stepAxis } from "../../figures/axes.js";
import { panelWidth } from "../../figures/small-multiples.js";
import { WIDTH } from "../../figures/theme.js";
import { sweepFigure, type SweepFigure } from "./panels.js";
import { valueScale } from "./scales.js";
import { countWords, judged, ranking, type View } from "./view.js";

type Point = { readonly x: number; readonly values: readonly number[] };

/** Rows with a value, by rung. */
function byRung(view: View): ReadonlyMap<number, readonly number[]> {
  const all = Int32Array.from({ length: view.table.rows }, (_, row) => row);
  const rungs = new Map<number, number[]>();
  for (const row of judged(view, all)) {
    const rung = view.table.rung[row]!;
    const rows = rungs.get(rung) ?? [];
    rungs.set(rung, rows);
    rows.push(row);
  }
  return rungs;
}

/** The rows of one trial up to its last one. */
function trialCurve({ table }: View, last: number): readonly Point[] {
  const points: Point[] = [];
  for (let row = last; row >= 0 && table.trial[row] === table.trial[last]; row--)
    points.unshift({ x: table.steps[row]!, values: [table.value.values[row]!] });
  return points;
}

/** Curves by rung; undefined where all trials had the same steps. */
export function curves(view: View, best = 5): SweepFigure | undefined {
  const rungs = [...byRung(view)].sort(([a], [b]) => a - b);
  if (rungs.length < 2) return undefined;
  const { values } = view.table.value;
  const scale = valueScale(view, view.last).kind === "log" ? "log" : "linear";
  const bands = rungs.map(([, rows]) => ({
    x: view.table.steps[rows[0]!]!,
    values: rows.map((row) => values[row]!),
  }));
  const deepest = rungs.at(-1)![0];
  const finalists = view.last.filter((row) => view.table.rung[row] === deepest);
  const top = ranking(view, finalists).subarray(0, best);
  const end = Math.max(...bands.map(({ x }) => x));
  const counts = rungs.map(([, rows]) => String(rows.length)).join(", ");
  return sweepFigure(
    "curves",
    {
      title: `${view.metric.name} over the rungs`,
      subtitle: `${countWords(view, view.last)}; with a value at each rung: ${counts}`,
      caption: `Median, quartiles and 5 and 95 % quantiles of the trials at each rung; fewer and better ones with every rung. Lines: the best ${String(top.length)} trials at the end.`,
    },
    lines({
      series: [
        { name: "all at that rung", rows: bands, color: "#6B6B6B" },
        ...Array.from(top, (row) => ({
          name: `trial ${String(view.table.trial[row]!)}`,
          rows: trialCurve(view, row),
        })),
      ],
      x: stepAxis(end),
      y: { title: view.metric.name, scale, tickCount: 5, ...(scale === "log" && { format: "~g" }) },
      width: panelWidth(WIDTH.double, 1),
      height: 190,
      legend: "top",
    }),
  );
}
