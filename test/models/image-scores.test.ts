// Classifiers and the scores that stand on them: training, what the cache shares, distances against float64, real images, errors.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/backend.js";
import { digitImages, imageSource, type ImageSource } from "../../src/data/index.js";
import { ArgumentError, DataError, ShapeError } from "../../src/errors.js";
import { nearestNeighbours } from "../../src/metrics/index.js";
import {
  checkScoredCount,
  classifierFor,
  countWarnings,
  identityOf,
  momentsOf,
  nearestImages,
  neighbourBalls,
  neighbourMeasures,
  realImagesFor,
  scoreImages,
  scoresOf,
  splitChunks,
  trainClassifier,
  type Classifier,
} from "../../src/models/image-scores/index.js";
import { normalArray, stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { onEachBackend } from "../support/backends.js";

const digits = (): ImageSource => digitImages({ side: 8, train: 800, test: 300 });
const OPTIONS = { kind: "paper", seed: 0 } as const;

describe("trainClassifier()", () => {
  it("refuses images without labels", async () => {
    const bytes = { pixels: new Uint8Array(4 * 16), labels: null };
    const form = { name: "photos", height: 4, width: 4, channels: 1, classNames: null, report: [] };
    const source = imageSource({ ...form, train: bytes, test: bytes });
    const error = await trainClassifier(source, OPTIONS).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(DataError).with.property("message").that.includes("photos");
  });
});

describe("scores of images", function () {
  this.timeout(60_000);
  let source: ImageSource;
  let classifier: Classifier;

  before(async () => {
    await useBackend("wasm");
    source = digits();
    classifier = await classifierFor(source, OPTIONS);
  });

  it("come from a classifier of 95 %, trained to the same bits again, of which no tensor is left", async () => {
    const before = tf.memory().numTensors;
    const looks: number[] = [];
    const onProgress = (step: number): void => void looks.push(step);
    const again = await trainClassifier(digits(), { ...OPTIONS, onProgress });
    expect(again.accuracy).to.be.at.least(0.95);
    expect(looks).to.deep.equal(Array.from(looks, (_, i) => 50 * (i + 1)));
    expect(again).to.deep.equal(classifier);
    expect(looks.at(-1)).to.equal(again.steps);
    expect(tf.memory().numTensors).to.equal(before);
  });

  it("come from one classifier for the same images, kind and seed, and from others otherwise", async () => {
    expect(await classifierFor(digits(), OPTIONS)).to.equal(classifier);
    const other = digitImages({ side: 8, train: 800, test: 300, seed: 1 });
    expect(identityOf(other)).not.to.equal(identityOf(source));
  });

  it("of real images are better than those of noise, and exact for the test images themselves", async () => {
    const real = await realImagesFor(classifier, source, { n: 300, k: 5 });
    expect(await realImagesFor(classifier, source, { n: 300, k: 5 })).to.equal(real);
    const own = await scoresOf(real.test, real);
    closeTo(own.frechetDistance, 0, { atol: 1e-8 });
    expect([own.precision, own.recall, own.coverage]).to.deep.equal([1, 1, 1]);
    expect(own.inceptionScore).to.equal(real.testScore);
    const noise = normalArray(stream(1, "evaluation"), 300 * 64).map((x) => Math.tanh(x));
    const images = await scoreImages(classifier, 300, [tf.tensor(noise, [300, 8, 8, 1])]);
    const scores = await scoresOf(images, real);
    expect(scores.frechetDistance).to.be.greaterThan(5 * real.floor.frechetDistance);
    expect(scores.inceptionScore).to.be.lessThan(real.floor.inceptionScore);
    expect(scores.coverage).to.be.lessThan(real.floor.coverage);
    expect(scores.classes.reduce((a, b) => a + b, 0)).to.equal(300);
  });

  it("are not numbers where a generator has diverged", async () => {
    const real = await realImagesFor(classifier, source, { n: 300, k: 5 });
    const features = { width: 128, values: new Float32Array(128 * 200).fill(NaN) };
    const scores = await scoresOf({ ...real.test, features }, real);
    expect([scores.inceptionScore, scores.frechetDistance, scores.recall]).to.deep.equal([
      NaN,
      NaN,
      NaN,
    ]);
  });

  it("have the moments of the features in one part or in many", async () => {
    const inOne = await scoreImages(classifier, 300, [source.test.range(0, 300)]);
    const inParts = await scoreImages(classifier, 300, [
      source.test.range(0, 100),
      source.test.range(100, 200),
    ]);
    closeTo(momentsOf(inParts).covariance, momentsOf(inOne).covariance, { atol: 1e-4, rtol: 1e-4 });
  });

  it("refuse images of another size, and numbers of images that the features outnumber", async () => {
    const wrong = scoreImages(classifier, 2, [tf.zeros([2, 28, 28, 1])]);
    const error = await wrong.catch((e: unknown) => e);
    expect(error)
      .to.be.instanceOf(ShapeError)
      .with.property("message")
      .that.includes("[2, 28, 28, 1]");
    expect(() => {
      checkScoredCount("evaluate", 128);
    }).to.throw(ArgumentError, "evaluate: argument `n` must be larger than the number of features");
    expect(countWarnings(4999)).to.have.length(1);
    expect(countWarnings(5000)).to.deep.equal([]);
  });

  it("look at images in parts that cover a split once", () => {
    const counts = [...splitChunks(source.train, 701)].map((chunk) => {
      chunk.dispose();
      return chunk.shape[0];
    });
    expect(counts).to.deep.equal([500, 201]);
  });
});

onEachBackend("neighbourMeasures()", () => {
  const points = (event: number, n: number): { values: Float64Array; width: number } => ({
    // Far from 0: what float32 loses there, centring gives back.
    values: Float64Array.from(normalArray(stream(2, "evaluation", event), 5 * n), (x) => x + 30),
    width: 5,
  });

  it("agrees with nearestNeighbours in float64, in blocks and with a remainder", async () => {
    const [real, generated] = [points(0, 803), points(1, 611)];
    for (const k of [1, 5]) {
      const wanted = nearestNeighbours(real, generated, { k });
      const found = await neighbourMeasures(real, generated, await neighbourBalls(real, k));
      // A ball's edge may fall between float32 and float64 once in so many points.
      for (const name of ["precision", "recall", "density", "coverage"] as const)
        expect(found[name]).to.be.closeTo(wanted[name], 2.5 / 611);
    }
  });

  it("refuses other widths, balls of other points and a k that is too large", async () => {
    const six = points(0, 6);
    const faultOf = (what: Promise<unknown>): Promise<unknown> => what.catch((e: unknown) => e);
    expect(await faultOf(neighbourBalls(six, 6))).to.be.instanceOf(ArgumentError);
    const balls = await neighbourBalls(six, 1);
    const narrow = { values: new Float64Array(6 * 4), width: 4 };
    expect(await faultOf(neighbourMeasures(six, narrow, balls))).to.be.instanceOf(ShapeError);
    expect(await faultOf(neighbourMeasures(points(0, 7), six, balls))).to.be.instanceOf(ShapeError);
  });
});

describe("nearestImages()", () => {
  it("finds images of the split themselves at distance 0, and others at theirs", async () => {
    await useBackend("wasm");
    const { train } = digits();
    const wanted = [3, 799, 700];
    const images = train.at(wanted);
    const values = (await images.data<"float32">()).slice();
    images.dispose();
    // One pixel of the last image is off by 0.8: 0.8/√64 away.
    values[2 * 64] = values[2 * 64]! + 0.8;
    const { rows, distances } = await nearestImages(values, 64, train);
    expect(Array.from(rows)).to.deep.equal(wanted);
    closeTo(distances, [0, 0, 0.1], { atol: 2e-3 });
  });
});
