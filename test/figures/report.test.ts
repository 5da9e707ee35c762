// The HTML report and its tables: escaping, self-containment, order of replicas, numbers.

import { expect } from "chai";

import { ArgumentError } from "../../src/errors.js";
import { figure } from "../../src/figures/figure.js";
import { renderSvg } from "../../src/figures/render.js";
import { reportHtml } from "../../src/figures/report.js";
import type { Report } from "../../src/figures/report.js";
import { scatter } from "../../src/figures/scatter.js";
import { formatNumber, measuresTable, replicasTable } from "../../src/figures/tables.js";

const EVIL = `<script>alert("1")</script>'&`;
const ESCAPED = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;";

async function drawing(): Promise<string> {
  const axis = { title: EVIL, domain: [0, 1] as const };
  const clouds = [{ name: EVIL, points: [[0.1, 0.2] as const] }];
  const body = scatter({ clouds, x: axis, y: axis, width: 90, height: 90 });
  return renderSvg(figure({ body, title: EVIL, width: 150, description: EVIL }));
}

async function everything(): Promise<Report> {
  const svg = await drawing();
  return {
    title: EVIL,
    subtitle: EVIL,
    tables: [
      measuresTable(EVIL, [
        { label: EVIL, value: 0.06, floor: 0.0117, published: 0.094, note: EVIL },
      ]),
      replicasTable("replicas", [{ [EVIL]: 1 }], 0),
    ],
    figures: [
      { name: "first", caption: EVIL, svg },
      { name: "second", caption: "b", svg },
    ],
    protocol: [EVIL],
    notes: [EVIL],
    config: EVIL,
    manifest: [[EVIL, EVIL]],
  };
}

describe("reportHtml()", () => {
  it("escapes everything that a user can write", async () => {
    const html = reportHtml(await everything());
    expect(html).to.not.match(/<script/iu);
    expect(html.split(ESCAPED).length - 1).to.be.at.least(12);
  });

  it("fetches nothing: the only addresses are names of XML vocabularies", async () => {
    const html = reportHtml(await everything());
    expect(html.replaceAll(/ xmlns(?::xlink)?="[^"]*"/gu, "")).to.not.match(/https?:|\/\/[a-z]/iu);
    expect(html).to.not.match(/ (?:src|href)="(?!#)|@import|url\((?!#)/u);
    expect(html).to.include(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
  });

  it("keeps the clip paths of its drawings apart", async () => {
    const html = reportHtml(await everything());
    const ids = [...html.matchAll(/ id="([^"]*)"/gu)].map((match) => match[1] ?? "");
    expect(new Set(ids).size).to.equal(ids.length);
    const used = [...html.matchAll(/url\(#([^)]*)\)/gu)].map((match) => match[1] ?? "");
    expect(used.length).to.be.at.least(2);
    expect(ids).to.include.members(used);
  });

  it("tells what a drawing shows to readers who cannot see it", async () => {
    const html = reportHtml(await everything());
    expect(html.match(/<svg role="img" aria-label="[^"]+"/gu)).to.have.length(2);
    const bare = reportHtml({
      title: "t",
      figures: [{ name: "n", caption: "c", svg: "<svg></svg>" }],
    });
    expect(bare).to.include('<svg role="img" aria-label="n"');
  });

  it("leaves out parts that are empty", () => {
    const html = reportHtml({ title: "Only a title", protocol: [], manifest: [], config: "" });
    expect(html).to.include("<h1>Only a title</h1>");
    expect(html).to.not.match(/<section|<details|<table/u);
  });

  it("refuses a figure that is not an SVG element", () => {
    const figures = [{ name: "n", caption: "c", svg: "<img>" }];
    expect(() => reportHtml({ title: "t", figures })).to.throw(
      ArgumentError,
      'reportHtml: argument `figures` must hold SVG elements, but "n" does not start with <svg.',
    );
  });
});

describe("measuresTable()", () => {
  it("has a column for floor, published value and note only where one is given", () => {
    const plain = measuresTable("t", [{ label: "slope", value: -0.6 }]);
    expect(plain).to.deep.equal({
      title: "t",
      columns: ["measure", "value"],
      rows: [["slope", -0.6]],
    });
    const full = measuresTable("t", [
      { label: "D", value: 0.06, floor: 0.012 },
      { label: "W", value: 0.1, published: 0.2 },
    ]);
    expect(full.columns).to.deep.equal(["measure", "value", "floor", "published"]);
    expect(full.rows).to.deep.equal([
      ["D", 0.06, 0.012, undefined],
      ["W", 0.1, undefined, 0.2],
    ]);
    expect(full.note).to.match(/^Floor: /u);
  });
});

describe("replicasTable()", () => {
  it("lists the best replicas first and diverged ones last", () => {
    const rows = [{ v: 3 }, { v: Number.NaN }, { v: 1 }, { v: 2, w: 7 }];
    const table = replicasTable("t", rows, 2, { v: "validation" });
    expect(table.columns).to.deep.equal(["replica", "validation", "w"]);
    expect(table.rows.map((row) => row[0])).to.deep.equal(["2 (best)", "3", "0", "1"]);
    expect(table.highlight).to.equal(0);
  });

  it("says when it does not list all", () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ v: i }));
    const table = replicasTable("t", rows, 39);
    expect(table.rows).to.have.length(32);
    expect(table.note).to.equal("The first 32 of 40 replicas.");
    expect(table).to.not.have.property("highlight");
  });
});

describe("formatNumber()", () => {
  for (const [value, text] of [
    [0.123456, "0.1235"],
    [0.094, "0.094"],
    [-1.38629, "−1.386"],
    [1.5e-7, "1.500e−7"],
    [100000, "100,000"],
    [0, "0"],
    [Number.NaN, "–"],
    [Number.NEGATIVE_INFINITY, "–"],
  ] as const) {
    it(`writes ${String(value)} as ${text}`, () => {
      expect(formatNumber(value)).to.equal(text);
    });
  }
});
