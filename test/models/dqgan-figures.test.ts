// The figures of a DQGAN run: which there are, what they say, and that they draw without warnings and fit a page.

import { expect } from "chai";

import { renderSvg } from "../../src/figures/render.js";
import { dqganPresets, dqganSchema } from "../../src/models/dqgan/config.js";
import type { DqganConfig } from "../../src/models/dqgan/config.js";
import { dqganFigures } from "../../src/models/dqgan/figures.js";
import type { Evaluation, Figure, HistoryRow } from "../../src/models/model.js";

const BINS = 4;
const edges = Array.from({ length: BINS + 1 }, (_, i) => (i * Math.PI) / BINS);
const flat = (cells: number): number[] => Array.from({ length: cells }, () => 1 / cells);

type Run = readonly [DqganConfig, readonly HistoryRow[], Evaluation];

function run(d: number, replicas: number, settings: object = {}, columns?: string[]): Run {
  const config = dqganSchema.parse({ replicas, ...settings });
  const each = (value: number): number[] =>
    Array.from({ length: replicas }, (_, p) => value + p / 100);
  const history = [100, 200, 300].map((step) => ({
    step,
    losses: { discriminator: each(-1.3), generator: each(-0.7) },
    metrics: {
      jointDistance: each(30 / step),
      marginalDistance: each(20 / step),
      jointFloor: each(0.0258),
      marginalFloor: each(0.0214),
    },
  }));
  const evaluation = { ...evaluationOf(d, replicas), ...(columns && { columns }) };
  return [config, history, evaluation];
}

function evaluationOf(d: number, replicas: number): Evaluation {
  const arrays: Record<string, readonly number[]> = {
    marginalEdges: edges,
    jointEdges: edges,
    scatterReal: flat(10 * d),
    scatterGenerated: flat(10 * d),
  };
  for (let i = 0; i < d; i++) {
    arrays[`marginalReal.${String(i)}`] = flat(BINS);
    arrays[`marginalGenerated.${String(i)}`] = flat(BINS);
    for (let j = i + 1; j < d; j++) {
      arrays[`jointReal.${String(i)}.${String(j)}`] = flat(BINS ** 2);
      arrays[`jointGenerated.${String(i)}.${String(j)}`] = flat(BINS ** 2);
    }
  }
  return {
    model: "dqgan",
    protocol: [],
    best: 0,
    measures: [
      { name: "jointDistance", label: "joint", value: 0.0612, floor: 0.0117, published: 0.094 },
      { name: "distance.0", label: "θ₁", value: 0.0312, floor: 0.0106 },
    ],
    replicas: Array.from({ length: replicas }, (_, p) => ({ jointDistance: 0.06 + p / 100 })),
    arrays,
    columns: Array.from({ length: d }, (_, c) => `theta_${String(c + 1)}`),
    rows: { test: 100_000, validation: 20_000 },
  };
}

function named(figures: readonly Figure[], name: string): Figure {
  return figures.find((one) => one.name === name) ?? expect.fail(`no figure ${name}`);
}

async function textsOf(figures: readonly Figure[], name: string): Promise<string[]> {
  const svg = await renderSvg(named(figures, name).spec);
  return [...svg.matchAll(/<t(?:ext|span)[^>]*>([^<]+)</gu)].map((match) => match[1] ?? "");
}

