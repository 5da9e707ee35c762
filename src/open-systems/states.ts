// Pure states as kets `[...batch, n, 1]` and mixed ones as density matrices `[...batch, n, n]`.

import * as tf from "@tensorflow/tfjs";
import { checkInteger, shapeText } from "../checks.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { fromArrays, mapParts, matMul, shapeOf } from "../complex/index.js";
import type { Complex } from "../complex/index.js";

/**
 * The basis state |k⟩.
 *
 * @param n - dimension
 * @param k - from 0; default 0
 * @returns ket `[n, 1]`
 */
export function basis(n: number, k = 0): Complex {
  checkInteger("basis", "n", n, 1, 2 ** 15);
  checkInteger("basis", "k", k, 0, n - 1);
  return fromArrays(Array.from({ length: n }, (_, i) => [i === k ? 1 : 0]));
}

/** A complex number as plain numbers. */
export type ComplexNumber = { readonly re: number; readonly im: number };

/**
 * The coherent state `|α⟩ ∝ Σ_k αᵏ/√k! |k⟩` of an oscillator of which n levels are kept, normalised on them.
 *
 * @param n - levels; n > |α|² + 5|α| + 5 keeps the loss below 1e-6
 * @param alpha - amplitude
 * @returns ket `[n, 1]`
 */
export function coherent(n: number, alpha: number | ComplexNumber): Complex {
  checkInteger("coherent", "n", n, 1, 2 ** 15);
  const { re: x, im: y } = typeof alpha === "number" ? { re: alpha, im: 0 } : alpha;
  let [re, im] = [1, 0];
  const entries: [number, number][] = [];
  for (let k = 0; k < n; k++) {
    entries.push([re, im]);
    const root = Math.sqrt(k + 1);
    [re, im] = [(re * x - im * y) / root, (re * y + im * x) / root];
  }
  const norm = Math.hypot(...entries.flat());
  if (!Number.isFinite(norm)) {
    throw new ArgumentError(
      `coherent: argument \`alpha\` must be finite and not too large for n = ${n} levels, but is ${x} + ${y}i.`,
    );
  }
  return fromArrays(
    entries.map(([a]) => [a / norm]),
    entries.map(([, b]) => [b / norm]),
  );
}

/**
 * The thermal state `ρ ∝ Σ_k (ν/(1+ν))ᵏ |k⟩⟨k|` of an oscillator of which n levels are kept, trace 1 on them.
 *
 * @param n - levels
 * @param occupation - mean number ν ≥ 0 of quanta of the oscillator with all its levels
 * @returns `[n, n]`
 */
export function thermal(n: number, occupation: number): Complex {
  checkInteger("thermal", "n", n, 1, 2 ** 15);
  if (!(occupation >= 0) || occupation === Infinity) {
    throw new ArgumentError(
      `thermal: argument \`occupation\` must be a number of at least 0, but is ${occupation}.`,
    );
  }
  const ratio = occupation / (1 + occupation);
  const weights = Array.from({ length: n }, (_, k) => ratio ** k);
  const total = weights.reduce((a, b) => a + b);
  return fromArrays(weights.map((w, i) => weights.map((_, j) => (i === j ? w / total : 0))));
}

/**
 * `1/n`.
 *
 * @param n - dimension
 * @returns `[n, n]`
 */
export function maximallyMixed(n: number): Complex {
  checkInteger("maximallyMixed", "n", n, 1, 2 ** 15);
  return tf.tidy(() => {
    const re = tf.div(tf.eye(n), n);
    return { re, im: tf.zerosLike(re) };
  });
}

/**
 * `|ψ⟩⟨ψ|` of a ket.
 *
 * @param psi - `[...batch, n, 1]`, or a density matrix, which is returned as it is
 * @returns `[...batch, n, n]`
 * @throws ShapeError
 */
export function densityMatrix(psi: Complex): Complex {
  const shape = shapeOf(psi);
  const [n, m] = shape.slice(-2);
  if (shape.length < 2 || (m !== 1 && m !== n)) {
    throw new ShapeError(
      `densityMatrix: argument \`psi\` must have shape [...batch, n, 1] or [...batch, n, n], but has shape ${shapeText(shape)}.`,
    );
  }
  if (m !== 1) return mapParts(psi, (part) => tf.clone(part));
  return matMul(psi, psi, { adjointB: true });
}
