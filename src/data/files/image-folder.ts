// A folder of photographs as a set of images of one size: decoded, cropped, averaged, split, and kept decoded. Node only.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { DataError } from "../../errors.js";
import { areaAverage } from "../images.js";
import { shuffled } from "../splits.js";
import { checkCount } from "../checks.js";
import { keptText } from "./image-cache.js";
import { listImages, type ImageList, type ListedImage } from "./image-list.js";
import { decodePhoto, type Photo } from "./photo.js";
import { packImages, unpackImages } from "../packed-images.js";
import type { ImageBytes, ImageSet } from "../image-set.js";

/** Options of {@link readImageFolder}. */
export type ImageFolderOptions = {
  /** Pixels of a side that pictures are brought to. Default 32. */
  readonly side?: number;
  /** `"auto"`: colour if any picture has some. Default `"auto"`. */
  readonly color?: "auto" | "grey" | "rgb";
  /** Of the choice of test images where folders do not say it. Default 0. */
  readonly seed?: number;
  /** Where decoded images are kept; null keeps none. Default: nowhere. */
  readonly cache?: string | null;
  /** Told after every picture. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** Written into the keys of the cache: raise it when the same pictures give other bytes. */
const FORMAT = 1;

/** Share of pictures that may be unreadable: above it something is wrong with the folder. */
const UNREADABLE = 0.01;

/** Unreadable pictures that an error names. */
const NAMED = 5;

type Settings = Required<Pick<ImageFolderOptions, "side" | "color" | "seed">>;

/**
 * Reads all PNG and JPEG files of a folder and its sub-folders. Each is cropped to its central square and reduced by averaging
 * areas. Sub-folders are classes, and `train` and `test` splits, where there are such; else a tenth, chosen at random, is the
 * test. Copies of a picture count once, so that training and test share none.
 *
 * @param path - of the folder
 * @throws DataError if it is no folder, holds fewer than two pictures, or if more than 1 % of them cannot be used: damaged,
 *   cut off, of another format, or smaller than `side`; it names the first and what is wrong with them
 */
export function readImageFolder(path: string, options: ImageFolderOptions = {}): ImageSet {
  const { side = 32, color = "auto", seed = 0, cache = null, onProgress } = options;
  checkCount("readImageFolder", "side", side, 2);
  const folder = resolve(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new DataError(`${folder}: must be a folder of pictures, but is none.`);
  const list = listImages(folder);
  const files = list.images.map((image) => fingerprint(folder, image));
  const settings = { side, color, seed };
  const decode = (): string =>
    packImages(
      setOf(folder, list, distinct(folder, files), settings, onProgress ?? (() => undefined)),
    );
  const key = createHash("sha256").update(
    JSON.stringify([FORMAT, basename(folder), settings, list, files]),
  );
  return unpackImages(keptText(cache, key.digest("hex"), decode), folder);
}

/** A picture and the SHA-256 of its bytes; null where it cannot be read. */
type Fingerprint = { readonly image: ListedImage; readonly sha256: string | null };

function fingerprint(folder: string, image: ListedImage): Fingerprint {
  try {
    const bytes = readFileSync(join(folder, image.path));
    return { image, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch {
    return { image, sha256: null };
  }
}

/** The first of each group of copies. */
function distinct(folder: string, files: readonly Fingerprint[]): ListedImage[] {
  const seen = new Map<string, ListedImage>();
  return files.flatMap(({ image, sha256 }) => {
    const first = sha256 === null ? undefined : seen.get(sha256);
    if (sha256 !== null && first === undefined) seen.set(sha256, image);
    if (first !== undefined && first.className !== image.className) {
      throw new DataError(
        `${folder}: must hold each picture in one class, but ${image.path} is a copy of ${first.path}. Remove the wrong one.`,
      );
    }
    return first === undefined ? [image] : [];
  });
}

type Read = { readonly image: ListedImage; readonly rgb: Uint8Array };
type Unread = { readonly path: string; readonly why: string };

function setOf(
  folder: string,
  list: ImageList,
  images: readonly ListedImage[],
  settings: Settings,
  onProgress: (done: number, total: number) => void,
): ImageSet {
  const { side } = settings;
  const read: Read[] = [];
  const unread: Unread[] = [];
  for (const [i, image] of images.entries()) {
    try {
      read.push({ image, rgb: square(decodePhoto(readFileSync(join(folder, image.path))), side) });
    } catch (error) {
      unread.push({
        path: image.path,
        why: error instanceof Error ? error.message : String(error),
      });
    }
    onProgress(i + 1, images.length);
  }
  checkUnread(folder, unread, images.length);
  const [train, test] = splitsOf(folder, read, settings.seed);
  const channels = isGrey(read, settings) ? 1 : 3;
  const bytes = (rows: readonly Read[]): ImageBytes => bytesOf(rows, list, channels);
  return {
    ...{ name: basename(folder), height: side, width: side, channels },
    classNames: list.classNames,
    report: reportOf(list, images.length, unread, { train, test, side, channels }),
    ...{ train: bytes(train), test: bytes(test) },
  };
}

/** The central square of a picture, averaged to `side` × `side` pixels of red, green, blue. */
function square({ width, height, rgba }: Photo, side: number): Uint8Array {
  const length = Math.min(width, height);
  if (length < side)
    throw new DataError(`is ${width} × ${height} pixels, smaller than ${side} × ${side}`);
  const [left, top] = [Math.floor((width - length) / 2), Math.floor((height - length) / 2)];
  const planes = new Uint8Array(3 * length * length);
  for (let y = 0; y < length; y++) {
    const from = 4 * ((top + y) * width + left);
    for (let x = 0; x < length; x++)
      for (let c = 0; c < 3; c++) planes[(c * length + y) * length + x] = rgba[from + 4 * x + c]!;
  }
  const whole = { rows: 3, height: length, width: length, values: planes, white: 255 };
  const { values } = areaAverage({ ...whole, labels: new Uint8Array(3) }, side);
  const size = side * side;
  return Uint8Array.from({ length: 3 * size }, (_, at) =>
    Math.round(255 * values[(at % 3) * size + Math.floor(at / 3)]!),
  );
}

function checkUnread(folder: string, unread: readonly Unread[], total: number): void {
  if (unread.length <= UNREADABLE * total) return;
  const named = unread.slice(0, NAMED).map(({ path, why }) => `${path} ${why}`);
  const more = unread.length - named.length;
  throw new DataError(
    `${folder}: at most 1 % of the pictures may be unusable, but ${unread.length} of ${total} are: ${named.join("; ")}` +
      `${more > 0 ? `; and ${more} more` : ""}. Convert, replace or remove them, or choose a smaller size.`,
  );
}

/** Training and test, each in the order of the paths. */
function splitsOf(folder: string, read: readonly Read[], seed: number): [Read[], Read[]] {
  const given = (split: string): Read[] => read.filter(({ image }) => image.split === split);
  const [train, test] = read.some(({ image }) => image.split !== null)
    ? [given("train"), given("test")]
    : chosen(read, seed);
  if (train.length > 0 && test.length > 0) return [train, test];
  throw new DataError(
    `${folder}: must hold a picture to train with and another for the test, but holds ${read.length} different ones.`,
  );
}

function chosen(read: readonly Read[], seed: number): [Read[], Read[]] {
  const order = shuffled(Int32Array.from(read.keys()), `images ${seed}`);
  const tests = new Set(order.subarray(0, Math.max(1, Math.round(read.length / 10))));
  return [read.filter((_, i) => !tests.has(i)), read.filter((_, i) => tests.has(i))];
}

function isGrey(read: readonly Read[], { color }: Settings): boolean {
  if (color !== "auto") return color === "grey";
  return read.every(({ rgb }) => rgb.every((value, at) => at % 3 === 0 || value === rgb[at - 1]));
}

function bytesOf(rows: readonly Read[], { classNames }: ImageList, channels: number): ImageBytes {
  const size = (rows[0]!.rgb.length / 3) * channels;
  const pixels = new Uint8Array(rows.length * size);
  for (const [i, { rgb }] of rows.entries()) pixels.set(channels === 3 ? rgb : luma(rgb), i * size);
  const labels =
    classNames === null
      ? null
      : Uint16Array.from(rows, ({ image }) => classNames.indexOf(image.className!));
  return { pixels, labels };
}

/** Brightness by Rec. 601, as other image libraries have it. */
function luma(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgb.length / 3 }, (_, i) =>
    Math.round(0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!),
  );
}

type Outcome = {
  readonly train: readonly Read[];
  readonly test: readonly Read[];
  readonly side: number;
  readonly channels: number;
};

function reportOf(
  { images, classNames, others }: ImageList,
  different: number,
  unread: readonly Unread[],
  { train, test, side, channels }: Outcome,
): string[] {
  const many = (count: number): string => count.toLocaleString("en-US");
  const copies = images.length - different;
  const color = channels === 3 ? "in colour" : "in grey";
  return [
    `${many(train.length)} pictures for training and ${many(test.length)} for the test, cropped to their central squares and averaged to ${side} × ${side} pixels ${color}.`,
    classNames === null
      ? "They have no labels."
      : `Their ${many(classNames.length)} classes are the names of sub-folders.`,
    ...(copies > 0 ? [`${many(copies)} copies of others are left out.`] : []),
    ...unread.slice(0, NAMED).map(({ path, why }) => `${path} is left out: it ${why}.`),
    ...(others > 0 ? [`${many(others)} other files are left alone.`] : []),
  ];
}
