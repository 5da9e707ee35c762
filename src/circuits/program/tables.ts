// The two tables of angles that a program points into, by ordinary differentiable tf operations: parameters and
// features themselves, and behind them the expressions of them. Columns of one form are computed together.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import type { Angle, AngleFunction, BinaryOperation } from "../angle.js";

/** Flat parameters `[P, nP]` and features `[1 or P, B, f]`. */
export type Symbols = { readonly parameters: Tensor; readonly features: Tensor };

/** What a table is made for: one row for each replica, or for each sample of each replica. */
type Kind = "shared" | "sample";

const BINARY_OPS: Readonly<Record<BinaryOperation, (a: Tensor, b: Tensor) => Tensor>> = {
  add: (a, b) => tf.add(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  pow: (a, b) => tf.pow(a, b),
};

const FUNCTION_OPS: Readonly<Record<AngleFunction, (a: Tensor) => Tensor>> = {
  sin: (a) => tf.sin(a),
  cos: (a) => tf.cos(a),
  tan: (a) => tf.div(tf.sin(a), tf.cos(a)),
  sqrt: (a) => tf.sqrt(a),
  exp: (a) => tf.exp(a),
  log: (a) => tf.log(a),
};

/** Columns of the last axis. A product with zeros and ones where they are no run: gather has no gradient on wasm. */
export function select(table: Tensor, columns: readonly number[]): Tensor {
  const [first, width] = [columns[0]!, table.shape.at(-1)!];
  const lead = table.shape.slice(0, -1);
  if (columns.every((column, i) => column === first + i)) {
    if (columns.length === width) return table;
    return tf.slice(table, [...lead.map(() => 0), first], [...lead, columns.length]);
  }
  const ones = new Float32Array(width * columns.length);
  columns.forEach((column, i) => (ones[column * columns.length + i] = 1));
  const flat = tf.reshape(table, [-1, width]);
  const picked = tf.matMul(flat, tf.tensor2d(ones, [width, columns.length]));
  return tf.reshape(picked, [...lead, columns.length]);
}

/** The form of an angle: what it is but for its numbers and indices. */
function formOf(angle: Angle): string {
  if (typeof angle === "number") return "#";
  if ("parameter" in angle) return "p";
  if ("feature" in angle) return "x";
  return `${angle.op}(${angle.of.map(formOf).join(",")})`;
}

/** Runs of neighbours of one form. */
function runsOf(angles: readonly Angle[]): readonly (readonly Angle[])[] {
  const runs: Angle[][] = [];
  let last = "";
  for (const angle of angles) {
    const form = formOf(angle);
    if (form === last) runs.at(-1)!.push(angle);
    else runs.push([angle]);
    last = form;
  }
  return runs;
}

/** Angles of one form at once, on the last axis. */
function evaluated(angles: readonly Angle[], symbols: Symbols, kind: Kind): Tensor {
  const [model] = angles;
  if (typeof model === "number") return tf.tensor1d(angles as readonly number[] as number[]);
  if ("parameter" in model!) {
    const columns = angles.map((angle) => (angle as { parameter: number }).parameter);
    const picked = select(symbols.parameters, columns);
    return kind === "shared" ? picked : tf.expandDims(picked, 1);
  }
  if ("feature" in model!) {
    return select(symbols.features, angles.map((angle) => (angle as { feature: number }).feature)); // prettier-ignore
  }
  const parts = model!.of.map((_, i) =>
    evaluated(
      angles.map((angle) => (angle as { of: readonly Angle[] }).of[i]!),
      symbols,
      kind,
    ),
  );
  if (parts.length === 2) return BINARY_OPS[model!.op as BinaryOperation](parts[0]!, parts[1]!);
  return FUNCTION_OPS[model!.op as AngleFunction](parts[0]!);
}

/**
 * Angles as a tensor, one on each place of the last axis.
 *
 * @returns `[P, angles]` for `shared`, `[1 or P, B, angles]` for `sample`
 */
export function evaluate(angles: readonly Angle[], symbols: Symbols, kind: Kind): Tensor {
  const lead =
    kind === "shared" ? symbols.parameters.shape.slice(0, 1) : leadOfSample(angles, symbols);
  const runs = runsOf(angles).map((run) => {
    const value = evaluated(run, symbols, kind);
    return spread(value, [...lead, run.length]);
  });
  return runs.length === 1 ? runs[0]! : tf.concat(runs, -1);
}

const hasParameter = (angle: Angle): boolean => formOf(angle).includes("p");

function leadOfSample(angles: readonly Angle[], { parameters, features }: Symbols): number[] {
  const replicas = angles.some(hasParameter) ? parameters.shape[0] : 1;
  return [Math.max(replicas, features.shape[0]), features.shape[1]!];
}

/** A tensor repeated along its axes of size 1. */
function spread(value: Tensor, shape: readonly number[]): Tensor {
  if (value.shape.join() === shape.join()) return value;
  return tf.mul(value, tf.ones([...shape]));
}

/** A table: the symbols, and the expressions behind them. */
function withExtra(own: Tensor, extra: Tensor | null): Tensor {
  if (extra === null) return own;
  const lead = extra.shape.slice(0, -1);
  return tf.concat([spread(own, [...lead, own.shape.at(-1)!]), extra], -1);
}

/** Both tables of a program: shared `[P, nS]` and sample `[1 or P, B, nX]`. */
export function tables(
  extra: { readonly shared: readonly Angle[]; readonly sample: readonly Angle[] },
  symbols: Symbols,
): { readonly shared: Tensor; readonly sample: Tensor } {
  const behind = (kind: Kind): Tensor | null =>
    extra[kind].length === 0 ? null : evaluate(extra[kind], symbols, kind);
  return {
    shared: withExtra(symbols.parameters, behind("shared")),
    sample: withExtra(symbols.features, behind("sample")),
  };
}
