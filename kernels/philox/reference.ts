// The random stream in plain JavaScript: the oracle of the fused forms, and the key mixing they all use.
// Philox4x32-10 with the keys of TensorFlow's StatelessRandomUniform (Salmon et al., SC 2011).

/** Four 32-bit words. */
export type Words = readonly [number, number, number, number];

/** High 32 bits of a 32 × 32-bit product, by 16-bit halves: JavaScript has no 64-bit integers that are fast. */
export function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const w1 = ah * bl + ((al * bl) >>> 16);
  const w2 = al * bh + (w1 & 0xffff);
  return (ah * bh + Math.floor(w1 / 65536) + Math.floor(w2 / 65536)) >>> 0;
}

/** The Philox4x32 block function. */
export function philox4x32(counter: Words, key: readonly [number, number], rounds = 10): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let i = 0; i < rounds; i++) {
    const h0 = mulHigh(0xd2511f53, c0);
    const l0 = Math.imul(0xd2511f53, c0) >>> 0;
    const h1 = mulHigh(0xcd9e8d57, c2);
    const l1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    [c0, c1, c2, c3] = [(h1 ^ c1 ^ k0) >>> 0, l1, (h0 ^ c3 ^ k1) >>> 0, l0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Key and upper half of the counter of the stream (seed0, seed1): two signed 32-bit seeds, sign-extended. */
export function streamKeys(seed0: number, seed1: number): Words {
  const high = (seed: number): number => (seed < 0 ? 0xffffffff : 0);
  return philox4x32([seed0 >>> 0, high(seed0), seed1 >>> 0, high(seed1)], [0x3ec8f720, 0x02461e29]);
}

/** Words `offset` … `offset + count - 1` of a stream. */
export function philoxWords(seed0: number, seed1: number, count: number, offset = 0): Uint32Array {
  const [k0, k1, c2, c3] = streamKeys(seed0, seed1);
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const block = Math.floor((offset + i) / 4);
    const counter: Words = [block >>> 0, Math.floor(block / 2 ** 32), c2, c3];
    words[i] = philox4x32(counter, [k0, k1])[(offset + i) % 4]!;
  }
  return words;
}

/** Uniforms on [0, 1): the low 23 bits of each word. */
export function philoxUniforms(
  seed0: number,
  seed1: number,
  count: number,
  offset = 0,
): Float64Array {
  return Float64Array.from(
    philoxWords(seed0, seed1, count, offset),
    (word) => (word & 0x7fffff) * 2 ** -23,
  );
}

/** Standard normals by Box and Muller from pairs of words; `offset` is even. */
export function philoxNormals(
  seed0: number,
  seed1: number,
  count: number,
  offset = 0,
): Float64Array {
  const u = philoxUniforms(seed0, seed1, count + (count % 2), offset);
  return Float64Array.from({ length: count }, (_, i) => {
    const pair = i - (i % 2);
    const r = Math.sqrt(-2 * Math.log(Math.max(u[pair]!, 1e-7)));
    const angle = 2 * Math.PI * u[pair + 1]!;
    return i % 2 === 0 ? r * Math.sin(angle) : r * Math.cos(angle);
  });
}
