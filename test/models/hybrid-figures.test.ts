// The figures of a hybrid QGAN run: which there are, what they say, and that they draw without warnings and fit a page.

import { expect } from "chai";
import { renderSvg } from "../../src/figures/render.js";
import { hybridPresets, hybridSchema } from "../../src/models/hybrid-qgan/config.js";
import { hybridFigures } from "../../src/models/hybrid-qgan/figures.js";
import type { HybridConfig } from "../../src/models/hybrid-qgan/config.js";
import type { Evaluation, Figure, HistoryRow } from "../../src/models/model.js";

type Run = readonly [HybridConfig, readonly HistoryRow[], Evaluation];

const BINS = 4;
const flat = (cells: number): number[] => Array.from({ length: cells }, () => 1 / cells);

function run(d: number, replicas: number, settings: object = {}): Run {
  const config = hybridSchema.parse({ replicas, ...settings });
  const each = (value: number): number[] =>
    Array.from({ length: replicas }, (_, p) => value + p / 100);
  const history = [100, 200, 300].map((step) => ({
    step,
    losses: { critic: each(-0.1), generator: each(0.2), penalty: each(0.01) },
    metrics: { wassersteinDistance: each(3 / step), wassersteinFloor: each(0.002) },
  }));
  return [config, history, evaluationOf(d, replicas)];
}

function evaluationOf(d: number, replicas: number): Evaluation {
  const columns = Array.from({ length: d }, (_, c) => `x_${String(c)}`);
  const histograms = columns.flatMap((_, c): [string, number[]][] => [
    [`marginalReal.${String(c)}`, flat(BINS)],
    [`marginalGenerated.${String(c)}`, flat(BINS)],
  ]);
  const places = [-1, 0, 1];
  return {
    model: "hybrid-qgan",
    protocol: [],
    best: 0,
    measures: [
      { name: "w1.0", label: "Wasserstein-1", value: 0.0123, floor: 0.0008 },
      { name: "distance", label: "sliced Wasserstein-1", value: 0.0456, floor: 0.003 },
    ],
    replicas: Array.from({ length: replicas }, (_, p) => ({ distance: 0.01 + p / 100 })),
    arrays: {
      marginalEdges: [-1, -0.5, 0, 0.5, 1],
      ...Object.fromEntries(histograms),
      scatterReal: d === 1 ? [] : flat(10 * d),
      scatterGenerated: d === 1 ? [] : flat(10 * d),
      landscapePlaces: d > 2 ? [] : places,
      landscapeValues: d > 2 ? [] : flat(d === 1 ? 3 : 9),
    },
    columns,
    rows: { test: 100_000, validation: 20_000 },
  };
}

async function textsOf(figures: readonly Figure[], name: string): Promise<string> {
  const found = figures.find((one) => one.name === name) ?? expect.fail(`no figure ${name}`);
  const svg = await renderSvg(found.spec);
  const texts = [...svg.matchAll(/<t(?:ext|span)[^>]*>([^<]+)</gu)].map((match) => match[1] ?? "");
  return texts.join(" ");
}

describe("hybridFigures()", () => {
  const CSV = { data: { file: "a.csv" }, model: { ansatz: "rotations", qubits: 7 } };
  const cases: readonly (readonly [string, Run, readonly string[]])[] = [
    ["one column", run(1, 8), ["overview", "histograms", "losses", "distance", "landscape"]],
    ["one replica", run(1, 1), ["overview", "histograms", "losses", "distance", "landscape"]],
    ["the plane", run(2, 3, { data: { law: "ring" } }), ["overview", "histograms", "losses", "distance", "landscape", "samples"]], // prettier-ignore
    ["seven columns", run(7, 30, CSV), ["overview", "histograms", "losses", "distance", "samples"]],
  ];
  for (const [name, [config, history, evaluation], names] of cases) {
    it(`draws ${name} without a warning, within two journal columns`, async () => {
      const figures = hybridFigures(config, history, evaluation);
      expect(figures.map((one) => one.name)).to.deep.equal(names);
      for (const one of figures) {
        const svg = await renderSvg(one.spec);
        expect(Number(/ width="([\d.]+)"/u.exec(svg)?.[1]), one.name).to.be.within(280, 673);
        expect(one.caption, one.name).to.match(/^[A-Z(].*\.$/u);
      }
    });
  }

  for (const preset of Object.keys(hybridPresets)) {
    it(`names the preset ${preset} and its circuit`, async () => {
      const text = await textsOf(hybridFigures(...run(1, 2, hybridPresets[preset])), "losses");
      expect(text).to.include(`preset ${preset}: `);
      expect(text).to.include(preset === "paper" ? "two-sided penalty" : "one-sided penalty");
    });
  }

  it("does not call changed settings a preset", async () => {
    const figures = hybridFigures(...run(1, 2, { model: { lambda: 3 } }));
    expect(await textsOf(figures, "losses")).to.include("own settings: the notebook’s circuit");
  });

  it("says the distance, its floor and how many replicas diverged", async () => {
    const [config, history, evaluation] = run(1, 3);
    const replicas = evaluation.replicas.map((row, p) => (p === 1 ? { distance: NaN } : row));
    const figures = hybridFigures(config, history, { ...evaluation, replicas });
    expect(await textsOf(figures, "overview")).to.include("Wasserstein-1 distance 0.0123, floor 0.00080"); // prettier-ignore
    expect(await textsOf(figures, "losses")).to.include("of 3 replicas, 1 diverged");
  });

  it("has nothing to draw of a run without history", () => {
    const [config, , evaluation] = run(1, 2);
    const names = hybridFigures(config, [], evaluation).map((one) => one.name);
    expect(names).to.deep.equal(["histograms", "landscape"]);
  });
});
