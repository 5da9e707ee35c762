// Bytes as base64 text and back (RFC 4648), in one pass over arrays of any size; browsers and Node have no such pair in common.

import { DataError } from "../errors.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES: Uint8Array = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));
const PADDING = "=".charCodeAt(0);

/** Letter → its six bits; 64 for what is no letter. */
const BITS: Uint8Array = new Uint8Array(128).fill(64);
for (const [bits, code] of CODES.entries()) BITS[code] = bits;

/** The text of some bytes, padded to a multiple of four letters. */
export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PADDING);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const word = (bytes[from]! << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    const letters = Math.min(4, bytes.length - from + 1);
    for (let k = 0; k < letters; k++) out[to + k] = CODES[(word >> (18 - 6 * k)) & 63]!;
  }
  return new TextDecoder().decode(out);
}

/**
 * The bytes of a text.
 *
 * @throws DataError if the text is not padded base64
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  if (text.length % 4 !== 0)
    throw new DataError(`base64: must have a multiple of 4 letters, but has ${text.length}.`);
  const letters = text.length - padding;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  for (let from = 0, to = 0; from < letters; from += 4, to += 3) {
    let word = 0;
    for (let k = 0; k < 4; k++)
      word = (word << 6) | (from + k < letters ? bitsAt(text, from + k) : 0);
    out[to] = word >> 16;
    if (to + 1 < out.length) out[to + 1] = word >> 8;
    if (to + 2 < out.length) out[to + 2] = word;
  }
  return out;
}

function bitsAt(text: string, at: number): number {
  const bits = BITS[text.charCodeAt(at)] ?? 64;
  if (bits < 64) return bits;
  throw new DataError(`base64: must hold letters of base64, but has "${text[at]!}" at ${at}.`);
}
