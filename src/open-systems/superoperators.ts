// Operators on operators, as matrices that act on stacked columns: vec(X)[i + n j] = X[i][j].

import * as tf from "@tensorflow/tfjs";
import { shapeText } from "../checks.js";
import { ShapeError } from "../errors.js";
import {
  add,
  conj,
  kron,
  mapParts,
  matMul,
  scale,
  shapeOf,
  timesI,
  transpose,
} from "../complex/index.js";
import { checkOperator } from "./checks.js";
import { identity } from "./operators.js";
import type { Complex } from "../complex/index.js";

/**
 * `vec(X)`, the columns of X one after the other.
 *
 * @param X - `[...batch, n, n]`
 * @returns `[...batch, n²]`
 * @throws ShapeError
 */
export function vectorize(X: Complex): Complex {
  const n = checkOperator("vectorize", "X", X);
  const lead = shapeOf(X).slice(0, -2);
  return tf.tidy(() => mapParts(transpose(X), (part) => tf.reshape(part, [...lead, n * n])));
}

/**
 * The reverse of {@link vectorize}.
 *
 * @param x - `[...batch, n²]`
 * @returns `[...batch, n, n]`
 * @throws ShapeError
 */
export function unvectorize(x: Complex): Complex {
  const shape = shapeOf(x);
  const n = Math.round(Math.sqrt(shape.at(-1) ?? 0));
  if (shape.length < 1 || n * n !== shape.at(-1)) {
    throw new ShapeError(
      `unvectorize: argument \`x\` must have shape [...batch, n²], but has shape ${shapeText(shape)}.`,
    );
  }
  return tf.tidy(() =>
    transpose(mapParts(x, (part) => tf.reshape(part, [...shape.slice(0, -1), n, n]))),
  );
}

/** `X ↦ A X`: `1 ⊗ A`, `[...batch, n², n²]`. */
export function spre(A: Complex): Complex {
  const n = checkOperator("spre", "A", A);
  return tf.tidy(() => kron(identity(n), A));
}

/** `X ↦ X B`: `Bᵀ ⊗ 1`, `[...batch, n², n²]`. */
export function spost(B: Complex): Complex {
  const n = checkOperator("spost", "B", B);
  return tf.tidy(() => kron(transpose(B), identity(n)));
}

/** `X ↦ A X B`: `Bᵀ ⊗ A`, `[...batch, n², n²]`; leading axes broadcast. */
export function sprepost(A: Complex, B: Complex): Complex {
  checkOperator("sprepost", "B", B, checkOperator("sprepost", "A", A));
  return tf.tidy(() => kron(transpose(B), A));
}

/** `1 ⊗ A + A* ⊗ 1`: `X ↦ A X + X A†`. */
function bothSides(A: Complex): Complex {
  const one = identity(shapeOf(A).at(-1)!);
  return add(kron(one, A), kron(conj(A), one));
}

/**
 * `D[L] X = L X L† − ½ (L†L X + X L†L)`; the rate is inside L.
 *
 * @param L - jump operator, `[...batch, n, n]`
 * @returns `[...batch, n², n²]`
 * @throws ShapeError
 */
export function dissipator(L: Complex): Complex {
  checkOperator("dissipator", "L", L);
  return tf.tidy(() => {
    const loss = scale(matMul(L, L, { adjointA: true }), -0.5);
    return add(kron(conj(L), L), bothSides(loss));
  });
}

/**
 * `𝓛 X = −i (H X − X H) + Σ_k D[L_k] X`.
 *
 * @param H - Hamiltonian, `[...batch, n, n]`, ħ = 1
 * @param jumpOps - jump operators, each `[...batch, n, n]`; leading axes broadcast
 * @returns `[...batch, n², n²]`
 * @throws ShapeError
 */
export function liouvillian(H: Complex, jumpOps: readonly Complex[] = []): Complex {
  const n = checkOperator("liouvillian", "H", H);
  jumpOps.forEach((L, k) => checkOperator("liouvillian", `jumpOps[${k}]`, L, n));
  return tf.tidy(() => {
    const unitary = bothSides(scale(timesI(H), -1));
    return jumpOps.map(dissipator).reduce(add, unitary);
  });
}
