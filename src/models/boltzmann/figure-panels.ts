// The panels of a Boltzmann machine's figures, from a history and an evaluation. Captions are in figures.ts.

import { stepAxis } from "../../figures/axes.js";
import { lines, type Rule } from "../../figures/lines.js";
import { panel } from "../../figures/panel.js";
import { channel, compact, type Spec } from "../../figures/spec.js";
import { COLOR, GENERATED_COLOR, REAL_COLOR } from "../../figures/theme.js";
import { layoutOf as drawingOf } from "../../ising/drawing/layout.js";
import { array, lastMetric, lastStep, metricRows, type ShownRun } from "../run-figures.js";
import { layoutOf } from "./topology.js";
import type { BoltzmannConfig } from "./config.js";
import type { IsingGraph } from "../../ising/index.js";

/** All that is known of a run. */
export type Run = ShownRun & { readonly config: BoltzmannConfig };

type Size = { readonly width: number; readonly height: number };

function ruleOf(run: Run, name: string, label: readonly string[]): Rule[] {
  const y = lastMetric(run, name);
  return y === undefined ? [] : [{ y, label, dash: "dashed" }];
}

/** The floor of the L1 norm. */
export function normRules(run: Run): readonly Rule[] {
  return ruleOf(run, "l1Floor", ["floor"]);
}

/** The likelihood of the machine without couplings. */
export function likelihoodRules(run: Run): readonly Rule[] {
  return ruleOf(run, "fieldLikelihood", ["fields", "alone"]);
}

/** L1 norms over the steps. */
export function normPanel(run: Run, { width, height }: Size, letter: string): Spec {
  return lines({
    series: [
      { name: "samples of the training", rows: metricRows(run, "l1Distance"), color: COLOR.blue },
      { name: "little noise", rows: metricRows(run, "l1Smooth"), color: COLOR.vermillion },
    ],
    rules: normRules(run),
    x: stepAxis(lastStep(run), "update"),
    y: { title: "L1 norm", zero: true, tickCount: 5 },
    ...{ width, height, title: `${letter}L1 norm of correlations`, legend: "top-right" },
  });
}

/** Likelihood over the steps. */
export function likelihoodPanel(run: Run, { width, height }: Size, letter: string): Spec {
  return lines({
    series: [
      { name: "log-likelihood", rows: metricRows(run, "logLikelihood"), color: COLOR.green },
    ],
    rules: likelihoodRules(run),
    x: stepAxis(lastStep(run), "update"),
    y: { title: "log-likelihood (nats)", tickCount: 5 },
    ...{ width, height, title: `${letter}Log-likelihood of the data` },
  });
}

const SIGNED = ["#b2182b", "#ffffff", "#2166ac"] as const;

/** Fields and couplings where the graph is drawn. */
export function graphPanel(run: Run, width: number): Spec {
  const graph = graphOf(run);
  const { nodes } = drawingOf(graph);
  const xs = nodes.flatMap(({ x1, x2 }) => [x1, x2]);
  const ys = nodes.flatMap(({ y1, y2 }) => [y1, y2]);
  const span = (values: readonly number[]): [number, number] => [
    Math.min(...values) - 0.6,
    Math.max(...values) + 0.6,
  ];
  const [x, y] = [hidden(span(xs)), hidden(span(ys), true)];
  const [[left, right], [top, bottom]] = [span(xs), span(ys)];
  const height = Math.round((width * (bottom - top)) / (right - left));
  const J = array(run, "couplings");
  const b = array(run, "biases");
  return panel({ width, height }, {}, [
    barLayer(nodes, x, y),
    edgeLayer(graph, nodes, J, x, y),
    fieldLayer(nodes, b, x, y),
  ]);
}

type Bar = ReturnType<typeof drawingOf>["nodes"][number];

/** Qubits that are bars: drawn beneath. */
function barLayer(nodes: readonly Bar[], x: Spec, y: Spec): Spec {
  const long = nodes.filter(({ x1, x2, y1, y2 }) => x1 !== x2 || y1 !== y2);
  return {
    data: { values: long.map((bar) => ({ ...bar })) },
    mark: { type: "rule", strokeWidth: 5, strokeCap: "round", color: "#e4e4e4" },
    encoding: { ...ends(x, y) },
  };
}

