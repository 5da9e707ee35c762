// The losses of both algorithms, all maximised. s is ⟨σ_z⟩ of the discriminator's outputs, `[P, S, heads]`; the
// heads' losses are averaged, not their outputs.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** The losses of one algorithm, each `[P]`. */
export type Losses = {
  /** For S real samples followed by S generated ones, `[P, 2S, heads]`. */
  discriminator(both: Tensor): Tensor;
  /** For generated samples `[P, S, heads]`. */
  generator(fake: Tensor): Tensor;
};

const meanPerReplica = (x: Tensor): Tensor => tf.mean(x, [1, 2]);

/** +1 for the real half of a batch, -1 for the generated one: `[1, 2S, 1]`. */
function signs(count: number): Tensor {
  const half = tf.ones([1, count / 2, 1]);
  return tf.concat([half, tf.neg(half)], 1);
}

/** ln S(x) = -softplus(-x): log(sigmoid(x)) would underflow. */
const logSigmoid = (x: Tensor): Tensor => tf.neg(tf.softplus(tf.neg(x)));

/** `L_D = ⟨(1+s_r)/2⟩ + ⟨(1-s_f)/2⟩`, `L_G = ⟨(1+s_f)/2⟩` (eqs. 7, 8). */
const linear: Losses = {
  discriminator: (both) => tf.add(1, meanPerReplica(tf.mul(both, signs(both.shape[1]!)))),
  generator: (fake) => tf.div(tf.add(1, meanPerReplica(fake)), 2),
};

/** `L_D = ⟨ln S(k s_r)⟩ + ⟨ln S(-k s_f)⟩`, `L_G = ⟨ln S(k s_f)⟩` (eqs. 11, 12). */
function logLikelihood(k: number): Losses {
  return {
    discriminator: (both) =>
      tf.mul(2, meanPerReplica(logSigmoid(tf.mul(both, tf.mul(k, signs(both.shape[1]!)))))),
    generator: (fake) => meanPerReplica(logSigmoid(tf.mul(fake, k))),
  };
}

/** The losses of algorithm 1 or 2; `k` is the slope of algorithm 2's sigmoid. */
export function lossesOf(algorithm: 1 | 2, k: number): Losses {
  return algorithm === 1 ? linear : logLikelihood(k);
}
