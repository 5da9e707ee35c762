// The sources of training data and what they are made of, re-exported in reading order.

export { type AngleSource, type Split } from "./source.js";
export { lineSource, type LineOptions } from "./line.js";
export {
  circlesLaw,
  gridLaw,
  mixtureLaw,
  NAMED_LAWS,
  namedLaw,
  ringLaw,
  type Law,
  type NamedLaw,
} from "./laws.js";
export { csvRowSource, lawSource, type RowSource } from "./row-source.js";
export { csvSource, type CsvSourceOptions } from "./csv-source.js";
export { parseCsv, type CsvColumn, type CsvOptions, type CsvTable } from "./csv.js";
export { type Delimiter } from "./csv-records.js";
export { parseIdx, type IdxArray, type IdxValues } from "./idx.js";
export { areaAverage, type Images } from "./images.js";
export { labelledImages, MNIST_FILES, type MnistFile, type MnistSplit } from "./mnist.js";
export { syntheticDigits, type DigitOptions } from "./digits.js";
export { binarize, exactMoments, type Intensities, type SpinMoments } from "./binarisation.js";
export {
  barsAndStripes,
  drawBarsAndStripes,
  scoreBarsAndStripes,
  type BarsScore,
} from "./bars-and-stripes.js";
export { type ImageSource, type ImageSplit } from "./image-source.js";
export { imageSource, type ImageBytes, type ImageForm, type ImageSet } from "./image-set.js";
export { digitImages, type DigitImageOptions } from "./digit-images.js";
export { roomImages, type RoomImageOptions } from "./room-images.js";
export { isPackedImages, packImages, unpackImages } from "./packed-images.js";