function edgeLayer(
  { edges }: IsingGraph,
  nodes: readonly Bar[],
  J: readonly number[],
  x: Spec,
  y: Spec,
): Spec {
  const most = J.reduce((a, value) => Math.max(a, Math.abs(value)), 0) || 1;
  const rows = J.map((value, e) => {
    const [a, b] = edgeEnds(nodes[edges[2 * e]!]!, nodes[edges[2 * e + 1]!]!);
    return {
      x1: a[0],
      y1: a[1],
      x2: b[0],
      y2: b[1],
      J: compact(value),
      size: Math.abs(value) / most,
    };
  }).sort((a, b) => a.size - b.size);
  return {
    data: { values: rows },
    mark: { type: "rule", strokeCap: "round" },
    encoding: {
      ...ends(x, y),
      strokeWidth: {
        field: "size",
        type: "quantitative",
        scale: { domain: [0, 1], range: [0.2, 5] },
        legend: null,
      },
      strokeOpacity: {
        field: "size",
        type: "quantitative",
        scale: { domain: [0, 1], range: [0.15, 0.95] },
        legend: null,
      },
      color: signed("J", most, "coupling"),
    },
  };
}

/** Where bars cross a coupling is a short stroke there; parallel bars and points are joined. */
function edgeEnds(a: Bar, b: Bar): [readonly [number, number], readonly [number, number]] {
  const upright = ({ x1, x2 }: Bar): boolean => x1 === x2;
  const isBar = ({ x1, x2, y1, y2 }: Bar): boolean => x1 !== x2 || y1 !== y2;
  if (isBar(a) && isBar(b) && upright(a) !== upright(b)) {
    const at = upright(a) ? [a.x1, b.y1] : [b.x1, a.y1];
    return [
      [at[0]! - 0.28, at[1]! + 0.28],
      [at[0]! + 0.28, at[1]! - 0.28],
    ];
  }
  if (isBar(a) && isBar(b)) {
    const nearest = upright(a)
      ? ([a.x1, a.y2, b.x1, b.y1] as const)
      : ([a.x2, a.y1, b.x1, b.y1] as const);
    return [
      [nearest[0], nearest[1]],
      [nearest[2], nearest[3]],
    ];
  }
  return [
    [a.x1, a.y1],
    [b.x1, b.y1],
  ];
}

function fieldLayer(nodes: readonly Bar[], b: readonly number[], x: Spec, y: Spec): Spec {
  const most = b.reduce((a, value) => Math.max(a, Math.abs(value)), 0) || 1;
  const rows = nodes.map(({ x1, y1, x2, y2 }, i) => ({
    ...{ x1: x1 + 0.12 * (x2 - x1), y1: y1 + 0.12 * (y2 - y1) },
    b: compact(b[i] ?? 0),
  }));
  return {
    data: { values: rows },
    mark: { type: "circle", size: 60, opacity: 1, stroke: "#333333", strokeWidth: 0.6 },
    encoding: {
      x: { ...x, field: "x1" },
      y: { ...y, field: "y1" },
      fill: signed("b", most, "field"),
    },
  };
}

function signed(field: string, most: number, title: string): Spec {
  return {
    field,
    type: "quantitative",
    // Halfway colours of the default interpolation are not those of either end.
    scale: { domain: [-most, 0, most], range: SIGNED, interpolate: "rgb" },
    legend: {
      title,
      orient: "bottom",
      gradientLength: 100,
      gradientThickness: 7,
      tickCount: 3,
      labelFlush: true,
      labelOverlap: "greedy",
      offset: 6,
    },
  };
}

function hidden(domain: readonly [number, number], flipped = false): Spec {
  return {
    type: "quantitative",
    axis: null,
    scale: { domain: flipped ? [domain[1], domain[0]] : domain, nice: false, zero: false },
  };
}

