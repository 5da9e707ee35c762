// A trained classifier: its weights on the host with how they came about, and what it makes of many images. Training is in
// train.ts.

import * as tf from "@tensorflow/tfjs";
import { ShapeError } from "../../errors.js";
import { classify, FEATURES, parameterShapes, type ClassifierForm } from "./network.js";
import type { Points } from "../../metrics/index.js";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { ImageSplit } from "../../data/index.js";

/** `paper`: trained until about 95 % of the test images are right, as the paper's; `good`: 98 % and more. */
export type ClassifierKind = "paper" | "good";

/** A trained classifier. Holds no tensors. */
export type Classifier = {
  readonly form: ClassifierForm;
  readonly kind: ClassifierKind;
  readonly seed: number;
  /** Fraction of the test images that it names rightly. */
  readonly accuracy: number;
  /** Steps of training after which that was measured. */
  readonly steps: number;
  /** In the order of `parameterShapes`. */
  readonly weights: readonly Float32Array[];
};

/** What a classifier says about a set of images, on the host. */
export type ScoredImages = {
  readonly count: number;
  /** Rows of 128 features. */
  readonly features: Points & { readonly values: Float32Array };
  /** Rows of class probabilities. */
  readonly probabilities: Points & { readonly values: Float32Array };
};

/** Images in parts, `[any, height, width, channels]` in [−1, 1]. Whoever takes one disposes it. */
export type ImageChunks = Iterable<Tensor> | AsyncIterable<Tensor>;

/** Images on the device at a time. */
const BLOCK = 500;

/** The first `count` images of a split, in parts. */
export function* splitChunks(split: ImageSplit, count: number): Generator<Tensor, void, void> {
  for (let from = 0; from < count; from += BLOCK) {
    yield split.range(from, Math.min(BLOCK, count - from));
  }
}

/**
 * Features and probabilities of images, part by part.
 *
 * @param classifier - of images of this size
 * @param count - how many images come
 * @param chunks - the images
 * @throws ShapeError if the images have another size than those that the classifier was trained on
 */
export async function scoreImages(
  classifier: Classifier,
  count: number,
  chunks: ImageChunks,
): Promise<ScoredImages> {
  const parameters = tensorsOf(classifier);
  try {
    return await scoreWith(parameters, classifier.form, count, chunks);
  } finally {
    tf.dispose(parameters);
  }
}

/** {@link scoreImages} with parameters on the device. */
export async function scoreWith(
  parameters: readonly Tensor[],
  form: ClassifierForm,
  count: number,
  chunks: ImageChunks,
): Promise<ScoredImages> {
  const features = new Float32Array(count * FEATURES);
  const probabilities = new Float32Array(count * form.classes);
  let from = 0;
  for await (const chunk of chunks) {
    const [found, classes] = tf.tidy(() => {
      const result = classify(parameters, checked(form, chunk));
      return [result.features, tf.softmax(result.logits)];
    });
    features.set(await found.data<"float32">(), from * FEATURES);
    probabilities.set(await classes.data<"float32">(), from * form.classes);
    from += chunk.shape[0];
    tf.dispose([chunk, found, classes]);
  }
  return {
    count,
    features: { values: features, width: FEATURES },
    probabilities: { values: probabilities, width: form.classes },
  };
}

function checked({ height, width, channels }: ClassifierForm, images: Tensor): Tensor4D {
  const { shape } = images;
  const fits = shape[1] === height && shape[2] === width && shape[3] === channels;
  if (fits) return images as Tensor4D;
  throw new ShapeError(
    `scoreImages: argument \`chunks\` must hold images of shape [n, ${height}, ${width}, ${channels}], ` +
      `as those that the classifier was trained on, but one has shape [${shape.join(", ")}].`,
  );
}

function tensorsOf({ form, weights }: Classifier): Tensor[] {
  return parameterShapes(form).map(([, shape], i) => tf.tensor(weights[i]!.slice(), shape));
}

/** The class of largest probability of every row (the first one of equals). */
export function predictedClasses({ values, width }: Points): Uint16Array {
  const classes = new Uint16Array(values.length / width);
  for (let row = 0; row < classes.length; row++) {
    let best = 0;
    for (let k = 1; k < width; k++) {
      if (values[row * width + k]! > values[row * width + best]!) best = k;
    }
    classes[row] = best;
  }
  return classes;
}
