// Panels and their arrangement: data in the specification, no warnings, widths that fill a page.

import { expect } from "chai";

import { angleAxis, logAxis, stepAxis } from "../../src/figures/axes.js";
import { figure } from "../../src/figures/figure.js";
import { densityTop, heatmap } from "../../src/figures/heatmap.js";
import { histogramArea, histogramPair } from "../../src/figures/histogram.js";
import { lines, ruleMargin } from "../../src/figures/lines.js";
import type { Lines, Rule } from "../../src/figures/lines.js";
import { renderSvg } from "../../src/figures/render.js";
import { scatter } from "../../src/figures/scatter.js";
import { grid, letter, panelWidth } from "../../src/figures/small-multiples.js";
import type { Spec } from "../../src/figures/spec.js";
import { SEQUENTIAL, WIDTH } from "../../src/figures/theme.js";

const rows = [10, 20, 30].map((x) => ({ x, values: [x, 2 * x, 4 * x] }));
const rules: Rule[] = [{ y: 15, label: ["floor", "15"], dash: "dashed" }];
const curves: Lines = {
  series: [
    { name: "median", rows },
    { name: "best", rows: rows.map(({ x, values }) => ({ x, values: values.slice(0, 1) })) },
  ],
  rules,
  x: stepAxis(30),
  y: { title: "energy (ħΓ)" },
  width: panelWidth(WIDTH.single, 1, ruleMargin(rules)),
  height: 100,
};

async function svgOf(body: Spec, width: number = WIDTH.single): Promise<string> {
  return renderSvg(figure({ body, title: "Title", subtitle: "n = 3", width, description: "test" }));
}

function widthOf(svg: string): number {
  return Number(/ width="([\d.]+)"/u.exec(svg)?.[1]);
}

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</gu)].map((match) => match[1] ?? "");
}

describe("lines()", () => {
  it("draws bands, medians, labelled rules, axis titles with units and a legend", async () => {
    const texts = textsOf(await svgOf(lines(curves)));
    expect(texts).to.include.members([
      "training step",
      "energy (ħΓ)",
      "median",
      "best",
      "Title",
      "n = 3",
    ]);
  });

  it("draws bands only where there is more than one replica", async () => {
    const areas = (svg: string): number => svg.match(/mark-area/gu)?.length ?? 0;
    expect(areas(await svgOf(lines(curves)))).to.equal(2);
    expect(areas(await svgOf(lines({ ...curves, series: curves.series.slice(1) })))).to.equal(0);
  });

  it("needs no history to be drawn", async () => {
    expect(await svgOf(lines({ ...curves, series: [{ name: "none", rows: [] }] }))).to.include(
      "<svg",
    );
  });

  it("draws long series with a bounded number of points", () => {
    const long = Array.from({ length: 5000 }, (_, x) => ({ x, values: [x] }));
    const spec = JSON.stringify(lines({ ...curves, series: [{ name: "long", rows: long }] }));
    expect(spec.match(/"median":/gu)?.length).to.equal(385);
  });
});

describe("histogramPair()", () => {
  const pair = {
    edges: [0, 0.5, 1],
    real: [0.25, 0.75],
    generated: [0.5, 0.5],
    x: { title: "x (1)", domain: [0, 1] as const },
    y: { title: "probability density (1)" },
    width: 120,
    height: 80,
  };

  it("turns probabilities into densities and closes the last step", () => {
    const { layer } = histogramPair(pair) as { layer: { data: { values: unknown } }[] };
    expect(layer[0]?.data.values).to.deep.equal([
      { x: 0, density: 0.5, series: "real" },
      { x: 0.5, density: 1.5, series: "real" },
      { x: 1, density: 1.5, series: "real" },
    ]);
  });

  it("compiles without warnings", async () => {
    const svg = await svgOf(histogramPair({ ...pair, title: "x" }));
    expect(textsOf(svg)).to.include.members(["real", "generated"]);
  });
});

describe("histogramArea()", () => {
  it("draws one histogram as densities, without a legend and without warnings", async () => {
    const spec = histogramArea({
      edges: [-2, 0, 2],
      probabilities: [0.25, 0.75],
      x: { title: "energy" },
      y: { title: "probability density" },
      width: 120,
      height: 80,
    });
    const { layer } = spec as { layer: { data: { values: { density: number }[] } }[] };
    expect(layer).to.have.length(1);
    const densities = layer[0]?.data.values.map(({ density }) => density);
    expect(densities).to.deep.equal([0.125, 0.375, 0.375]);
    const texts = textsOf(await svgOf(spec));
    expect(texts).to.include.members(["energy", "probability density"]);
    expect(texts).to.not.include("real");
  });
});

