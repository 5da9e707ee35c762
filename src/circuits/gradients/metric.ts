// The geometry of states: the metric tensor of a circuit's parameters, the quantum Fisher information, and the natural
// gradient that follows it.

import * as tf from "@tensorflow/tfjs";
import { checkTail } from "../../checks.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { matMul, type Complex } from "../../complex/index.js";
import { solve } from "../../linalg/index.js";
import { parameterCount, type CircuitData } from "../circuit.js";
import { checkPure, type RunOptions } from "../run/path.js";
import { state } from "../run/state.js";
import { flatten, inputsOf, moved, type Flat } from "../run/flat.js";
import { chainOf, rowsTensor, shiftable } from "./jacobian.js";
import { checkAngles } from "./occurrences.js";
import { turns, type Turns } from "./primitives.js";
import type { Inputs } from "../run/inputs.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Options of {@link metricTensor}. */
export type MetricOptions = Inputs & Pick<RunOptions, "maxBytes">;

/** Shifts of all runs: none, then two for each rotation and one for each phase. */
function shiftsOf({ kinds }: Turns): readonly (readonly number[])[] {
  const at = (place: number, shift: number): number[] => kinds.map((_, i) => (i === place ? shift : 0)); // prettier-ignore
  const each = kinds.flatMap((kind, i) =>
    kind === "rotation" ? [at(i, Math.PI), at(i, -Math.PI)] : [at(i, Math.PI)],
  );
  return [kinds.map(() => 0), ...each];
}

/** What each run counts in each derivative of the state: real and imaginary parts, `[S][M]`. */
function weightsOf({ kinds }: Turns): { readonly re: number[][]; readonly im: number[][] } {
  const runs = shiftsOf({ kinds } as Turns).length;
  const empty = (): number[][] => Array.from({ length: runs }, () => kinds.map(() => 0));
  const [re, im] = [empty(), empty()];
  let run = 1;
  kinds.forEach((kind, i) => {
    if (kind === "rotation") {
      re[run++]![i] = 0.25;
      re[run++]![i] = -0.25;
    } else {
      im[0]![i] = 0.5;
      im[run++]![i] = -0.5;
    }
  });
  return { re, im };
}

/** States of all shifted runs, `[P B, N, S]`. */
function shiftedStates(flat: Flat, found: Turns, maxBytes?: number): Complex {
  const own = flat.parameters.shape[1]!;
  const shifts = shiftsOf(found);
  const rows = shifts.map((row) => [...new Array<number>(own).fill(0), ...row]);
  const deltas = rowsTensor(rows, own + found.list.length);
  const all = moved(shiftable(flat, found), deltas, "parameters");
  const { re, im } = state(all.circuit, { ...inputsOf(all), ...(maxBytes !== undefined && { maxBytes }) }); // prettier-ignore
  const N = 2 ** flat.circuit.wires;
  const last = (part: Tensor): Tensor => {
    const split = tf.reshape(part, [flat.P, shifts.length, flat.B * N]);
    const turned = tf.transpose(split, [0, 2, 1]);
    return tf.reshape(turned, [flat.P * flat.B, N, shifts.length]);
  };
  return { re: last(re), im: last(im) };
}

/** `[R, N, S]` times a matrix `[S, K]` or `[R, S, K]`. */
function times(a: Tensor, matrix: Tensor): Tensor {
  if (matrix.rank === 3) return tf.matMul(a, matrix);
  const [R, N, S] = a.shape as [number, number, number];
  const flat = tf.matMul(tf.reshape(a, [R * N, S]), matrix);
  return tf.reshape(flat, [R, N, matrix.shape[1]!]);
}

