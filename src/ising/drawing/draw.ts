// Graphs, models and states as SVG: colours and marks. Where things are drawn is in layout.ts.

import { ShapeError } from "../../errors.js";
import { layoutOf } from "./layout.js";
import type { IsingGraph } from "../graph.js";
import type { Bar, Layout } from "./layout.js";

/** What {@link draw} shows beside the graph. */
export type DrawOptions = {
  /** ±1 for each node: filled by sign; 0 stays empty. */
  readonly spins?: ArrayLike<number>;
  /** `[n]`: filled by sign and size, if no spins are given. */
  readonly biases?: ArrayLike<number>;
  /** `[E]`: coloured by sign, as wide as large. */
  readonly couplings?: ArrayLike<number>;
  /** Width of the picture in pixels. Default 640. */
  readonly width?: number;
};

const UP = "#2166ac";
const DOWN = "#b2182b";
const PLAIN = "#8a94a0";
const INK = "#27313b";
const PAPER = "#ffffff";

type Style = {
  readonly fill: (node: number) => string;
  /** Colour and width of an edge, in units of the layout. */
  readonly edge: (e: number) => { readonly colour: string; readonly size: number };
};

/**
 * A picture of a graph: Chimera, Pegasus and Zephyr as the crossing qubits they are, with a dot for each coupler between
 * crossing ones; rectangular lattices in rows; others as sides or a circle. Blue is positive, red negative.
 *
 * @param of - the graph
 * @param options - a state, biases, couplings to show
 * @returns an SVG document
 * @throws ShapeError if a list does not fit the graph
 */
export function draw(of: IsingGraph, options: DrawOptions = {}): string {
  const { width = 640 } = options;
  checkLength("spins", options.spins, of.n);
  checkLength("biases", options.biases, of.n);
  checkLength("couplings", options.couplings, of.edges.length / 2);
  const layout = layoutOf(of);
  const style = styleOf(options);
  const box = boundsOf(layout.nodes);
  const height = Math.round((width * box.height) / box.width);
  const parts =
    layout.kind === "bars" ? barDrawing(of, layout, style) : pointDrawing(of, layout, style);
  const view = [box.x, box.y, box.width, box.height].map(short).join(" ");
  const title = `${of.name}: ${of.n} nodes, ${of.edges.length / 2} edges`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view}" role="img">
<title>${escaped(title)}</title>
<rect x="${short(box.x)}" y="${short(box.y)}" width="${short(box.width)}" height="${short(box.height)}" fill="${PAPER}"/>
${parts.join("\n")}
</svg>
`;
}

function checkLength(name: string, values: ArrayLike<number> | undefined, length: number): void {
  if (values === undefined || values.length === length) return;
  throw new ShapeError(
    `draw: argument \`${name}\` must have ${length} entries, but has ${values.length}.`,
  );
}

function styleOf({ spins, biases, couplings }: DrawOptions): Style {
  const values = spins ?? biases;
  const nodeScale = largest(values);
  const edgeScale = largest(couplings);
  return {
    fill: (node) => (values === undefined ? PAPER : shade(values[node]! / nodeScale)),
    edge: (e) => {
      if (couplings === undefined) return { colour: PLAIN, size: 0.5 };
      const value = couplings[e]! / edgeScale;
      const colour = value === 0 ? PLAIN : value > 0 ? UP : DOWN;
      return { colour, size: 0.2 + 0.8 * Math.abs(value) };
    },
  };
}

function largest(values: ArrayLike<number> | undefined): number {
  const sizes = Array.from(values ?? [], Math.abs);
  return sizes.reduce((a, b) => Math.max(a, b), 0) || 1;
}

/** From paper to blue for 0 … 1, to red for 0 … −1. */
function shade(value: number): string {
  const full = value >= 0 ? UP : DOWN;
  const parts = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(full.slice(at, at + 2), 16);
    return Math.round(255 + (channel - 255) * Math.abs(value));
  });
  return `rgb(${parts.join(",")})`;
}

function boundsOf(nodes: readonly Bar[]): { x: number; y: number; width: number; height: number } {
  const margin = 1;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x1, y1, x2, y2 } of nodes) {
    [left, top] = [Math.min(left, x1), Math.min(top, y1)];
    [right, bottom] = [Math.max(right, x2), Math.max(bottom, y2)];
  }
  const [x, y] = [left - margin, top - margin];
  return { x, y, width: right - left + 2 * margin, height: bottom - top + 2 * margin };
}

