// The tables of the suite from its finished points. Measures nothing, draws nothing.

import { round } from "../harness.js";
import { costCurve, crossingRows } from "./crossings.js";
import { boundRows, orderRows } from "./orders.js";
import { numberOf, rowsOf, select, valuesOf, withoutNumbers } from "./records.js";
import { trainingRows } from "./trained-models.js";
import { VARIANTS } from "./variants.js";
import type { PointRecord } from "../campaign/store.js";
import type { Measure, ReportTable, Row } from "../harness.js";

/** Errors are computed from the same draws in float64: what moves them is the equation or its code. */
const ERROR: Measure = { better: "lower", noise: 0.02, floor: 3e-8 };
const SPEED: Measure = { better: "higher", noise: 0.08, spread: "spread %", calibrated: true };
/** Trainings amplify rounding: two of them agree in their distances, not in their digits. */
const DISTANCE: Measure = { better: "lower", noise: 0.25, floor: 0.01 };

/** Medians of the trace distance, one column for each equation. */
function errorRows(records: readonly PointRecord[]): Row[] {
  const rows = select(rowsOf(records, "errors"), { strength: 1 });
  return [1, 0.5].flatMap((z) =>
    [1, 2, 3, 4].flatMap((N) =>
      [10, 100, 1000, 10000].flatMap((gamma): Row[] => {
        const here = select(rows, { N, z, gamma });
        if (here.length === 0) return [];
        const medians = VARIANTS.map((equation) => {
          const value = select(here, { equation })[0]?.["median error"] ?? null;
          return [equation, typeof value === "number" ? round(value, 2) : null] as const;
        });
        const draws = here[0]!["draws"]!;
        return [{ N, z, gamma, ...Object.fromEntries(medians), networks: draws }];
      }),
    ),
  );
}

/** Fastest setting of every method that comes within 1e-4 of the steady state. */
function integrationRows(records: readonly PointRecord[]): Row[] {
  const rows = rowsOf(records, "integration").filter((row) => row["lifetimes"] === 16);
  const kinds = valuesOf(rows, "N").flatMap((N) =>
    valuesOf(rows, "gamma").flatMap((gamma) =>
      valuesOf(rows, "method").map((method) => select(rows, { N, gamma, method })),
    ),
  );
  return kinds.flatMap((settings): Row[] => {
    const good = settings.filter(
      (row) => numberOf(row, "largest error") <= 1e-4 && row["failed"] === 0,
    );
    good.sort((a, b) => numberOf(a, "ms per network") - numberOf(b, "ms per network"));
    const first = settings[0];
    if (first === undefined) return [];
    const { N, gamma, method } = first;
    const best = good[0];
    const least = Math.min(...settings.map((row) => numberOf(row, "largest error")));
    return [
      {
        N: N!,
        gamma: gamma!,
        method: method!,
        "networks/s within 1e-4": best ? round(1000 / numberOf(best, "ms per network")) : null,
        steps: best?.["median steps"] ?? null,
        setting: best?.["setting"] ?? null,
        "best error": Number.isFinite(least) ? round(least, 2) : null,
      },
    ];
  });
}

/** Steps to ten relaxation times. */
function stiffnessRows(records: readonly PointRecord[]): Row[] {
  const rows = rowsOf(records, "integration").filter((row) => row["lifetimes"] === 10);
  return rows.map((row) => ({
    N: row["N"]!,
    gamma: row["gamma"]!,
    method: row["method"]!,
    "median steps": row["median steps"]!,
    "rejected steps": row["rejected steps"]!,
    "ms per network": row["ms per network"]!,
    failed: row["failed"]!,
    reason: row["reason"]!,
  }));
}

/** Throughputs at the largest batch, side by side. */
function summaryOf(records: readonly PointRecord[], N: number, orders: readonly Row[]): Row {
  const cost = rowsOf(records, "cost");
  const speed = (path: string, task: string): number | null => {
    const curve = costCurve(cost, { path, N, task, gamma: 100, backend: "wasm", threads: 1 });
    const best = Math.min(...curve.map(({ y }) => y));
    return Number.isFinite(best) ? round(1e6 / best, 2) : null;
  };
  const error = (equation: string): number | null => {
    const wanted = { N, z: 1, strength: 1, gamma: 100, equation };
    const value = select(rowsOf(records, "errors"), wanted)[0]?.["median error"];
    return typeof value === "number" ? round(value, 2) : null;
  };
  const integrated = integrationRows(records)
    .filter((row) => row["N"] === N && row["gamma"] === 100)
    .map((row) => numberOf(row, "networks/s within 1e-4"))
    .filter((x) => Number.isFinite(x));
  const order = select(orders, { N, z: 1, equation: "effective" })[0]?.["order"] ?? null;
  return {
    N,
    "effective: error": error("effective"),
    "falls as Γ^-": order,
    "limit: error": error("limit"),
    "as printed: error": error("as printed"),
    "effective /s": speed("effective", "value"),
    "exact /s": speed("exact", "value"),
    "Lindblad /s": speed("Lindblad", "value"),
    "integrated /s": integrated.length > 0 ? round(Math.max(...integrated), 2) : null,
    "effective gradients /s": speed("effective", "value and gradient"),
    "exact gradients /s": speed("exact", "value and gradient"),
  };
}

