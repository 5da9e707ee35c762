// Pixels as a PNG of 8 bits a channel, without a native renderer: for pictures that are made of pixels, in browsers too.
// Drawings become PNG in png.ts.

import { toBase64 } from "../data/base64.js";
import { ShapeError } from "../errors.js";
import { zlibCompress } from "./deflate.js";

/** A picture of bytes. */
export type Pixels = {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for red, green, blue. */
  readonly channels: number;
  /** `[height, width, channels]`, row-major. */
  readonly bytes: Uint8Array;
};

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** PNG's colour types by the number of channels. */
const COLOR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

/** PNG's filter that subtracts the line above: repeated lines become zeros. */
const UP = 2;

/**
 * Encodes pixels.
 *
 * @returns the bytes of a PNG, the same for the same pixels
 * @throws ShapeError unless there are 1 or 3 channels and as many bytes as pixels need
 */
export function encodePng(pixels: Pixels): Uint8Array {
  const { width, height, channels, bytes } = pixels;
  const colorType = COLOR_TYPES[channels];
  if (colorType === undefined || bytes.length !== width * height * channels || bytes.length === 0) {
    throw new ShapeError(
      `encodePng: argument \`pixels\` must hold height × width × 1 or 3 bytes, but holds ${bytes.length} for ${height} × ${width} × ${channels}.`,
    );
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colorType, 0, 0, 0], 8);
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", zlibCompress(filtered(pixels))),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** The PNG of pixels as an address that pages and figures take in place of a file's. */
export function pngUrl(pixels: Pixels): string {
  return `data:image/png;base64,${toBase64(encodePng(pixels))}`;
}

function filtered({ width, height, channels, bytes }: Pixels): Uint8Array {
  const line = width * channels;
  const out = new Uint8Array(height * (line + 1));
  for (let y = 0; y < height; y++) {
    out[y * (line + 1)] = UP;
    for (let x = 0; x < line; x++) {
      const above = y === 0 ? 0 : bytes[(y - 1) * line + x]!;
      out[y * (line + 1) + 1 + x] = bytes[y * line + x]! - above;
    }
  }
  return out;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(new TextEncoder().encode(name), 4);
  out.set(data, 8);
  view.setUint32(data.length + 8, crc32(out.subarray(4, data.length + 8)));
  return out;
}

const CRC_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
