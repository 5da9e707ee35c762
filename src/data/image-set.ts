// Images kept as bytes on the host, given or painted when first asked for, as a source. Only batches become tensors.

import * as tf from "@tensorflow/tfjs";
import { ArgumentError, DataError } from "../errors.js";
import { uniformArray, type Stream } from "../random.js";
import { checkCount } from "./checks.js";
import type { ImageSource, ImageSplit } from "./image-source.js";

/** Size and meaning of the images of a set. */
export type ImageForm = {
  /** A word for tables and errors. */
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green, blue. */
  readonly channels: number;
  /** Names of the classes; null where the images have no labels. */
  readonly classNames: readonly string[] | null;
  /** What the images are, in sentences. */
  readonly report: readonly string[];
};

/** The images of a split as bytes. */
export type ImageBytes = {
  /** `[count, height, width, channels]`, row-major. */
  readonly pixels: Uint8Array;
  /** `[count]`; null where the images have no labels. */
  readonly labels: Uint16Array | null;
};

/** A set of images: what {@link imageSource} makes a source of, and `packImages` a text. */
export type ImageSet = ImageForm & { readonly train: ImageBytes; readonly test: ImageBytes };

/** How a split that is not stored gets its images. */
export type Painter = {
  readonly count: number;
  readonly labels: Uint16Array;
  /** Writes image `row` into `out`, `[height, width, channels]`. */
  paint(row: number, out: Uint8Array): void;
};

/** A source of the images of a set. Its bytes are shared, not copied.
 *
 * @throws DataError if a split is empty, or pixels, labels and form do not fit together
 */
export function imageSource(set: ImageSet): ImageSource {
  for (const part of ["train", "test"] as const) checkBytes(set, part);
  const split = ({ pixels, labels }: ImageBytes): ImageSplit => {
    const size = sizeOf(set);
    return splitOf(set, pixels.length / size, labels, (from, to) =>
      pixels.subarray(from * size, to * size),
    );
  };
  return sourceOf(set, split(set.train), split(set.test));
}

/** A source whose images are painted when first asked for, and kept. */
export function paintedSource(form: ImageForm, train: Painter, test: Painter): ImageSource {
  const split = (painter: Painter): ImageSplit =>
    splitOf(form, painter.count, painter.labels, painted(painter, sizeOf(form)));
  return sourceOf(form, split(train), split(test));
}

/** Bytes of the images `from` … `to` − 1. */
type Bytes = (from: number, to: number) => Uint8Array;

function painted({ count, paint }: Painter, size: number): Bytes {
  let pixels: Uint8Array | null = null;
  const done = new Uint8Array(count);
  return (from, to) => {
    pixels ??= new Uint8Array(count * size);
    for (let row = from; row < to; row++) {
      if (done[row] === 0) paint(row, pixels.subarray(row * size, (row + 1) * size));
      done[row] = 1;
    }
    return pixels.subarray(from * size, to * size);
  };
}

function sizeOf({ height, width, channels }: ImageForm): number {
  return height * width * channels;
}

/** Byte → value in [−1, 1]. */
const VALUES: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => (2 * byte) / 255 - 1);

function splitOf(
  form: ImageForm,
  count: number,
  labels: Uint16Array | null,
  bytes: Bytes,
): ImageSplit {
  const size = sizeOf(form);
  const { height, width, channels } = form;
  const stretch = (from: number, n: number): Uint8Array => {
    checkRow(from, count);
    checkCount("images", "n", n, 1);
    return bytes(from, Math.min(count, from + n));
  };
  // A fresh array every time: libtensorflow's tensors share the memory of the array they are made from.
  const tensor = (values: Float32Array): tf.Tensor4D =>
    tf.tensor4d(values, [values.length / size, height, width, channels]);
  return {
    count,
    labels,
    at(rows) {
      const values = new Float32Array(rows.length * size);
      for (let i = 0; i < rows.length; i++) {
        checkRow(rows[i]!, count);
        const image = bytes(rows[i]!, rows[i]! + 1);
        for (let k = 0; k < size; k++) values[i * size + k] = VALUES[image[k]!]!;
      }
      return tensor(values);
    },
    range(from, n) {
      const pixels = stretch(from, n);
      // A plain loop: a mapping `Float32Array.from` takes a hundred times longer.
      const values = new Float32Array(pixels.length);
      for (let k = 0; k < pixels.length; k++) values[k] = VALUES[pixels[k]!]!;
      return tensor(values);
    },
    bytes: stretch,
  };
}

function sourceOf(form: ImageForm, train: ImageSplit, test: ImageSplit): ImageSource {
  const { name, height, width, channels, classNames, report } = form;
  const draw = (from: Stream, n: number): Int32Array => {
    checkCount("draw", "n", n, 1);
    // u ≤ 1 − 2⁻²³, so that the product stays below the count.
    return Int32Array.from(uniformArray(from, n), (u) => Math.floor(u * train.count));
  };
  return {
    ...{ name, height, width, channels, classNames, report, train, test },
    classes: classNames?.length ?? null,
    draw,
    batch: (from, n) => train.at(draw(from, n)),
  };
}

function checkRow(row: number, count: number): void {
  if (Number.isSafeInteger(row) && row >= 0 && row < count) return;
  throw new ArgumentError(
    `images: argument \`rows\` must hold integers from 0 to ${count - 1}, but has ${row}.`,
  );
}

function checkBytes(set: ImageSet, part: "train" | "test"): void {
  const { pixels, labels } = set[part];
  const size = sizeOf(set);
  const count = pixels.length / size;
  const wrong = (what: string): DataError => new DataError(`${set.name}: ${part} ${what}.`);
  if (!Number.isSafeInteger(count) || count < 1)
    throw wrong(
      `must hold whole images of ${size} bytes, at least one, but has ${pixels.length} bytes`,
    );
  if ((labels === null) !== (set.classNames === null))
    throw wrong("must have labels where the set has classes, and none where it has none");
  if (labels === null) return;
  const classes = set.classNames!.length;
  if (labels.length !== count)
    throw wrong(`must have a label for each of ${count} images, but has ${labels.length}`);
  const bad = labels.findIndex((label) => label >= classes);
  if (bad >= 0)
    throw wrong(`must have labels below ${classes}, but image ${bad} has ${labels[bad]!}`);
}
