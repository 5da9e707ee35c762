// The value over pairs of parameters: local means of the ranks, so that a few bad trials do not hide the rest.

import { colorBar } from "../../figures/cells.js";
import { channel, type Spec } from "../../figures/spec.js";
import { grid, panelWidth } from "../../figures/small-multiples.js";
import { COLOR, SEQUENTIAL, WIDTH } from "../../figures/theme.js";
import { CELLS, cellAt, fieldUrl, pictureLayer, type Cells } from "./density.js";
import type { Importance } from "./importance.js";
import { axesOf, dots, planePanel, sweepFigure, type Plane, type SweepFigure } from "./panels.js";
import { axisOf, type Scale } from "./scales.js";
import { countWords, rungWords, type View } from "./view.js";

const PAIRS = 3;
const LEVELS = 10;
const SIZE = 0.86;
const MARKED = 20;
/** Rows in reach of a cell below which nothing is claimed there. */
const LEAST_SUPPORT = 0.5;

/** Convolves one axis with a Gaussian of `width` cells; nothing comes from outside. */
function smoothed(cells: Cells, width: number, alongX: boolean): Cells {
  const reach = Math.ceil(3 * width);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-(((k - reach) / width) ** 2) / 2),
  );
  const stride = alongX ? CELLS : 1;
  return cells.map((_, cell) => {
    const at = alongX ? Math.floor(cell / CELLS) : cell % CELLS;
    let sum = 0;
    for (let k = Math.max(-reach, -at); k <= Math.min(reach, CELLS - 1 - at); k++)
      sum += weights[k + reach]! * cells[cell + k * stride]!;
    return sum;
  });
}

/** Width of the smoothing along a scale: narrower with more rows, half a category for a list. */
function widthFor(scale: Scale, rows: number): number {
  if (scale.kind === "list") return CELLS / scale.bins / 4;
  return Math.max(1, 0.22 * CELLS * rows ** (-1 / 6));
}

/** Local mean of the rank (0 best, 1 worst) over two scales; NaN where there are too few rows. */
export function rankField(x: Scale, y: Scale, ranked: Int32Array): Cells {
  const sums = new Float64Array(CELLS * CELLS);
  const counts = new Float64Array(CELLS * CELLS);
  ranked.forEach((row, rank) => {
    const [i, j] = [cellAt(x.place(row)), cellAt(y.place(row))];
    if (i < 0 || j < 0) return;
    sums[i * CELLS + j]! += (rank + 0.5) / ranked.length;
    counts[i * CELLS + j]!++;
  });
  const smooth = (cells: Cells): Cells =>
    smoothed(smoothed(cells, widthFor(x, ranked.length), true), widthFor(y, ranked.length), false);
  const [sum, count] = [smooth(sums), smooth(counts)];
  return sum.map((one, cell) => (count[cell]! < LEAST_SUPPORT ? Number.NaN : one / count[cell]!));
}

/** The colour bar: marks that nobody sees carry its scale. */
function barLayer(plane: Plane): Spec {
  const axes = axesOf(plane);
  return {
    data: { values: [{ px: 0, py: 0, rank: 0 }] },
    mark: { type: "point", opacity: 0 },
    encoding: {
      x: channel("px", axes.x),
      y: channel("py", axes.y),
      color: {
        field: "rank",
        type: "quantitative",
        scale: { domain: [0, 1], range: [...SEQUENTIAL].reverse() },
        legend: colorBar("mean rank (0 best)", plane.height, {
          gradientOpacity: 1,
          values: [0, 0.25, 0.5, 0.75, 1],
          format: ".2~f",
        }),
      },
    },
  };
}

function contourPanel(plane: Plane, ranked: Int32Array, hasBar: boolean): Spec {
  const field = rankField(plane.x, plane.y, ranked);
  const level = (rank: number): number => 1 - (Math.floor(rank * LEVELS) + 0.5) / LEVELS;
  const best = Array.from(
    ranked.subarray(0, MARKED),
    (row) => [plane.x.place(row), plane.y.place(row)] as const,
  );
  return planePanel(plane, [
    pictureLayer(fieldUrl(field, level), plane),
    dots(plane, best, {
      size: 13,
      opacity: 1,
      color: COLOR.orange,
      stroke: "white",
      strokeWidth: 0.6,
    }),
    ...(hasBar ? [barLayer(plane)] : []),
  ]);
}

function pairsOf(parameters: readonly Importance[]): readonly (readonly [Scale, Scale])[] {
  const [a, b, c] = parameters.map(({ scale }) => scale);
  if (a === undefined || b === undefined) return [];
  return c === undefined
    ? [[a, b]]
    : (
        [
          [a, b],
          [a, c],
          [b, c],
        ] as const
      ).slice(0, PAIRS);
}

/** Contours over the pairs of the three most important parameters; undefined with fewer than two. */
export function contours(view: View, parameters: readonly Importance[]): SweepFigure | undefined {
  const pairs = pairsOf(parameters);
  if (pairs.length === 0) return undefined;
  const ranked = view.ranked;
  const width = panelWidth(WIDTH.double, 3, 48);
  const height = Math.round(SIZE * width);
  const panels = pairs.map(([x, y], i) => {
    const axes = { x: axisOf(x), y: axisOf(y) };
    return contourPanel({ x, y, width, height, axes }, ranked, i === pairs.length - 1);
  });
  return sweepFigure(
    "contour",
    {
      title: `Where ${view.metric.name} is good: pairs of parameters`,
      subtitle: `${countWords(view, view.first)}; ${rungWords(view)}`,
      caption: `Local means of the rank of ${view.metric.name}, dark where trials are best; white where there are none. Dots: the best ${String(Math.min(MARKED, ranked.length))} trials.`,
    },
    grid(panels, 3),
  );
}
