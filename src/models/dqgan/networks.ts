// The two networks of a DQGAN as functions of their couplings, and the law of the generator's input angles.

import * as tf from "@tensorflow/tfjs";
import { factor, mapped } from "../../learning/per-replica.js";
import { steadyState } from "../../open-systems/network/index.js";
import { normal, uniform } from "../../random.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Stream } from "../../random.js";
import type { ModelConfig } from "./config.js";

/** Keeps the slope of arccos finite at ±1; a scale, not a clip, so that no sample loses its gradient. */
const ARCCOS_SCALE = 1 - 1e-5;

/** ⟨σ_z⟩ of the outputs, `[P, S, M]`, for angles `[P, S, N]` and couplings `[P, M, N, 3, 3]`. */
export function measure(theta: Tensor, J: Tensor, config: ModelConfig): Tensor {
  const sign = config.encoding === "encoded" ? 1 : -1;
  const polarization = factor(mapped(config.polarization, (z) => sign * z), 1); // prettier-ignore
  // The limit does not depend on Γ.
  const gamma = config.forward === "limit" ? {} : { gamma: factor(config.gamma, 1) };
  return steadyState({ theta, J, ...gamma, polarization }, { path: config.forward, observe: "z" });
}

/** Generated angles `[P, S, d]`, `θ = arccos⟨σ_z⟩`, for latent angles `[P, S, N]`. */
export function generate(latent: Tensor, generator: Tensor, config: ModelConfig): Tensor {
  return tf.acos(tf.mul(measure(latent, generator, config), ARCCOS_SCALE));
}

/**
 * Input angles of the generator, `[P, n, N]`, one stream per replica.
 *
 * @param first - number of the first row in its stream, a multiple of 4
 */
export function drawLatent(
  streams: readonly Stream[],
  n: number,
  config: ModelConfig,
  first = 0,
): Tensor {
  const { inputs, latent, latentMean: mean, latentStd: std } = config;
  const shape = [n, inputs];
  const offset = first * inputs;
  switch (latent) {
    case "normal":
      if (typeof mean === "number" && typeof std === "number")
        return normal(streams, shape, { mean, std, offset });
      return tf.add(tf.mul(normal(streams, shape, { offset }), factor(std, 3)), factor(mean, 3));
    case "uniform":
      return uniform(streams, shape, { hi: Math.PI, offset });
    case "circle":
      return uniform(streams, shape, { hi: 2 * Math.PI, offset });
  }
}