/** The answer in one table: one row for each number of inputs at Γ = 100, z = 1. */
export function summaryRows(records: readonly PointRecord[]): Row[] {
  const orders = orderRows(records);
  const inputs = valuesOf(rowsOf(records, "errors"), "N");
  return inputs.map((N) => summaryOf(records, Number(N), orders));
}

function peerRows(records: readonly PointRecord[]): Row[] {
  const missing = withoutNumbers(records, "peers").map(({ peer, reason }) => ({
    who: peer!,
    method: reason!,
  }));
  return [...rowsOf(records, "peers"), ...missing];
}

/** Points without a result, so that none goes unseen. */
function unmeasured(records: readonly PointRecord[]): Row[] {
  return records
    .filter(({ status }) => status !== "done")
    .map(({ question, spec, status, reason = "" }) => ({
      question,
      point: Object.entries(spec)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(" "),
      status,
      reason,
    }));
}

const EQUAL_ORDER: Measure = { better: "equal", noise: 0.02, floor: 0.01 };

/** All tables by name. */
export function tablesOf(records: readonly PointRecord[]): Record<string, ReportTable> {
  const errorMeasures = Object.fromEntries(VARIANTS.map((name) => [name, ERROR]));
  const all: Record<string, ReportTable> = {
    errors: {
      title: "Median trace distance to the full steady state",
      rows: errorRows(records),
      notes: [
        "Couplings J ~ N(0, 1), angles θ ~ U(0, π), the same networks at every Γ; float64. As printed: Eqs. (A2)-(A7) of arXiv:2408.15597 with the printed jump operators.",
      ],
      measures: errorMeasures,
      ignored: ["networks"],
    },
    orders: {
      title: "Fitted orders: the error falls as Γ to the power -order",
      rows: orderRows(records),
      notes: ["Least squares on the medians at Γ = 1000, 3000 and 10000."],
      measures: { order: EQUAL_ORDER },
      ignored: ["expected", "holds"],
    },
    bounds: {
      title: "Bounds for single networks",
      rows: boundRows(records),
      notes: [
        "κ = (2/Γ) Σ ‖J‖ and χ = 2Γ|h|/‖M‖ as network.validity reports them; all networks of the sweep, any z, Γ and strength of the couplings.",
      ],
      measures: {
        "share within %": { better: "higher", noise: 0.005 },
        "worst error / bound": { better: "lower", noise: 0.1 },
      },
      ignored: ["holds", "required %", "networks"],
    },
    cost: {
      title: "Cost of a steady state",
      rows: rowsOf(records, "cost"),
      notes: [
        "Every network has its own couplings. The fastest of several repetitions; spread: how far the fastest tenth reaches above it. Lindblad: steadyState of 2^(N+1) levels on operators made from the same tensors.",
      ],
      measures: { "samples/s": SPEED, "state error": { better: "lower", noise: 2, floor: 3e-7 } },
      ignored: ["µs per sample", "ms per call", "spread %", "per calibration word"],
    },
    crossings: {
      title: "Where curves of cost cross",
      rows: crossingRows(rowsOf(records, "cost")),
      notes: [
        "Straight lines between the measured batches on logarithmic axes; curves within 10 % of each other count as equal.",
      ],
      measures: { batch: { better: "equal", noise: 1 } },
    },
    integration: {
      title: "Integration to the steady state: the fastest setting within 1e-4",
      rows: integrationRows(records),
      notes: [
        "16 relaxation times of each network, one thread. Setting: tolerance of dopri5, else step times Γ.",
      ],
      measures: {
        "networks/s within 1e-4": { ...SPEED, noise: 0.15 },
        "best error": { ...ERROR, noise: 1, floor: 1e-6 },
      },
      ignored: ["steps", "setting"],
    },
    stiffness: {
      title: "Steps to ten relaxation times",
      rows: stiffnessRows(records),
      notes: ["dopri5 at rtol 1e-6; fixed methods with steps of 1/Γ."],
      measures: {
        "median steps": { better: "lower", noise: 0.05, floor: 3 },
        "ms per network": { better: "lower", noise: 0.2, calibrated: true },
        failed: { better: "lower", noise: 0 },
      },
      ignored: ["rejected steps", "reason"],
    },
    training: {
      title: "Trained models judged by the full equation",
      rows: trainingRows(records),
      notes: [
        "Medians over the seeds [least, largest]. D_joint: Hellinger distance of 25 × 25 bins to fresh real samples. Angles: root mean square difference to what the exactly trained model of the same seed makes of the same latent points, judged at the Γ of the training; between seeds: the same among exactly trained ones.",
      ],
      measures: { D_joint: DISTANCE, "D_joint by the effective equation": DISTANCE },
      ignored: ["floor", "angles", "between seeds", "ms per seed and step"],
    },
    peers: {
      title: "Beside other packages, one core, Γ = 100",
      rows: peerRows(records),
      notes: [],
      measures: {
        "per second": { better: "higher", noise: 0.3 },
        error: { better: "lower", noise: 9, floor: 3e-6 },
      },
      ignored: ["version", "spread %"],
    },
    unmeasured: {
      title: "Points without a result",
      rows: unmeasured(records),
      notes: [],
      measures: {},
      ignored: ["reason"],
    },
  };
  return Object.fromEntries(Object.entries(all).filter(([, { rows }]) => rows.length > 0));
}