/** The state `[R, N, 1]` and its derivatives by the parameters `[R, N, count]`. */
function tangents(
  circuit: CircuitData,
  flat: Flat,
  maxBytes?: number,
): { psi: Complex; d: Complex } {
  const found = turns({ ...circuit, parameters: flat.circuit.parameters });
  const { re, im } = shiftedStates(flat, found, maxBytes);
  const [R, N] = re.shape as [number, number, number];
  const first = (part: Tensor): Tensor => tf.slice(part, [0, 0, 0], [R, N, 1]);
  const psi = { re: first(re), im: first(im) };
  const count = parameterCount(circuit);
  if (found.list.length === 0) {
    return { psi, d: { re: tf.zeros([R, N, count]), im: tf.zeros([R, N, count]) } };
  }
  const weights = weightsOf(found);
  const [a, b] = [tf.tensor2d(weights.re), tf.tensor2d(weights.im)];
  const chain = chainOf(flat, found, "parameters", count);
  const d = {
    re: times(tf.sub(times(re, a), times(im, b)), chain),
    im: times(tf.add(times(re, b), times(im, a)), chain),
  };
  return { psi, d };
}

/**
 * The metric tensor `g_ij = Re[⟨∂_i ψ|∂_j ψ⟩ − ⟨∂_i ψ|ψ⟩⟨ψ|∂_j ψ⟩]` of the parameters: how far states move. All
 * derivatives are states of one batched run.
 *
 * @param circuit - without channels
 * @returns `[P?, ...batch, count, count]`
 * @throws ShapeError, ArgumentError
 */
export function metricTensor(circuit: CircuitData, options: MetricOptions = {}): Tensor {
  checkPure("metricTensor", circuit, "metric");
  checkAngles("metricTensor", circuit, "parameters");
  const count = parameterCount(circuit);
  return tf.tidy(() => {
    const flat = flatten("metricTensor", circuit, options);
    const shape = [...flat.lead, count, count];
    if (flat.P * flat.B * count === 0) return tf.zeros(shape);
    const { psi, d } = tangents(circuit, flat, options.maxBytes);
    const inner = matMul(d, d, { adjointA: true }).re;
    const along = matMul(psi, d, { adjointA: true });
    const berry = matMul(along, along, { adjointA: true }).re;
    return tf.reshape(tf.sub(inner, berry), shape);
  });
}

/**
 * The quantum Fisher information of the parameters, four times the metric tensor.
 *
 * @returns `[P?, ...batch, count, count]`
 * @throws ShapeError, ArgumentError
 */
export function quantumFisher(circuit: CircuitData, options: MetricOptions = {}): Tensor {
  return tf.tidy(() => tf.mul(4, metricTensor(circuit, options)));
}

/** Options of {@link naturalGradient}. */
export type NaturalGradientOptions = {
  /** Added to the diagonal of the metric, which is singular where parameters do nothing. Default 1e-3. */
  readonly damping?: number;
};

/**
 * The gradient by the distance of states in place of that of parameters: `(g + ε 1) d = ∇f`.
 *
 * @param metric - `[...lead, count, count]`; of a batch, its mean over the samples
 * @param gradient - `[...lead, count]`
 * @returns `[...lead, count]`
 * @throws ShapeError, ArgumentError
 * @example
 * const metric = metricTensor(circuit, { parameters });
 * const step = naturalGradient(metric, gradient);
 */
export function naturalGradient(
  metric: Tensor,
  gradient: Tensor,
  { damping = 1e-3 }: NaturalGradientOptions = {},
): Tensor {
  const count = gradient.shape.at(-1) ?? 0;
  checkTail("naturalGradient", "metric", metric.shape, [count, count]);
  if (gradient.rank !== metric.rank - 1) {
    throw new ShapeError(`naturalGradient: argument \`gradient\` must have one axis less than \`metric\`, but has shape [${gradient.shape.join(", ")}].`); // prettier-ignore
  }
  if (!(damping >= 0)) {
    throw new ArgumentError(`naturalGradient: argument \`damping\` must be at least 0, but is ${damping}.`); // prettier-ignore
  }
  return tf.tidy(() => {
    const damped = tf.add(metric, tf.mul(damping, tf.eye(count)));
    return tf.squeeze(solve(damped, tf.expandDims(gradient, -1)).x, [-1]);
  });
}
