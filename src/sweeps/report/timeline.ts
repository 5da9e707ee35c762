// When which batch was trained: bars by executor, or rows a second where there are too many batches.

import { lines } from "../../figures/lines.js";
import { panelWidth } from "../../figures/small-multiples.js";
import { channel, compact, type Axis, type Spec } from "../../figures/spec.js";
import { PALETTE, WIDTH } from "../../figures/theme.js";
import { legendAt, panel } from "../../figures/panel.js";
import { sweepFigure, type SweepFigure } from "./panels.js";
import { countWords, threes, type View } from "./view.js";

/** One batch in time; seconds since the first one began. */
export type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly rung: number;
  /** Number of its bar from the top: stretches of one lane do not overlap. */
  readonly lane: number;
};

const MOST_BARS = 1000;
const INTERVALS = 120;
const LANE = 14;
const UNITS = [
  [172_800, 86_400, "days"],
  [7200, 3600, "h"],
  [300, 60, "min"],
  [0, 1, "s"],
] as const;

/** Batches in the order of their starts, each in the first lane that is free. */
export function stretchesOf({ batches }: Pick<View, "batches">): readonly Stretch[] {
  const all = [...batches.values()]
    .map(({ header }) => ({ ...header, at: Date.parse(header.started) / 1000 }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at);
  const start = all[0]?.at ?? 0;
  const free: number[] = [];
  return all.map(({ at, seconds, rows, rung }) => {
    const from = at - start;
    // Times are written in milliseconds: what touches by less is no overlap.
    const found = free.findIndex((end) => end <= from + 0.002);
    const lane = found < 0 ? free.length : found;
    free[lane] = from + seconds;
    return { from, to: from + seconds, rows, rung, lane };
  });
}

function barsBody(stretches: readonly Stretch[], x: Axis, unit: number): Spec {
  const lanes = 1 + Math.max(...stretches.map(({ lane }) => lane));
  const rungs = [...new Set(stretches.map(({ rung }) => rung))].sort((a, b) => a - b);
  const name = (rung: number): string => `rung ${String(rung + 1)}`;
  return panel({ width: panelWidth(WIDTH.double, 1), height: Math.max(60, LANE * lanes) }, {}, [
    {
      data: {
        values: stretches.map(({ from, to, lane, rung }) => ({
          from: compact(from / unit),
          to: compact(to / unit),
          lane: lane + 1,
          rung: name(rung),
        })),
      },
      mark: { type: "bar", stroke: "white", strokeWidth: 0.5, clip: true },
      encoding: {
        x: channel("from", x),
        x2: { field: "to" },
        y: {
          field: "lane",
          type: "ordinal",
          title: "batches at a time",
          scale: { paddingInner: 0.2 },
          axis: { labelAngle: 0 },
        },
        color: {
          field: "rung",
          type: "nominal",
          scale: { domain: rungs.map(name), range: rungs.map((_, i) => PALETTE[i % 7]) },
          legend: legendAt(rungs.length > 1 ? "top" : "none", "square"),
        },
      },
    },
  ]);
}

/** Rows a second in equal intervals, as if a batch made its rows evenly. */
export function ratesOf(stretches: readonly Stretch[], end: number): Float64Array {
  const width = end / INTERVALS || 1;
  const rates = new Float64Array(INTERVALS);
  for (const { from, to, rows } of stretches) {
    const last = Math.min(INTERVALS - 1, Math.floor(to / width));
    for (let k = Math.floor(from / width); k <= last; k++) {
      const part = Math.min(to, (k + 1) * width) - Math.max(from, k * width);
      rates[k]! += (rows * (to > from ? part / (to - from) : 1)) / width;
    }
  }
  return rates;
}

function ratesBody(stretches: readonly Stretch[], x: Axis, end: number, unit: number): Spec {
  const rates = ratesOf(stretches, end);
  return lines({
    series: [
      {
        name: "rows a second",
        rows: Array.from(rates, (rate, k) => ({
          x: ((k + 0.5) * end) / INTERVALS / unit,
          values: [rate],
        })),
      },
    ],
    x,
    y: { title: "rows per second (1/s)", zero: true, tickCount: 4 },
    width: panelWidth(WIDTH.double, 1),
    height: 130,
  });
}

/** The timeline of a sweep; undefined where no batch says when it began. */
export function timeline(view: View): SweepFigure | undefined {
  const stretches = stretchesOf(view);
  if (stretches.length === 0) return undefined;
  const end = stretches.reduce((last, { to }) => Math.max(last, to), 0) || 1;
  const [, unit, word] = UNITS.find(([least]) => end >= least)!;
  const isFew = stretches.length <= MOST_BARS;
  const x: Axis = {
    title: `time since the first batch (${word})`,
    domain: [0, end / unit],
    tickCount: 6,
  };
  const hosts = new Set([...view.batches.values()].map(({ header }) => header.host)).size;
  return sweepFigure(
    "timeline",
    {
      title: "Timeline",
      subtitle: `${countWords(view, view.last)}; ${threes(stretches.length)} batches on ${hosts === 1 ? "1 machine" : `${String(hosts)} machines`}`,
      caption: isFew
        ? "Each bar is a batch, from the beginning of its training to its end; bars below each other ran at the same time."
        : "Rows trained per second, over all executors.",
    },
    isFew ? barsBody(stretches, x, unit) : ratesBody(stretches, x, end, unit),
  );
}
