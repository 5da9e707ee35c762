// Compression as PNG wants it: zlib (RFC 1950) around one block of deflate (RFC 1951) with the fixed code. It runs everywhere and
// at once, where browsers compress only asynchronously; it is made for pictures with runs, not for small size at any price.

/** Matches are looked for at the last place with the same three bytes. */
const HASH_BITS = 15;
const LEAST_MATCH = 3;
const LONGEST_MATCH = 258;
const FARTHEST_MATCH = 32768;

/** Codes of lengths and distances: their first value and extra bits (RFC 1951, 3.2.5). */
type Ranges = { readonly first: readonly number[]; readonly extra: readonly number[] };

const LENGTHS: Ranges = ranges(3, (code) => (code < 8 ? 0 : (code >> 2) - 1), 28);
const DISTANCES: Ranges = ranges(1, (code) => (code < 4 ? 0 : (code >> 1) - 1), 30);

function ranges(start: number, bits: (code: number) => number, count: number): Ranges {
  const extra = Array.from({ length: count }, (_, code) => bits(code));
  const first = extra.map((_, code) =>
    extra.slice(0, code).reduce((sum, width) => sum + 2 ** width, start),
  );
  return { first, extra };
}

/** Bits, lowest first. */
class BitWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private held = 0;
  private heldBits = 0;

  /** Appends the lowest `count` bits of `value`, `count` ≤ 16. */
  write(value: number, count: number): void {
    this.held |= value << this.heldBits;
    this.heldBits += count;
    while (this.heldBits >= 8) {
      this.push(this.held & 255);
      this.held >>>= 8;
      this.heldBits -= 8;
    }
  }

  /** Appends a Huffman code, which stands in the stream from its highest bit. */
  code(value: number, count: number): void {
    let turned = 0;
    for (let bit = 0; bit < count; bit++) turned |= ((value >> bit) & 1) << (count - 1 - bit);
    this.write(turned, count);
  }

  /** All bytes, the last one filled up with zeros. */
  finish(): Uint8Array {
    if (this.heldBits > 0) this.push(this.held & 255);
    return this.bytes.subarray(0, this.length);
  }

  private push(byte: number): void {
    if (this.length === this.bytes.length) {
      const more = new Uint8Array(2 * this.length);
      more.set(this.bytes);
      this.bytes = more;
    }
    this.bytes[this.length++] = byte;
  }
}

/** The bytes in zlib's format. */
export function zlibCompress(bytes: Uint8Array): Uint8Array {
  const out = new BitWriter();
  out.write(0x78, 8);
  out.write(0x01, 8);
  // Last block, fixed code.
  out.write(0b011, 3);
  writeBlock(bytes, out);
  const body = out.finish();
  const whole = new Uint8Array(body.length + 4);
  whole.set(body);
  new DataView(whole.buffer).setUint32(body.length, adler32(bytes));
  return whole;
}

function writeBlock(bytes: Uint8Array, out: BitWriter): void {
  const last = new Int32Array(2 ** HASH_BITS).fill(-1);
  let at = 0;
  while (at < bytes.length) {
    const slot = hashAt(bytes, at);
    const from = last[slot]!;
    last[slot] = at;
    const length = from >= 0 && at - from <= FARTHEST_MATCH ? matchLength(bytes, from, at) : 0;
    if (length < LEAST_MATCH) writeLiteral(out, bytes[at++]!);
    else {
      writeMatch(out, length, at - from);
      at += length;
    }
  }
  out.code(0, 7);
}

function hashAt(bytes: Uint8Array, at: number): number {
  const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function matchLength(bytes: Uint8Array, from: number, at: number): number {
  const most = Math.min(LONGEST_MATCH, bytes.length - at);
  let length = 0;
  while (length < most && bytes[from + length] === bytes[at + length]) length++;
  return length;
}

function writeLiteral(out: BitWriter, byte: number): void {
  if (byte < 144) out.code(0x30 + byte, 8);
  else out.code(0x190 + byte - 144, 9);
}

function writeMatch(out: BitWriter, length: number, distance: number): void {
  // The longest match has a code of its own, without extra bits.
  const symbol = length === LONGEST_MATCH ? 285 : 257 + rangeOf(LENGTHS, length);
  if (symbol < 280) out.code(symbol - 256, 7);
  else out.code(0xc0 + symbol - 280, 8);
  if (symbol < 285) writeExtra(out, LENGTHS, length);
  out.code(rangeOf(DISTANCES, distance), 5);
  writeExtra(out, DISTANCES, distance);
}

function rangeOf({ first }: Ranges, value: number): number {
  let code = first.length - 1;
  while (first[code]! > value) code--;
  return code;
}

function writeExtra(out: BitWriter, table: Ranges, value: number): void {
  const code = rangeOf(table, value);
  out.write(value - table.first[code]!, table.extra[code]!);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
