// The bytes of TensorBoard's event files: records with masked checksums around Event messages. No files.
// Format: tensorflow/core/lib/io/record_writer.cc, event.proto, summary.proto, plugins/hparams/plugin_data.proto

const POLYNOMIAL = 0x82f63b78;
const MASK = 0xa282ead8;

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}

/** The checksum as records hold it: a checksum of data that hold checksums would be weak. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** One record: length, its checksum, data, their checksum. */
export function record(data: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, word(maskedCrc32c(length)), data, word(maskedCrc32c(data))]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A field of whole numbers. */
export function wholeField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

/** A field of 64-bit numbers. */
export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint((field << 3) | 1), bytes]);
}

/** A field of 32-bit numbers. */
export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), bytes]);
}

/** A field of bytes, a text or a message. */
export function bytesField(field: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

/** The first record of every event file. */
export function versionRecord(wallTime: number): Uint8Array {
  return record(Buffer.concat([doubleField(1, wallTime), bytesField(3, "brain.Event:2")]));
}

function summaryRecord(wallTime: number, step: number, value: Buffer): Uint8Array {
  const summary = bytesField(5, bytesField(1, value));
  return record(Buffer.concat([doubleField(1, wallTime), wholeField(2, step), summary]));
}

/** A point of a curve. */
export function scalarRecord(
  wallTime: number,
  step: number,
  tag: string,
  value: number,
): Uint8Array {
  return summaryRecord(wallTime, step, Buffer.concat([bytesField(1, tag), floatField(2, value)]));
}

function hparamsRecord(wallTime: number, tag: string, content: Buffer): Uint8Array {
  const plugin = Buffer.concat([bytesField(1, "hparams"), bytesField(2, content)]);
  const metadata = bytesField(9, bytesField(1, plugin));
  return summaryRecord(wallTime, 0, Buffer.concat([bytesField(1, tag), metadata]));
}

function hparam([name, value]: readonly [string, number | string | boolean]): Buffer {
  // google.protobuf.Value: number 2, string 3, bool 4.
  const content =
    typeof value === "number"
      ? doubleField(2, value)
      : typeof value === "string"
        ? bytesField(3, value)
        : wholeField(4, value ? 1 : 0);
  return bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, content)]));
}

/** The settings of a run, for the table of settings. */
export function startRecord(
  wallTime: number,
  settings: Readonly<Record<string, number | string | boolean>>,
): Uint8Array {
  const map = Buffer.concat(Object.entries(settings).map(hparam));
  return hparamsRecord(wallTime, "_hparams_/session_start_info", bytesField(3, map));
}

/** How a run ended. */
export function endRecord(wallTime: number, isSuccess: boolean): Uint8Array {
  const status = bytesField(4, wholeField(1, isSuccess ? 1 : 2));
  return hparamsRecord(wallTime, "_hparams_/session_end_info", status);
}
