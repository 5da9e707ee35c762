// The classifier behind the scores as functions of its parameters: two convolutions, a layer of features, logits. No
// training.

import * as tf from "@tensorflow/tfjs";
import { uniform, type Stream } from "../../random.js";
import type { Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs";

/** Size of the images and number of their classes. */
export type ClassifierForm = {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
};

/** Features of an image: what Fréchet distances and neighbours compare. */
export const FEATURES = 128;

/** Channels of both convolutions; filters of 4 × 4, stride 2, padding "same", ReLU. */
const CHANNELS = [16, 32] as const;
const FILTER = 4;
const STRIDE = 2;

/** Names and shapes of the parameters, in order. */
export function parameterShapes(form: ClassifierForm): readonly (readonly [string, number[]])[] {
  const { height, width, channels, classes } = form;
  const halved = (side: number): number => Math.ceil(Math.ceil(side / STRIDE) / STRIDE);
  const flat = halved(height) * halved(width) * CHANNELS[1];
  return [
    ["convolution0.weights", [FILTER, FILTER, channels, CHANNELS[0]]],
    ["convolution0.biases", [CHANNELS[0]]],
    ["convolution1.weights", [FILTER, FILTER, CHANNELS[0], CHANNELS[1]]],
    ["convolution1.biases", [CHANNELS[1]]],
    ["features.weights", [flat, FEATURES]],
    ["features.biases", [FEATURES]],
    ["logits.weights", [FEATURES, classes]],
    ["logits.biases", [classes]],
  ];
}

/** First parameters: weights and biases uniform on ±1/√(inputs of a unit). */
export function initialClassifier(form: ClassifierForm, from: Stream): Tensor[] {
  let [offset, bound] = [0, 0];
  return parameterShapes(form).map(([, shape]) => {
    const inputs = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    // Biases stand after the weights of their layer and share their bound.
    if (shape.length > 1) bound = 1 / Math.sqrt(inputs);
    const draws = uniform(from, shape, { lo: -bound, hi: bound, offset });
    offset += 4 * Math.ceil((inputs * shape.at(-1)!) / 4);
    return draws;
  });
}

/** What a classifier makes of images. */
export type Classified = {
  /** `[n, 128]`, behind a ReLU. */
  readonly features: Tensor2D;
  /** `[n, classes]`. */
  readonly logits: Tensor2D;
};

/**
 * Features and logits.
 *
 * @param parameters - in the order of {@link parameterShapes}
 * @param images - `[n, height, width, channels]` in [−1, 1]
 */
export function classify(parameters: readonly Tensor[], images: Tensor4D): Classified {
  const [w0, b0, w1, b1, w2, b2, w3, b3] = parameters as readonly [
    Tensor4D,
    Tensor,
    Tensor4D,
    Tensor,
    Tensor2D,
    Tensor,
    Tensor2D,
    Tensor,
  ];
  const convolved = (x: Tensor4D, w: Tensor4D, b: Tensor): Tensor4D =>
    tf.relu(tf.add(tf.conv2d(x, w, STRIDE, "same"), b));
  const h = convolved(convolved(images, w0, b0), w1, b1);
  const flat = tf.reshape(h, [images.shape[0], -1]);
  const features: Tensor2D = tf.relu(tf.add(tf.matMul(flat, w2), b2));
  return { features, logits: tf.add(tf.matMul(features, w3), b3) };
}
