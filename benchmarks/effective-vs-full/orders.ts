// The fitted orders in 1/Γ and the bounds by κ and χ, each beside what the theory and the reference say: the statements
// that the errors must bear out.

import { lineFit } from "../../src/metrics/index.js";
import { round } from "../harness.js";
import { numberOf, rowsOf, select } from "./records.js";
import { VARIANTS } from "./variants.js";
import type { PointRecord } from "../campaign/store.js";
import type { Check, Row } from "../harness.js";
import type { Variant } from "./variants.js";

/** Γ between which orders are fitted: below, higher orders show; above, nothing changes. */
const FITTED = { from: 1e3, to: 1e4 } as const;

/** Exponents between which the order must lie. */
function expectedOrder(variant: Variant, N: number): readonly [low: number, high: number] {
  if (variant === "effective") return N === 1 ? [1.9, 2.1] : [0.9, 1.1];
  if (variant === "third order") return [1.9, 2.3];
  return variant === "limit" ? [0.9, 1.1] : [-0.1, 0.1];
}

/** -d log(error) / d log Γ by least squares on the medians. */
export function fittedOrder(
  points: readonly { readonly gamma: number; readonly error: number }[],
): number {
  const kept = points.filter(
    ({ gamma, error }) => gamma >= FITTED.from && gamma <= FITTED.to && error > 0,
  );
  if (kept.length < 3) return NaN;
  const logs = (of: (one: { gamma: number; error: number }) => number): number[] =>
    kept.map((one) => Math.log10(of(one)));
  return -lineFit(
    logs((one) => one.gamma),
    logs((one) => one.error),
  ).slope;
}

/** One row for each equation, number of inputs and polarization. */
export function orderRows(records: readonly PointRecord[]): Row[] {
  const rows = select(rowsOf(records, "errors"), { strength: 1 });
  return [1, 0.5].flatMap((z) =>
    [1, 2, 3, 4].flatMap((N) =>
      VARIANTS.flatMap((equation): Row[] => {
        const points = select(rows, { N, z, equation }).map((row) => ({
          gamma: numberOf(row, "gamma"),
          error: numberOf(row, "median error"),
        }));
        const order = fittedOrder(points);
        if (Number.isNaN(order)) return [];
        const [low, high] = expectedOrder(equation, N);
        const expected = `${String(low)} to ${String(high)}`;
        const ok = order >= low && order <= high;
        return [{ N, z, equation, order: round(order, 3), expected, holds: ok ? "yes" : "NO" }];
      }),
    ),
  );
}

/** A bound on single networks: how many keep it, and the worst. */
type Bound = {
  readonly what: string;
  readonly inputs: readonly number[];
  /** Least share of networks that must keep it. */
  readonly share: number;
  /** Error over bound of every network of a point; undefined where it says nothing. */
  ratio(sample: (name: string) => number, N: number): number | undefined;
};

const within = (kappa: number, limit: number): boolean => kappa < limit;

const BOUNDS: readonly Bound[] = [
  {
    what: "effective ≤ 1.5 κ², κ < 0.5",
    inputs: [1],
    share: 1,
    ratio: (at) =>
      within(at("kappa"), 0.5) ? at("effective") / (1.5 * at("kappa") ** 2) : undefined,
  },
  {
    what: "effective ≤ 0.45 κ, κ < 0.5",
    inputs: [2, 3, 4],
    share: 0.99,
    ratio: (at) => (within(at("kappa"), 0.5) ? at("effective") / (0.45 * at("kappa")) : undefined),
  },
  {
    what: "limit ≤ 0.55/χ, κ < 0.1, χ > 50",
    inputs: [1, 2, 3, 4],
    share: 0.99,
    ratio: (at) =>
      within(at("kappa"), 0.1) && at("chi") > 50 ? (at("limit") * at("chi")) / 0.55 : undefined,
  },
  {
    what: "exact, float32 kernel ≤ 1e-6",
    inputs: [1, 2, 3, 4],
    share: 1,
    ratio: (at) => at("exact, float32 kernel") / 1e-6,
  },
];

function ratiosOf({ ratio }: Bound, N: number, records: readonly PointRecord[]): number[] {
  const points = records.filter((one) => one.question === "errors" && one.spec["N"] === N);
  return points.flatMap(({ samples = {} }) =>
    (samples["kappa"] ?? []).flatMap((_, i) => {
      const value = ratio((name) => samples[name]?.[i] ?? NaN, N);
      return value === undefined ? [] : [value];
    }),
  );
}

/** One row for each bound and number of inputs. */
export function boundRows(records: readonly PointRecord[]): Row[] {
  return BOUNDS.flatMap((bound) =>
    bound.inputs.flatMap((N): Row[] => {
      const ratios = ratiosOf(bound, N, records);
      if (ratios.length === 0) return [];
      // Written so that NaN counts as a violation.
      const kept = ratios.filter((ratio) => ratio <= 1).length / ratios.length;
      const worst = ratios.reduce((a, b) => (Number.isNaN(b) ? Infinity : Math.max(a, b)), 0);
      return [
        {
          N,
          bound: bound.what,
          networks: ratios.length,
          "share within %": round(100 * kept, 4),
          "required %": 100 * bound.share,
          "worst error / bound": round(worst, 3),
          holds: kept >= bound.share ? "yes" : "NO",
        },
      ];
    }),
  );
}

/** The statements as checks of the report. */
export function orderChecks(orders: readonly Row[], bounds: readonly Row[]): Check[] {
  const text = (row: Row, column: string): string => String(row[column]);
  return [
    ...orders.map((row) => ({
      what: `order of ${text(row, "equation")}, N = ${text(row, "N")}, z = ${text(row, "z")}`,
      measured: text(row, "order"),
      bound: text(row, "expected"),
      ok: row["holds"] === "yes",
    })),
    ...bounds.map((row) => ({
      what: `${text(row, "bound")}, N = ${text(row, "N")}`,
      measured: `${text(row, "share within %")} % of ${text(row, "networks")}, worst ${text(row, "worst error / bound")} of the bound`,
      bound: `${text(row, "required %")} %`,
      ok: row["holds"] === "yes",
    })),
  ];
}
