// Arrays as .npy bytes, version 1.0, and as entries of a .npz file. Bytes only, no files.
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { crc32 } from "node:zlib";
import { ArgumentError } from "../../errors.js";

/** An array of one axis, or a list of texts. */
export type NpyArray = Float64Array | Int32Array | Uint8Array | BigInt64Array | readonly string[];

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const ALIGNMENT = 64;

function isTexts(array: NpyArray): array is readonly string[] {
  return Array.isArray(array);
}

/** Texts as UTF-32, each filled up with zeros to the longest. */
function textBytes(texts: readonly string[]): readonly [descr: string, data: Uint8Array] {
  const points = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0)!));
  const width = Math.max(1, ...points.map(({ length }) => length));
  const data = new Uint32Array(width * texts.length);
  points.forEach((own, i) => data.set(own, i * width));
  return [`<U${width}`, new Uint8Array(data.buffer)];
}

function descrOf(array: Exclude<NpyArray, readonly string[]>): string {
  if (array instanceof Float64Array) return "<f8";
  if (array instanceof Int32Array) return "<i4";
  return array instanceof Uint8Array ? "|u1" : "<i8";
}

/** The bytes of a .npy file: the data begins at a multiple of 64. */
export function npyBytes(array: NpyArray): Uint8Array {
  const [descr, data] = isTexts(array)
    ? textBytes(array)
    : [descrOf(array), new Uint8Array(array.buffer, array.byteOffset, array.byteLength)];
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${array.length},), }`;
  // Magic, version and length take 10 bytes, and the header ends with a new line.
  const length = Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT - 10;
  const head = Buffer.alloc(10 + length, 0x20);
  head.set(MAGIC);
  head.writeUInt16LE(length, 8);
  head.write(`${text.padEnd(length - 1)}\n`, 10, "latin1");
  return Buffer.concat([head, data]);
}

type Entry = {
  readonly name: Buffer;
  readonly size: number;
  readonly crc: number;
  readonly at: number;
};

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** File names are UTF-8. */
const UTF8 = 0x0800;
/** 1 January 1980, the first day a zip file knows: equal contents give equal bytes. */
const DAY = 0x21;
const MOST = 0xffffffff;
const MOST_ENTRIES = 0xffff;

function localHeader({ name, size, crc }: Entry): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(LOCAL, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(UTF8, 6);
  head.writeUInt16LE(DAY, 12);
  head.writeUInt32LE(crc, 14);
  head.writeUInt32LE(size, 18);
  head.writeUInt32LE(size, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function centralHeader({ name, size, crc, at }: Entry): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(CENTRAL, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(VERSION, 6);
  head.writeUInt16LE(UTF8, 8);
  head.writeUInt16LE(DAY, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(size, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(at, 42);
  return Buffer.concat([head, name]);
}

function endRecord(entries: number, bytes: number, at: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(at, 16);
  return end;
}

function checkRoom(at: number, entries: number): void {
  if (at <= MOST && entries <= MOST_ENTRIES) return;
  throw new ArgumentError(
    "exportNpz: argument `table` must fit into 4 GiB and 65535 arrays, but does not. Export Parquet.",
  );
}

/**
 * The pieces of a .npz file: a zip file whose entries are stored, not compressed, as NumPy reads them fastest.
 *
 * @throws ArgumentError where it would be larger than 4 GiB
 */
export function* npzPieces(
  arrays: Iterable<readonly [name: string, array: NpyArray]>,
): Generator<Uint8Array, void, void> {
  const entries: Entry[] = [];
  let at = 0;
  for (const [name, array] of arrays) {
    const data = npyBytes(array);
    const entry = { name: Buffer.from(`${name}.npy`), size: data.length, crc: crc32(data), at };
    const head = localHeader(entry);
    at += head.length + data.length;
    entries.push(entry);
    checkRoom(at, entries.length);
    yield head;
    yield data;
  }
  const directory = Buffer.concat(entries.map(centralHeader));
  checkRoom(at + directory.length, entries.length);
  yield directory;
  yield endRecord(entries.length, directory.length, at);
}
