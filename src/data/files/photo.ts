// One photograph or picture, PNG or JPEG, as upright red, green and blue bytes. Which files, and what becomes of them, is in
// image-folder.ts. Node only.

import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { DataError } from "../../errors.js";
import { exifOrientation, scanStart, upright } from "./orientation.js";

/** A decoded picture. */
export type Photo = {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 4]`: red, green, blue; the fourth is not used. */
  readonly rgba: Uint8Array;
};

/** Larger pictures are refused: they would take gigabytes while they are decoded. */
const MOST_MEGAPIXELS = 150;

/** Formats that are recognised in order to say so: the bytes from an offset on. */
const OTHERS: readonly (readonly [name: string, offset: number, bytes: string])[] = [
  ["GIF", 0, "GIF8"],
  ["WebP", 8, "WEBP"],
  ["HEIC or AVIF", 4, "ftyp"],
  ["TIFF", 0, "II*\0"],
  ["TIFF", 0, "MM\0*"],
  ["BMP", 0, "BM"],
];

/**
 * Decodes a picture. Its bytes say what it is, not its name. PNG: all depths and kinds, 16 bits rounded to 8, transparent
 * parts over white. JPEG: baseline and progressive, turned as its Exif orientation says.
 *
 * @param bytes - of the file
 * @throws DataError with the reason in a few words, if it is something else, damaged, cut off or too large
 */
export function decodePhoto(bytes: Buffer): Photo {
  if (bytes.length === 0) throw new DataError("is empty");
  if (bytes.subarray(0, 8).equals(PNG_START)) return decodePng(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes);
  const text = bytes.subarray(0, 16).toString("latin1");
  const other = OTHERS.find(([, offset, start]) => text.startsWith(start, offset));
  throw new DataError(
    other === undefined ? "is neither PNG nor JPEG" : `is ${other[0]}, not PNG or JPEG`,
  );
}

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function decodePng(bytes: Buffer): Photo {
  if (bytes.length < 33) throw new DataError("is cut off");
  // Before anything is allocated: a few bytes can promise any size.
  checkSize(bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  if (!hasEnd(bytes)) throw new DataError("is cut off");
  const { width, height, data } = reading(() => PNG.sync.read(bytes));
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]! / 255;
    if (alpha === 1) continue;
    for (let c = at; c < at + 3; c++) data[c] = Math.round(alpha * data[c]! + 255 * (1 - alpha));
  }
  return { width, height, rgba: data };
}

/** Whether the chunk that ends a PNG is there; the decoder would fill what is missing with zeros. */
function hasEnd(bytes: Buffer): boolean {
  return bytes.includes("IEND", Math.max(0, bytes.length - 64), "latin1");
}

function decodeJpeg(bytes: Buffer): Photo {
  // The marker of the end may be followed by padding or by a camera's own data.
  const scan = scanStart(bytes);
  if (scan < 0 || bytes.lastIndexOf(END_OF_IMAGE) < scan) throw new DataError("is cut off");
  const { width, height, data } = reading(() =>
    jpeg.decode(bytes, {
      useTArray: true,
      tolerantDecoding: false,
      maxResolutionInMP: MOST_MEGAPIXELS,
      maxMemoryUsageInMB: 4096,
    }),
  );
  return upright({ width, height, rgba: data }, exifOrientation(bytes));
}

function checkSize(width: number, height: number): void {
  if (width * height <= MOST_MEGAPIXELS * 1e6) return;
  throw new DataError(`is ${width} × ${height} pixels, above ${MOST_MEGAPIXELS} megapixels`);
}

/** Decoders throw all kinds of errors; only their words are of use. */
function reading<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`is damaged: ${why}`, { cause });
  }
}
