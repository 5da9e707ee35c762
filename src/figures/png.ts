// SVG → PNG with the shipped font. Node only: reads the font files and uses a native renderer.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";

import { ArgumentError, DataError } from "../errors.js";
import { optionalPackage } from "./optional.js";
import { FONT_NAME } from "./theme.js";

const FONT_FILES = ["LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"];
const CSS_PIXELS_PER_METRE = 96 / 0.0254;
/** 300 dots per inch where the SVG has 96. */
const PRINT_SCALE = 300 / 96;

/**
 * Draws an SVG as a PNG with the shipped font only, so that every machine gives the same letters.
 * @param svg - text of one `<svg>` element with a `width` in pixels
 * @param options - `scale`, dots per CSS pixel (default 3.125: 300 dots per inch), or `width` in dots
 * @returns the bytes of a PNG that carries its physical size
 * @throws BackendError when the package `@resvg/resvg-js` is missing
 * @throws DataError when a font file is missing: the renderer would leave the text out without a word
 */
export async function renderPng(
  svg: string,
  options: { readonly scale?: number; readonly width?: number } = {},
): Promise<Uint8Array> {
  const scale =
    options.width === undefined ? (options.scale ?? PRINT_SCALE) : options.width / widthOf(svg);
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new ArgumentError(
      `renderPng: argument \`scale\` must be positive, but is ${String(scale)}.`,
    );
  }
  const fontFiles = existingFonts();
  const { Resvg } = await optionalPackage(
    "renderPng",
    "@resvg/resvg-js",
    () => import("@resvg/resvg-js"),
  );
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles,
      defaultFontFamily: FONT_NAME,
      sansSerifFamily: FONT_NAME,
    },
  });
  return withPhysicalSize(image.render().asPng(), scale * CSS_PIXELS_PER_METRE);
}

function widthOf(svg: string): number {
  const width = Number(/<svg[^>]*?\swidth="([\d.]+)(?:px)?"/u.exec(svg)?.[1]);
  if (!(width > 0)) {
    throw new ArgumentError(
      "renderPng: argument `svg` must be an SVG with a width in pixels, but has none.",
    );
  }
  return width;
}

function existingFonts(): string[] {
  const paths = FONT_FILES.map((name) =>
    fileURLToPath(new URL(`./fonts/${name}`, import.meta.url)),
  );
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new DataError(
      `renderPng: font file ${missing} must exist, but does not. Reinstall zenoflow.`,
    );
  }
  return paths;
}

/** Inserts a `pHYs` chunk after the header: PNG signature 8 bytes, IHDR chunk 25 bytes. */
function withPhysicalSize(png: Uint8Array, dotsPerMetre: number): Uint8Array {
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(Math.round(dotsPerMetre), 8);
  chunk.writeUInt32BE(Math.round(dotsPerMetre), 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}
