// The evaluation of QAAANs and its figures: scores of every replica, floors, what is left out without labels or a prior, errors,
// and that every figure draws.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/backend.js";
import { imageSource } from "../../src/data/index.js";
import { packImages } from "../../src/data/packed-images.js";
import { ArgumentError, DataError } from "../../src/errors.js";
import { renderSvg } from "../../src/figures/render.js";
import { qaaan, qaaanConfig, type QaaanOptions } from "../../src/models/index.js";
import { reparameterisedDensity } from "../../src/models/qaaan/figure-prior.js";
import { reparameterised } from "../../src/models/qaaan/latent.js";
import { stream, uniformArray } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { events, tiny } from "./qaaan-runs.js";
import type { Evaluation, HistoryRow, Snapshot } from "../../src/models/index.js";

const SCORED = { train: 600, test: 200 } as const;

type Done = {
  readonly config: ReturnType<typeof qaaanConfig>;
  readonly snapshot: Snapshot;
  readonly history: readonly HistoryRow[];
  readonly evaluation: Evaluation;
};

async function done(options: QaaanOptions, n = 200): Promise<Done> {
  const { files } = options;
  const all = tiny(options);
  let snapshot: Snapshot | undefined;
  const history: HistoryRow[] = [];
  const config = qaaanConfig(all);
  for await (const event of qaaan.train(config, files ? { files } : {})) {
    history.push(event);
    if (event.step === event.steps) snapshot = await event.snapshot();
  }
  const evaluation = await qaaan.evaluate(config, snapshot!, { n, ...(files && { files }) });
  return { config, snapshot: snapshot!, history, evaluation };
}

