// Reading a wheel, which is a zip file: its list of entries, and one entry to a file, with its checksum verified.

import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
} from "node:fs";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { Failure } from "./failure.mjs";

const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 5, 6]);
const LONGEST_TAIL = 65557;
const DEFLATED = 8;

function readAt(file, length, position) {
  const buffer = Buffer.alloc(length);
  const handle = openSync(file, "r");
  try {
    readSync(handle, buffer, 0, length, position);
  } finally {
    closeSync(handle);
  }
  return buffer;
}

function sizeOf(file) {
  const handle = openSync(file, "r");
  try {
    return fstatSync(handle).size;
  } finally {
    closeSync(handle);
  }
}

function directoryOf(file) {
  const size = sizeOf(file);
  const length = Math.min(size, LONGEST_TAIL);
  const tail = readAt(file, length, size - length);
  const end = tail.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0)
    throw new Failure(`${file} is not a whole zip file; delete it and run the set-up again.`);
  const directory = {
    count: tail.readUInt16LE(end + 10),
    length: tail.readUInt32LE(end + 12),
    start: tail.readUInt32LE(end + 16),
  };
  if (directory.count === 0xffff || directory.start === 0xffffffff) {
    throw new Failure(`${file} is a zip64 file, which this set-up does not read.`);
  }
  return directory;
}

/** The entries of a zip file: `{ file, name, method, crc, compressed, size, mode, offset }`. */
export function wheelEntries(file) {
  const { count, length, start } = directoryOf(file);
  const directory = readAt(file, length, start);
  const entries = [];
  for (let at = 0; entries.length < count;) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) =>
      directory.readUInt16LE(at + offset),
    );
    entries.push({
      file,
      name: directory.toString("utf8", at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      compressed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

function checksummed(entry) {
  let crc = 0;
  let size = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const whole = size === entry.size && crc === entry.crc;
      done(
        whole
          ? null
          : new Failure(
              `${entry.name} in ${entry.file} is damaged; delete the file and run the set-up again.`,
            ),
      );
    },
  });
}

/** Unpacks one entry to `target`, executable where it was. */
export async function extract(entry, target) {
  const head = readAt(entry.file, 30, entry.offset);
  const start = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  mkdirSync(dirname(target), { recursive: true });
  const sink = createWriteStream(target, { mode: entry.mode & 0o111 ? 0o755 : 0o644 });
  if (entry.size === 0) {
    sink.end();
    return;
  }
  const source = createReadStream(entry.file, {
    start,
    end: start + entry.compressed - 1,
    highWaterMark: 2 ** 20,
  });
  const inflate = entry.method === DEFLATED ? [createInflateRaw({ chunkSize: 2 ** 20 })] : [];
  await pipeline([source, ...inflate, checksummed(entry), sink]);
}
