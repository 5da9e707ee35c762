// The random words of one sweep for eight chains at a time: Philox4x32-10 with what all blocks of a sweep share worked
// out beforehand. The stream and its addresses are those of kernels/philox; this form trades generality for speed.

const M0: u32 = 0xd2511f53, M1: u32 = 0xcd9e8d57, W0: u32 = 0x9e3779b9, W1: u32 = 0xbb67ae85;

/** Bytes of the round constants that `openStream` writes. */
export const STREAM_BYTES: usize = 304;

// @ts-ignore: decorator
@inline function mulHigh(a: u32, b: u32): u32 { return <u32>((<u64>a * <u64>b) >> 32); }

/** One block in place: four words at `at`. */
function philoxBlock(at: usize, k0: u32, k1: u32): void {
  let a = load<u32>(at), b = load<u32>(at, 4), c = load<u32>(at, 8), d = load<u32>(at, 12);
  for (let round = 0; round < 10; round++, k0 += W0, k1 += W1) {
    const e = mulHigh(M1, c) ^ b ^ k0, f = mulHigh(M0, a) ^ d ^ k1;
    b = M1 * c; d = M0 * a; a = e; c = f;
  }
  store<u32>(at, a); store<u32>(at, b, 4); store<u32>(at, c, 8); store<u32>(at, d, 12);
}

/**
 * Round constants of stream (seed, sweep). Counters of a sweep differ in their low word alone, so that half of the
 * products of the first two rounds are the same for all blocks. The second word of the counter is 0: the caller checks.
 */
export function openStream(keys: usize, seed: i32, sweep: i32): void {
  store<u32>(keys, seed); store<u32>(keys, seed >> 31, 4); store<u32>(keys, sweep, 8); store<u32>(keys, sweep >> 31, 12);
  philoxBlock(keys, 0x3ec8f720, 0x02461e29);
  let k0 = load<u32>(keys), k1 = load<u32>(keys, 4);
  const c = load<u32>(keys, 8), d = load<u32>(keys, 12), a = mulHigh(M1, c) ^ k0; // word 0 after the first round
  v128.store(keys, i32x4.splat(d ^ k1));
  k0 += W0; k1 += W1;
  v128.store(keys, i32x4.splat((M1 * c) ^ k0), 16); v128.store(keys, i32x4.splat(mulHigh(M0, a) ^ k1), 32);
  k0 += W0; k1 += W1;
  v128.store(keys, i32x4.splat(k0), 48); v128.store(keys, i32x4.splat((M0 * a) ^ k1), 64);
  for (let r = 0; r < 7; r++) {
    k0 += W0; k1 += W1; keys += 32;
    v128.store(keys, i32x4.splat(k0), 48); v128.store(keys, i32x4.splat(k1), 64);
  }
}

/** High words of the products of four lanes by a constant. */
// @ts-ignore: decorator
@inline function high(x: v128, m: u32): v128 { return i32x4.shuffle(i64x2.extmul_low_i32x4_u(x, i32x4.splat(m)), i64x2.extmul_high_i32x4_u(x, i32x4.splat(m)), 1, 3, 5, 7); }
/** Low words: a product of their own is cheaper than a second shuffle. */
// @ts-ignore: decorator
@inline function low(x: v128, m: u32): v128 { return i32x4.mul(x, i32x4.splat(m)); }
// @ts-ignore: decorator
@inline function xor(a: v128, b: v128): v128 { return v128.xor(a, b); }

/** What a decision compares with: the mantissa of a word (T an integer), or u + 2^-24 (T a float). */
// @ts-ignore: decorator
@inline function uniform<T>(word: v128): v128 {
  const bits = v128.and(word, i32x4.splat(0x7fffff));
  return isFloat<T>() ? f32x4.sub(v128.or(bits, i32x4.splat(0x3f800000)), f32x4.splat(reinterpret<f32>(0x3f7fffff))) : bits;
}

/**
 * One block of four words for eight chains, their counters in x and X; word i to `u` + 64 i. Two independent vectors
 * per step: a single one is bound by the latency of a round.
 */
// @ts-ignore: decorator
@inline export function draw<T>(keys: usize, x: v128, X: v128, u: usize): void {
  let k = v128.load(keys), c = xor(high(x, M0), k), C = xor(high(X, M0), k), d = low(x, M0), D = low(X, M0); // round 1
  k = v128.load(keys, 16);
  let a = xor(high(c, M1), k), A = xor(high(C, M1), k), b = low(c, M1), B = low(C, M1);                      // round 2
  k = v128.load(keys, 32);
  c = xor(d, k); C = xor(D, k);
  x = xor(high(c, M1), xor(b, v128.load(keys, 48))); X = xor(high(C, M1), xor(B, v128.load(keys, 48)));     // round 3
  b = low(c, M1); B = low(C, M1); k = v128.load(keys, 64);
  c = xor(high(a, M0), k); C = xor(high(A, M0), k); d = low(a, M0); D = low(A, M0); a = x; A = X;
  for (let at = keys + 80; at < keys + STREAM_BYTES; at += 32) {
    k = v128.load(at); x = xor(high(c, M1), xor(b, k)); X = xor(high(C, M1), xor(B, k));
    b = low(c, M1); B = low(C, M1);
    k = v128.load(at, 16); c = xor(high(a, M0), xor(d, k)); C = xor(high(A, M0), xor(D, k));
    d = low(a, M0); D = low(A, M0); a = x; A = X;
  }
  v128.store(u, uniform<T>(a)); v128.store(u, uniform<T>(b), 64); v128.store(u, uniform<T>(c), 128); v128.store(u, uniform<T>(d), 192);
  v128.store(u, uniform<T>(A), 16); v128.store(u, uniform<T>(B), 80); v128.store(u, uniform<T>(C), 144); v128.store(u, uniform<T>(D), 208);
}
