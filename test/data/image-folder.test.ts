// Folders of photographs: decoding, cropping, order, classes, splits, the cache, and every fault of a file or folder.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { readImageFolder } from "../../src/data/files/index.js";
import { decodePhoto } from "../../src/data/files/photo.js";
import { DataError } from "../../src/errors.js";
import { encodePng } from "../../src/figures/png-bytes.js";

type Rgb = readonly [number, number, number];

/** A picture whose pixels are given by a function. */
function rgbaOf(width: number, height: number, at: (x: number, y: number) => Rgb): Buffer {
  const data = Buffer.alloc(4 * width * height, 255);
  for (let i = 0; i < width * height; i++) data.set(at(i % width, Math.floor(i / width)), 4 * i);
  return data;
}

function pngOf(width: number, height: number, at: (x: number, y: number) => Rgb): Buffer {
  const png = new PNG({ width, height });
  rgbaOf(width, height, at).copy(png.data);
  return PNG.sync.write(png);
}

function jpegOf(width: number, height: number, at: (x: number, y: number) => Rgb): Buffer {
  return jpeg.encode({ width, height, data: rgbaOf(width, height, at) }, 95).data;
}

/** A JPEG with an Exif orientation, and a whole JPEG as its thumbnail before the pixels. */
function oriented(image: Buffer, orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write("II*\0", 0, "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(3, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(orientation, 18);
  const body = Buffer.concat([
    Buffer.from("Exif\0\0", "latin1"),
    tiff,
    jpegOf(8, 8, () => [0, 0, 0]),
  ]);
  const head = Buffer.from([
    0xff,
    0xd8,
    0xff,
    0xe1,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
  ]);
  return Buffer.concat([head, body, image.subarray(2)]);
}

/** Light in a different amount for each seed, so that no two pictures are copies. */
const plain = (seed: number) => (): Rgb => [seed, (3 * seed) % 256, 255 - seed];

let root = "";
let count = 0;
before(() => (root = mkdtempSync(join(tmpdir(), "zenoflow photos äö "))));
after(() => rmSync(root, { recursive: true }));

/** A new folder with files. */
function folderOf(files: Readonly<Record<string, Buffer | string>>): string {
  const folder = join(root, `folder ${String(count++)}`);
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe("decodePhoto()", () => {
  it("turns pictures upright by every Exif orientation", () => {
    // Four quarters: red, green above blue, white. Where they come to lie is the definition of the orientations.
    const quarters = (x: number, y: number): Rgb =>
      y < 16 ? (x < 16 ? [255, 0, 0] : [0, 255, 0]) : x < 16 ? [0, 0, 255] : [255, 255, 255];
    const letters = ({ width, height, rgba }: ReturnType<typeof decodePhoto>): string =>
      [
        [8, 8],
        [width - 8, 8],
        [8, height - 8],
        [width - 8, height - 8],
      ]
        .map(([x, y]) => {
          const [r, g, b] = rgba.subarray(4 * (y! * width + x!), 4 * (y! * width + x!) + 3);
          const bits = [r, g, b].map((value) => (value! > 128 ? 1 : 0)).join("");
          return { "100": "R", "010": "G", "001": "B", "111": "W" }[bits] ?? "?";
        })
        .join("");
    const image = jpegOf(32, 32, quarters);
    const want = ["RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"];
    want.forEach((quarter, i) => {
      expect(letters(decodePhoto(oriented(image, i + 1))), `orientation ${i + 1}`).to.equal(
        quarter,
      );
    });
    const tall = decodePhoto(oriented(jpegOf(48, 16, quarters), 6));
    expect([tall.width, tall.height]).to.deep.equal([16, 48]);
  });

  it("reads PNG of 16 bits, in grey, with a palette's depth, and puts transparent parts on white", () => {
    const deep = Buffer.alloc(4 * 4 * 2);
    for (let i = 0; i < 16; i++) deep.writeUInt16BE(i * 257, 2 * i);
    const grey16 = new PNG({ width: 4, height: 4 });
    grey16.data = deep;
    const asGrey = { colorType: 0, inputColorType: 0, inputHasAlpha: false } as const;
    const sixteen = PNG.sync.write(grey16, { bitDepth: 16, ...asGrey });
    expect([...decodePhoto(sixteen).rgba.subarray(20, 23)]).to.deep.equal([5, 5, 5]);
    const grey = encodePng({ width: 1, height: 1, channels: 1, bytes: Uint8Array.of(77) });
    expect([...decodePhoto(Buffer.from(grey)).rgba.subarray(0, 3)]).to.deep.equal([77, 77, 77]);
    const clear = new PNG({ width: 1, height: 1 });
    clear.data.set([0, 100, 200, 51]);
    expect([...decodePhoto(PNG.sync.write(clear)).rgba.subarray(0, 3)]).to.deep.equal([
      204, 224, 244,
    ]);
  });

  it("goes by the bytes, not the name, and says what other formats are", () => {
    const fails = (bytes: Buffer | string, words: string): void => {
      expect(() => decodePhoto(Buffer.from(bytes)), words).to.throw(DataError, words);
    };
    fails("", "is empty");
    fails("GIF89a........", "is GIF, not PNG or JPEG");
    fails("RIFF....WEBPVP8 ", "is WebP");
    fails("\0\0\0\x18ftypheic", "is HEIC or AVIF");
    fails("<html>404</html>", "is neither PNG nor JPEG");
  });

  it("refuses what is cut off or damaged anywhere", () => {
    const noise = (x: number, y: number): Rgb => [(x * 37 + y * 101) % 256, (x * y) % 256, x % 256];
    for (const whole of [
      pngOf(40, 40, noise),
      jpegOf(40, 40, noise),
      oriented(jpegOf(40, 40, noise), 3),
    ]) {
      expect(() => decodePhoto(whole)).to.not.throw();
      for (const part of [0.05, 0.3, 0.6, 0.95, 0.999])
        expect(
          () => decodePhoto(whole.subarray(0, Math.floor(part * whole.length))),
          String(part),
        ).to.throw(DataError, /cut off|damaged/);
    }
    const flipped = Buffer.from(pngOf(40, 40, noise));
    flipped[120]! ^= 255;
    expect(() => decodePhoto(flipped)).to.throw(DataError, "is damaged");
  });

  it("refuses sizes that would fill the memory before it makes room for them", () => {
    const bomb = Buffer.from(pngOf(1, 1, plain(0)));
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(100_000, 20);
    expect(() => decodePhoto(bomb)).to.throw(
      DataError,
      "is 100000 × 100000 pixels, above 150 megapixels",
    );
  });
});

describe("readImageFolder()", () => {
  it("crops to the central square, averages areas, and finds pictures at any depth in the order of paths", () => {
    // The outer thirds are red; the central square has a dark and a light half.
    const wide = pngOf(24, 8, (x) =>
      x < 8 || x > 15 ? [255, 0, 0] : x < 12 ? [0, 0, 40] : [10, 200, 250],
    );
    const folder = folderOf({
      "b/two.PNG": wide,
      "one.jpeg": jpegOf(16, 16, () => [100, 100, 100]),
      "a/b/c/three.png": pngOf(4, 4, plain(3)),
      "notes.txt": "none",
      ".hidden.png": "none",
    });
    const set = readImageFolder(folder, { side: 4 });
    expect([set.height, set.width, set.channels, set.classNames]).to.deep.equal([4, 4, 3, null]);
    const all = [set.train, set.test].flatMap(({ pixels }) =>
      Array.from({ length: pixels.length / 48 }, (_, i) =>
        pixels.subarray(48 * i, 48 * i + 12).join(),
      ),
    );
    expect(all).to.have.length(3).and.include("0,0,40,0,0,40,10,200,250,10,200,250");
    expect(set.report.join(" "))
      .to.contain("2 pictures for training and 1 for the test")
      .and.contain("1 other files");
    expect(readImageFolder(folder, { side: 4 })).to.deep.equal(set);
  });

  it("is grey where all pictures are, or asked for", () => {
    const greys = folderOf({
      "a.png": pngOf(2, 2, () => [7, 7, 7]),
      "b.png": pngOf(2, 2, () => [9, 9, 9]),
    });
    expect(readImageFolder(greys, { side: 2 }).channels).to.equal(1);
    expect(readImageFolder(greys, { side: 2, color: "rgb" }).channels).to.equal(3);
    const colours = folderOf({ "a.png": pngOf(2, 2, plain(7)), "b.png": pngOf(2, 2, plain(9)) });
    const { train, test } = readImageFolder(colours, { side: 2, color: "grey" });
    // 0.299 r + 0.587 g + 0.114 b of (7, 21, 248) and (9, 27, 246).
    expect([train.pixels[0], test.pixels[0]].sort()).to.deep.equal([43, 47]);
  });

  it("takes classes and splits from sub-folders", () => {
    const files = (prefix: string, seeds: readonly number[]): Record<string, Buffer> =>
      Object.fromEntries(seeds.map((s) => [`${prefix}/${String(s)}.png`, pngOf(2, 2, plain(s))]));
    const classes = readImageFolder(folderOf({ ...files("zebra", [1, 2]), ...files("ant", [3]) }), {
      side: 2,
    });
    expect(classes.classNames).to.deep.equal(["ant", "zebra"]);
    expect([...classes.train.labels!, ...classes.test.labels!].sort()).to.deep.equal([0, 1, 1]);
    const split = readImageFolder(
      folderOf({ ...files("train/b", [1, 2]), ...files("train/a", [3]), ...files("val/a", [4]) }),
      { side: 2 },
    );
    expect([...split.train.labels!, ...split.test.labels!]).to.deep.equal([0, 1, 1, 0]);
    expect([split.train.pixels[0], split.test.pixels[0]]).to.deep.equal([3, 4]);
  });

  it("counts copies once, and refuses one picture in two classes", () => {
    const same = pngOf(2, 2, plain(1));
    const copies = folderOf({ "a.png": same, "b.png": same, "c.png": pngOf(2, 2, plain(2)) });
    const set = readImageFolder(copies, { side: 2 });
    expect(set.train.pixels.length + set.test.pixels.length).to.equal(2 * 12);
    expect(set.report).to.include("1 copies of others are left out.");
    const both = folderOf({ "cat/a.png": same, "dog/b.png": same });
    expect(() => readImageFolder(both, { side: 2 })).to.throw(
      DataError,
      "must hold each picture in one class, but dog/b.png is a copy of cat/a.png",
    );
  });

  it("leaves out one bad picture of a hundred and says so, and names the first of more", () => {
    const good = (n: number): Record<string, Buffer> =>
      Object.fromEntries(
        Array.from({ length: n }, (_, i) => [`${String(i)}.png`, pngOf(4, 4, plain(i))]),
      );
    const mostly = folderOf({ ...good(99), "z.jpg": "not a picture" });
    const set = readImageFolder(mostly, { side: 4 });
    expect(set.report).to.include("z.jpg is left out: it is neither PNG nor JPEG.");
    expect(set.train.pixels.length + set.test.pixels.length).to.equal(99 * 48);
    const worse = folderOf({
      ...good(98),
      "y.png": pngOf(3, 9, plain(1)),
      "z.jpg": "not a picture",
    });
    expect(() => readImageFolder(worse, { side: 4 })).to.throw(
      DataError,
      "at most 1 % of the pictures may be unusable, but 2 of 100 are: y.png is 3 × 9 pixels, smaller than 4 × 4; z.jpg is neither PNG nor JPEG. Convert",
    );
  });

  it("says what is wrong with a folder", () => {
    const fails = (path: string, words: string): void => {
      expect(() => readImageFolder(path), words).to.throw(DataError, words);
    };
    fails(join(root, "nowhere"), "nowhere: must be a folder of pictures, but is none");
    fails(
      folderOf({}),
      "must hold pictures (.png, .jpg, .jpeg), also in sub-folders, but holds no file",
    );
    fails(folderOf({ "a.mdb": "x", "b.txt": "y" }), "but holds none among 2 files");
    fails(
      folderOf({ "a.png": pngOf(32, 32, plain(1)) }),
      "must hold a picture to train with and another for the test, but holds 1",
    );
  });

  it("follows links to folders once, and counts links that lead nowhere as unreadable", () => {
    const folder = folderOf({
      "in/a.png": pngOf(2, 2, plain(1)),
      "in/b.png": pngOf(2, 2, plain(2)),
    });
    symlinkSync(folder, join(folder, "in", "loop"));
    expect(readImageFolder(folder, { side: 2 }).train.pixels).to.have.length(12);
    symlinkSync(join(folder, "gone"), join(folder, "dead.png"));
    expect(() => readImageFolder(folder, { side: 2 })).to.throw(DataError, "dead.png ENOENT");
  });

  it("passes pipes over, whatever they are called", function () {
    if (process.platform === "win32") this.skip();
    const folder = folderOf({
      "a.png": pngOf(2, 2, plain(1)),
      "b.png": pngOf(2, 2, plain(2)),
    });
    execFileSync("mkfifo", [join(folder, "c.png")]);
    expect(readImageFolder(folder, { side: 2 }).train.pixels).to.have.length(12);
  });

  it("names a part of a folder that the system does not let it read", () => {
    // A link to itself, since a superuser may read whatever has no permissions.
    const folder = folderOf({ "a.png": pngOf(2, 2, plain(1)) });
    symlinkSync(join(folder, "self"), join(folder, "self"));
    expect(() => readImageFolder(folder)).to.throw(DataError, /ELOOP.*self.*permissions/);
  });

  it("keeps decoded images by content and settings, and verifies them", () => {
    const folder = folderOf({ "a.png": pngOf(4, 4, plain(1)), "b.png": pngOf(4, 4, plain(2)) });
    const cache = join(root, "cache");
    let decoded = 0;
    const read = (side: number): unknown =>
      readImageFolder(folder, { side, cache, onProgress: () => decoded++ });
    const first = read(4);
    expect(read(4)).to.deep.equal(first);
    expect(decoded).to.equal(2);
    read(2);
    expect(decoded).to.equal(4);
    const [kept] = readdirSync(cache).sort();
    const path = join(cache, kept!);
    writeFileSync(path, readFileSync(path, "utf8").replace("AAA", "AAB").slice(0, -1));
    read(4);
    read(2);
    expect(decoded).to.equal(6);
    writeFileSync(join(folder, "a.png"), pngOf(4, 4, plain(3)));
    read(4);
    expect(decoded).to.equal(8);
    expect(readdirSync(cache).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    expect(readImageFolder(folder, { side: 4, cache: join(folder, "a.png") })).to.have.property(
      "train",
    );
  });
});
