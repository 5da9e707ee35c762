// Evolution in tf operations: any method, any order of derivative, float32.

import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../../complex/index.js";
import { densityMatrix } from "../states.js";
import { doubled, flattened, halved, swapped } from "./doubled.js";
import { exponential } from "./exponential.js";
import { rk4 } from "./methods.js";
import { integrate } from "./segments.js";
import { systemOf } from "./terms.js";
import { verdictOf } from "./verdict.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../../complex/index.js";
import type { Method } from "./methods.js";
import type { Problem } from "./problem.js";
import type { Step } from "./segments.js";
import type { System } from "./terms.js";
import type { Evolution } from "./types.js";

const METHODS: Readonly<Record<string, Method>> = { expm: exponential, rk4 };

/** The steps of each interval, evenly divided. */
function gridOf({ times, method, step }: Problem): Step[][] {
  return times.slice(1).map((end, i) => {
    const start = times[i]!;
    const count = method === "expm" ? 1 : Math.max(1, Math.ceil((end - start) / step - 1e-9));
    const h = (end - start) / count;
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

/** `max|X − X†| / max|X|`, `[B]`. */
function defectOf(X: Tensor): Tensor {
  const size = tf.add(tf.max(tf.abs(X), [1, 2]), 1e-30);
  return tf.div(tf.max(tf.abs(tf.sub(X, swapped(X))), [1, 2]), size);
}

/** Whether H and rho0 are what they must be, without a gradient. */
function judge(problem: Problem, system: System, rho: Tensor, unfinished: Tensor): Tensor {
  const [B, m] = [sizeOf(problem.lead), 2 * problem.n];
  const minusIH = tf.reshape(tf.slice(system.constant, [0, 0], [B, 1]), [B, m, m]);
  // −iH is minus its adjoint.
  const broken = tf.sum(tf.mul(0, system.constant), [1, 2, 3]);
  const antiDefect = tf.add(defectOfAnti(minusIH), broken);
  const trace = tf.mul(0.5, tf.sum(tf.mul(rho, tf.eye(m)), [1, 2]));
  const defectRho = tf.maximum(defectOf(rho), tf.abs(tf.sub(trace, 1)));
  return verdictOf(unfinished, antiDefect, tf.add(defectRho, tf.sum(tf.mul(0, rho), [1, 2])));
}

function defectOfAnti(X: Tensor): Tensor {
  const size = tf.add(tf.max(tf.abs(X), [1, 2]), 1e-30);
  return tf.div(tf.max(tf.abs(tf.add(X, swapped(X))), [1, 2]), size);
}

/** Evolves a problem whose arguments have been checked. */
export function evolveComposed(problem: Problem, rho0: Complex): Evolution {
  const { slots, lead, n, times } = problem;
  const B = sizeOf(lead);
  const system = systemOf(slots, lead, n);
  const start = doubled(flattened(densityMatrix(rho0), lead));
  const grid = gridOf(problem);
  const states = [start, ...integrate(system, METHODS[problem.method]!, start, grid)];
  const shaped = (x: Tensor, tail: readonly number[]): Tensor => tf.reshape(x, [...lead, ...tail]);
  const pair = (x: Tensor): Complex => {
    const { re, im } = halved(x);
    return { re: shaped(re, [n, n]), im: shaped(im, [n, n]) };
  };
  const count = grid.reduce((sum, steps) => sum + steps.length, 0);
  const stats = {
    method: problem.method,
    accepted: tf.fill([...lead], count),
    rejected: tf.zeros([...lead]),
    verdict: shaped(judge(problem, system, start, tf.zeros([B])), []),
  };
  const all = problem.storeStates ? halved(tf.stack(states, 1)) : undefined;
  return {
    ...(all && {
      states: {
        re: shaped(all.re, [times.length, n, n]),
        im: shaped(all.im, [times.length, n, n]),
      },
    }),
    ...(problem.observe.length > 0 && {
      expectations: shaped(observed(problem, states), [problem.observe.length, times.length]),
    }),
    final: pair(states.at(-1)!),
    stats,
  };
}
