// Layers with their derivatives written out: forward keeps what backward needs, so that a pass through a network is kept once
// and used by every loss that needs it, without a tape. First derivatives only.

import * as tf from "@tensorflow/tfjs";
import type { Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs";

/** One parameter tensor: its shape and how it begins. */
export type ParameterSpec = {
  /** Last part of its name in snapshots. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Uniform on ±1/√fanIn, or all one number. */
  readonly initial: { readonly fanIn: number } | { readonly value: number };
};

/** What a forward pass gives: the output, and what backward needs beside it. */
export type Passed = { readonly y: Tensor; readonly saved: readonly Tensor[] };

/** What a backward pass gives. */
export type Slopes = {
  /** Null where it was not asked for. */
  readonly dx: Tensor | null;
  /** In the order of the layer's parameters; empty where not asked for. */
  readonly parameters: readonly Tensor[];
};

/** Which derivatives are wanted. */
export type Wanted = { readonly input: boolean; readonly parameters: boolean };

/** Mean and variance of each channel of a batch norm. */
export type ChannelStatistics = { readonly mean: Tensor; readonly variance: Tensor };

/** What a batch norm has beside a layer. */
export type Norm = {
  /** Of the batch of a forward pass. */
  statistics(saved: readonly Tensor[]): ChannelStatistics;
  /** With given statistics in the place of the batch's. */
  apply(parameters: readonly Tensor[], statistics: ChannelStatistics, x: Tensor): Tensor;
};

/** A layer: pure functions of its parameters. */
export type Layer = {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
  forward(parameters: readonly Tensor[], x: Tensor): Passed;
  backward(
    parameters: readonly Tensor[],
    saved: readonly Tensor[],
    dy: Tensor,
    wanted: Wanted,
  ): Slopes;
  readonly norm?: Norm;
};

/** Side of all filters, and their stride. */
const FILTER = 4;
const STRIDE = 2;

/** Added to variances. */
const NORM_EPSILON = 1e-5;

/** The tensor itself where it has this shape already: a reshape is an operation of the backend. */
function shaped(x: Tensor, shape: readonly number[]): Tensor {
  return tf.util.arraysEqual(x.shape, [...shape]) ? x : tf.reshape(x, [...shape]);
}

function rows(x: Tensor): Tensor2D {
  const columns = x.shape.at(-1)!;
  return shaped(x, [x.size / columns, columns]) as Tensor2D;
}

/** Sum over all axes but the last. */
function columnSums(x: Tensor): Tensor {
  return tf.sum(rows(x), 0);
}

/** `x W + b`; without a bias where batch norm follows, which would take it away again. */
export function denseLayer(name: string, inputs: number, outputs: number, bias: boolean): Layer {
  const initial = { fanIn: inputs };
  return {
    name,
    parameters: [
      { name: "weights", shape: [inputs, outputs], initial },
      ...(bias ? [{ name: "biases", shape: [outputs], initial }] : []),
    ],
    forward([W, b], x) {
      const flat = shaped(x, [x.size / inputs, inputs]);
      const product = tf.matMul(flat, W as Tensor2D);
      return { y: b === undefined ? product : tf.add(product, b), saved: [x] };
    },
    backward([W], [x], dy, wanted) {
      const flat = shaped(x!, [x!.size / inputs, inputs]);
      return {
        dx: wanted.input ? shaped(tf.matMul(dy, W!, false, true), x!.shape) : null,
        parameters: wanted.parameters
          ? [tf.matMul(flat, dy, true, false), ...(bias ? [tf.sum(dy, 0)] : [])]
          : [],
      };
    },
  };
}

/** The attributes of all convolutions here. */
const CONVOLUTION = {
  ...{ strides: STRIDE, pad: "same", dataFormat: "NHWC", dilations: 1 },
} as const;

function filterGradient(x: Tensor, dy: Tensor, filterShape: readonly number[]): Tensor {
  return tf.engine().runKernel(
    "Conv2DBackpropFilter",
    { x, dy },
    {
      ...CONVOLUTION,
      filterShape: [...filterShape],
    },
  ) as unknown as Tensor;
}

/** The adjoint of the convolution: spreads each position over its patch of an image of shape `[B, H, W, C]`. */
function spread(dy: Tensor, filter: Tensor, shape: readonly number[]): Tensor {
  const outputShape = [...shape] as [number, number, number, number];
  return tf.conv2dTranspose(dy as Tensor4D, filter as Tensor4D, outputShape, STRIDE, "same");
}

function gather(x: Tensor, filter: Tensor): Tensor {
  return tf.conv2d(x as Tensor4D, filter as Tensor4D, STRIDE, "same");
}

/** Convolution with filters of 4 × 4, stride 2, padding "same": `[B, 2h, 2w, inputs]` to `[B, h, w, outputs]`. */
export function convolutionLayer(name: string, inputs: number, outputs: number): Layer {
  const shape = [FILTER, FILTER, inputs, outputs];
  const initial = { fanIn: FILTER * FILTER * inputs };
  return {
    name,
    parameters: [
      { name: "weights", shape, initial },
      { name: "biases", shape: [outputs], initial },
    ],
    forward: ([W, b], x) => ({ y: tf.add(gather(x, W!), b!), saved: [x] }),
    backward: ([W], [x], dy, wanted) => ({
      dx: wanted.input ? spread(dy, W!, x!.shape) : null,
      parameters: wanted.parameters ? [filterGradient(x!, dy, shape), columnSums(dy)] : [],
    }),
  };
}

/** The adjoint of such a convolution: `[B, h, w, inputs]` to `[B, 2h, 2w, outputs]`. */
export function transposedLayer(
  name: string,
  inputs: number,
  outputs: number,
  bias: boolean,
): Layer {
  const shape = [FILTER, FILTER, outputs, inputs];
  // Each output position sees a quarter of the filter.
  const initial = { fanIn: (FILTER / STRIDE) ** 2 * inputs };
  return {
    name,
    parameters: [
      { name: "weights", shape, initial },
      ...(bias ? [{ name: "biases", shape: [outputs], initial }] : []),
    ],
    forward([W, b], x) {
      const [B, h, w] = x.shape as [number, number, number, number];
      const y = spread(x, W!, [B, STRIDE * h, STRIDE * w, outputs]);
      return { y: b === undefined ? y : tf.add(y, b), saved: [x] };
    },
    backward: ([W], [x], dy, wanted) => ({
      dx: wanted.input ? gather(dy, W!) : null,
      parameters: wanted.parameters
        ? [filterGradient(dy, x!, shape), ...(bias ? [columnSums(dy)] : [])]
        : [],
    }),
  };
}

/**
 * Batch norm over all axes but the last: `γ (x − μ)/√(v + ε) + β`, v the mean square deviation. What it saves begins with
 * x − μ, 1/√(v + ε), μ, v.
 *
 * `∂x = γ/√(v + ε) (∂y − ⟨∂y⟩ − (x − μ) ⟨∂y (x − μ)⟩/(v + ε))`, means over the batch.
 */
export function batchNormLayer(name: string, channels: number): Layer {
  return {
    name,
    parameters: [
      { name: "scale", shape: [channels], initial: { value: 1 } },
      { name: "shift", shape: [channels], initial: { value: 0 } },
    ],
    forward([gamma, beta], x) {
      const flat = rows(x);
      const mean = tf.mean(flat, 0);
      const centred = tf.sub(flat, mean);
      const variance = tf.mean(tf.square(centred), 0);
      const inverse = tf.rsqrt(tf.add(variance, NORM_EPSILON));
      const y = tf.add(tf.mul(centred, tf.mul(gamma!, inverse)), beta!);
      return { y: shaped(y, x.shape), saved: [centred, inverse, mean, variance] };
    },
    backward([gamma], [centred, inverse], dy) {
      const flat = rows(dy);
      const count = flat.shape[0];
      const dBeta = tf.sum(flat, 0);
      const along = tf.sum(tf.mul(flat, centred!), 0);
      const slope = tf.mul(along, tf.square(inverse!));
      const deviation = tf.add(tf.mul(centred!, tf.div(slope, count)), tf.div(dBeta, count));
      const dx = tf.mul(tf.sub(flat, deviation), tf.mul(gamma!, inverse!));
      return {
        dx: shaped(dx, dy.shape),
        parameters: [tf.mul(along, inverse!), dBeta],
      };
    },
    norm: {
      statistics: ([, , mean, variance]) => ({ mean: mean!, variance: variance! }),
      apply([gamma, beta], { mean, variance }, x) {
        const factor = tf.mul(gamma!, tf.rsqrt(tf.add(variance, NORM_EPSILON)));
        return tf.add(tf.mul(x, factor), tf.sub(beta!, tf.mul(mean, factor)));
      },
    },
  };
}

/** `max(x, slope x)`, slope in [0, 1). */
export function rectifierLayer(name: string, slope: number): Layer {
  return {
    name,
    parameters: [],
    forward(_, x) {
      const y = slope === 0 ? tf.relu(x) : tf.leakyRelu(x, slope);
      return { y, saved: [y] };
    },
    backward(_, [y], dy) {
      const isUp = tf.greater(y!, 0);
      const below = (): Tensor => tf.mul(dy, slope);
      const dx = slope === 0 ? tf.mul(dy, isUp) : tf.where(isUp, dy, below());
      return { dx, parameters: [] };
    },
  };
}

/** `tanh x`. */
export function tanhLayer(name: string): Layer {
  return {
    name,
    parameters: [],
    forward(_, x) {
      const y = tf.tanh(x);
      return { y, saved: [y] };
    },
    backward: (_, [y], dy) => ({
      dx: tf.sub(dy, tf.mul(dy, tf.square(y!))),
      parameters: [],
    }),
  };
}

/** Rows of numbers as images `[B, h, w, channels]`. */
export function imageLayer(name: string, shape: readonly [number, number, number]): Layer {
  return {
    name,
    parameters: [],
    forward: (_, x) => ({ y: tf.reshape(x, [-1, ...shape]), saved: [] }),
    backward: (_, _saved, dy) => ({
      dx: tf.reshape(dy, [-1, shape[0] * shape[1] * shape[2]]),
      parameters: [],
    }),
  };
}