describe("evaluation of a QAAAN", function () {
  this.timeout(60_000);
  let population: Done;

  before(async () => {
    await useBackend("wasm");
    population = await done({ data: SCORED, replicas: 2 });
  });

  it("scores every replica, and states those of the best beside real images", () => {
    const { replicas, best, measures, protocol, columns } = population.evaluation;
    expect(replicas).to.have.length(2);
    const validations = replicas.map((row) => row["validation"]!);
    expect(validations[best]).to.equal(Math.min(...validations));
    for (const name of ["inceptionScore", "frechetDistance", "precision", "recall", "coverage"]) {
      const measure = measures.find((one) => one.name === name)!;
      expect(measure.value).to.equal(replicas[best]![name]);
      expect(measure.floor, name).to.be.a("number");
      // The paper's numbers are MNIST's.
      expect(measure.published).to.equal(undefined);
    }
    expect(columns).to.have.length(10);
    expect(protocol.join(" ")).to.match(/200 generated images .* test accuracy \(paper, seed 0/u);
    expect(protocol.join(" ")).to.include("Warning: Fréchet distances grow");
  });

  it("gives the same numbers again, others with another seed, and leaves no tensor", async () => {
    const { config, snapshot, evaluation } = population;
    const before = tf.memory().numTensors;
    const again = await qaaan.evaluate(config, snapshot, { n: 200 });
    const other = await qaaan.evaluate(config, snapshot, { n: 200, seed: 5 });
    expect(tf.memory().numTensors).to.equal(before);
    expect(again).to.deep.equal(evaluation);
    expect(other.replicas[0]!["frechetDistance"]).not.to.equal(
      evaluation.replicas[0]!["frechetDistance"],
    );
  });

  it("draws all its figures without a warning", async () => {
    const { config, history, evaluation } = population;
    const figures = qaaan.figures(config, history, evaluation);
    expect(figures.map(({ name }) => name)).to.deep.equal([
      ...["samples", "training", "prior", "walks", "classes", "nearest", "reparameterisation"],
    ]);
    for (const { spec, caption } of figures) {
      expect(caption).to.match(/\.$/u);
      expect(await renderSvg(spec)).to.match(/^<svg/u);
    }
  });

  it("leaves out the prior where latents are uniform", async () => {
    const { config, history, evaluation } = await done({
      data: SCORED,
      model: { latent: "uniform" },
    });
    const names = evaluation.measures.map(({ name }) => name);
    expect(names).to.include("frechetDistance").and.not.include("rmsCoupling");
    const figures = qaaan.figures(config, history, evaluation).map(({ name }) => name);
    expect(figures).to.deep.equal(["samples", "training", "walks", "classes", "nearest"]);
  });

  it("says that images without labels have no scores, and shows the rest", async () => {
    const part = (count: number) => ({
      pixels: Uint8Array.from(uniformArray(stream(1, "data"), count * 64), (u) => 255 * u),
      labels: null,
    });
    const set = {
      ...{ name: "photos", height: 8, width: 8, channels: 1, classNames: null, report: [] },
      ...{ train: part(200), test: part(150) },
    };
    expect(imageSource(set).classes).to.equal(null);
    const files = { photos: packImages(set) };
    const { evaluation, config, history } = await done({ data: { file: "photos" }, files });
    expect(evaluation.protocol[0]).to.include("have no labels");
    expect(evaluation.measures.map(({ name }) => name)).not.to.include("frechetDistance");
    const figures = qaaan.figures(config, history, evaluation).map(({ name }) => name);
    expect(figures).to.include("samples").and.include("prior").and.not.include("classes");
  });

  it("refuses to generate fewer images than features", async () => {
    const { config, snapshot } = population;
    const few = await qaaan.evaluate(config, snapshot, { n: 128 }).catch((e: unknown) => e);
    expect(few).to.be.instanceOf(ArgumentError).with.property("message").that.includes("128");
  });

  it("says that too few real images cannot be scored, and draws the rest", async () => {
    const { config, history, evaluation } = await done({ train: { steps: 1 } });
    expect(evaluation.protocol[0]).to.match(/too few, 60 for training and 20 for the test/u);
    expect(evaluation.measures.map(({ name }) => name)).not.to.include("frechetDistance");
    expect(evaluation.arrays["real"]).to.have.length(4 * 4 * 64);
    for (const { spec } of qaaan.figures(config, history, evaluation)) await renderSvg(spec);
  });
});

describe("reparameterisedDensity()", () => {
  it("is a density whose distribution function reparameterised spins follow", () => {
    for (const alpha of [1, 4, 8]) {
      const n = 20_000;
      const u = uniformArray(stream(4, "reparameterisation"), n);
      const zeta = reparameterised(new Int8Array(n).fill(1), u, alpha);
      const F = (x: number): number =>
        (Math.exp(alpha * (x - 1)) - Math.exp(-2 * alpha)) / (1 - Math.exp(-2 * alpha));
      for (const x of [-0.5, 0, 0.5, 0.9]) {
        const below = zeta.filter((value) => value <= x).length / n;
        expect(below).to.be.closeTo(F(x), 4 * Math.sqrt((F(x) * (1 - F(x))) / n) + 1e-4);
        const slope = (F(x + 1e-5) - F(x - 1e-5)) / 2e-5;
        closeTo(reparameterisedDensity(x, alpha), slope, { rtol: 1e-6 });
      }
    }
  });
});

describe("a training that ends with scores", function () {
  this.timeout(60_000);

  it("reports those that the evaluation gives, at its last step only", async () => {
    await useBackend("wasm");
    const { config, snapshot, history, evaluation } = await done({
      data: SCORED,
      train: { scores: true, evaluateEvery: 1 },
      evaluate: { n: 200 },
    });
    const scored = history.filter(({ metrics }) => metrics?.["inceptionScore"] !== undefined);
    expect(scored.map(({ step }) => step)).to.deep.equal([config.train.steps]);
    expect(snapshot.step).to.equal(config.train.steps);
    for (const name of ["inceptionScore", "frechetDistance"]) {
      expect(scored[0]!.metrics![name]).to.deep.equal([evaluation.replicas[0]![name]]);
    }
  });

  it("is refused before the first step where there is nothing to score with", async () => {
    await useBackend("wasm");
    const options = { train: { scores: true } } as const;
    const few = await events(tiny({ ...options, evaluate: { n: 200 } })).catch((e: unknown) => e);
    expect(few).to.be.instanceOf(DataError);
    expect(String(few)).to.match(/60 for training and 20 for the test.*more than 128/u);
    // Whether there are scores at the end or not: an evaluation of so few would fail after the last step.
    expect(() => qaaanConfig(tiny({ evaluate: { n: 128 } }))).to.throw(
      ArgumentError,
      /evaluate\.n/u,
    );
    const pixels = new Uint8Array(200 * 64);
    const bare = { pixels, labels: null };
    const set = { name: "blank", height: 8, width: 8, channels: 1, classNames: null, report: [], train: bare, test: bare }; // prettier-ignore
    const files = { blank: packImages(set) };
    const unnamed = await events(
      tiny({ ...options, evaluate: { n: 200 }, data: { file: "blank" }, files }),
    ).catch((e: unknown) => e);
    expect(unnamed).to.be.instanceOf(DataError);
    expect(String(unnamed)).to.match(/blank have no labels.*train\.scores=false/u);
  });
});
