// The studies that ship: their settings are those of their task at both ends of every parameter, and what they rank by is
// reported by its training.

import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { models } from "../../src/cli/models.js";
import { useBackend } from "../../src/index.js";

type Section = Readonly<Record<string, unknown>>;
type Range =
  { readonly min: number; readonly max: number } | { readonly values: readonly unknown[] };
type StudyFile = {
  readonly task: string;
  readonly preset?: string;
  readonly config: Section;
  readonly metric: { readonly name: string };
  readonly trials?: number;
  readonly replicates: number;
  readonly parameters: Readonly<Record<string, Range>>;
  readonly budget: { readonly max: number };
  readonly early_terminate?: { readonly cohort: number };
};

const FOLDER = new URL("../../studies/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Sections with others laid over them. */
function merged(base: Section, over: Section): Section {
  const entries = Object.entries(over).map(([key, value]) => {
    const below = base[key];
    return [key, isSection(value) && isSection(below) ? merged(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(entries) };
}

const nested = (key: string, value: unknown): Section =>
  key
    .split(".")
    .reverse()
    .reduce<unknown>((inner, name) => ({ [name]: inner }), value) as Section;

/** The settings of a trial at one end of every parameter. */
function settingsOf(study: StudyFile, preset: Section, end: 0 | 1): Section {
  const ends = Object.entries(study.parameters).map(([key, range]) => {
    const values = "values" in range ? range.values : [range.min, range.max];
    return nested(key, values.at(-end));
  });
  const steps = nested("train.steps", study.budget.max);
  return [study.config, steps, ...ends].reduce(merged, preset);
}

/** Lays few small images over the settings of a training that ends with scores by a classifier. */
function quickly(settings: Section): Section {
  const { train } = settings as { readonly train?: Section };
  if (train?.["scores"] !== true) return settings;
  return merged(settings, {
    data: { side: 8, train: 600, test: 200 },
    model: { discriminator: { channels: [4, 8], dense: 16 }, generator: { channels: [8, 4], dense: 16 } }, // prettier-ignore
    prior: { chains: 100 },
    evaluate: { n: 200, normBatches: 2, normBatch: 50, annealedChains: 20, annealedSteps: 20 },
  });
}

describe("the studies that ship", () => {
  before(() => useBackend("wasm"));

  it("are those of the quantum GANs", () => {
    expect(files).to.include.members([
      "dqgan-rates.yaml",
      "hybrid-ansatz.yaml",
      "qaaan-two-stage.yaml",
      "qaaan-two-stage-second.yaml",
    ]);
  });

  for (const file of files) {
    const text = readFileSync(new URL(file, FOLDER), "utf8");
    const study = parse(text) as StudyFile;

    it(`${file}: says what it asks and what it costs`, () => {
      expect(text).to.match(/^# .*\?\n/u);
      expect(text).to.match(/^# Cost: /mu);
    });

    it(`${file}: its task takes both ends of every parameter, and reports what it ranks by`, async function () {
      this.timeout(60_000);
      const entry = models[study.task.replace(/\.train$/, "")]!;
      const { schema, presets } = await entry.settings();
      const model = await entry.load();
      for (const end of [0, 1] as const) {
        const settings = quickly(settingsOf(study, presets[study.preset ?? ""] ?? {}, end));
        const config = schema.parse({ ...settings, replicas: 2, seed: [3, 8] });
        for await (const { metrics } of model.train(config, { until: 1 }))
          expect(metrics![study.metric.name]!.every(Number.isFinite)).to.equal(true);
      }
    });

    it(`${file}: its trials fill cohorts, and cohorts hold whole configurations`, () => {
      const { trials = study.replicates, replicates, early_terminate: halving } = study;
      expect(trials % replicates).to.equal(0);
      if (halving === undefined) return;
      expect([trials % halving.cohort, halving.cohort % replicates]).to.deep.equal([0, 0]);
    });
  }
});
