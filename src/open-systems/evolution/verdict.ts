// What is known of a composed evolution: one verdict for every sample, off the tape. The fused kernel has its own.

import * as tf from "@tensorflow/tfjs";
import { swapped } from "../../../kernels/lindblad-evolution/index.js";
import { constantOf } from "../../../kernels/runtime/constant.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Largest relative deviation from a Hermitian matrix; float32 sums of operators stay below it. */
const HERMITIAN = 1e-5;
/** Largest deviation of a trace from 1, and of a state from a Hermitian matrix. */
const STATE = 1e-4;

const largest = (x: Tensor): Tensor => tf.max(tf.abs(x), [1, 2]);

/** 0, or NaN if anything is not finite, `[B]`. */
function broken(x: Tensor): Tensor {
  return tf.sum(tf.mul(0, tf.reshape(x, [x.shape[0], -1])), 1);
}

/** `max|H − H†| / max|H|` from −iH, doubled, which is minus its own adjoint. */
function defectOfH(minusIH: Tensor): Tensor {
  const size = tf.add(largest(minusIH), 1e-30);
  return tf.div(largest(tf.add(minusIH, swapped(minusIH))), size);
}

/** How far a doubled matrix is from a state: from its adjoint, and its trace from 1. */
function defectOfState(rho: Tensor): Tensor {
  const trace = tf.mul(0.5, tf.sum(tf.mul(rho, tf.eye(rho.shape[1]!)), [1, 2]));
  return tf.add(largest(tf.sub(rho, swapped(rho))), tf.abs(tf.sub(trace, 1)));
}

function verdictOf(operators: Tensor, rho: Tensor, finished: boolean): Tensor {
  const [B, , m] = operators.shape as [number, number, number];
  const minusIH = tf.reshape(tf.slice(operators, [0, 0], [B, 1]), [B, m, m]);
  // Written so that NaN falls on the bad side.
  const conditions = [
    tf.cast(tf.fill([B], Number(finished)), "bool"),
    tf.lessEqual(defectOfH(minusIH), HERMITIAN),
    tf.lessEqual(defectOfState(rho), STATE),
    tf.equal(tf.add(broken(operators), broken(rho)), 0),
  ];
  return conditions.reduce<Tensor>(
    (verdict, holds, at) => tf.where(holds, verdict, tf.fill([B], at + 1, "int32")),
    tf.zeros([B], "int32"),
  );
}

/**
 * Indices into EVOLUTION_VERDICTS, int32 `[B]`.
 *
 * @param operators - −iH and the jump operators, constant parts, `[B, 1 + K, 2n, 2n]`
 * @param rho - the state given, `[B, 2n, 2n]`
 * @param finished - whether the last time was reached
 */
export function judged(operators: Tensor, rho: Tensor, finished: boolean): Tensor {
  const judge = tf.customGrad((...args) => {
    const [a, b] = args as unknown as [Tensor, Tensor];
    return {
      value: verdictOf(a, b, finished),
      gradFunc: () => [tf.zeros(operators.shape), tf.zeros(rho.shape)],
    };
  });
  return judge(operators, rho);
}

/** 1, or NaN for a sample whose verdict is not `done`, `[B, 1, 1]`, without a gradient. */
export function trustedFactor(verdict: Tensor): Tensor {
  const [B] = verdict.shape as [number];
  const factor = constantOf(verdict, (v) =>
    tf.where(tf.equal(v, 0), tf.ones([B]), tf.fill([B], NaN)),
  );
  return tf.reshape(factor, [B, 1, 1]);
}
