// The IDX format of MNIST: big-endian arrays with a header that says type and shape. Bytes in, arrays out; reading files is
// in files/.

import { DataError } from "../errors.js";

/** The numbers of an IDX file. */
export type IdxValues =
  Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array of any rank. */
export type IdxArray = { readonly shape: readonly number[]; readonly values: IdxValues };

type ElementType = {
  readonly bytes: number;
  make(length: number): IdxValues;
  read(view: DataView, at: number): number;
};

const ELEMENTS: Readonly<Record<number, ElementType>> = {
  0x08: { bytes: 1, make: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) },
  0x09: { bytes: 1, make: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) },
  0x0b: { bytes: 2, make: (n) => new Int16Array(n), read: (view, at) => view.getInt16(at) },
  0x0c: { bytes: 4, make: (n) => new Int32Array(n), read: (view, at) => view.getInt32(at) },
  0x0d: { bytes: 4, make: (n) => new Float32Array(n), read: (view, at) => view.getFloat32(at) },
  0x0e: { bytes: 8, make: (n) => new Float64Array(n), read: (view, at) => view.getFloat64(at) },
};

/**
 * Reads an array in IDX format: two zero bytes, type, rank, the dimensions as 32-bit words, the values; all big-endian.
 *
 * @param bytes - the whole file, uncompressed
 * @param name - of the file, for errors
 * @returns a copy of the values, row-major
 * @throws DataError, naming the file, expected and found bytes, if header or length are wrong
 */
export function parseIdx(bytes: Uint8Array, name = "idx"): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkMagic(bytes, name);
  const element = ELEMENTS[bytes[2]!]!;
  const rank = bytes[3]!;
  const header = 4 + 4 * rank;
  checkLength(name, `a header of ${header} bytes`, header, bytes.length, "at least ");
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  const wanted = header + size * element.bytes;
  checkLength(name, `shape [${shape.join(", ")}]`, wanted, bytes.length);
  const values = element.make(size);
  for (let i = 0; i < size; i++) values[i] = element.read(view, header + i * element.bytes);
  return { shape, values };
}

function checkMagic(bytes: Uint8Array, name: string): void {
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && ELEMENTS[bytes[2]!] && bytes[3]! > 0)
    return;
  const found = Array.from(bytes.subarray(0, 4), hex).join(" ");
  const types = Object.keys(ELEMENTS).map((code) => hex(Number(code)));
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b ? " It is compressed by gzip." : "";
  throw new DataError(
    `${name}: must start with bytes 00 00, a type (${types.join(", ")}) and a number of axes, but starts with ` +
      `${found === "" ? "nothing" : found}.${gzip}`,
  );
}

function checkLength(name: string, what: string, wanted: number, found: number, least = ""): void {
  if (least === "" ? found === wanted : found >= wanted) return;
  throw new DataError(
    `${name}: must have ${least}${wanted} bytes for ${what}, but has ${found}. ` +
      `The file is ${found < wanted ? "cut off" : "too long"}.`,
  );
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