function ends(x: Spec, y: Spec): Spec {
  return {
    x: { ...x, field: "x1" },
    y: { ...y, field: "y1" },
    x2: { field: "x2" },
    y2: { field: "y2" },
  };
}

function graphOf({ config, evaluation }: Run): IsingGraph {
  const size = evaluation.arrays["imageSize"];
  const image = size === undefined ? null : { height: size[0]!, width: size[1]! };
  const width = image === null ? evaluation.columns.length : image.height * image.width;
  return layoutOf(config, width, image).graph;
}

/** Images side by side, up pixels dark. */
export function imagePanel(run: Run, name: string, width: number, title: string): Spec {
  const [height = 1, across = 1] = array(run, "imageSize");
  const values = array(run, name);
  const count = values.length / (height * across);
  const columns = Math.min(8, count);
  const rows = Math.ceil(count / columns);
  const cells = values.map((value, at) => {
    const [k, pixel] = [Math.floor(at / (height * across)), at % (height * across)];
    return {
      x: (k % columns) * (across + 1) + (pixel % across),
      y: Math.floor(k / columns) * (height + 1) + Math.floor(pixel / across),
      value,
    };
  });
  return pixels(cells, {
    across: columns * (across + 1) - 1,
    down: rows * (height + 1) - 1,
    width,
    title,
    color: name === "imagesData" ? REAL_COLOR : GENERATED_COLOR,
  });
}

/** One image of means. */
export function meanPanel(run: Run, name: string, width: number, title: string): Spec {
  const [height = 1, across = 1] = array(run, "imageSize");
  const cells = array(run, name).map((value, pixel) => ({
    x: pixel % across,
    y: Math.floor(pixel / across),
    value: compact(value),
  }));
  return pixels(cells, {
    across,
    down: height,
    width,
    title,
    color: name === "meanData" ? REAL_COLOR : GENERATED_COLOR,
  });
}

type Raster = {
  readonly across: number;
  readonly down: number;
  readonly width: number;
  readonly title: string;
  readonly color: string;
};

function pixels(
  cells: readonly { readonly x: number; readonly y: number; readonly value: number }[],
  { across, down, width, title, color }: Raster,
): Spec {
  const boxes = cells.map(({ x, y, value }) => ({ x, x2: x + 1, y, y2: y + 1, value }));
  return panel({ width, height: Math.round((width * down) / across) }, { title }, [
    {
      data: { values: boxes },
      mark: { type: "rect", stroke: "#ffffff", strokeWidth: 0.4 },
      encoding: {
        x: { ...hidden([0, across]), field: "x" },
        x2: { field: "x2" },
        y: { ...hidden([0, down], true), field: "y" },
        y2: { field: "y2" },
        color: {
          field: "value",
          type: "quantitative",
          scale: { domain: [-1, 1], range: ["#efefef", color] },
          legend: null,
        },
      },
    },
  ]);
}

/** The model's covariance of every pair against the data's. */
export function covariancePanel(run: Run, size: number): Spec {
  const [data, model] = [array(run, "covarianceData"), array(run, "covarianceModel")];
  const [low, high] = [Math.min(0, ...data, ...model), Math.max(0, ...data, ...model)];
  const room = 0.04 * (high - low) || 1;
  const domain = [low - room, high + room] as const;
  const x = { title: "covariance in the data", domain, tickCount: 5 };
  const y = { title: "covariance in the model", domain, tickCount: 5 };
  const points = data.map((value, pair) => ({
    data: compact(value),
    model: compact(model[pair] ?? Number.NaN),
  }));
  return panel({ width: size, height: size }, {}, [
    {
      data: { values: [{ a: domain[0], b: domain[1] }] },
      mark: { type: "rule", color: "#999999", strokeWidth: 0.75 },
      encoding: { x: channel("a", x), y: channel("a", y), x2: { field: "b" }, y2: { field: "b" } },
    },
    {
      data: { values: points },
      mark: { type: "circle", size: 9, opacity: 0.6, color: GENERATED_COLOR },
      encoding: { x: channel("data", x), y: channel("model", y) },
    },
  ]);
}
