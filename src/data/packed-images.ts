// Sets of images as text and back: how the command line hands images to models, which take data files as text.

import { DataError } from "../errors.js";
import { fromBase64, toBase64 } from "./base64.js";
import type { ImageBytes, ImageForm, ImageSet } from "./image-set.js";

const FORMAT = "zenoflow.images/1";

/** The longest text that JavaScript engines take, less room for the header. */
const LONGEST = 2 ** 29 - 2 ** 20;

type Header = ImageForm & { readonly format: string };

/**
 * The text of a set: one line of JSON with its form, then one line of base64 for each of: training pixels, training labels,
 * test pixels, test labels. Labels are 16-bit words, little-endian; a set without labels has empty lines.
 *
 * @throws DataError if the text would be longer than JavaScript allows, about 400 million bytes of pixels
 */
export function packImages(set: ImageSet): string {
  const { name, height, width, channels, classNames, report } = set;
  const bytes = set.train.pixels.length + set.test.pixels.length;
  if ((bytes / 3) * 4 > LONGEST) {
    throw new DataError(
      `${name}: must have at most ${Math.floor(LONGEST / 4) * 3} bytes of pixels, but has ${bytes}. Take smaller or fewer images.`,
    );
  }
  const header: Header = {
    format: FORMAT,
    ...{ name, height, width, channels, classNames, report },
  };
  const parts = [set.train, set.test].flatMap(({ pixels, labels }) => [
    toBase64(pixels),
    labels === null ? "" : toBase64(wordBytes(labels)),
  ]);
  return `${[JSON.stringify(header), ...parts].join("\n")}\n`;
}

/** Whether a text is one of {@link packImages}. */
export function isPackedImages(text: string): boolean {
  return text.startsWith(`{"format":"${FORMAT}"`);
}

/**
 * The set of a text.
 *
 * @param name - of the text, for errors
 * @throws DataError, naming the text, if it is none of {@link packImages}, or is cut off
 */
export function unpackImages(text: string, name = "images"): ImageSet {
  if (!isPackedImages(text)) {
    throw new DataError(
      `${name}: must be images, packed by zenoflow, but starts with ${JSON.stringify(text.slice(0, 20))}. ` +
        'Give a folder of images, or "mnist".',
    );
  }
  const lines = text.split("\n");
  if (lines.length !== 6)
    throw new DataError(`${name}: must have 5 lines, but has ${lines.length - 1}. It is cut off.`);
  const { format: _, ...form } = headerOf(lines[0]!, name);
  const part = (at: number): ImageBytes => ({
    pixels: fromBase64(lines[at]!),
    labels: form.classNames === null ? null : words(fromBase64(lines[at + 1]!)),
  });
  return { ...form, train: part(1), test: part(3) };
}

function headerOf(line: string, name: string): Header {
  try {
    return JSON.parse(line) as Header;
  } catch (cause) {
    throw new DataError(`${name}: line 1 must be JSON, but is not.`, { cause });
  }
}

function wordBytes(words: Uint16Array): Uint8Array {
  return Uint8Array.from({ length: 2 * words.length }, (_, i) => words[i >> 1]! >> (8 * (i & 1)));
}

function words(bytes: Uint8Array): Uint16Array {
  return Uint16Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8),
  );
}
