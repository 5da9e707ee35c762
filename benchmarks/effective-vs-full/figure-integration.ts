// Figures of integration to the steady state: work against precision, and steps over Γ.

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
import { METHODS } from "./integration.js";
import { numberOf, rowsOf, select, valuesOf } from "./records.js";
import type { Mark, Series, Spec } from "../../src/figures/index.js";
import type { PointRecord } from "../campaign/store.js";
import type { Row } from "../harness.js";
import type { SuiteFigure } from "./figures.js";

const HEIGHT = 170;
const COLORS: Readonly<Record<(typeof METHODS)[number], string>> = {
  rk4: COLOR.orange,
  split: COLOR.purple,
  rouchon2: COLOR.sky,
  dopri5: COLOR.vermillion,
  expm: COLOR.green,
};
const SOLVERS = [
  { name: "steadyState", path: "Lindblad", color: COLOR.black },
  { name: "network, exact", path: "exact", color: COLOR.blue },
] as const;

/** A solver as a single point: it has no setting. */
function solverSeries(records: readonly PointRecord[], N: number, gamma: number): Series[] {
  const cost = rowsOf(records, "cost");
  return SOLVERS.map(({ name, path, color }) => {
    // The general solver factors a matrix whose size does not depend on Γ.
    const at = path === "Lindblad" ? 100 : gamma;
    const wanted = { path, N, gamma: at, task: "value", backend: "wasm", threads: 1, batch: 16 };
    const row = select(cost, wanted)[0];
    const rows =
      row === undefined
        ? []
        : [{ x: numberOf(row, "µs per sample") / 1000, values: [numberOf(row, "state error")] }];
    return { name, color, rows };
  });
}

function methodSeries(rows: readonly Row[]): Series[] {
  return METHODS.map((method) => {
    const good = select(rows, { method }).filter((row) => row["failed"] === 0);
    const points = good.map((row) => ({
      x: numberOf(row, "ms per network"),
      values: [numberOf(row, "largest error")],
    }));
    return { name: method, color: COLORS[method], rows: points };
  });
}

/** Settings that gave no state, at the top of the panel. */
function failedMarks(rows: readonly Row[], x: (row: Row) => number, top: number): Mark[] {
  return rows
    .filter((row) => row["failed"] !== 0)
    .map((row) => {
      const color = COLORS[row["method"] as (typeof METHODS)[number]];
      return { at: [x(row), top], shape: "cross", color };
    });
}

function kindsOf(rows: readonly Row[]): { N: number; gamma: number }[] {
  return valuesOf(rows, "N").flatMap((N) =>
    valuesOf(rows, "gamma").map((gamma) => ({ N: Number(N), gamma: Number(gamma) })),
  );
}

/** Error against time, one panel for each N and Γ. */
export function workPrecision(records: readonly PointRecord[]): SuiteFigure | undefined {
  const rows = select(rowsOf(records, "integration"), { lifetimes: 16 });
  const kinds = kindsOf(rows).filter(({ N }) => N < 3);
  if (kinds.length === 0) return undefined;
  const range = decadesOf([
    ...rows.filter((row) => Number(row["N"]) < 3).map((row) => numberOf(row, "ms per network")),
    3e-4,
  ]);
  const size = { width: panelWidth(WIDTH.double, 2), height: HEIGHT };
  const panels = kinds.map(({ N, gamma }, i): Spec => {
    const here = select(rows, { N, gamma });
    const x = decadeAxis("time per network (ms)", range);
    const y = decadeAxis("largest trace distance", [-8, 0]);
    const series = [...methodSeries(here), ...solverSeries(records, N, gamma)];
    const title = `${letter(i)}N = ${String(N)}, Γ = ${String(gamma)}`;
    const failed = failedMarks(here, (row) => numberOf(row, "ms per network"), 0.75);
    return withLayers(lines({ series, x, y, ...size, title }), markLayers(failed, { x, y }));
  });
  return {
    name: "work-precision",
    caption:
      "Work against precision: error of the state after 16 relaxation times against time per network on one thread, for tolerances and step sizes that span the useful ones, beside the two solvers that need no integration. Crosses at the top: settings for which a network did not arrive or became unstable.",
    spec: figure({
      body: grid(panels, 2, { sharedLegend: true }),
      title: "Integration to the steady state: work against precision",
      subtitle:
        "16 networks (N = 1) and 8 (N = 2) in one call, one thread; dopri5: rtol 1e-2 to 1e-8; fixed steps: 2/Γ to 0.1/Γ.",
      width: WIDTH.double,
      description: "Error against time of integration methods and steady-state solvers",
    }),
  };
}

/** Points that were too long: where they would stand, at the top, one below the other. */
function notRunMarks(records: readonly PointRecord[], N: number, top: number): Mark[] {
  return records
    .filter(({ question, status, spec }) => {
      const here = question === "integration" && spec["N"] === N && spec["lifetimes"] === 10;
      return here && status === "not run";
    })
    .map(({ spec }) => {
      const method = spec["method"] as (typeof METHODS)[number];
      const y = top / 2 ** METHODS.indexOf(method);
      return { at: [Number(spec["gamma"]), y], shape: "triangle", color: COLORS[method] };
    });
}

/** Steps to ten relaxation times over Γ. */
export function stiffness(records: readonly PointRecord[]): SuiteFigure | undefined {
  const rows = select(rowsOf(records, "integration"), { lifetimes: 10 });
  const inputs = valuesOf(rows, "N").map(Number);
  if (inputs.length === 0) return undefined;
  const range = decadesOf([1, ...rows.map((row) => numberOf(row, "median steps"))]);
  const top = 10 ** (range[1] - 0.12);
  const size = { width: panelWidth(WIDTH.double, inputs.length), height: HEIGHT };
  const panels = inputs.map((N, i): Spec => {
    const here = select(rows, { N });
    const x = decadeAxis("dissipation rate Γ (units of J)", [1, 3]);
    const y = decadeAxis("steps", range);
    const series = METHODS.map((method): Series => {
      const good = select(here, { method }).filter((row) => row["failed"] === 0);
      const points = good.map((row) => ({
        x: numberOf(row, "gamma"),
        values: [numberOf(row, "median steps")],
      }));
      return { name: method, color: COLORS[method], rows: points };
    });
    const marks = [
      ...failedMarks(here, (row) => numberOf(row, "gamma"), top),
      ...notRunMarks(records, N, top),
    ];
    const title = `${letter(i)}N = ${String(N)}`;
    return withLayers(lines({ series, x, y, ...size, title }), markLayers(marks, { x, y }));
  });
  return {
    name: "stiffness",
    caption:
      "Steps that ten relaxation times take, over Γ. The inputs relax at N Γ, the output at about 20/Γ: explicit methods need a number of steps that grows as Γ². Crosses at the top: a network did not arrive; triangles: not run, it would take too long.",
    spec: figure({
      body: grid(panels, inputs.length, { sharedLegend: true }),
      title: "Stiffness: steps to ten relaxation times",
      subtitle:
        "Median over the networks; dopri5 at rtol 1e-6, fixed methods with steps of 1/Γ, expm takes few of any length.",
      width: WIDTH.double,
      description: "Steps to the steady state over Γ",
    }),
  };
}
