// The safetensors format for float32 arrays: a JSON header and the raw bytes. Knows nothing of runs.
// Format: u64 length of the header (little-endian), header, data; https://github.com/huggingface/safetensors

import { DataError } from "../errors.js";

/** One array, row-major. */
export type Float32Entry = { readonly shape: readonly number[]; readonly values: Float32Array };

/** Named arrays with text attributes. */
export type Archive = {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, Float32Entry>>;
};

type HeaderEntry = { dtype: string; shape: number[]; data_offsets: [number, number] };

const LENGTH_BYTES = 8;

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function headerOf(archive: Archive): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: archive.metadata };
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(archive.tensors)) {
    const end = offset + values.byteLength;
    header[name] = { dtype: "F32", shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces so that the data starts at a multiple of 8, as the format asks.
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

/** The raw data part: all arrays one behind the other. */
export function encodeData(tensors: Archive["tensors"]): Uint8Array {
  return Buffer.concat(Object.values(tensors).map(({ values }) => bytesOf(values)));
}

/** The bytes of a safetensors file. */
export function encodeArchive(archive: Archive): Uint8Array {
  const header = headerOf(archive);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return Buffer.concat([length, header, encodeData(archive.tensors)]);
}

function fail(reason: string): never {
  throw new DataError(
    `decodeArchive: argument \`bytes\` must be a safetensors file of float32 arrays, but ${reason}.`,
  );
}

function isHeaderEntry(value: unknown): value is HeaderEntry {
  if (typeof value !== "object" || value === null) return false;
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  return dtype === "F32" && Array.isArray(shape) && Array.isArray(offsets) && offsets.length === 2;
}

function decodeEntry(name: string, entry: unknown, data: Uint8Array): Float32Entry {
  if (!isHeaderEntry(entry)) fail(`entry ${JSON.stringify(name)} is not a float32 array`);
  const [start, end] = entry.data_offsets;
  const size = 4 * entry.shape.reduce((product, length) => product * length, 1);
  if (!(start >= 0 && end <= data.length && end - start === size)) {
    fail(`array ${JSON.stringify(name)} does not fit its bytes`);
  }
  // slice() copies, which also aligns the bytes for Float32Array.
  return { shape: entry.shape, values: new Float32Array(data.slice(start, end).buffer) };
}

function decodeHeader(text: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
    if (typeof header === "object" && header !== null) return header as Record<string, unknown>;
  } catch {
    fail("its header is not JSON");
  }
  return fail("its header is not an object");
}

/**
 * Reads the bytes of a safetensors file of float32 arrays.
 *
 * @throws DataError where the bytes are not such a file, or not all of it
 */
export function decodeArchive(bytes: Uint8Array): Archive {
  if (bytes.length < LENGTH_BYTES) fail("it is shorter than its first field");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - LENGTH_BYTES) fail("its header is cut off");
  const header = decodeHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  const data = new Uint8Array(bytes.subarray(LENGTH_BYTES + length));
  const { __metadata__: metadata = {}, ...entries } = header;
  return {
    metadata: metadata as Record<string, string>,
    tensors: Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, decodeEntry(name, entry, data)]),
    ),
  };
}
