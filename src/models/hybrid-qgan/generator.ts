// The generator: latent numbers → linear map → circuit → scale and shift. All that is trained lies in one list of
// numbers a replica: map, biases, angles, scales, shifts.

import * as tf from "@tensorflow/tfjs";
import { expectation, parameterCount } from "../../circuits/index.js";
import { factor, valueOf } from "../../learning/per-replica.js";
import { normal, uniform } from "../../random.js";
import { blocksOf, circuitOf, observables } from "./circuit.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Circuit } from "../../circuits/index.js";
import type { Stream } from "../../random.js";
import type { ModelConfig } from "./config.js";

/** A generator of d columns. */
export type Generator = {
  readonly model: ModelConfig;
  readonly d: number;
  readonly circuit: Circuit;
  /** How many numbers are trained: of the linear map and its biases, angles, scale and shift. */
  readonly sizes: { readonly map: number; readonly biases: number; readonly angles: number; readonly output: number }; // prettier-ignore
  /** Sum of the sizes, K. */
  readonly count: number;
};

/** The generator of a configuration, for data of d columns. */
export function generatorOf(model: ModelConfig, d: number): Generator {
  const circuit = circuitOf(model);
  const isLinear = model.latentMap === "linear";
  const sizes = {
    map: isLinear ? model.inputs * model.qubits : 0,
    biases: isLinear ? model.qubits : 0,
    angles: parameterCount(circuit),
    output: model.output === "trained" ? 2 * d : 0,
  };
  const count = sizes.map + sizes.biases + sizes.angles + sizes.output;
  return { model, d, circuit, sizes, count };
}

/**
 * Initial parameters `[P, K]`: map and biases uniform on ±1/√inputs (PyTorch's default, as in the notebook), angles
 * uniform on ±`initialAngle`, scales of re-uploaded features 1, the output's scale as configured and its shift 0.
 */
export function initialGenerator(generator: Generator, streams: readonly Stream[]): Tensor {
  const { outputScale, initialAngle } = generator.model;
  const each = [outputScale, initialAngle].some((value) => typeof value !== "number");
  const laws = Array.from({ length: each ? streams.length : 1 }, (_, p) =>
    initialLaw(generator, p),
  );
  return tf.tidy(() => {
    const u = uniform(streams, [generator.count], { lo: -1, hi: 1 });
    const bounds = tf.tensor2d(laws.map((law) => law.bounds));
    return tf.add(tf.mul(u, bounds), tf.tensor2d(laws.map((law) => law.centres)));
  });
}

/** Centre of each parameter of replica p, and how far it may be from there. */
function initialLaw(
  { model, d, circuit, sizes }: Generator,
  p: number,
): { readonly bounds: number[]; readonly centres: number[] } {
  const scales = circuit.parameters.find(({ name }) => name === "scale")?.shape ?? [0];
  const scaleCount = scales.reduce((a, b) => a * b, 1);
  const inputs = sizes.map + sizes.biases;
  const bounds = [
    ...new Array<number>(inputs).fill(1 / Math.sqrt(model.inputs)),
    ...new Array<number>(scaleCount).fill(0),
    ...new Array<number>(sizes.angles - scaleCount).fill(valueOf(model.initialAngle, p)),
    ...new Array<number>(sizes.output).fill(0),
  ];
  const centres = bounds.map(() => 0);
  centres.fill(1, inputs, inputs + scaleCount);
  if (sizes.output > 0)
    centres.fill(valueOf(model.outputScale, p), bounds.length - 2 * d, bounds.length - d);
  return { bounds, centres };
}

/** Latent numbers `[P, n, inputs]`, from number `first` on of each stream's rows; `first` must be a multiple of 4. */
export function drawLatent(
  streams: readonly Stream[],
  n: number,
  { latent, inputs }: ModelConfig,
  first = 0,
): Tensor {
  const offset = first * inputs;
  return latent === "normal"
    ? normal(streams, [n, inputs], { offset })
    : uniform(streams, [n, inputs], { lo: -1, hi: 1, offset });
}

/** Angles of the samples, `[P, B, qubits]`. */
export function anglesOf({ model, sizes }: Generator, parameters: Tensor, latent: Tensor): Tensor {
  if (sizes.map === 0) return latent;
  const P = parameters.shape[0];
  const { inputs, qubits } = model;
  const map = tf.reshape(tf.slice(parameters, [0, 0], [P, sizes.map]), [P, inputs, qubits]);
  const biases = tf.slice(parameters, [0, sizes.map], [P, sizes.biases]);
  return tf.add(tf.matMul(latent, map), tf.reshape(biases, [P, 1, qubits]));
}

/** The trainable angles of the circuit by its blocks. */
export function trainedAngles(
  { circuit, sizes }: Generator,
  parameters: Tensor,
): Record<string, Tensor> | undefined {
  const P = parameters.shape[0];
  return blocksOf(circuit, tf.slice(parameters, [0, sizes.map + sizes.biases], [P, sizes.angles]));
}

/** Expectation values `[P, B, d]` as samples: scaled and shifted. */
export function toOutput(
  { model, d, sizes, count }: Generator,
  parameters: Tensor,
  z: Tensor,
): Tensor {
  if (sizes.output === 0)
    return model.outputScale === 1 ? z : tf.mul(z, factor(model.outputScale, 3));
  const P = parameters.shape[0];
  const part = (at: number): Tensor => tf.reshape(tf.slice(parameters, [0, at], [P, d]), [P, 1, d]);
  return tf.add(tf.mul(z, part(count - 2 * d)), part(count - d));
}

/**
 * Samples of P generators.
 *
 * @param parameters - `[P, K]`
 * @param latent - `[P, B, inputs]`
 * @returns `[P, B, d]`
 */
export function generate(generator: Generator, parameters: Tensor, latent: Tensor): Tensor {
  const { circuit, model, d } = generator;
  const blocks = trainedAngles(generator, parameters);
  const features = anglesOf(generator, parameters, latent);
  const z = expectation(circuit, {
    features,
    replicated: blocks !== undefined,
    observables: observables(model.qubits, d),
    ...(blocks && { parameters: blocks }),
  });
  return toOutput(generator, parameters, z);
}
