// One step of each method of fixed order, from the generators at its nodes. Nothing here knows of time grids.

import * as tf from "@tensorflow/tfjs";
import {
  derivative,
  DORMAND_PRINCE,
  gain,
  propagated,
  propagatorOf,
  swapped,
} from "../../../kernels/lindblad-evolution/index.js";
import { matrixExponential } from "../../../kernels/matrix-exponential/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Generator } from "../../../kernels/lindblad-evolution/index.js";

/** A method by its nodes and its step. */
export type Method = {
  /** Times at which it wants the generator, as fractions of the step. */
  readonly nodes: readonly number[];
  /** What a step of this length needs of the generators at the nodes: the same for all steps if they are constant. */
  prepare(at: readonly Generator[], h: number): Prepared;
};

/** A step as the tensors that it uses and a function of them. */
export type Prepared = {
  readonly tensors: readonly Tensor[];
  step(tensors: readonly Tensor[], rho: Tensor): Tensor;
};

/** Generators as a list of tensors, and back. */
function packed(at: readonly Generator[]): Tensor[] {
  return at.flatMap(({ A, jumps }) => (jumps === undefined ? [A] : [A, jumps]));
}

function unpacked(tensors: readonly Tensor[], count: number): Generator[] {
  const each = tensors.length / count;
  return Array.from({ length: count }, (_, i) =>
    each === 1 ? { A: tensors[i]! } : { A: tensors[2 * i]!, jumps: tensors[2 * i + 1]! },
  );
}

/** `ρ + Σ w k`. */
function combined(rho: Tensor, ks: readonly Tensor[], weights: readonly number[]): Tensor {
  return ks.reduce(
    (sum, k, i) => (weights[i] === 0 ? sum : tf.add(sum, tf.mul(weights[i]!, k))),
    rho,
  );
}

/** An explicit Runge-Kutta method: nodes by stage, rows of coefficients, weights. */
export type Tableau = {
  readonly nodes: readonly number[];
  readonly stageNode: readonly number[];
  readonly rows: readonly (readonly number[])[];
  readonly weights: readonly number[];
};

/** The derivatives of all stages. */
export function stagesOf(
  tableau: Tableau,
  at: readonly Generator[],
  h: number,
  rho: Tensor,
): Tensor[] {
  const ks: Tensor[] = [];
  tableau.rows.forEach((row, i) => {
    const y = combined(
      rho,
      ks,
      row.map((a) => a * h),
    );
    ks.push(derivative(at[tableau.stageNode[i]!]!, y));
  });
  return ks;
}

/** The method of a tableau. */
export function explicit(tableau: Tableau): Method {
  return {
    nodes: tableau.nodes,
    prepare: (at, h) => ({
      tensors: packed(at),
      step: (tensors, rho) => {
        const ks = stagesOf(tableau, unpacked(tensors, at.length), h, rho);
        return combined(
          rho,
          ks,
          tableau.weights.map((b) => b * h),
        );
      },
    }),
  };
}

/** Adaptive Runge-Kutta 5(4) of Dormand and Prince, its steps given. */
export const dopri5: Tableau & { readonly error: readonly number[] } = {
  nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1],
  stageNode: [0, 1, 2, 3, 4, 5, 5],
  rows: DORMAND_PRINCE.rows,
  weights: DORMAND_PRINCE.b,
  error: DORMAND_PRINCE.error,
};

/** `E ρ E†` for doubled matrices. */
function conjugated(E: Tensor, rho: Tensor): Tensor {
  return tf.matMul(tf.matMul(E, rho), E, false, true);
}

/** `ρ / Tr ρ`; a doubled matrix has the trace twice. */
function normalised(rho: Tensor): Tensor {
  const trace = tf.mul(0.5, tf.sum(tf.mul(rho, tf.eye(rho.shape[1]!)), [1, 2], true));
  return tf.div(rho, trace);
}

/**
 * Order 2, positive, trace 1: Kraus operators of the damped flow and up to two jumps.
 * P. Rouchon, J. F. Ralph, Phys. Rev. A 91, 012118 (2015), as extended in dynamiqs.
 */
export const rouchon2: Method = {
  nodes: [0.5],
  prepare: ([generator], h) => {
    const { A, jumps } = generator!;
    const E = matrixExponential(tf.mul(A, h));
    return {
      tensors: jumps === undefined ? [E] : [E, jumps],
      step: ([flow, L], rho) => {
        const free = conjugated(flow!, rho);
        if (L === undefined) return normalised(free);
        const one = gain(L, rho);
        const first = tf.mul(h / 2, tf.add(conjugated(flow!, one), gain(L, free)));
        const second = tf.mul((h * h) / 2, gain(L, one));
        return normalised(tf.add(free, tf.add(first, second)));
      },
    };
  },
};

/** Order 2, positive, trace 1: half a step of damping, the unitary of a whole one, half a step of damping (Strang). */
export const split: Method = {
  nodes: [0.5],
  prepare: ([generator], h) => {
    const { A, jumps } = generator!;
    // −iH is minus its adjoint, ½ Σ L†L its own.
    const damping = tf.mul(0.5, tf.add(A, swapped(A)));
    const U = matrixExponential(tf.mul(h / 2, tf.sub(A, swapped(A))));
    const D = propagatorOf(jumps === undefined ? { A: damping } : { A: damping, jumps }, h / 2);
    return {
      tensors: [U, D],
      step: ([unitary, half], rho) =>
        propagated(half!, conjugated(unitary!, propagated(half!, rho))),
    };
  },
};

/** Kutta's method of order 4. */
export const rk4: Method = explicit({
  nodes: [0, 0.5, 1],
  stageNode: [0, 1, 1, 2],
  rows: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
});
