// Training of the classifiers that scores stand on, on whatever labelled images there are, by the protocol of the reference.

import * as tf from "@tensorflow/tfjs";
import { checkChoice, checkInteger } from "../../checks.js";
import { ConvergenceError, DataError } from "../../errors.js";
import { adam } from "../../learning/optimizer.js";
import { stream } from "../../random.js";
import { predictedClasses, scoreWith, splitChunks } from "./classifier.js";
import { classify, initialClassifier, type ClassifierForm } from "./network.js";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { ImageSource, ImageSplit } from "../../data/index.js";
import type { Classifier, ClassifierKind } from "./classifier.js";

/** When training may stop: not before `steps`, and not below `accuracy`. */
const GOALS: Readonly<
  Record<ClassifierKind, { readonly steps: number; readonly accuracy: number }>
> = {
  paper: { steps: 50, accuracy: 0.95 },
  good: { steps: 900, accuracy: 0.98 },
};

/** Steps between looks at the test images; after the last one training stops wherever it is. */
const EVERY = 50;
const MOST_STEPS = 3000;

const BATCH = 128;
const RATE = 1e-3;
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Test images that the accuracy is measured on, at most. */
const TESTED = 10_000;

/** Options of {@link trainClassifier}. */
export type ClassifierOptions = {
  readonly kind: ClassifierKind;
  /** Of first weights and batches. */
  readonly seed: number;
  /** Told of every look at the test images. */
  readonly onProgress?: (step: number, accuracy: number) => void;
};

/**
 * Trains a classifier: Adam at 1e-3, batches of 128, until the first look (every 50 steps) at which it is good enough, or 3,000
 * steps. Choose a backend first.
 *
 * @throws DataError if the images have no labels; ConvergenceError if the loss is not finite
 */
export async function trainClassifier(
  source: ImageSource,
  { kind, seed, onProgress }: ClassifierOptions,
): Promise<Classifier> {
  checkChoice("trainClassifier", "kind", kind, Object.keys(GOALS));
  checkInteger("trainClassifier", "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  const form = formOf(source);
  const goal = GOALS[kind];
  const training = startTraining(source, form, seed);
  try {
    for (let steps = EVERY; ; steps += EVERY) {
      for (let step = steps - EVERY; step < steps; step++) training.step(step);
      const accuracy = await accuracyOf(training.parameters(), form, source.test);
      onProgress?.(steps, accuracy);
      if ((steps < goal.steps || accuracy < goal.accuracy) && steps < MOST_STEPS) continue;
      const weights = await Promise.all(training.parameters().map((w) => w.data<"float32">()));
      checkWeights(weights, steps, seed);
      // Copies: the cpu backend hands out its own memory.
      return { form, kind, seed, accuracy, steps, weights: weights.map((w) => w.slice()) };
    }
  } finally {
    training.dispose();
  }
}

function formOf(source: ImageSource): ClassifierForm {
  const { height, width, channels, classes, name } = source;
  if (classes !== null && classes > 1) return { height, width, channels, classes };
  throw new DataError(
    `trainClassifier: images must have labels of at least two classes, but those of ${name} have none. Scores need a classifier of the same kind of image.`,
  );
}

type Training = {
  step(step: number): void;
  parameters(): readonly Tensor[];
  dispose(): void;
};

function startTraining(source: ImageSource, form: ClassifierForm, seed: number): Training {
  const optimizer = adam(ADAM);
  let parameters = initialClassifier(form, stream(seed, "evaluation", 0));
  let states = parameters.map(({ shape }) => optimizer.init(shape));
  const lossOf =
    (images: Tensor4D, targets: Tensor) =>
    (...list: Tensor[]): tf.Scalar =>
      tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(classify(list, images).logits)), 1)));
  return {
    parameters: () => parameters,
    dispose: () => tf.dispose([parameters, states]),
    step(step) {
      const [before, old] = [parameters, states];
      const next = tf.tidy(() => {
        const rows = source.draw(stream(seed, "evaluation", step + 1), BATCH);
        const labels = Int32Array.from(rows, (row) => source.train.labels![row]!);
        const targets = tf.oneHot(tf.tensor1d(labels, "int32"), form.classes);
        const gradients = tf.grads(lossOf(source.train.at(rows), targets))([...before]);
        return before.map((weights, i) => {
          const slope = { parameters: weights, gradient: gradients[i]! };
          return optimizer.step(slope, -RATE, old[i]!, step + 1);
        });
      });
      parameters = next.map(({ parameters: weights }) => weights);
      states = next.map(({ state }) => state);
      tf.dispose([before, old]);
    },
  };
}

async function accuracyOf(
  parameters: readonly Tensor[],
  form: ClassifierForm,
  test: ImageSplit,
): Promise<number> {
  const count = Math.min(test.count, TESTED);
  const { probabilities } = await scoreWith(parameters, form, count, splitChunks(test, count));
  const right = predictedClasses(probabilities).filter((k, row) => k === test.labels![row]);
  return right.length / count;
}

function checkWeights(weights: readonly Float32Array[], steps: number, seed: number): void {
  if (weights.every((w) => w.every(Number.isFinite))) return;
  throw new ConvergenceError(
    `trainClassifier: weights must be finite, but those of seed ${seed} are not after ${steps} steps. Use another seed.`,
  );
}
