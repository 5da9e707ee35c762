// Operators of qubits and truncated oscillators, and how they are put together. States are in states.ts.

import * as tf from "@tensorflow/tfjs";
import { checkInteger } from "../checks.js";
import { ArgumentError } from "../errors.js";
import { fromArrays, kron, mapParts } from "../complex/index.js";
import { checkOperator } from "./checks.js";
import type { Complex } from "../complex/index.js";

/** A real n × n matrix from its entries. */
function matrix(n: number, entry: (i: number, j: number) => number): Complex {
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => entry(i, j)),
  );
  return fromArrays(rows);
}

function checkDimension(where: string, n: number): void {
  checkInteger(where, "n", n, 1, 2 ** 15);
}

/** `σ_x`, `[2, 2]`. */
export function sigmaX(): Complex {
  return matrix(2, (i, j) => (i === j ? 0 : 1));
}

/** `σ_y`, `[2, 2]`. */
export function sigmaY(): Complex {
  const zero = [
    [0, 0],
    [0, 0],
  ];
  return fromArrays(zero, [
    [0, -1],
    [1, 0],
  ]);
}

/** `σ_z`, `[2, 2]`: +1 for |0⟩. */
export function sigmaZ(): Complex {
  return matrix(2, (i, j) => (i === j ? 1 - 2 * i : 0));
}

/** `σ₋ = |1⟩⟨0|`, `[2, 2]`: takes a qubit from |0⟩, its upper level, to |1⟩. */
export function lower(): Complex {
  return matrix(2, (i, j) => (i === 1 && j === 0 ? 1 : 0));
}

/** `σ₊ = |0⟩⟨1|`, `[2, 2]`. */
export function raise(): Complex {
  return matrix(2, (i, j) => (i === 0 && j === 1 ? 1 : 0));
}

/**
 * The identity.
 *
 * @param n - dimension
 * @returns `[n, n]`
 */
export function identity(n: number): Complex {
  checkDimension("identity", n);
  return matrix(n, (i, j) => (i === j ? 1 : 0));
}

/**
 * `a = Σ_k √k |k−1⟩⟨k|`, the annihilation operator of an oscillator of which n levels are kept.
 *
 * @param n - levels
 * @returns `[n, n]`. With two levels it empties |1⟩, as the qubit's `raise()` does: |0⟩ is the ground state here.
 */
export function destroy(n: number): Complex {
  checkDimension("destroy", n);
  return matrix(n, (i, j) => (j === i + 1 ? Math.sqrt(j) : 0));
}

/** `a†`, the adjoint of {@link destroy}. */
export function create(n: number): Complex {
  checkDimension("create", n);
  return matrix(n, (i, j) => (i === j + 1 ? Math.sqrt(i) : 0));
}

/** `a†a = Σ_k k |k⟩⟨k|`, `[n, n]`. */
export function number(n: number): Complex {
  checkDimension("number", n);
  return matrix(n, (i, j) => (i === j ? i : 0));
}

/**
 * `|i⟩⟨j|`, a projector if i = j.
 *
 * @param n - dimension
 * @param i - from 0
 * @param j - from 0; default i
 * @returns `[n, n]`
 */
export function projector(n: number, i: number, j: number = i): Complex {
  checkDimension("projector", n);
  checkInteger("projector", "i", i, 0, n - 1);
  checkInteger("projector", "j", j, 0, n - 1);
  return matrix(n, (row, column) => (row === i && column === j ? 1 : 0));
}

/**
 * `A ⊗ B ⊗ …`, the first factor slowest; for operators and for kets.
 *
 * @param factors - each `[...batch, n, m]`; leading axes broadcast, aligned at the right
 */
export function tensor(...factors: readonly [Complex, ...Complex[]]): Complex {
  return tf.tidy(() =>
    factors.slice(1).reduce(
      kron,
      mapParts(factors[0], (part) => tf.clone(part)),
    ),
  );
}

/**
 * An operator on one site of several: `1 ⊗ … ⊗ A ⊗ … ⊗ 1`.
 *
 * @param A - `[...batch, n, n]`
 * @param site - from 0
 * @param dims - dimension of each site; `dims[site]` is n
 * @returns `[...batch, Π dims, Π dims]`
 * @throws ShapeError, ArgumentError
 */
export function embed(A: Complex, site: number, dims: readonly number[]): Complex {
  checkInteger("embed", "site", site, 0, dims.length - 1);
  if (dims.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new ArgumentError(
      `embed: argument \`dims\` must be positive integers, but is [${dims.join(", ")}].`,
    );
  }
  checkOperator("embed", "A", A, dims[site]);
  const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
  const [before, after] = [product(dims.slice(0, site)), product(dims.slice(site + 1))];
  return tf.tidy(() => tensor(identity(before), A, identity(after)));
}