describe("heatmap()", () => {
  const edges = [0, 1, 2];
  const axis = { title: "x (1)" };

  it("puts the row of a cell along x and leaves empty cells out", () => {
    const parts = { edges, probabilities: [0, 0.25, 0, 0.75], x: axis, y: axis, size: 50, top: 1 };
    const { layer } = heatmap(parts) as { layer: { data: { values: unknown } }[] };
    expect(layer[0]?.data.values).to.deep.equal([
      { x: 0, x2: 1, y: 1, y2: 2, density: 0.25 },
      { x: 1, x2: 2, y: 1, y2: 2, density: 0.75 },
    ]);
  });

  it("shares a colour scale by its largest density", () => {
    expect(densityTop([0, 0.5, 1], [[0.1, 0.2], [0.3]])).to.equal(1.2);
    expect(densityTop([0, 1], [[0]])).to.equal(1);
  });

  it("gets darker evenly, from white", () => {
    const lightness = SEQUENTIAL.map(lightnessOf);
    const steps = lightness.slice(1).map((value, i) => (lightness[i] ?? 0) - value);
    expect(lightness[0]).to.be.closeTo(100, 0.01);
    for (const step of steps) expect(step).to.be.within(4, 16);
  });

  it("draws an empty histogram", async () => {
    const parts = { edges, probabilities: [0, 0, 0, 0], x: axis, y: axis, size: 50, top: 1 };
    const domain = [0, 2] as const;
    const body = heatmap({
      ...parts,
      x: { ...axis, domain },
      y: { ...axis, domain },
      colorTitle: "p",
    });
    expect(await svgOf(body)).to.include("<svg");
  });
});

describe("scatter()", () => {
  it("mixes the clouds, so that none hides the other, and draws at most 750 points of each", () => {
    const points = Array.from({ length: 2000 }, (_, i) => [i, i] as const);
    const clouds = [
      { name: "a", points },
      { name: "b", points: points.slice(0, 1) },
    ];
    const axis = { title: "x (1)" };
    const spec = scatter({ clouds, x: axis, y: axis, width: 50, height: 50 });
    const { layer } = spec as { layer: { data: { values: { series: string }[] } }[] };
    const values = layer[0]?.data.values ?? [];
    expect(values).to.have.length(751);
    expect(values.slice(0, 3).map((row) => row.series)).to.deep.equal(["a", "b", "a"]);
  });
});

describe("grid()", () => {
  for (const columns of [1, 2, 3]) {
    it(`fills a page of two columns with ${String(columns)} panels`, async () => {
      const width = panelWidth(WIDTH.double, columns, columns * ruleMargin(rules));
      const panels = Array.from({ length: columns }, (_, i) =>
        lines({ ...curves, width, title: `${letter(i)}panel` }),
      );
      const svg = await svgOf(grid(panels, columns, { sharedLegend: true }), WIDTH.double);
      expect(widthOf(svg)).to.be.within(WIDTH.double - 30, WIDTH.double + 1);
      expect(textsOf(svg).filter((text) => text === "median")).to.have.length(1);
    });
  }
});

describe("axes", () => {
  it("labels angles in quarters of π", async () => {
    const angle = { ...angleAxis("θ₁ (rad)") };
    const body = scatter({ clouds: [], x: angle, y: angle, width: 200, height: 200 });
    expect(textsOf(await svgOf(body))).to.include.members([
      "0",
      "π/4",
      "π/2",
      "3π/4",
      "π",
      "θ₁ (rad)",
    ]);
  });

  it("chooses logarithmic ticks between the values it must show", () => {
    const axis = logAxis("distance", [0.03, 0.4, Number.NaN, 0]);
    expect(axis.ticks).to.deep.equal([0.05, 0.1, 0.2, 0.5]);
    expect(axis.domain?.[0]).to.be.below(0.03);
    expect(axis.domain?.[1]).to.be.above(0.4);
  });

  it("labels every digit when the values are close together", () => {
    expect(logAxis("distance", [0.65, 0.75]).ticks).to.deep.equal([0.5, 0.6, 0.7, 0.8, 0.9]);
  });

  it("takes more values than a function takes arguments", () => {
    const many = Array.from({ length: 300_000 }, () => 0.5);
    expect(logAxis("distance", many).ticks).to.include(0.5);
  });
});

/** CIELAB lightness of an sRGB colour "#RRGGBB". */
function lightnessOf(color: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 116 * Math.cbrt(luminance) - 16;
}
