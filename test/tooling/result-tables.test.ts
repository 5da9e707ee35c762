// The tables in the pages are those of benchmarks/results, and say where they come from.

import { expect } from "chai";
import { markdown, renewAll, renewed } from "../../scripts/result-tables.js";

const results = {
  machine: {
    cpu: "cpu",
    processors: 2,
    memoryGiB: 1,
    platform: "p",
    backend: "wasm",
    threads: 2,
    versions: { node: "v20" },
    commit: "abc",
    date: "2026-01-01",
  },
  calibration: 0.5,
  rows: [
    { what: "a", x: 1 },
    { what: "b", x: null },
  ],
  notes: ["a note"],
};

describe("result tables", () => {
  it("have numbers to the right, notes and the machine below", () => {
    const text = markdown(results);
    expect(text).to.contain("| what | x |\n| --- | ---: |\n| a | 1 |\n| b |  |");
    expect(text).to.contain("- a note");
    expect(text).to.contain("2026-01-01, commit abc");
  });

  it("keep bars inside cells", () => {
    const text = markdown({ ...results, rows: [{ "|x| max": "|y|" }] });
    expect(text).to.contain("| \\|x\\| max |\n| --- |\n| \\|y\\| |");
  });

  it("replace what stands between the marks and nothing else", () => {
    const page = "before\n<!-- results:some-suite -->\nold\n<!-- end -->\nafter";
    const after = renewed(page, (name) => {
      expect(name).to.equal("some-suite");
      return results;
    });
    expect(after).to.match(
      /^before\n<!-- results:some-suite -->\n[^]*a note[^]*<!-- end -->\nafter$/,
    );
    expect(after).not.to.contain("old");
  });

  it("can be one of the tables beside the main rows, and must exist", () => {
    const tables = {
      orders: { title: "t", rows: [{ order: 2 }], notes: ["fitted"], measures: {} },
    };
    const page = (name: string) => `<!-- results:suite/${name} -->\n<!-- end -->`;
    const after = renewed(page("orders"), () => ({ ...results, tables }));
    expect(after).to.contain("| order |").and.to.contain("- fitted");
    expect(() => renewed(page("none"), () => ({ ...results, tables }))).to.throw("no table none");
  });

  it("are the committed results in every page", async () => {
    expect(await renewAll(true)).to.deep.equal([]);
  });
});
