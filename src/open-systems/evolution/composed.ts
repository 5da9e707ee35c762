// Evolution in tf operations: any method, any order of derivative, float32.

import * as tf from "@tensorflow/tfjs";
import { mapParts, sizeOf } from "../../complex/index.js";
import { densityMatrix } from "../states.js";
import {
  doubled,
  halved,
  hermitianPart,
  swapped,
} from "../../../kernels/lindblad-evolution/index.js";
import { flattened } from "./flattened.js";
import { findSteps, offTape } from "./adaptive.js";
import { exponential } from "./exponential.js";
import { dopri5, explicit, rk4, rouchon2, split } from "./methods.js";
import { integrate } from "./segments.js";
import { systemOf } from "./terms.js";
import { judged, trustedFactor } from "./verdict.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../../complex/index.js";
import type { Method } from "./methods.js";
import type { Problem } from "./problem.js";
import type { Step } from "./segments.js";
import type { Evolution } from "./types.js";

const METHODS: Readonly<Record<Problem["method"], Method>> = {
  expm: exponential,
  dopri5: explicit(dopri5),
  rk4,
  split,
  rouchon2,
};

/** How many fixed steps a problem takes, none of them made yet; 0 where that is not known before. */
export function fixedStepCount(problem: Pick<Problem, "times" | "method" | "step">): number {
  if (problem.method === "expm" || problem.method === "dopri5") return 0;
  return countsOf(problem).reduce((sum, count) => sum + count, 0);
}

/** The number of steps of each interval. */
function countsOf({ times, method, step }: Pick<Problem, "times" | "method" | "step">): number[] {
  return times
    .slice(1)
    .map((end, i) =>
      method === "expm" ? 1 : Math.max(1, Math.ceil((end - times[i]!) / step - 1e-9)),
    );
}

/** The steps of each interval, evenly divided. */
function gridOf(problem: Pick<Problem, "times" | "method" | "step">): Step[][] {
  return countsOf(problem).map((count, i) => {
    const start = problem.times[i]!;
    const h = (problem.times[i + 1]! - start) / count;
    return Array.from({ length: count }, (_, k) => ({ t: start + k * h, h }));
  });
}

/** Expectation values `[B, m, t]`. */
function observed(problem: Problem, states: readonly Tensor[]): Tensor {
  const B = sizeOf(problem.lead);
  // Tr(O ρ) = Σ O_ij ρ_ji: the left half of each doubled matrix, which has real and imaginary parts once.
  const { n } = problem;
  const row = (x: Tensor): Tensor =>
    tf.reshape(tf.slice(x, [0, 0, 0], [B, 2 * n, n]), [B, 2 * n * n]);
  const operators = problem.observe.map((O) => row(swapped(doubled(flattened(O, problem.lead)))));
  const rows = states.map(row);
  return tf.matMul(tf.stack(operators, 1), tf.stack(rows, 1), false, true);
}

/** Evolves a problem whose arguments have been checked. */
export function evolveComposed(problem: Problem, rho0: Complex): Evolution {
  const { slots, lead, n, times, observe } = problem;
  const system = systemOf(slots, lead, n);
  const given = doubled(flattened(densityMatrix(rho0), lead));
  const start = hermitianPart(given);
  const { intervals, rejected, finished } =
    problem.method === "dopri5"
      ? offTape(start, () => findSteps(system, problem, start))
      : { intervals: gridOf(problem), rejected: 0, finished: true };
  const verdict = judged(system.constant, given, finished);
  const factor = trustedFactor(verdict);
  const states = [start, ...integrate(system, METHODS[problem.method], start, intervals)].map((x) =>
    tf.mul(x, factor),
  );
  const pair = (x: Tensor, tail: readonly number[]): Complex =>
    mapParts(halved(x), (part) => tf.reshape(part, [...lead, ...tail, n, n]));
  const [T, m] = [times.length, 2 * n];
  const stacked = (): Tensor => tf.reshape(tf.stack(states, 1), [sizeOf(lead) * T, m, m]);
  const accepted = intervals.reduce((count, steps) => count + steps.length, 0);
  return {
    ...(problem.storeStates && { states: pair(stacked(), [T]) }),
    ...(observe.length > 0 && {
      expectations: tf.reshape(observed(problem, states), [...lead, observe.length, T]),
    }),
    final: pair(states.at(-1)!, []),
    stats: {
      method: problem.method,
      accepted: tf.fill([...lead], accepted),
      rejected: tf.fill([...lead], rejected),
      verdict: tf.reshape(verdict, [...lead]),
    },
  };
}
