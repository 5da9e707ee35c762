// The figure of the costs: throughput over the batch, with crossings.

import {
  COLOR,
  decadeAxis,
  decadesOf,
  figure,
  grid,
  letter,
  lines,
  markLayers,
  panelWidth,
  WIDTH,
  withLayers,
} from "../../src/figures/index.js";
import { costCurve, crossings } from "./crossings.js";
import { rowsOf, select } from "./records.js";
import type { Mark, Series, Spec } from "../../src/figures/index.js";
import type { PointRecord } from "../campaign/store.js";
import type { Row } from "../harness.js";
import type { Curve } from "./crossings.js";
import type { SuiteFigure } from "./figures.js";

const HEIGHT = 190;
const TASKS = ["value", "value and gradient"] as const;

type Look = {
  readonly name: string;
  readonly wanted: Row;
  readonly color: string;
  readonly dash?: number[];
};

const one = { backend: "wasm", threads: 1 };

/** Curves of a panel; those of the machine's other cores are dashed. */
function looksOf(rows: readonly Row[]): Look[] {
  const threads = Math.max(1, ...rows.map((row) => Number(row["threads"])));
  const several = { backend: "wasm", threads };
  const more: Look[] =
    threads === 1
      ? []
      : [
          {
            name: `effective, ${String(threads)} threads`,
            wanted: { path: "effective", gamma: 100, ...several },
            color: COLOR.blue,
            dash: [4, 2],
          },
          {
            name: `exact, Γ = 100, ${String(threads)} threads`,
            wanted: { path: "exact", gamma: 100, ...several },
            color: COLOR.vermillion,
            dash: [4, 2],
          },
        ];
  return [
    { name: "limit", wanted: { path: "limit", gamma: 100, ...one }, color: COLOR.sky },
    { name: "effective", wanted: { path: "effective", gamma: 100, ...one }, color: COLOR.blue },
    {
      name: "exact, Γ = 100",
      wanted: { path: "exact", gamma: 100, ...one },
      color: COLOR.vermillion,
    },
    { name: "exact, Γ = 10", wanted: { path: "exact", gamma: 10, ...one }, color: COLOR.orange },
    {
      name: "steadyState (Lindblad)",
      wanted: { path: "Lindblad", gamma: 100, ...one },
      color: COLOR.green,
    },
    ...more,
  ];
}

const speed = (curve: Curve): Curve => curve.map(({ x, y }) => ({ x, y: 1e6 / y }));

/** Crossings between any two of the curves. */
function crossingMarks(curves: readonly Curve[]): Mark[] {
  const found = curves.flatMap((a, i) => curves.slice(i + 1).flatMap((b) => crossings(a, b)));
  return found.map(({ x, y }) => ({ at: [x, y], shape: "open" }));
}

/** Throughput over the batch for two inputs. */
export function batchScaling(records: readonly PointRecord[]): SuiteFigure | undefined {
  const N = 2;
  const rows = select(rowsOf(records, "cost"), { N });
  if (rows.length === 0) return undefined;
  const looks = looksOf(rows);
  const range = decadesOf(rows.map((row) => Number(row["samples/s"])));
  const size = { width: panelWidth(WIDTH.double, 2), height: HEIGHT };
  const panels = TASKS.map((task, i): Spec => {
    const x = decadeAxis("batch (networks in one call)", [0, 5]);
    const y = decadeAxis("steady states per second", range);
    const curves = looks.map(({ wanted }) => speed(costCurve(rows, { ...wanted, task })));
    const series = looks.map(({ name, color, dash }, at): Series => {
      const points = curves[at]!.map(({ x: batch, y: rate }) => ({ x: batch, values: [rate] }));
      return { name, color, rows: points, ...(dash && { dash, companion: true }) };
    });
    const title = `${letter(i)}${task}`;
    const panel = lines({ series, x, y, ...size, title });
    return withLayers(panel, markLayers(crossingMarks(curves), { x, y }));
  });
  return {
    name: "batch-scaling",
    caption:
      "Steady states per second over the batch, N = 2, every network with its own couplings. Open circles: where curves cross. In small batches the cost of a call counts and the paths differ little; in large ones the equation counts.",
    spec: figure({
      body: grid(panels, 2, { sharedLegend: true }),
      title: "Throughput over the batch, N = 2",
      subtitle:
        "Fastest of several repetitions; one thread, dashed: all threads; open circles: crossings.",
      width: WIDTH.double,
      description: "Steady states per second over the batch for every path",
    }),
  };
}
