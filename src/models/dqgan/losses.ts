// The losses of both algorithms, all maximised. s is ⟨σ_z⟩ of the discriminator's outputs, `[P, S, heads]`; the
// heads' losses are averaged, not their outputs.

import * as tf from "@tensorflow/tfjs";
import { meanLogSigmoid } from "../../../kernels/mean-log-sigmoid/index.js";
import { mapped, type PerReplica } from "../../learning/per-replica.js";
import type { Tensor } from "@tensorflow/tfjs";

/** The losses of one algorithm, each `[P]`. */
export type Losses = {
  /** For real and generated samples, `[P, S, heads]` each. */
  discriminator(real: Tensor, fake: Tensor): Tensor;
  /** For generated samples `[P, S, heads]`. */
  generator(fake: Tensor): Tensor;
};

/** ⟨(1 ± s)/2⟩. */
function meanProbability(s: Tensor, sign: 1 | -1): Tensor {
  return tf.div(tf.add(1, tf.mul(sign, tf.mean(s, [1, 2]))), 2);
}

/** `L_D = ⟨(1+s_r)/2⟩ + ⟨(1-s_f)/2⟩`, `L_G = ⟨(1+s_f)/2⟩` (eqs. 7, 8). */
const linear: Losses = {
  discriminator: (real, fake) => tf.add(meanProbability(real, 1), meanProbability(fake, -1)),
  generator: (fake) => meanProbability(fake, 1),
};

/** `L_D = ⟨ln S(k s_r)⟩ + ⟨ln S(-k s_f)⟩`, `L_G = ⟨ln S(k s_f)⟩` (eqs. 11, 12). */
function logLikelihood(k: PerReplica): Losses {
  const minus = mapped(k, (value) => -value);
  return {
    discriminator: (real, fake) =>
      tf.add(meanLogSigmoid(real, { slope: k }), meanLogSigmoid(fake, { slope: minus })),
    generator: (fake) => meanLogSigmoid(fake, { slope: k }),
  };
}

/** The losses of algorithm 1 or 2; `k` is the slope of algorithm 2's sigmoid, or that of each replica. */
export function lossesOf(algorithm: 1 | 2, k: PerReplica): Losses {
  return algorithm === 1 ? linear : logLikelihood(k);
}
