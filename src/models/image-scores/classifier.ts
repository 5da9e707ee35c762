// A trained classifier: its weights on the host with how they came about, and what it makes of many images. Training is in
// train.ts.

import * as tf from "@tensorflow/tfjs";
import { ShapeError } from "../../errors.js";
import { classify, FEATURES, parameterShapes, type ClassifierForm } from "./network.js";
import type { Points } from "../../metrics/index.js";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";

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

/** Images by their place: `[≤ n, height, width, channels]` in [−1, 1] from row `from` on. */
export type ImageRows = (from: number, n: number) => Tensor4D;

/** Images on the device at a time. */
const BLOCK = 500;

/**
 * Features and probabilities of `count` images, block by block.
 *
 * @param images - gives fresh tensors, which are disposed here
 * @throws ShapeError if the images have another size than those that the classifier was trained on
 */
export async function scoreImages(
  classifier: Classifier,
  count: number,
  images: ImageRows,
): Promise<ScoredImages> {
  const parameters = tensorsOf(classifier);
  try {
    return await scoreWith(parameters, classifier.form, count, images);
  } finally {
    tf.dispose(parameters);
  }
}

/** {@link scoreImages} with parameters on the device. */
export async function scoreWith(
  parameters: readonly Tensor[],
  form: ClassifierForm,
  count: number,
  images: ImageRows,
): Promise<ScoredImages> {
  const features = new Float32Array(count * FEATURES);
  const probabilities = new Float32Array(count * form.classes);
  for (let from = 0; from < count; from += BLOCK) {
    const [found, classes] = tf.tidy(() => {
      const block = images(from, Math.min(BLOCK, count - from));
      checkSize(form, block);
      const result = classify(parameters, block);
      return [result.features, tf.softmax(result.logits)];
    });
    features.set(await found.data<"float32">(), from * FEATURES);
    probabilities.set(await classes.data<"float32">(), from * form.classes);
    tf.dispose([found, classes]);
  }
  return {
    count,
    features: { values: features, width: FEATURES },
    probabilities: { values: probabilities, width: form.classes },
  };
}

function checkSize({ height, width, channels }: ClassifierForm, { shape }: Tensor4D): void {
  if (shape[1] === height && shape[2] === width && shape[3] === channels) return;
  throw new ShapeError(
    `scoreImages: argument \`images\` must have shape [n, ${height}, ${width}, ${channels}], ` +
      `as those that the classifier was trained on, but has shape [${shape.join(", ")}].`,
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
