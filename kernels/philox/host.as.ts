// Philox4x32-10 words, uniforms and normals: four consecutive counters on the lanes.
// args: keys u32 [streams, 4] (key0, key1, counter2, counter3), out [streams, count], count, first (lo, hi) = index of the
// first counter, law (0 words, 1 uniform, 2 normal), scale f32, shift f32, items per stream. Item = 1024 words of one stream.

import { add, arg, cosSinOfQuadrant, ln, mul, sub } from "../runtime/host/lanes.as";

/** High halves of the products of the lanes by one constant. */
// @ts-ignore: decorator
@inline function mulHigh(a: v128, m: v128): v128 {
  return i8x16.shuffle(i64x2.extmul_low_i32x4_u(a, m), i64x2.extmul_high_i32x4_u(a, m), 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

/** u = (low 23 bits) 2^-23. */
// @ts-ignore: decorator
@inline function unit(w: v128): v128 {
  return mul(f32x4.convert_i32x4_u(v128.and(w, i32x4.splat(0x7fffff))), f32x4.splat(1.1920928955078125e-7));
}

/** Box-Muller: r sin 2πv to `at` + 16, r cos 2πv to `at`, r = √(-2 ln max(u, 1e-7)). */
// @ts-ignore: decorator
@inline function normalPair(u: v128, v: v128, at: usize): void {
  const r = f32x4.sqrt(mul(f32x4.splat(-2), ln(f32x4.max(u, f32x4.splat(1e-7)))));
  const q = add(mul(v, f32x4.splat(4)), f32x4.splat(12582912)), k = sub(q, f32x4.splat(12582912));
  cosSinOfQuadrant(mul(sub(v, mul(k, f32x4.splat(0.25))), f32x4.splat(6.283185307179586)), q, at);
  v128.store(at, mul(r, v128.load(at)));
  v128.store(at, mul(r, v128.load(at, 16)), 16);
}

export function philox(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const count = <u32>arg(args, 2), blocks = <i32>arg(args, 8), law = <i32>arg(args, 5);
  const scale = f32x4.splat(reinterpret<f32>(<u32>arg(args, 6))), shift = f32x4.splat(reinterpret<f32>(<u32>arg(args, 7)));
  for (let item = lo; item < hi; item++) {
    const stream = <usize>(item / blocks), from = <u32>(item % blocks) << 10, to = min<u32>(count, from + 1024);
    const keys = arg(args, 0) + (stream << 4), out = arg(args, 1) + ((stream * <usize>count) << 2);
    const first = ((<u64>arg(args, 4) << 32) | <u64>arg(args, 3)) + <u64>(from >> 2);
    for (let word = from; word < to; word += 16) {
      const counter = first + <u64>((word - from) >> 2);
      // A carry out of the low 32 bits may fall inside the four lanes.
      let c0 = i32x4.add(i32x4.splat(<i32>counter), i32x4(0, 1, 2, 3)), c1 = i32x4.splat(<i32>(counter >> 32));
      c1 = i32x4.sub(c1, i32x4.lt_u(c0, i32x4.splat(<i32>counter)));
      let c2 = v128.load_splat<u32>(keys, 8), c3 = v128.load_splat<u32>(keys, 12), k0 = v128.load_splat<u32>(keys), k1 = v128.load_splat<u32>(keys, 4);
      const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
      for (let round = 0; round < 10; round++) {
        const h0 = mulHigh(c0, m0), l0 = i32x4.mul(c0, m0), h1 = mulHigh(c2, m1), l1 = i32x4.mul(c2, m1);
        c0 = v128.xor(v128.xor(h1, c1), k0); c1 = l1;
        c2 = v128.xor(v128.xor(h0, c3), k1); c3 = l0;
        k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9)); k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
      }
      if (law == 1) {
        c0 = add(mul(unit(c0), scale), shift); c1 = add(mul(unit(c1), scale), shift); c2 = add(mul(unit(c2), scale), shift); c3 = add(mul(unit(c3), scale), shift);
      } else if (law == 2) {
        normalPair(unit(c0), unit(c1), scratch);
        normalPair(unit(c2), unit(c3), scratch + 32);
        c0 = add(mul(v128.load(scratch, 16), scale), shift); c1 = add(mul(v128.load(scratch), scale), shift);
        c2 = add(mul(v128.load(scratch, 48), scale), shift); c3 = add(mul(v128.load(scratch, 32), scale), shift);
      }
      // Words of one counter are neighbours: transpose.
      const a = i32x4.shuffle(c0, c1, 0, 4, 1, 5), b = i32x4.shuffle(c2, c3, 0, 4, 1, 5), c = i32x4.shuffle(c0, c1, 2, 6, 3, 7), d = i32x4.shuffle(c2, c3, 2, 6, 3, 7);
      const whole = word + 16 <= to, at = whole ? out + (<usize>word << 2) : scratch;
      v128.store(at, i64x2.shuffle(a, b, 0, 2)); v128.store(at, i64x2.shuffle(a, b, 1, 3), 16);
      v128.store(at, i64x2.shuffle(c, d, 0, 2), 32); v128.store(at, i64x2.shuffle(c, d, 1, 3), 48);
      if (!whole) memory.copy(out + (<usize>word << 2), scratch, <usize>(to - word) << 2);
    }
  }
}
