// The random numbers of a study on the host: Philox4x32-10 without tensors, so that planning starts at once.
// The streams of trainings are src/random.ts; these decide what is trained.

/** What the numbers of a study are for; part of the meaning of a study and never changed. */
export const STREAMS = { parameters: 0, seed: 1, sobolShift: 2, verify: 3, adaptive: 4 } as const;

const TWO_32 = 2 ** 32;

// High 32 bits of a product, by 16-bit halves; w1 and w2 stay below 2³², 65535² + 65535 being less.
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const w1 = ah * bl + ((al * bl) >>> 16);
  const w2 = al * bh + (w1 & 0xffff);
  return (ah * bh + (w1 >>> 16) + (w2 >>> 16)) >>> 0;
}

/**
 * Words of counter (i mod 2³², ⌊i/2³²⌋, d, stream), written to `out` so that millions cost no memory.
 *
 * @param key - of the study
 * @param i - trial or configuration, an integer ≥ 0 and < 2⁵³
 * @param d - dimension
 * @param stream - one of {@link STREAMS}
 * @param out - receives four words
 * @see Salmon et al., SC 2011
 */
export function philoxInto(
  key: readonly [number, number],
  i: number,
  d: number,
  stream: number,
  out: Uint32Array,
): void {
  let c0 = i >>> 0;
  let c1 = Math.floor(i / TWO_32) >>> 0;
  let c2 = d >>> 0;
  let c3 = stream >>> 0;
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const h0 = mulHigh(0xd2511f53, c0);
    const l0 = Math.imul(0xd2511f53, c0) >>> 0;
    const h1 = mulHigh(0xcd9e8d57, c2);
    const l1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (h1 ^ c1 ^ k0) >>> 0;
    c1 = l1;
    c2 = (h0 ^ c3 ^ k1) >>> 0;
    c3 = l0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The uniform number of 53 bits in [0, 1) that two words hold. */
export function unitInterval(x0: number, x1: number): number {
  return ((x0 >>> 5) * 2 ** 26 + (x1 >>> 6)) * 2 ** -53;
}
