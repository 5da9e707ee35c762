// Bars, guides, marks and decades: what the figures of the benchmarks are made of.

import { expect } from "chai";
import {
  bars,
  decadeAxis,
  decadesOf,
  figure,
  guideLayers,
  lines,
  markLayers,
  renderSvg,
  withLayers,
} from "../../src/figures/index.js";

const draw = (body: Parameters<typeof figure>[0]["body"]): Promise<string> =>
  renderSvg(figure({ body, width: 400, description: "test" }));

describe("decadeAxis()", () => {
  it("labels near powers of ten in full and far ones as powers", async () => {
    const x = decadeAxis("x", [-4, 4]);
    const y = decadeAxis("y", [0, 1]);
    const rows = [{ x: 1, values: [2] }];
    const svg = await draw(lines({ series: [{ name: "a", rows }], x, y, width: 300, height: 60 }));
    for (const label of ["1e−4", "1e−3", "0.01", "1", "1000", "1e4"])
      expect(svg).to.include(`>${label}<`);
  });

  it("finds the decades of positive numbers", () => {
    expect(decadesOf([0.02, 3, 950, 0, NaN])).to.deep.equal([-2, 3]);
    expect(decadesOf([1000])).to.deep.equal([3, 4]);
    expect(decadesOf([])).to.deep.equal([0, 1]);
  });
});

describe("bars()", () => {
  it("have lengths by their logarithm, and a place for what is missing", async () => {
    const x = { ...decadeAxis("per second", [0, 2]), domain: [1, 100] as const };
    const list = [
      { name: "fast", value: 100, label: "100" },
      { name: "slow", value: 10, label: "10" },
      { name: "absent", value: undefined, label: "not installed" },
    ];
    const svg = await draw(bars({ bars: list, x, width: 200 }));
    for (const text of ["fast", "slow", "absent", "not installed"])
      expect(svg).to.include(`>${text}<`);
    const widths = [...svg.matchAll(/d="M([\d.]+),[\d.]+h([\d.]+)v/g)].map((m) => Number(m[2]));
    expect(widths).to.include.members([200, 100, 0]);
  });
});

describe("guides and marks", () => {
  const [x, y] = [decadeAxis("x", [0, 2]), decadeAxis("y", [0, 2])];
  const panel = lines({
    series: [
      {
        name: "solid",
        rows: [
          { x: 1, values: [1] },
          { x: 100, values: [100] },
        ],
      },
      { name: "dashed", companion: true, dash: [4, 2], rows: [{ x: 1, values: [2] }] },
    ],
    x,
    y,
    width: 200,
    height: 200,
    legend: "top",
  });

  it("stand where they should, with their names", async () => {
    const guide = guideLayers([{ from: [1, 100], to: [100, 1], label: "1/x" }], { x, y });
    const marks = markLayers([{ at: [10, 10], shape: "open", label: "here" }], { x, y });
    const svg = await draw(withLayers(panel, [...guide, ...marks]));
    expect(svg).to.include(">1/x<").and.to.include(">here<");
    expect(svg).to.include("translate(100,100)");
  });

  it("a companion has no legend of its own", async () => {
    const svg = await draw(panel);
    expect(svg).to.include(">solid<").and.not.to.include(">dashed<");
  });
});
