// Which part of all trials is at least as good as a value.

import { channel, compact, type Spec } from "../../figures/spec.js";
import { panelWidth } from "../../figures/small-multiples.js";
import { COLOR, WIDTH } from "../../figures/theme.js";
import { linearTicks } from "./ticks.js";
import { axesOf, planePanel, sweepFigure, type Plane, type SweepFigure } from "./panels.js";
import { axisOf, valueScale, type Scale } from "./scales.js";
import { countWords, rungWords, type View } from "./view.js";

const MOST_POINTS = 400;

const PARTS: Scale = {
  name: "part of all trials",
  kind: "linear",
  bins: 50,
  ticks: linearTicks(0, 1).map((tick) => ({ place: tick, label: String(tick) })),
  place: () => Number.NaN,
};

/** The steps of the distribution: rows in rank, thinned, and the part of `all` up to each. */
export function edfSteps(
  ranked: Int32Array,
  all: number,
): readonly { readonly row: number; readonly part: number }[] {
  const every = Math.max(1, ranked.length / MOST_POINTS);
  const count = Math.min(ranked.length, MOST_POINTS);
  return Array.from({ length: count }, (_, k) => {
    const at = k === count - 1 ? ranked.length - 1 : Math.floor(k * every);
    return { row: ranked[at]!, part: (at + 1) / all };
  });
}

function stepLayer(plane: Plane, steps: ReturnType<typeof edfSteps>): Spec {
  const axes = axesOf(plane);
  return {
    data: {
      values: steps.map(({ row, part }) => ({
        px: compact(plane.x.place(row)),
        py: compact(part),
      })),
    },
    mark: {
      type: "line",
      interpolate: "step-after",
      color: COLOR.blue,
      strokeWidth: 1.5,
      clip: true,
    },
    encoding: { x: channel("px", axes.x), y: channel("py", axes.y), order: { value: null } },
  };
}

/** The empirical distribution over all trials: one that diverged or failed is better than nothing. */
export function edf(view: View): SweepFigure {
  const ranked = view.ranked;
  const x = valueScale(view, ranked);
  const plane: Plane = {
    x,
    y: PARTS,
    width: panelWidth(WIDTH.double, 1),
    height: 160,
    axes: { x: axisOf(x), y: axisOf(PARTS) },
  };
  const word = view.metric.goal === "minimize" ? "at most" : "at least";
  return sweepFigure(
    "edf",
    {
      title: `Distribution of ${view.metric.name}`,
      subtitle: `${countWords(view, view.first)}; ${rungWords(view)}`,
      caption: `The part of all trials whose value is ${word} that of the axis. Trials without a value never are, so that the curve ends at the part that has one.`,
    },
    planePanel(plane, [stepLayer(plane, edfSteps(ranked, view.first.length))]),
  );
}