describe("dqganFigures()", () => {
  const cases: readonly (readonly [string, Run])[] = [
    ["the line", run(2, 8)],
    ["one replica", run(2, 1)],
    ["one column", run(1, 3, { data: { file: "a.csv" } })],
    ["five columns of a CSV", run(5, 30, { data: { file: "a.csv" } }, ["a", "b", "c", "d", "e"])],
    ["algorithm 1", run(2, 2, { model: { algorithm: 1 } })],
  ];
  for (const [name, [config, history, evaluation]] of cases) {
    it(`draws ${name} without a warning, within two journal columns`, async () => {
      const figures = dqganFigures(config, history, evaluation);
      expect(figures.length).to.be.at.least(3);
      for (const one of figures) {
        const svg = await renderSvg(one.spec);
        expect(Number(/ width="([\d.]+)"/u.exec(svg)?.[1]), one.name).to.be.within(280, 673);
        expect(one.caption, one.name).to.match(/^[A-Z].*\.$/u);
      }
    });
  }

  it("has the paper's figures, the distance over steps, samples, and an overview first", () => {
    const names = dqganFigures(...run(2, 8)).map((one) => one.name);
    expect(names).to.deep.equal([
      "overview",
      "losses",
      "marginals",
      "joint",
      "distance",
      "samples",
    ]);
  });

  it("leaves out joint histograms and samples of a single column", () => {
    const names = dqganFigures(...run(1, 3)).map((one) => one.name);
    expect(names).to.deep.equal(["losses", "marginals", "distance"]);
  });

  it("leaves out what the history does not have", () => {
    const [config, , evaluation] = run(2, 2);
    const names = dqganFigures(config, [], evaluation).map((one) => one.name);
    expect(names).to.deep.equal(["marginals", "joint", "samples"]);
  });

  it("marks the equilibrium of each algorithm", async () => {
    const rules = (algorithm: 1 | 2): Promise<string[]> =>
      textsOf(dqganFigures(...run(2, 2, { model: { algorithm } })), "losses");
    expect(await rules(2)).to.include.members(["−2 ln 2", "−ln 2"]);
    expect(await rules(1)).to.include("1");
    expect(await rules(1)).to.not.include("−ln 2");
  });

  it("prints the floor and the published value beside a distance", async () => {
    const figures = dqganFigures(...run(2, 8));
    expect(await textsOf(figures, "joint")).to.include(
      "Joint distribution: Hellinger distance 0.0612, floor 0.012, paper 0.094",
    );
    expect(await textsOf(figures, "marginals")).to.include(
      "Hellinger distance 0.0312, floor 0.011",
    );
    expect(await textsOf(figures, "distance")).to.include.members([
      "floor",
      "0.026",
      "paper",
      "0.094",
    ]);
  });

  it("states preset, sample size, bins and replicas", async () => {
    const text = (await textsOf(dqganFigures(...run(2, 8)), "overview")).join(" ");
    expect(text).to.include("preset robust: algorithm 2, 8 heads, normal latent of 2 angles");
    expect(text).to.include(
      "n\u00a0=\u00a0100,000 generated samples, replica 0 (best of 8 by validation)",
    );
    expect(text).to.include("25\u00a0×\u00a025\u00a0bins");
    expect(text).to.include("median, quartiles and range of 8 replicas");
  });

  for (const preset of Object.keys(dqganPresets)) {
    it(`recognises the preset ${preset}`, async () => {
      const figures = dqganFigures(...run(2, 2, { ...dqganPresets[preset] }));
      expect((await textsOf(figures, "losses")).join(" ")).to.include(
        `preset ${preset}: algorithm 2`,
      );
    });
  }

  it("does not call changed settings a preset", async () => {
    const figures = dqganFigures(...run(2, 2, { model: { heads: 3 } }));
    expect((await textsOf(figures, "losses")).join(" ")).to.include(
      "own settings: algorithm 2, 3 heads",
    );
  });

  it("names the columns of the data", async () => {
    expect(await textsOf(dqganFigures(...run(2, 2)), "samples")).to.include.members([
      "θ₁ (rad)",
      "θ₂ (rad)",
    ]);
    const csv = run(2, 2, { data: { file: "a.csv" } }, ["a < b", "theta_12"]);
    expect(await textsOf(dqganFigures(...csv), "samples")).to.include.members([
      "a &lt; b (scaled, rad)",
      "θ₁₂ (scaled, rad)",
    ]);
  });

  it("says how many column pairs it shows", async () => {
    const five = run(5, 2, { data: { file: "a.csv" } });
    const text = (await textsOf(dqganFigures(...five), "joint")).join(" ");
    expect(text).to.include("first 3 of 10 column pairs");
  });

  it("counts the replicas that diverged and draws the others", async () => {
    const [config, history, evaluation] = run(2, 3);
    const diverged = history.map((row) => ({
      ...row,
      losses: { discriminator: [-1.3, Number.NaN, -1.3], generator: [-0.7, Number.NaN, -0.7] },
    }));
    const replicas = evaluation.replicas.map((row, p) =>
      p === 1 ? { jointDistance: Number.NaN } : row,
    );
    const figures = dqganFigures(config, diverged, { ...evaluation, replicas });
    expect((await textsOf(figures, "losses")).join(" ")).to.include("of 3 replicas, 1 diverged");
  });
});
