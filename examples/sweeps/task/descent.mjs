// A task of one's own: gradient descent with momentum and noise on the Rosenbrock function, many rows at a time.

import { z } from "zod";

// Keys marked dynamic may differ among the rows of a call; all others are the same in all of them.
const dynamic = { sweep: "dynamic" };

/** The settings of one trial. */
export const schema = z.strictObject({
  dimension: z.int().min(2).default(2).describe("variables; static: it changes a shape"),
  rate: z.number().positive().default(1e-3).meta(dynamic),
  momentum: z.number().min(0).lt(1).default(0.9).meta(dynamic),
  noise: z.number().min(0).default(0).meta(dynamic).describe("of each step, times the rate"),
});

/** Noise of a row at a step: a pure function of seed, step and variable, so that no other row matters. */
function noiseAt(seed, step, i) {
  let x = (seed ^ Math.imul(step, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 31 - 1;
}

/** The function, and its derivative by variable i. */
function rosenbrock(x) {
  return x
    .slice(1)
    .reduce((sum, next, i) => sum + 100 * (next - x[i] ** 2) ** 2 + (1 - x[i]) ** 2, 0);
}
function slope(x, i) {
  const up = i + 1 < x.length ? -400 * x[i] * (x[i + 1] - x[i] ** 2) - 2 * (1 - x[i]) : 0;
  return up + (i > 0 ? 200 * (x[i] - x[i - 1] ** 2) : 0);
}

/** One step of one row: `x` and `v` are its variables and velocities. */
function advance(x, v, { seed, settings }, step) {
  const { rate, momentum, noise } = settings;
  const slopes = Array.from(x, (_, i) => slope(x, i) + noise * noiseAt(seed, step, i));
  slopes.forEach((s, i) => {
    v[i] = momentum * v[i] - rate * s;
    x[i] += v[i];
  });
}

/** Trains rows: `rows[p]` is `{ seed, settings }`. */
export function* train(rows, { until, resume }) {
  const n = rows[0].settings.dimension;
  const x = resume?.tensors.x.values.slice() ?? new Float32Array(rows.length * n).fill(-1);
  const v = resume?.tensors.v.values.slice() ?? new Float32Array(rows.length * n);
  const of = (values, p) => values.subarray(p * n, (p + 1) * n);
  for (let step = (resume?.step ?? 0) + 1; step <= until; step++) {
    rows.forEach((row, p) => advance(of(x, p), of(v, p), row, step));
    if (step % 10 !== 0 && step !== until) continue;
    const value = rows.map((_, p) => rosenbrock(of(x, p)));
    const tensor = (values) => ({ shape: [rows.length, n], values: values.slice() });
    const state = { step, tensors: { x: tensor(x), v: tensor(v) } };
    yield { step, losses: { value }, metrics: { value }, snapshot: () => state };
  }
}
