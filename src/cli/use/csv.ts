// Samples as CSV (RFC 4180) and as NumPy arrays. Text and bytes only, no files.

import type { Samples } from "../../models/model.js";

const CHUNK_ROWS = 4096;

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** A decimal of six to nine digits that reads back as the same float32. */
export function float32Text(value: number): string {
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number.isNaN(value) ? value : Number(value.toPrecision(9)));
}

/** CSV with a header line, in pieces of some thousand rows; lines end with CR LF as the standard says. */
export function* csv(samples: Samples): Generator<string, void, void> {
  const { columns, values } = samples;
  const width = columns.length;
  yield `${columns.map(field).join(",")}\r\n`;
  for (let start = 0; start < values.length; start += CHUNK_ROWS * width) {
    const piece = values.subarray(start, start + CHUNK_ROWS * width);
    const lines: string[] = [];
    for (let i = 0; i < piece.length; i += width) {
      lines.push(Array.from(piece.subarray(i, i + width), float32Text).join(","));
    }
    yield `${lines.join("\r\n")}\r\n`;
  }
}

const NPY_MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/** A .npy file, version 1.0: float32, row-major. */
export function npy(samples: Samples): Uint8Array {
  const { columns, values } = samples;
  const shape = `(${(values.length / columns.length).toString()}, ${columns.length.toString()})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  // Magic, version and length take 10 bytes; the data starts at a multiple of 64.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, 0x20);
  head.set(NPY_MAGIC);
  head.writeUInt16LE(length, 8);
  head.write(`${header.padEnd(length - 1)}\n`, 10, "latin1");
  return Buffer.concat([head, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
}
