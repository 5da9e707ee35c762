// Widths of text against the font files, and line breaks.

import { expect } from "chai";

import { listedWidths, textWidth, wrapText } from "../../src/figures/text-width.js";
import { fontWidths } from "./font-widths.js";

const fonts = { regular: "LiberationSans-Regular.ttf", bold: "LiberationSans-Bold.ttf" } as const;

describe("textWidth()", () => {
  for (const weight of ["regular", "bold"] as const) {
    it(`has the advance widths of the shipped ${weight} font`, () => {
      const url = new URL(`../../src/figures/fonts/${fonts[weight]}`, import.meta.url);
      const { unitsPerEm, widthOf } = fontWidths(url);
      expect(unitsPerEm).to.equal(2048);
      expect(listedWidths(weight).size).to.be.greaterThan(140);
      for (const [character, width] of listedWidths(weight)) {
        expect(width, `"${character}"`).to.equal(widthOf(character));
      }
    });
  }

  it("adds the widths of the characters and scales with the font size", () => {
    // "θ₁": 1139 and 691 units of 1/2048 em.
    expect(textWidth("θ₁", 10)).to.be.closeTo((1830 / 2048) * 10, 1e-12);
    expect(textWidth("", 10)).to.equal(0);
  });
});

describe("wrapText()", () => {
  it("breaks at spaces so that every line fits", () => {
    const lines = wrapText("median, quartiles and range of 8 replicas", 80, 9);
    expect(lines.join(" ")).to.equal("median, quartiles and range of 8 replicas");
    expect(lines.length).to.be.greaterThan(1);
    for (const line of lines) expect(textWidth(line, 9)).to.be.at.most(80);
  });

  it("keeps a word that is longer than a line, and no-break spaces", () => {
    expect(wrapText("a incomprehensibilities b", 30, 9)).to.deep.equal([
      "a",
      "incomprehensibilities",
      "b",
    ]);
    expect(wrapText("n\u00a0=\u00a0100", 1, 9)).to.deep.equal(["n\u00a0=\u00a0100"]);
  });
});
