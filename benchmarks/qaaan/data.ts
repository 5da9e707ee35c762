// The images of the acceptance: MNIST from a folder or the cache where it is, else synthetic digits, whole or a few of them.

import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  digitImages,
  imageSource,
  type ImageBytes,
  type ImageSet,
  type ImageSource,
  type MnistSplit,
} from "../../src/data/index.js";
import { dataFolder, readMnist } from "../../src/data/files/index.js";
import { packImages } from "../../src/data/packed-images.js";
import type { DataFiles } from "../../src/models/index.js";

/** The key of the images among the files of a configuration. */
export const FILE = "mnist";

/** Images to train on and to score with. */
export type CampaignData = {
  readonly name: "mnist" | "digits";
  /** All images: what classifiers are trained on, and test images. */
  readonly source: ImageSource;
  /** The files of a training on the first `images` of them, 0 for all. */
  files(images: number): DataFiles;
};

/** Opens MNIST in `folder` or in the cache; synthetic digits where there is none. */
export function openData(
  folder: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): CampaignData {
  const place = folder ?? join(dataFolder(env), "mnist");
  if (folder === undefined && !existsSync(place)) return dataOf("digits", digits());
  return dataOf("mnist", mnist(place));
}

function mnist(path: string): ImageSet {
  const part = (split: MnistSplit): ImageBytes => {
    const { values, labels } = readMnist(split, { path }).images;
    return { pixels: Uint8Array.from(values), labels: Uint16Array.from(labels) };
  };
  return {
    ...{ name: "mnist", height: 28, width: 28, channels: 1 },
    classNames: Array.from("0123456789"),
    report: ["MNIST: 60,000 images for training, 10,000 for the test."],
    ...{ train: part("train"), test: part("test") },
  };
}

function digits(): ImageSet {
  const { name, height, width, channels, classNames, report, train, test } = digitImages();
  const part = (split: typeof train): ImageBytes => ({
    pixels: split.bytes(0, split.count),
    labels: split.labels,
  });
  return {
    name,
    height,
    width,
    channels,
    classNames,
    report,
    train: part(train),
    test: part(test),
  };
}

function dataOf(name: CampaignData["name"], set: ImageSet): CampaignData {
  const texts = new Map<number, string>();
  const packed = (images: number): string => {
    const { pixels, labels } = set.train;
    const size = set.height * set.width * set.channels;
    const few = { pixels: pixels.slice(0, images * size), labels: labels!.slice(0, images) };
    return packImages(images === 0 ? set : { ...set, train: few });
  };
  return {
    name,
    source: imageSource(set),
    files(images) {
      const text = texts.get(images) ?? packed(images);
      texts.set(images, text);
      return { [FILE]: text };
    },
  };
}
