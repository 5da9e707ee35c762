// Sources of images: bytes to values, random batches, synthetic digits and rooms, and sets as text.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import {
  digitImages,
  imageSource,
  isPackedImages,
  packImages,
  roomImages,
  syntheticDigits,
  unpackImages,
  type ImageSet,
  type ImageSource,
} from "../../src/data/index.js";
import { fromBase64, toBase64 } from "../../src/data/base64.js";
import { ArgumentError, DataError } from "../../src/errors.js";
import { stream } from "../../src/random.js";
import { useBackend } from "../../src/backend.js";
import { closeTo } from "../support/close-to.js";

const set: ImageSet = {
  ...{ name: "tiny", height: 1, width: 2, channels: 3, report: ["Made for a test."] },
  classNames: ["dark", "bright"],
  train: {
    pixels: Uint8Array.of(0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255),
    labels: Uint16Array.of(0, 1),
  },
  test: { pixels: Uint8Array.of(9, 9, 9, 9, 9, 9), labels: Uint16Array.of(0) },
};

async function valuesOf(images: tf.Tensor): Promise<Float32Array> {
  const values = (await images.data()) as Float32Array;
  images.dispose();
  return values;
}

before(async () => {
  await useBackend("cpu");
});

describe("imageSource()", () => {
  const source = imageSource(set);

  it("gives bytes as values from −1 to 1, by row and by stretch", async () => {
    const both = source.train.range(0, 5);
    expect(both.shape).to.deep.equal([2, 1, 2, 3]);
    const want = Array.from(set.train.pixels, (byte) => (2 * byte) / 255 - 1);
    closeTo(await valuesOf(both), want, { atol: 1e-7 });
    const back = source.train.at([1, 0, 1]);
    expect(back.shape).to.deep.equal([3, 1, 2, 3]);
    const [dark, bright] = [want.slice(0, 6), want.slice(6)];
    closeTo(await valuesOf(back), [...bright, ...dark, ...bright], { atol: 1e-7 });
    expect([...source.train.bytes(1, 1)]).to.deep.equal([250, 251, 252, 253, 254, 255]);
    expect([source.classes, source.train.count, source.test.count]).to.deep.equal([2, 2, 1]);
  });

  it("draws the same batch for the same stream, another for another, every image about as often", async () => {
    const rows = source.draw(stream(1, "data", 7), 4000);
    expect([...source.draw(stream(1, "data", 7), 3)]).to.deep.equal([...rows.subarray(0, 3)]);
    expect(source.draw(stream(1, "data", 8), 4000).join()).to.not.equal(rows.join());
    const bright = rows.reduce((sum, row) => sum + row, 0);
    closeTo(bright, 2000, { atol: 5 * Math.sqrt(4000 / 4) });
    const batch = await valuesOf(source.batch(stream(1, "data", 7), 4));
    closeTo(batch, await valuesOf(source.train.at(rows.subarray(0, 4))), { atol: 0 });
  });

  it("uploads a fresh array every time and keeps no tensor", async () => {
    const before = tf.memory().numTensors;
    const first = source.batch(stream(1, "data"), 2);
    const values = await first.data();
    values.fill(7);
    closeTo(
      await valuesOf(source.train.range(0, 1)),
      Array.from(set.train.pixels.subarray(0, 6), (b) => (2 * b) / 255 - 1),
      { atol: 1e-7 },
    );
    first.dispose();
    expect(tf.memory().numTensors).to.equal(before);
  });

  it("refuses rows that are not there", () => {
    for (const rows of [[2], [-1], [0.5], [Number.NaN]])
      expect(() => source.train.at(rows)).to.throw(ArgumentError, "from 0 to 1");
    expect(() => source.test.range(1, 1)).to.throw(ArgumentError, "from 0 to 0, but has 1");
    expect(() => source.test.range(0, 0)).to.throw(ArgumentError, "`n`");
  });

  it("refuses sets whose parts do not fit together", () => {
    const wrong = (change: Partial<ImageSet>, words: string): void => {
      expect(() => imageSource({ ...set, ...change })).to.throw(DataError, words);
    };
    const { pixels, labels } = set.train;
    wrong(
      { height: 5 },
      "tiny: train must hold whole images of 30 bytes, at least one, but has 12",
    );
    wrong({ test: { pixels: new Uint8Array(0), labels } }, "tiny: test must hold");
    wrong({ train: { pixels, labels: null } }, "must have labels where the set has classes");
    wrong(
      { train: { pixels, labels: Uint16Array.of(0) } },
      "a label for each of 2 images, but has 1",
    );
    wrong({ train: { pixels, labels: Uint16Array.of(0, 2) } }, "below 2, but image 1 has 2");
  });
});

