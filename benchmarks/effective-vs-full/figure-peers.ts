// The figure of the other packages: bars of throughput.

import {
  bars,
  COLOR,
  decadeAxis,
  decadesOf,
  figure,
  letter,
  WIDTH,
} from "../../src/figures/index.js";
import { numberOf, rowsOf, select, valuesOf } from "./records.js";
import type { Bar, Spec } from "../../src/figures/index.js";
import type { PointRecord } from "../campaign/store.js";
import type { Row } from "../harness.js";
import type { SuiteFigure } from "./figures.js";

const NAMES = 122;
const LABELS = 34;
const GAP = 20;

/** 2.4 M, 51 k, 320. */
export function shortRate(perSecond: number): string {
  const [unit, size] = perSecond >= 1e6 ? [" M", 1e6] : perSecond >= 1e3 ? [" k", 1e3] : ["", 1];
  const value = perSecond / size;
  return `${value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))}${unit}`;
}

function barOf(row: Row): Bar {
  const value = numberOf(row, "per second");
  const own = row["who"] === "zenoflow";
  return {
    name: `${String(row["who"])}: ${String(row["method"])}`,
    value,
    label: shortRate(value),
    color: own ? COLOR.blue : "#B3B3B3",
  };
}

/** Peers that are not there: an empty place with the reason. */
function missingBars(records: readonly PointRecord[], job: string, N: number): Bar[] {
  return records
    .filter(({ question, status, spec }) => {
      const here = question === "peers" && spec["job"] === job && spec["N"] === N;
      return here && status !== "done";
    })
    .map(({ spec, status }) => ({
      name: String(spec["peer"]),
      value: undefined,
      label: status === "failed" ? "failed" : "not installed",
    }));
}

type Kind = { readonly job: string; readonly N: number; readonly task: string };

function panelOf(records: readonly PointRecord[], { job, N, task }: Kind, i: number): Spec {
  const rows = select(rowsOf(records, "peers"), { job, N, task });
  const sorted = rows.sort((a, b) => numberOf(b, "per second") - numberOf(a, "per second"));
  const list = [...sorted.map(barOf), ...missingBars(records, job, N)];
  const [low, high] = decadesOf(rows.map((row) => numberOf(row, "per second")));
  const axis = decadeAxis(
    `${job === "steady" ? "steady states" : "evolutions"} per second`,
    [low, high],
    {
      every: high - low > 4 ? 2 : 1,
    },
  );
  const width = Math.floor((WIDTH.double - 2 * (NAMES + LABELS) - GAP) / 2);
  const title = `${letter(i)}${job === "steady" ? "steady state" : "evolution"}, N = ${String(N)}: ${task}`;
  return bars({ bars: list, x: { ...axis, domain: axis.domain! }, width, title });
}

/** One panel for each job, number of inputs and task. */
export function peersFigure(records: readonly PointRecord[]): SuiteFigure | undefined {
  const rows = rowsOf(records, "peers");
  const kinds = valuesOf(rows, "job").flatMap((job) =>
    valuesOf(select(rows, { job }), "N").flatMap((N) =>
      valuesOf(select(rows, { job, N }), "task").map((task): Kind => ({
        job: String(job),
        N: Number(N),
        task: String(task),
      })),
    ),
  );
  if (kinds.length === 0) return undefined;
  const panels = kinds.map((kind, i) => panelOf(records, kind, i));
  return {
    name: "peers",
    caption:
      "The same networks by other packages on one core, at Γ = 100 (steady states) and Γ = 10 to t = 10 (evolutions, tolerance 1e-6). real: the batched solve after a change to a real basis; complex: on the Liouvillian as one writes it; solve alone: what QuTiP's steadystate calls, without the handling of options around it. Logarithmic axes: read the numbers.",
    spec: figure({
      body: {
        concat: panels,
        columns: 2,
        spacing: { row: 26, column: GAP },
        resolve: { scale: { x: "independent", y: "independent" } },
      },
      title: "Beside other packages, one core",
      width: WIDTH.double,
      description: "Throughput of steady states and evolutions by different packages",
    }),
  };
}
