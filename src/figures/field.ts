// A panel of a number at every place of a square grid: a surface seen from above. Histograms are in heatmap.ts.

import { panel } from "./panel.js";
import { channel, compact } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { SEQUENTIAL } from "./theme.js";

/** Values on a grid with equal steps on both axes. */
export type Field = {
  /** Places along each axis, ascending; cells are centred on them. */
  readonly places: readonly number[];
  /** Row-major: the place along x counts rows. */
  readonly values: readonly number[];
  readonly x: Axis;
  readonly y: Axis;
  /** Side of the square panel in pixels. */
  readonly size: number;
  readonly colorTitle: string;
  readonly title?: string | undefined;
};

/** Cells reach under the next ones: no background shows through the seams. */
const SEAM = 0.4;

/** A field as coloured cells, dark where it is large. */
export function field(parts: Field): Spec {
  return panel({ width: parts.size, height: parts.size }, parts, [cellLayer(parts)]);
}

function cellLayer(parts: Field): Spec {
  return {
    data: { values: cells(parts) },
    mark: { type: "rect", x2Offset: SEAM, y2Offset: -SEAM, clip: true },
    encoding: {
      x: channel("x", parts.x),
      x2: { field: "x2" },
      y: channel("y", parts.y),
      y2: { field: "y2" },
      color: {
        field: "value",
        type: "quantitative",
        scale: { range: SEQUENTIAL, zero: false },
        legend: {
          orient: "right",
          title: parts.colorTitle,
          titleOrient: "right",
          titleAnchor: "middle",
          direction: "vertical",
          gradientLength: parts.size,
          gradientThickness: 7,
          tickCount: 4,
          offset: 8,
        },
      },
    },
  };
}

function cells({ places, values }: Field): Record<string, number>[] {
  const half = ((places[1] ?? 1) - (places[0] ?? 0)) / 2;
  const count = places.length;
  return values.map((value, cell) => {
    const [x, y] = [places[Math.floor(cell / count)]!, places[cell % count]!];
    const box = { x: x - half, x2: x + half, y: y - half, y2: y + half };
    const compacted = Object.entries(box).map(([name, edge]) => [name, compact(edge)]);
    return { ...(Object.fromEntries(compacted) as typeof box), value: compact(value) };
  });
}