/** Mean squared difference of two images in the units of bytes. */
function differenceOf(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length;
}

/** Fraction of `n` test images whose nearest mean training image has their label. */
function nearestMean(source: ImageSource, n: number): number {
  const size = source.height * source.width * source.channels;
  const means = Array.from({ length: source.classes! }, () => new Float64Array(size));
  const counts = new Float64Array(source.classes!);
  const train = source.train.bytes(0, source.train.count);
  for (let row = 0; row < source.train.count; row++) {
    const label = source.train.labels![row]!;
    counts[label]!++;
    for (let i = 0; i < size; i++) means[label]![i]! += train[row * size + i]!;
  }
  let right = 0;
  for (let row = 0; row < n; row++) {
    const image = source.test.bytes(row, 1);
    const distances = means.map((mean, label) =>
      mean.reduce((sum, total, i) => sum + (total / counts[label]! - image[i]!) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === source.test.labels![row]) right++;
  }
  return right / n;
}

describe("digitImages()", () => {
  it("are the synthetic digits as bytes, training and test apart", () => {
    const source = digitImages({ train: 5, test: 5 });
    const direct = syntheticDigits(stream(0, "problemGenerators", 0), 5);
    expect([...source.train.labels!]).to.deep.equal([...direct.labels]);
    closeTo(
      source.train.bytes(3, 2),
      Array.from(direct.values.subarray(3 * 784), (v) => 255 * v),
      {
        atol: 0.5000001,
      },
    );
    expect(differenceOf(source.train.bytes(0, 5), source.test.bytes(0, 5))).to.be.greaterThan(100);
  });

  it("do not depend on the order in which they are asked for, and fewer are the first of more", () => {
    const [some, more] = [digitImages({ side: 8, train: 9 }), digitImages({ side: 8, train: 30 })];
    const late = some.train.bytes(8, 1).slice();
    expect([...more.train.bytes(0, 30).subarray(8 * 64, 9 * 64)]).to.deep.equal([...late]);
    expect([...digitImages({ side: 8, seed: 1 }).train.bytes(8, 1)]).to.not.deep.equal([...late]);
  });

  it("refuses counts below one", () => {
    expect(() => digitImages({ train: 0 })).to.throw(ArgumentError, "`train`");
  });
});

describe("roomImages()", () => {
  it("are colour images of 32 classes, each about as often", () => {
    const source = roomImages({ side: 32, train: 6400, test: 3 });
    expect([source.height, source.width, source.channels, source.classes]).to.deep.equal([
      32, 32, 3, 32,
    ]);
    const counts = new Float64Array(32);
    for (const label of source.train.labels!) counts[label]!++;
    for (const count of counts) closeTo(count, 200, { atol: 5 * Math.sqrt(200 * (31 / 32)) });
    expect(source.classNames![0]).to.equal("sand wall, window left, red bed");
    expect(source.classNames![31]).to.equal("rose wall, window right, violet bed");
  });

  it("show what their label says: the hue of the wall, and the window on the side that is less even", () => {
    const source = roomImages({ side: 64, train: 1, test: 40 });
    for (let row = 0; row < 40; row++) {
      const image = source.test.bytes(row, 1);
      const label = source.test.labels![row]!;
      // The back wall above the bed's head; frame and sky against the plain wall across.
      const wall = meanColor(image, [26, 38], [22, 28]);
      const hue = hueOf(wall);
      const hues = [42, 125, 215, 345];
      const nearest = hues.map((one) => Math.abs(((hue - one + 540) % 360) - 180));
      expect(nearest.indexOf(Math.min(...nearest)), `row ${row}`).to.equal(label >> 3);
      const isRight = unevenness(image, 46) > unevenness(image, 2);
      expect(Number(isRight), `row ${row}`).to.equal((label >> 2) & 1);
    }
  });

  it("are told apart by their mean images far above chance, and splits are apart", () => {
    const source = roomImages({ side: 32, train: 320, test: 96 });
    expect(nearestMean(source, 96)).to.be.greaterThan(0.5);
    expect(differenceOf(source.train.bytes(0, 9), source.test.bytes(0, 9))).to.be.greaterThan(100);
  });

  it("at 32 pixels are those at 64, with other noise", () => {
    const [small, large] = [32, 64].map((side) => roomImages({ side: side as 32 | 64, test: 1 }));
    const [a, b] = [small!.test.bytes(0, 1), large!.test.bytes(0, 1)];
    const averaged = a.map((_, at) => {
      const [y, x, c] = [Math.floor(at / 96), Math.floor(at / 3) % 32, at % 3];
      const pixel = (dy: number, dx: number): number =>
        b[3 * (64 * (2 * y + dy) + 2 * x + dx) + c]!;
      return (pixel(0, 0) + pixel(0, 1) + pixel(1, 0) + pixel(1, 1)) / 4;
    });
    expect(Math.sqrt(differenceOf(a, averaged))).to.be.lessThan(12);
  });
});

/** Mean colour of a rectangle of a 64 × 64 image. */
function meanColor(
  image: Uint8Array,
  [x0, x1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let y = y0; y < y1; y++)
    for (let x = x0; x < x1; x++)
      for (const c of [0, 1, 2] as const) sum[c] += image[3 * (64 * y + x) + c]!;
  return sum;
}

/** Variance of the sums of colours in 16 columns of a 64 × 64 image, at the height of windows. */
function unevenness(image: Uint8Array, from: number): number {
  const sums = Array.from({ length: 320 }, (_, i) => {
    const at = 3 * (64 * (18 + Math.floor(i / 16)) + from + (i % 16));
    return image[at]! + image[at + 1]! + image[at + 2]!;
  });
  const mean = sums.reduce((a, b) => a + b, 0) / 320;
  return sums.reduce((total, sum) => total + (sum - mean) ** 2, 0) / 320;
}

/** Hue in degrees. */
function hueOf([r, g, b]: readonly [number, number, number]): number {
  return (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
}

describe("packImages() and unpackImages()", () => {
  it("are inverse, with labels and without, and labels above 255", () => {
    const classNames = Array.from({ length: 300 }, (_, i) => `class ${i}`);
    const many = { ...set, classNames, train: { ...set.train, labels: Uint16Array.of(299, 256) } };
    const bare: ImageSet = {
      ...set,
      classNames: null,
      train: { pixels: set.train.pixels, labels: null },
      test: { pixels: set.test.pixels, labels: null },
    };
    for (const one of [set, many, bare]) {
      const text = packImages(one);
      expect(isPackedImages(text)).to.equal(true);
      expect(unpackImages(text)).to.deep.equal(one);
    }
  });

  it("says what is wrong with other text", () => {
    const text = packImages(set);
    const fails = (wrong: string, words: string): void => {
      expect(() => unpackImages(wrong, "my file")).to.throw(DataError, words);
    };
    fails("a,b\n1,2\n", 'my file: must be images, packed by zenoflow, but starts with "a,b');
    fails(text.slice(0, -1), "It is cut off.");
    fails(text.replace('"name"', "name"), "my file: line 1 must be JSON");
    fails(text.replace("AAEC", "A!EC"), 'has "!"');
    expect(isPackedImages("p0,p1\n")).to.equal(false);
  });
});

describe("toBase64() and fromBase64()", () => {
  it("agree with Node's, at every length", () => {
    for (let length = 0; length < 20; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => 255 - 37 * i);
      const text = toBase64(bytes);
      expect(text).to.equal(Buffer.from(bytes).toString("base64"));
      expect([...fromBase64(text)]).to.deep.equal([...bytes]);
    }
    expect(() => fromBase64("AAA")).to.throw(DataError, "multiple of 4");
  });
});
