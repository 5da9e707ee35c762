// Sample grids: the compression against zlib, the pixels against pngjs, the panel in a drawn figure.

import { inflateSync } from "node:zlib";
import { expect } from "chai";
import { PNG } from "pngjs";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { zlibCompress } from "../../src/figures/deflate.js";
import { figure } from "../../src/figures/figure.js";
import { imageGrid } from "../../src/figures/image-grid.js";
import { imagePanel } from "../../src/figures/image-panel.js";
import { renderPng } from "../../src/figures/png.js";
import { encodePng } from "../../src/figures/png-bytes.js";
import { renderSvg } from "../../src/figures/render.js";

/** Bytes below `levels`, without a pattern. */
function noise(count: number, levels: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (Math.imul(i, 2654435761) >>> 9) % levels);
}

describe("zlibCompress()", () => {
  it("gives what zlib inflates, at every length around a match's ends and for any bytes", () => {
    for (const count of [0, 1, 2, 3, 4, 10, 257, 258, 259, 260, 300, 516, 517, 70_000]) {
      for (const levels of [1, 2, 7, 256]) {
        const bytes = noise(count, levels);
        const back = inflateSync(zlibCompress(bytes));
        expect(Buffer.compare(back, bytes), `${count} bytes of ${levels}`).to.equal(0);
      }
    }
  });

  it("finds repetitions far back and every length of them", () => {
    const part = noise(32_700, 256);
    const pieces = Array.from({ length: 260 }, (_, length) => [...part.subarray(0, length), 7, 9]);
    const bytes = Uint8Array.from([...part, ...part, ...pieces.flat()]);
    const packed = zlibCompress(bytes);
    expect(Buffer.compare(inflateSync(packed), bytes)).to.equal(0);
    expect(packed.length).to.be.lessThan(1.2 * part.length);
  });
});

describe("encodePng()", () => {
  it("gives pixels that pngjs reads, grey and colour, of any width", () => {
    for (const channels of [1, 3]) {
      for (const [width, height] of [
        [1, 1],
        [7, 3],
        [31, 20],
      ] as const) {
        const bytes = noise(width * height * channels, 256);
        const png = PNG.sync.read(Buffer.from(encodePng({ width, height, channels, bytes })));
        expect([png.width, png.height]).to.deep.equal([width, height]);
        for (let i = 0; i < width * height; i++) {
          const want =
            channels === 1 ? [0, 0, 0].fill(bytes[i]!) : [0, 1, 2].map((c) => bytes[3 * i + c]!);
          expect([...png.data.subarray(4 * i, 4 * i + 4)]).to.deep.equal([...want, 255]);
        }
      }
    }
  });

  it("refuses bytes that do not fit", () => {
    const wrong = { width: 2, height: 2, channels: 1, bytes: new Uint8Array(3) };
    expect(() => encodePng(wrong)).to.throw(ShapeError, "holds 3 for 2 × 2 × 1");
    expect(() => encodePng({ ...wrong, channels: 2, bytes: new Uint8Array(8) })).to.throw(
      ShapeError,
    );
  });
});

describe("imageGrid()", () => {
  const shape = [3, 1, 2, 1] as const;
  const values = Float32Array.of(-1, 1, 0, 2, -5, Number.NaN);

  it("puts images in reading order with gaps, repeats pixels, and clips", () => {
    const png = PNG.sync.read(
      Buffer.from(imageGrid(values, shape, { columns: 2, scale: 2, gap: 1, paper: 9 })),
    );
    expect([png.width, png.height]).to.deep.equal([9, 5]);
    const grey = Array.from({ length: 45 }, (_, i) => png.data[4 * i]!);
    const line = (y: number): number[] => grey.slice(9 * y, 9 * y + 9);
    expect(line(0)).to.deep.equal([0, 0, 255, 255, 9, 128, 128, 255, 255]);
    expect(line(1)).to.deep.equal(line(0));
    expect(line(2)).to.deep.equal(new Array(9).fill(9));
    expect(line(4)).to.deep.equal([0, 0, 0, 0, 9, 9, 9, 9, 9]);
  });

  it("is nearly square by default, and one row where columns allow", () => {
    const size = (options = {}): [number, number] => {
      const png = PNG.sync.read(Buffer.from(imageGrid(new Float32Array(5), [5, 1, 1, 1], options)));
      return [png.width, png.height];
    };
    expect(size()).to.deep.equal([7, 4]);
    expect(size({ columns: 9, gap: 0 })).to.deep.equal([5, 1]);
  });

  it("keeps colours", () => {
    const png = PNG.sync.read(Buffer.from(imageGrid([1, -1, 0], [1, 1, 1, 3])));
    expect([...png.data]).to.deep.equal([255, 0, 128, 255]);
  });

  it("says what does not fit", () => {
    expect(() => imageGrid(values, [2, 1, 2, 1])).to.throw(
      ShapeError,
      "of 6 values, but is [2, 1, 2, 1]",
    );
    expect(() => imageGrid(values, [3, 1, 1, 2])).to.throw(ShapeError);
    expect(() => imageGrid([], [0, 1, 1, 1])).to.throw(ShapeError);
    expect(() => imageGrid(values, shape, { scale: 0.5 })).to.throw(ArgumentError, "`scale`");
    expect(() => imageGrid(values, shape, { gap: -1 })).to.throw(ArgumentError, "`gap`");
  });
});

describe("imagePanel()", () => {
  it("shows the pixels and the words in a drawn figure", async () => {
    const body = imagePanel({
      ...{ values: Float32Array.of(-1, 1, 0.5, -1), shape: [4, 1, 1, 1], columns: 2, width: 90 },
      ...{ labels: ["left", "right"], rowLabels: ["one", "two"], title: "Both" },
    });
    const svg = await renderSvg(figure({ body, width: 150, description: "test" }));
    for (const word of ["left", "right", "one", "two", "Both"]) expect(svg).to.contain(`>${word}<`);
    const png = PNG.sync.read(Buffer.from(await renderPng(svg, { scale: 1 })));
    const reds = Array.from({ length: png.width * png.height }, (_, i) => png.data[4 * i]!);
    const count = (level: number): number => reds.filter((red) => red === level).length;
    // The panel is 90 pixels wide: two images of 30, a gap as wide, since images of one pixel have a gap of one.
    expect([count(0), count(191)]).to.deep.equal([2 * 900, 900]);
  });

  it("is the only kind of picture: addresses are not drawn", async () => {
    const mark = { type: "image", url: "https://example.org/a.png", width: 4, height: 4 };
    const spec = { data: { values: [{}] }, mark, width: 10, height: 10 };
    expect(await renderSvg(spec)).to.not.contain("example.org");
  });
});
