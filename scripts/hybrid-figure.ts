// Draws the comparison of circuits in benchmarks/results/hybrid-acceptance.json to docs/images/hybrid-circuits.png.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { logAxis } from "../src/figures/axes.js";
import { figure } from "../src/figures/figure.js";
import { panel } from "../src/figures/panel.js";
import { renderPng } from "../src/figures/png.js";
import { renderSvg } from "../src/figures/render.js";
import { channel } from "../src/figures/spec.js";
import { PALETTE, WIDTH } from "../src/figures/theme.js";
import type { Report } from "../benchmarks/harness.js";
import type { Axis, Spec } from "../src/figures/spec.js";

const root = fileURLToPath(new URL("..", import.meta.url));

type Mark = {
  readonly circuit: string;
  readonly place: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
};

/** One mark for each row: circuits side by side at their depth, those without layers before them. */
function marksOf({ rows }: Pick<Report, "rows">): Mark[] {
  const depth = (row: Report["rows"][number]): number => Number(row["layers"] ?? 0);
  const sorted = [...rows].sort((a, b) => depth(a) - depth(b));
  return sorted.map((row) => ({
    circuit: String(row["circuit"]),
    place: placeOf(depth(row)),
    median: Number(row["W1 median"]),
    min: Number(row["W1 min"]),
    max: Number(row["W1 max"]),
  }));
}

function placeOf(depth: number): string {
  if (depth === 0) return "notebook";
  return depth === 1 ? "1 layer" : `${String(depth)} layers`;
}

function layers(marks: readonly Mark[], y: Axis): Spec[] {
  const circuits = [...new Set(marks.map((mark) => mark.circuit))];
  const shared = {
    x: {
      field: "place",
      type: "nominal",
      sort: [...new Set(marks.map((mark) => mark.place))],
      axis: { title: null, labelAngle: 0 },
    },
    xOffset: { field: "circuit", type: "nominal", sort: circuits },
    color: {
      field: "circuit",
      type: "nominal",
      scale: { domain: circuits, range: circuits.map((_, i) => PALETTE[i % PALETTE.length]) },
      legend: { orient: "right", symbolType: "stroke" },
    },
  };
  const data = { values: marks };
  return [
    { data, mark: { type: "rule", strokeWidth: 1.5 }, encoding: { ...shared, y: channel("min", y), y2: { field: "max" } } }, // prettier-ignore
    { data, mark: { type: "point", filled: true, size: 30, opacity: 1 }, encoding: { ...shared, y: channel("median", y) } }, // prettier-ignore
  ];
}

/** The comparison as a figure. */
export function hybridFigure(report: Pick<Report, "rows">): Spec {
  const marks = marksOf(report);
  const y = logAxis("Wasserstein-1 distance", marks.flatMap(({ min, max }) => [min, max])); // prettier-ignore
  return figure({
    title: "Hybrid QGAN: circuits by depth",
    subtitle: "median (dot) and range of 10 seeds; N(0, 0.2), 2 qubits",
    description:
      "Wasserstein-1 distances of trained hybrid QGANs to their data, for presets and for ansätze by number of layers.",
    width: WIDTH.double,
    body: panel({ width: 440, height: 190 }, {}, layers(marks, y)),
  });
}

async function main(): Promise<void> {
  const path = `${root}/benchmarks/results/hybrid-acceptance.json`;
  const report = JSON.parse(readFileSync(path, "utf8")) as Report;
  const svg = await renderSvg(hybridFigure(report));
  writeFileSync(`${root}/docs/images/hybrid-circuits.png`, await renderPng(svg));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
