// PNG of figures: text, glyphs, size. The SVG they come from is in render.test.ts.

import { readFileSync } from "node:fs";

import { Resvg } from "@resvg/resvg-js";
import { expect } from "chai";

import { ArgumentError } from "../../src/errors.js";
import { renderPng } from "../../src/figures/png.js";

const family = "Liberation Sans, Arial, Helvetica, sans-serif";
const drawing = (text: string, weight = "normal"): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48"><rect width="96" height="48" fill="white"/>` +
  `<text x="4" y="30" font-family="${family}" font-weight="${weight}" font-size="20">${text}</text></svg>`;

/** Pixels of a PNG, by way of an SVG that shows it. */
function pixels(png: Uint8Array, width: number, height: number): Buffer {
  const address = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}"><image href="${address}" width="${String(width)}" height="${String(height)}"/></svg>`;
  return Buffer.from(new Resvg(svg).render().pixels);
}

function ink(png: Uint8Array): number {
  return pixels(png, 96, 48).filter((value, i) => i % 4 === 0 && value < 128).length;
}

function size(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return [view.getUint32(16), view.getUint32(20)];
}

describe("renderPng()", () => {
  it("draws the text, which the renderer silently leaves out without a font", async () => {
    const withFont = await renderPng(drawing("θ₁ −½ π"), { scale: 1 });
    const without = new Resvg(drawing("θ₁ −½ π"), { font: { loadSystemFonts: false } })
      .render()
      .asPng();
    expect(ink(without)).to.equal(0);
    expect(ink(withFont)).to.be.greaterThan(100);
  });

  it("has a bold face", async () => {
    const regular = ink(await renderPng(drawing("Losses"), { scale: 1 }));
    expect(ink(await renderPng(drawing("Losses", "bold"), { scale: 1 }))).to.be.greaterThan(
      1.2 * regular,
    );
  });

  for (const character of "₀₁₂₃₄₅₆₇₈₉θπΓ−×±²–") {
    it(`has a glyph for ${character}`, async () => {
      const tofu = await renderPng(drawing("\ue000"), { scale: 1 });
      const png = await renderPng(drawing(character), { scale: 1 });
      expect(Buffer.compare(pixels(png, 96, 48), pixels(tofu, 96, 48))).to.not.equal(0);
    });
  }

  it("is drawn for print at 300 dots per inch and says so", async () => {
    const png = await renderPng(drawing("a"));
    expect(size(png)).to.deep.equal([300, 150]);
    const at = Buffer.from(png).indexOf("pHYs");
    const dotsPerMetre = Buffer.from(png).readUInt32BE(at + 4);
    expect(dotsPerMetre).to.equal(Math.round(300 / 0.0254));
    expect(pixels(png, 96, 48).length).to.equal(96 * 48 * 4);
  });

  it("takes a scale or a width in dots", async () => {
    expect(size(await renderPng(drawing("a"), { scale: 2 }))).to.deep.equal([192, 96]);
    expect(size(await renderPng(drawing("a"), { width: 480 }))).to.deep.equal([480, 240]);
  });

  it("refuses a size that is none", async () => {
    for (const attempt of [
      renderPng(drawing("a"), { scale: 0 }),
      renderPng("<svg/>", { width: 100 }),
    ]) {
      const error = await attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(ArgumentError);
    }
  });

  it("ships its fonts with their licence", () => {
    const licence = readFileSync(
      new URL("../../src/figures/fonts/LICENSE", import.meta.url),
      "utf8",
    );
    expect(licence).to.include("SIL OPEN FONT LICENSE Version 1.1");
  });
});
