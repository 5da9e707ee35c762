// Where the nodes of a graph are drawn: hardware lattices as crossing bars, as their qubits lie on the chip, others as points.

import { chimeraPlace } from "../topologies/chimera.js";
import { PEGASUS_SHIFTS, pegasusPlace } from "../topologies/pegasus.js";
import { zephyrPlace } from "../topologies/zephyr.js";
import { labelOf } from "../parts.js";
import type { IsingGraph } from "../graph.js";

/** A node as a straight bar, upright or level; a point is a bar without length. */
export type Bar = {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};

/** A drawing's geometry, in units of its own. */
export type Layout = {
  readonly kind: "bars" | "points";
  readonly nodes: readonly Bar[];
  /** Whether an edge leaves at one side and comes back at the other. */
  wraps(u: number, v: number): boolean;
};

const never = (): boolean => false;

/** The layout of a graph: that of its lattice, else a circle. */
export function layoutOf(of: IsingGraph): Layout {
  const { lattice } = of;
  switch (lattice?.kind) {
    case "chimera": {
      const { n, t } = lattice;
      return bars(of, (label) => chimeraBar(label, n, t));
    }
    case "pegasus":
      return bars(of, (label) => pegasusBar(label, lattice.m));
    case "zephyr":
      return bars(of, (label) => zephyrBar(label, lattice.m, lattice.t));
    case "bipartite":
      return points(of, (label) => sidePoint(label, lattice.left, lattice.right));
    case "grid":
      return points(of, (label) => rectangularPoint(label, lattice.dims));
    case "torus":
      return lattice.dims.length === 1 ? circle(of) : periodic(of, lattice.dims);
    case "complete":
    case undefined:
      return circle(of);
  }
}

function bars(of: IsingGraph, barOf: (label: number) => Bar): Layout {
  const nodes = Array.from({ length: of.n }, (_, node) => barOf(labelOf(of, node)));
  return { kind: "bars", nodes, wraps: never };
}

function points(
  of: IsingGraph,
  pointOf: (label: number) => readonly [x: number, y: number],
  wraps: (u: number, v: number) => boolean = never,
): Layout {
  const nodes = Array.from({ length: of.n }, (_, node) => {
    const [x, y] = pointOf(labelOf(of, node));
    return { x1: x, y1: y, x2: x, y2: y };
  });
  return { kind: "points", nodes, wraps };
}

function line(upright: boolean, across: number, from: number, to: number): Bar {
  return upright
    ? { x1: across, y1: from, x2: across, y2: to }
    : { x1: from, y1: across, x2: to, y2: across };
}

/** Cells of t + 2 tracks, of which the outer two stay free. */
function chimeraBar(label: number, n: number, t: number): Bar {
  const { i, j, u, k } = chimeraPlace(label, n, t);
  const pitch = t + 2;
  const [along, across] = u === 0 ? [i, j] : [j, i];
  return line(u === 0, across * pitch + k + 1.5, along * pitch + 0.6, (along + 1) * pitch - 0.6);
}

function pegasusBar(label: number, m: number): Bar {
  const { u, w, k, z } = pegasusPlace(label, m);
  const from = 12 * z + PEGASUS_SHIFTS[u]![k]!;
  return line(u === 0, 12 * w + k, from - 0.2, from + 11.2);
}

/** The two shifts of a tile overlap along their line and are drawn side by side. */
function zephyrBar(label: number, m: number, t: number): Bar {
  const { u, w, k, j, z } = zephyrPlace(label, m, t);
  const pitch = 2 * t + 1;
  const from = (2 * z + j) * pitch;
  return line(u === 0, w * pitch + 2 * k + j + 1, from + 0.5, from + 2 * pitch - 0.5);
}

function sidePoint(label: number, left: number, right: number): readonly [number, number] {
  const height = Math.max(left, right);
  const [side, at, size] = label < left ? [0, label, left] : [1, label - left, right];
  return [side * Math.max(2, height * 0.6), ((at + 0.5) * height) / size];
}

/** Rows down and columns across; further axes go up to the right. */
function rectangularPoint(label: number, dims: readonly number[]): readonly [number, number] {
  const place = placeOf(label, dims);
  const [column, row = 0, ...rest] = place.reverse();
  const sizes = [...dims].reverse();
  const pitch = dims.length > 2 ? 1.8 : 1;
  let [x, y, step] = [pitch * column!, pitch * row, 0.6];
  rest.forEach((layer, d) => {
    x += layer * step;
    y -= layer * step * 0.8;
    step *= 1.2 * sizes[d + 2]!;
  });
  return [x, y];
}

function placeOf(label: number, dims: readonly number[]): number[] {
  const place: number[] = [];
  let rest = label;
  for (const length of [...dims].reverse()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}

function periodic(of: IsingGraph, dims: readonly number[]): Layout {
  const wraps = (u: number, v: number): boolean => {
    const [a, b] = [placeOf(labelOf(of, u), dims), placeOf(labelOf(of, v), dims)];
    return a.some((x, d) => Math.abs(x - b[d]!) > 1);
  };
  return points(of, (label) => rectangularPoint(label, dims), wraps);
}

/** The first node on top, clockwise. */
function circle(of: IsingGraph): Layout {
  const radius = Math.max(1, of.n / (2 * Math.PI)) * 1.2;
  const nodes = Array.from({ length: of.n }, (_, node) => {
    const angle = (2 * Math.PI * node) / of.n;
    const [x, y] = [radius * Math.sin(angle), -radius * Math.cos(angle)];
    return { x1: x, y1: y, x2: x, y2: y };
  });
  return { kind: "points", nodes, wraps: never };
}
