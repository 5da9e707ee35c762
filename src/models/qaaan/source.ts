// The images that a configuration names.

import { DataError } from "../../errors.js";
import {
  digitImages,
  imageSource,
  roomImages,
  unpackImages,
  type ImageSource,
} from "../../data/index.js";
import { blocksOf } from "./networks.js";
import type { DataFiles } from "../model.js";
import type { QaaanConfig } from "./config.js";

/**
 * Opens the images of a configuration.
 *
 * @throws DataError if a file's text is missing or broken, or its images cannot be halved as often as the networks do
 */
export function openSource(config: QaaanConfig, files: DataFiles = {}): ImageSource {
  const source = openImages(config, files);
  const { height, width } = source;
  const halved = 2 ** blocksOf(config.model);
  if (height % halved === 0 && width % halved === 0) return source;
  throw new DataError(
    `qaaan: images must have sides that are multiples of ${halved} for ${blocksOf(config.model)} blocks of stride 2, but those of ${source.name} are ${height} × ${width}. Change model.discriminator.channels and model.generator.channels.`,
  );
}

function openImages({ data }: QaaanConfig, files: DataFiles): ImageSource {
  const { file, source, side, train, test, seed } = data;
  if (file === null) {
    if (source === "rooms") return roomImages({ side: side as 32 | 64, train, test, seed });
    return digitImages({ side: side as 28 | 8, train, test, seed });
  }
  const text = files[file];
  if (text === undefined) {
    throw new DataError(`qaaan: the text of ${file} must be given in \`files\`, but is missing.`);
  }
  return imageSource(unpackImages(text, file));
}
