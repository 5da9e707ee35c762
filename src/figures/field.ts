// A panel of a number at every place of a square grid: a surface seen from above. Histograms are in heatmap.ts.

import { cellLayer, colorBar } from "./cells.js";
import { panel } from "./panel.js";
import { compact } from "./spec.js";
import type { Axis, Spec } from "./spec.js";

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

/** A field as coloured cells, dark where it is large. */
export function field(parts: Field): Spec {
  const { x, y, size, colorTitle } = parts;
  return panel({ width: size, height: size }, parts, [
    cellLayer({
      ...{ values: cells(parts), x, y, field: "value" },
      scale: { zero: false },
      legend: colorBar(colorTitle, size),
    }),
  ]);
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
