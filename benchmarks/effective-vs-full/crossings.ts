// Where one way of computing becomes cheaper than another: crossings of measured curves, by straight lines between
// points on logarithmic axes.

import { round } from "../harness.js";
import { numberOf, select, valuesOf } from "./records.js";
import type { Row } from "../harness.js";

/** A measured curve: abscissas ascending. */
export type Curve = readonly { readonly x: number; readonly y: number }[];

/** Where `a` comes from above `b` to below it, or the reverse. */
export type Crossing = { readonly x: number; readonly y: number; readonly lower: "a" | "b" };

/** A curve between its points. */
function levelAt(curve: Curve, x: number): number {
  const at = Math.max(
    1,
    curve.findIndex((point) => point.x >= x),
  );
  const [left, right] = [curve[at - 1]!, curve[at]!];
  const t = Math.log(x / left.x) / Math.log(right.x / left.x);
  return left.y * (right.y / left.y) ** t;
}

/** Logarithm of a ratio that the noise of timing can make: curves this near are neither above nor below. */
const EQUAL = 0.1;

/** Crossings of two curves at the abscissas that both have; `lower` is the one below after the crossing. */
export function crossings(a: Curve, b: Curve): Crossing[] {
  const both = a.flatMap(({ x, y }) => {
    const other = b.find((point) => point.x === x);
    return other === undefined || !(y > 0 && other.y > 0)
      ? []
      : [{ x: Math.log(x), gap: Math.log(y / other.y) }];
  });
  const apart = both.filter(({ gap }) => Math.abs(gap) > EQUAL);
  return apart.slice(1).flatMap((right, i): Crossing[] => {
    const left = apart[i]!;
    if (left.gap * right.gap >= 0) return [];
    const t = left.gap / (left.gap - right.gap);
    const x = Math.exp(left.x + t * (right.x - left.x));
    return [{ x, y: levelAt(a, x), lower: right.gap < 0 ? "a" : "b" }];
  });
}

/** Time per sample over the batch. */
export function costCurve(rows: readonly Row[], wanted: Row): Curve {
  return select(rows, wanted)
    .map((row) => ({ x: numberOf(row, "batch"), y: numberOf(row, "µs per sample") }))
    .sort((p, q) => p.x - q.x);
}

/** The batch at which the time per sample comes within a factor of two of its smallest. */
export function halfSpeedBatch(curve: Curve): number {
  const least = Math.min(...curve.map(({ y }) => y));
  const flat = curve.map(({ x }) => ({ x, y: 2 * least }));
  return crossings(curve, flat)[0]?.x ?? curve[0]?.x ?? NaN;
}

const placeOf = (row: Row): string =>
  `${String(row["backend"])}, ${String(row["threads"])} threads`;
const labelOf = (row: Row): string =>
  row["path"] === "exact" && row["gamma"] !== 100
    ? `exact, Γ = ${String(row["gamma"])}`
    : String(row["path"]);

/** All curves of a task and number of inputs by name. */
function curvesOf(rows: readonly Row[], task: string, N: number): Map<string, Curve> {
  const some = select(rows, { task, N });
  const kinds = new Map(
    some.map((row) => {
      const { path, gamma, backend, threads } = row;
      const wanted: Row = {
        task,
        N,
        path: path!,
        gamma: gamma!,
        backend: backend!,
        threads: threads!,
      };
      return [`${labelOf(row)} (${placeOf(row)})`, wanted];
    }),
  );
  return new Map([...kinds].map(([name, wanted]) => [name, costCurve(rows, wanted)]));
}

/** A row for every pair of curves that cross, and for every curve the batch at which it reaches half its speed. */
export function crossingRows(rows: readonly Row[]): Row[] {
  const tasks = valuesOf(rows, "task").map(String);
  return tasks.flatMap((task) =>
    valuesOf(rows, "N").flatMap((N) => {
      const curves = [...curvesOf(rows, task, Number(N))];
      const pairs = curves.flatMap(([first, a], i) =>
        curves.slice(i + 1).flatMap(([second, b]) =>
          crossings(a, b).map(({ x, lower }): Row => {
            const [below, above] = lower === "a" ? [first, second] : [second, first];
            return { task, N, what: `${below} beats ${above} from batch`, batch: round(x, 2) };
          }),
        ),
      );
      const half = curves.map(([name, curve]): Row => ({
        task,
        N,
        what: `${name} has half its speed at batch`,
        batch: round(halfSpeedBatch(curve), 2),
      }));
      return [...half, ...pairs];
    }),
  );
}