/** Qubits as bars with an outline; couplers as dots on crossings and as links between parallel bars. */
function barDrawing(of: IsingGraph, { nodes }: Layout, style: Style): string[] {
  const qubits = nodes.map((bar, node) => [
    segment(bar, INK, 0.62),
    segment(bar, style.fill(node), 0.5),
  ]);
  // Level qubits lie over upright ones.
  const layer = (flag: boolean): string[] =>
    qubits.filter((_, i) => upright(nodes[i]!) === flag).flat();
  const links: string[] = [];
  const dots: string[] = [];
  forEachEdge(of, (u, v, e) => {
    const { colour, size } = style.edge(e);
    const crossing = crossingOf(nodes[u]!, nodes[v]!);
    if (crossing === undefined) {
      links.push(segment(linkOf(nodes[u]!, nodes[v]!), colour, 0.12 + 0.25 * size));
    } else dots.push(dot(crossing, 0.1 + 0.2 * size, colour));
  });
  return [
    group(layer(true), 'stroke-linecap="round"'),
    group(layer(false), 'stroke-linecap="round"'),
    group(links, 'stroke-linecap="round"'),
    group(dots, `stroke="${PAPER}" stroke-width="0.06"`),
  ];
}

function pointDrawing(of: IsingGraph, { nodes, wraps }: Layout, style: Style): string[] {
  const dense = of.edges.length / 2 > 4 * of.n;
  const edges: string[] = [];
  forEachEdge(of, (u, v, e) => {
    const { colour, size } = style.edge(e);
    const width = (dense ? 0.03 : 0.06) + 0.08 * size * (dense ? 0.5 : 1);
    const [a, b] = [nodes[u]!, nodes[v]!];
    if (!wraps(u, v)) edges.push(segment({ ...a, x2: b.x1, y2: b.y1 }, colour, width));
    else edges.push(...[stub(a, b), stub(b, a)].map((bar) => segment(bar, colour, width)));
  });
  const dots = nodes.map(
    ({ x1, y1 }, node) =>
      `<circle cx="${short(x1)}" cy="${short(y1)}" r="0.24" fill="${style.fill(node)}"/>`,
  );
  return [
    group(edges, `stroke-linecap="round"${dense ? ' stroke-opacity="0.6"' : ""}`),
    group(dots, `stroke="${INK}" stroke-width="0.06"`),
  ];
}

/** A short line that points away from where the edge comes back. */
function stub(from: Bar, to: Bar): Bar {
  const [dx, dy] = [from.x1 - to.x1, from.y1 - to.y1];
  const scale = 0.6 / Math.hypot(dx, dy);
  return { ...from, x2: from.x1 + dx * scale, y2: from.y1 + dy * scale };
}

const upright = ({ x1, x2 }: Bar): boolean => x1 === x2;

function crossingOf(a: Bar, b: Bar): readonly [x: number, y: number] | undefined {
  if (upright(a) === upright(b)) return undefined;
  return upright(a) ? [a.x1, b.y1] : [b.x1, a.y1];
}

/** Between the nearest ends of bars on one line; across the middle of what parallel bars share. */
function linkOf(a: Bar, b: Bar): Bar {
  const turned = upright(a);
  const [across1, across2] = turned ? [a.x1, b.x1] : [a.y1, b.y1];
  const spans = [a, b].map((bar) => (turned ? [bar.y1, bar.y2] : [bar.x1, bar.x2]));
  const from = Math.max(spans[0]![0]!, spans[1]![0]!);
  const to = Math.min(spans[0]![1]!, spans[1]![1]!);
  const middle = (from + to) / 2;
  const [along1, along2] = across1 === across2 ? [to, from] : [middle, middle];
  return turned
    ? { x1: across1, y1: along1, x2: across2, y2: along2 }
    : { x1: along1, y1: across1, x2: along2, y2: across2 };
}

function forEachEdge(
  { edges }: IsingGraph,
  visit: (u: number, v: number, e: number) => void,
): void {
  for (let e = 0; 2 * e < edges.length; e++) visit(edges[2 * e]!, edges[2 * e + 1]!, e);
}

function segment({ x1, y1, x2, y2 }: Bar, colour: string, width: number): string {
  return `<path d="M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}" stroke="${colour}" stroke-width="${short(width)}"/>`;
}

function dot([x, y]: readonly [number, number], radius: number, colour: string): string {
  return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${colour}"/>`;
}

function group(parts: readonly string[], attributes = ""): string {
  return `<g ${attributes}>${parts.join("")}</g>`;
}

function short(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
