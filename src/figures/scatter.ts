// A panel of point clouds on common axes. Thins the clouds: beyond some hundreds of dots each, ink hides the shape.

import { legendAt, panel } from "./panel.js";
import type { LegendPlace } from "./panel.js";
import { channel } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { PALETTE } from "./theme.js";

/** One cloud of points. */
export type Cloud = {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly color?: string;
};

/** Clouds of one panel. */
export type Scatter = {
  readonly clouds: readonly Cloud[];
  readonly x: Axis;
  readonly y: Axis;
  readonly width: number;
  readonly height: number;
  readonly title?: string | undefined;
  readonly legend?: LegendPlace;
};

const MOST_POINTS = 750;

/** Overlaid point clouds with a legend. */
export function scatter(parts: Scatter): Spec {
  return panel(parts, parts, [pointLayer(parts)]);
}

function pointLayer(parts: Scatter): Spec {
  return {
    data: { values: interleaved(parts.clouds) },
    mark: { type: "circle", size: 6, opacity: 0.6, clip: true },
    encoding: {
      x: channel("x", parts.x),
      y: channel("y", parts.y),
      color: {
        field: "series",
        type: "nominal",
        scale: {
          domain: parts.clouds.map((cloud) => cloud.name),
          range: parts.clouds.map((cloud, i) => cloud.color ?? PALETTE[i % PALETTE.length]),
        },
        legend: legendAt(parts.legend ?? "top", "circle"),
      },
    },
  };
}

/** Takes turns between the clouds, so that none covers the other. */
function interleaved(clouds: readonly Cloud[]): Record<string, number | string>[] {
  const rows = clouds.map(rowsOf);
  const longest = Math.max(0, ...rows.map((cloud) => cloud.length));
  return Array.from({ length: longest }, (_, i) => rows.map((cloud) => cloud[i]))
    .flat()
    .filter((row) => row !== undefined);
}

function rowsOf({ name, points }: Cloud): Record<string, number | string>[] {
  return points.slice(0, MOST_POINTS).map(([x, y]) => ({ series: name, x: fixed(x), y: fixed(y) }));
}

/** A tenth of a pixel is finer than this on every axis of order one. */
function fixed(value: number): number {
  return Number(value.toPrecision(5));
}
