// One step of each method of fixed order, from the generators at its nodes. Nothing here knows of time grids.

import * as tf from "@tensorflow/tfjs";
import { derivative } from "./generator.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Generator } from "./generator.js";

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

/** Kutta's method of order 4. */
export const rk4: Method = explicit({
  nodes: [0, 0.5, 1],
  stageNode: [0, 1, 1, 2],
  rows: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
});
