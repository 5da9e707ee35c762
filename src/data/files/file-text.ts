// The text of a file's bytes: uncompressed, and in the encoding that a byte-order mark names. What the text means is not
// decided here.

import { constants } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { DataError } from "../../errors.js";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function unzipped(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${name}: must be a whole gzip file, but is cut off or damaged: ${why}.`, {
      cause,
    });
  }
}

/**
 * The text of a file: UTF-8, or UTF-16 with a byte-order mark (as spreadsheets write it), compressed by gzip or not. The mark
 * is left out.
 *
 * @param bytes - the whole file
 * @param name - of the file, for errors
 * @throws DataError where the bytes are no text, or more than fits into one
 */
export function fileText(bytes: Uint8Array, name: string): string {
  const plain = unzipped(bytes, name);
  if (plain.length > constants.MAX_STRING_LENGTH) {
    throw new DataError(
      `${name}: must hold at most ${constants.MAX_STRING_LENGTH} bytes of text, but holds ${plain.length}. ` +
        "Use fewer rows or columns of it.",
    );
  }
  const text = new TextDecoder(encodingOf(plain)).decode(plain);
  const zero = text.indexOf("\0");
  if (zero < 0) return text;
  throw new DataError(
    `${name}: must be a file of text, but has a zero byte in line ${text.slice(0, zero).split("\n").length}. ` +
      "Spreadsheets and archives have to be exported as CSV.",
  );
}
