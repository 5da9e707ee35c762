// The random networks of this benchmark: couplings J ~ N(0, 1), angles θ ~ U(0, π), one output, every sample with its own
// couplings. The same draws at every Γ and polarization, so that curves show the equations and not the sampling.

import * as tf from "@tensorflow/tfjs";
import { normal, stream, uniform } from "../../src/random.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Matrix } from "../../kernels/exact-steady-state/superoperators.js";

/** One network with one output qubit. */
export type Network = { readonly theta: readonly number[]; readonly J: readonly Matrix[] };

/** Networks as tensors: `theta [B, N]`, `J [B, 1, N, 3, 3]`. */
export type NetworkTensors = { readonly theta: Tensor; readonly J: Tensor };

/** Seed of all draws, recorded with the results. */
export const SEED = 1;

/** Draws `B` networks of N inputs; `strength` multiplies the couplings. The first ones do not depend on B. */
export function drawTensors(N: number, B: number, strength = 1): NetworkTensors {
  const theta = uniform(stream(SEED, "problemGenerators", 2 * N), [B, N], { hi: Math.PI });
  const J = tf.tidy(() =>
    tf.mul(normal(stream(SEED, "problemGenerators", 2 * N + 1), [B, 1, N, 3, 3]), strength),
  );
  return { theta, J };
}

/** The networks of tensors as plain numbers: float32 values, computed with in float64. */
export async function networksOf({ theta, J }: NetworkTensors): Promise<Network[]> {
  const [angles, couplings] = await Promise.all([theta.data(), J.data()]);
  const [B, N] = theta.shape as [number, number];
  const row = (at: number): number[] => Array.from(couplings.subarray(at, at + 3));
  return Array.from({ length: B }, (_, b) => ({
    theta: Array.from(angles.subarray(b * N, (b + 1) * N)),
    J: Array.from({ length: N }, (_, n) => [0, 3, 6].map((k) => row(9 * (b * N + n) + k))),
  }));
}
