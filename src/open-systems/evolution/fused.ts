// Evolution with a constant generator by the fused kernel, in float64 between float32 tensors.

import * as tf from "@tensorflow/tfjs";
import { lindbladEvolution } from "../../../kernels/lindblad-evolution/index.js";
import { sizeOf } from "../../complex/index.js";
import { densityMatrix } from "../states.js";
import { flattened } from "./flattened.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../../complex/index.js";
import type { EvolutionScheme } from "../../../kernels/lindblad-evolution/contract.js";
import type { Problem } from "./problem.js";
import type { Evolution } from "./types.js";

/** Operators `[B, k, 2, n, n]`. */
function stackedOperators(
  operators: readonly Complex[],
  lead: readonly number[],
  n: number,
): Tensor {
  const B = sizeOf(lead);
  if (operators.length === 0) return tf.zeros([B, 0, 2, n, n]);
  const parts = operators.flatMap((A) => {
    const { re, im } = flattened(A, lead);
    return [re, im];
  });
  return tf.reshape(tf.stack(parts, 1), [B, operators.length, 2, n, n]);
}

/** Evolves a problem whose arguments have been checked and whose operators are constant. */
export function evolveFused(problem: Problem, rho0: Complex): Evolution {
  const { slots, lead, n, times, observe, storeStates } = problem;
  const [B, T, M] = [sizeOf(lead), times.length, observe.length];
  const sums = slots.map((summands) =>
    summands
      .map(({ A }) => A)
      .reduce((a, b) => ({ re: tf.add(a.re, b.re), im: tf.add(a.im, b.im) })),
  );
  const one = (A: Complex): Tensor => tf.reshape(stackedOperators([A], lead, n), [B, 2, n, n]);
  const inputs = {
    H: one(sums[0]!),
    jumps: stackedOperators(sums.slice(1), lead, n),
    rho0: one(densityMatrix(rho0)),
    observables: stackedOperators(observe, lead, n),
  };
  const scheme = problem.method as EvolutionScheme;
  const { rtol, atol, step, maxSteps } = problem;
  const { states, expectations, report } = lindbladEvolution(inputs, {
    ...{ times, scheme, store: storeStates, rtol, atol, step, maxSteps },
  });
  const column = (at: number): Tensor => tf.reshape(tf.slice(report, [0, at], [B, 1]), [...lead]);
  return {
    ...(storeStates && { states: pairOf(states, [...lead, T], n) }),
    ...(M > 0 && { expectations: tf.reshape(expectations, [...lead, M, T]) }),
    final: pairOf(lastOf(states), lead, n),
    stats: {
      method: problem.method,
      accepted: column(0),
      rejected: column(1),
      verdict: tf.cast(column(2), "int32"),
    },
  };
}

/** The last of the states `[B, t, 2, n, n]`; slices of rank 5 are slow in stock tfjs. */
function lastOf(states: Tensor): Tensor {
  const [B, T, , n] = states.shape as [number, number, 2, number];
  return T === 1 ? states : tf.slice(tf.reshape(states, [B, T, 2 * n * n]), [0, T - 1], [B, 1]);
}

/** States `[…, 2, n, n]` as a pair with these leading axes. */
function pairOf(states: Tensor, lead: readonly number[], n: number): Complex {
  const count = sizeOf(lead);
  const flat = tf.reshape(states, [count, 2, n * n]);
  const part = (at: number): Tensor =>
    tf.reshape(tf.slice(flat, [0, at], [count, 1]), [...lead, n, n]);
  return { re: part(0), im: part(1) };
}
