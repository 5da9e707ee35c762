// A problem whose operators may depend on time, as tensors and coefficient functions: −iH in slot 0, the jump operators
// in the others, all doubled. Coefficients are evaluated here, on the tape, so that what they close over has gradients.

import * as tf from "@tensorflow/tfjs";
import { broadcastTo, scale, sizeOf, timesI } from "../../complex/index.js";
import { doubled } from "../../../kernels/lindblad-evolution/index.js";
import { flattened } from "./flattened.js";
import { generatorOf } from "../../../kernels/lindblad-evolution/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Coefficient, Complex } from "../../complex/index.js";
import type { Generator } from "../../../kernels/lindblad-evolution/index.js";
import type { CoefficientFunction, Term, TimeOperator } from "./types.js";

/** One summand, its coefficient absent if constant. */
export type Summand = { readonly A: Complex; readonly f?: CoefficientFunction };

/** Operators on a flat batch. */
export type System = {
  readonly lead: readonly number[];
  /** The constant part of each slot, `[B, 1 + K, 2n, 2n]`. */
  readonly constant: Tensor;
  /** What the coefficients multiply: A and iA for each, `[B, 2Q, 4n²]`; absent if nothing depends on time. */
  readonly varying?: Tensor;
  /** The slot of each coefficient, one row a slot, `[1, 1 + K, 2Q]`. */
  readonly places?: Tensor;
  readonly coefficients: readonly CoefficientFunction[];
};

function isPair(x: TimeOperator): x is readonly [Complex, CoefficientFunction] {
  return Array.isArray(x) && x.length === 2 && typeof x[1] === "function";
}

/** An operator as the list of its summands. */
export function summandsOf(operator: TimeOperator): Summand[] {
  if (isPair(operator)) return [{ A: operator[0], f: operator[1] }];
  if (!Array.isArray(operator)) return [{ A: operator as Complex }];
  return (operator as readonly Term[]).flatMap(summandsOf);
}

/** The system of `H` and the jump operators, given as summands. */
export function systemOf(
  slots: readonly (readonly Summand[])[],
  lead: readonly number[],
  n: number,
): System {
  const B = sizeOf(lead);
  const inSlot = (A: Complex, slot: number): Complex => (slot === 0 ? scale(timesI(A), -1) : A);
  const constant = slots.map((summands, slot) => {
    const parts = summands.filter(({ f }) => f === undefined);
    const matrices = parts.map(({ A }) => doubled(flattened(inSlot(A, slot), lead)));
    return matrices.reduce<Tensor>((a, b) => tf.add(a, b), tf.zeros([B, 2 * n, 2 * n]));
  });
  const moving = slots.flatMap((summands, slot) =>
    summands.flatMap(({ A, f }) => (f === undefined ? [] : [{ A: inSlot(A, slot), f, slot }])),
  );
  const fixed = { lead, constant: tf.stack(constant, 1), coefficients: moving.map(({ f }) => f) };
  if (moving.length === 0) return fixed;
  const flat = (A: Complex): Tensor => tf.reshape(doubled(flattened(A, lead)), [B, 4 * n * n]);
  const place = (slot: number): number[] =>
    moving.flatMap((term) => (term.slot === slot ? [1, 1] : [0, 0]));
  return {
    ...fixed,
    varying: tf.stack(
      moving.flatMap(({ A }) => [flat(A), flat(timesI(A))]),
      1,
    ),
    places: tf.tensor3d([slots.map((_, slot) => place(slot))]),
  };
}

/** Real and imaginary part of a coefficient, `[B, 2]`. */
function partsOf(c: Coefficient, lead: readonly number[]): Tensor {
  const part = (x: number | Tensor): Tensor =>
    tf.reshape(broadcastTo(typeof x === "number" ? tf.scalar(x) : x, lead), [sizeOf(lead)]);
  if (typeof c === "number" || !("im" in c)) {
    const re = part(c);
    return tf.stack([re, tf.zerosLike(re)], 1);
  }
  return tf.stack([part(c.re), part(c.im)], 1);
}

/** All coefficients at some times, `[B, S, 2Q]`. */
export function coefficientsAt({ lead, coefficients }: System, times: readonly number[]): Tensor {
  const columns = times.map((t) =>
    tf.concat(
      coefficients.map((f) => partsOf(f(t), lead)),
      1,
    ),
  );
  return tf.stack(columns, 1);
}

/** The generator for row s of the coefficients. */
export function generatorAt(
  constant: Tensor,
  moving?: { readonly varying: Tensor; readonly places: Tensor; readonly table: Tensor },
  s = 0,
): Generator {
  const [B, slots, m] = constant.shape as [number, number, number, number];
  let all = constant;
  if (moving !== undefined) {
    const { varying, places, table } = moving;
    const Q = table.shape[2]!;
    const row = tf.reshape(tf.slice(table, [0, s, 0], [B, 1, Q]), [B, 1, Q]);
    const added = tf.matMul(tf.mul(places, row), varying);
    all = tf.add(constant, tf.reshape(added, constant.shape));
  }
  const minusIH = tf.reshape(tf.slice(all, [0, 0], [B, 1]), [B, m, m]);
  return generatorOf(minusIH, slots === 1 ? undefined : tf.slice(all, [0, 1], [B, slots - 1]));
}
