// Synthetic digits as a source of images: the data of models that are tried without MNIST.

import { stream } from "../random.js";
import { checkCount } from "./checks.js";
import { digitPoses, digitsOf } from "./digits.js";
import { paintedSource, type Painter } from "./image-set.js";
import type { ImageSource } from "./image-source.js";

/** Options of {@link digitImages}. */
export type DigitImageOptions = {
  /** Pixels of a side. Default 28. */
  readonly side?: 28 | 8;
  /** Training images. Default 20,000. */
  readonly train?: number;
  /** Test images. Default 10,000. */
  readonly test?: number;
  /** Another seed gives other images of the same law. Default 0. */
  readonly seed?: number;
};

/** Events of the streams from which the splits are drawn. */
const EVENTS = { train: 0, test: 1 } as const;

/**
 * Ten classes of grey digits, see `syntheticDigits`; each is painted when first asked for. Both splits have streams of their
 * own.
 *
 * @throws ArgumentError if a count is no positive integer
 */
export function digitImages(options: DigitImageOptions = {}): ImageSource {
  const { side = 28, train = 20_000, test = 10_000, seed = 0 } = options;
  const painter = (part: "train" | "test", count: number): Painter => {
    checkCount("digitImages", part, count, 1);
    const poses = digitPoses(stream(seed, "problemGenerators", EVENTS[part]), count);
    return {
      count,
      labels: Uint16Array.from(poses, ({ digit }) => digit),
      paint: (row, out) => {
        const { values } = digitsOf([poses[row]!], side);
        for (let k = 0; k < out.length; k++) out[k] = Math.round(255 * Math.min(1, values[k]!));
      },
    };
  };
  const form = {
    ...{ name: "digits", height: side, width: side, channels: 1 },
    classNames: Array.from("0123456789"),
    report: [
      `${train.toLocaleString("en-US")} synthetic digits of ${side} × ${side} pixels for training, ${test.toLocaleString("en-US")} others for the test.`,
    ],
  };
  return paintedSource(form, painter("train", train), painter("test", test));
}
