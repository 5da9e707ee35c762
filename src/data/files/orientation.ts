// How a camera was held: the Exif orientation of a JPEG, and pictures turned upright by it. Node only.

import type { Photo } from "./photo.js";

const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
const ORIENTATION_TAG = 0x0112;

/** One segment of a JPEG's header. */
type Segment = { readonly marker: number; readonly at: number; readonly data: Buffer };

function* segmentsOf(bytes: Buffer): Generator<Segment, void, void> {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const next = at + 2 + bytes.readUInt16BE(at + 2);
    yield { marker: bytes[at + 1]!, at, data: bytes.subarray(at + 4, next) };
    at = next;
  }
}

/** Where the pixels of a JPEG begin, behind a thumbnail that may be a JPEG itself; −1 where they do not. */
export function scanStart(bytes: Buffer): number {
  for (const { marker, at } of segmentsOf(bytes)) if (marker === START_OF_SCAN) return at;
  return -1;
}

/** The orientation 1 … 8 that a JPEG's Exif data state; 1, upright, where they state none. */
export function exifOrientation(bytes: Buffer): number {
  for (const { marker, data } of segmentsOf(bytes)) {
    if (marker === START_OF_SCAN) return 1;
    if (marker === APP1 && data.toString("latin1", 0, 6) === "Exif\0\0")
      return orientationIn(data.subarray(6));
  }
  return 1;
}

/** Looks the tag up in the first directory of a TIFF header. */
function orientationIn(tiff: Buffer): number {
  if (tiff.length < 8) return 1;
  const little = tiff.toString("latin1", 0, 2) === "II";
  const word = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const start = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (start + 2 > tiff.length) return 1;
  for (let entry = start + 2; entry + 12 <= tiff.length; entry += 12) {
    if (entry >= start + 2 + 12 * word(start)) return 1;
    if (word(entry) !== ORIENTATION_TAG) continue;
    const value = word(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** The picture as it was meant to be seen; the same where `orientation` is 1. */
export function upright(photo: Photo, orientation: number): Photo {
  if (orientation === 1) return photo;
  const { width, height, rgba } = photo;
  // Values from 5 on exchange rows and columns, after mirroring.
  const turned = orientation >= 5;
  const mirrorX = [2, 3, 7, 8].includes(orientation);
  const mirrorY = [3, 4, 6, 7].includes(orientation);
  const [across, down] = turned ? [height, width] : [width, height];
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const out = new Uint32Array(width * height);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const [u, v] = turned ? [y, x] : [x, y];
      const column = mirrorX ? width - 1 - u : u;
      const row = mirrorY ? height - 1 - v : v;
      out[y * across + x] = from[row * width + column]!;
    }
  }
  return { width: across, height: down, rgba: new Uint8Array(out.buffer) };
}
