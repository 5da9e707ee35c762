// New spins of four chains from their fields, and of sixteen from small integer fields. R says the rule: a float is heat
// bath (Gibbs), an integer Metropolis. All spins are ±1.

/** 2^t in float32, relative error 2.4e-7; |t| <= 126 is enforced. pmin and pmax: min and max cost eight instructions each on x64. */
// @ts-ignore: decorator
@inline function exp2(x: v128): v128 {
  const t = f32x4.pmax(f32x4.pmin(x, f32x4.splat(126)), f32x4.splat(-126));
  const n = f32x4.add(t, f32x4.splat(12582912)), f = f32x4.sub(t, f32x4.sub(n, f32x4.splat(12582912)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(0.0013276472), f), f32x4.splat(0.00967554138));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0555071327));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.240221197));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.693146967));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.00000007));
  return i32x4.add(p, i32x4.shl(n, 23));
}

/** Fast mode: fields F, spins s, u + 2^-24, k = -2 β log2(e). Up where u (1 + 2^(kF)) < 1; flip where u < 2^(k s F). */
// @ts-ignore: decorator
@inline export function decideFast<R>(F: v128, s: v128, u: v128, k: v128): v128 {
  const one = f32x4.splat(1), sign = i32x4.splat(0x80000000);
  if (isFloat<R>()) {
    const up = f32x4.lt(f32x4.mul(u, f32x4.add(exp2(f32x4.mul(F, k)), one)), one);
    return v128.xor(f32x4.splat(-1), v128.and(up, sign));
  }
  const t = f32x4.mul(f32x4.mul(F, k), s);
  // 2^0 is a little more than 1 in float32, so that what costs nothing is accepted without it.
  const flip = v128.or(f32x4.ge(t, f32x4.splat(0)), f32x4.lt(u, exp2(t)));
  return v128.xor(s, v128.and(flip, sign));
}

/** Exact mode: integer fields F, mantissas w, and per chain the address of threshold 0, less 4 · 0x4b400000. */
// @ts-ignore: decorator
@inline export function decideExact<R>(F: v128, s: v128, w: v128, base: v128): v128 {
  const f = isFloat<R>() ? F : f32x4.mul(F, s);
  // Adding 1.5 · 2^23 leaves the integer in the low bits of the float.
  const yes = v128.and(isBelow(f32x4.add(f, f32x4.splat(12582912)), w, base), i32x4.splat(0x80000000));
  return v128.xor(isFloat<R>() ? f32x4.splat(-1) : s, yes);
}

/** The same with fields and spins as 32-bit integers. */
// @ts-ignore: decorator
@inline export function decideIntegers<R>(F: v128, s: v128, w: v128, base: v128): v128 {
  const f = isFloat<R>() ? F : i32x4.mul(F, s);
  const yes = isBelow(i32x4.add(f, i32x4.splat(0x4b400000)), w, base);
  if (isFloat<R>()) return v128.or(v128.not(yes), i32x4.splat(1));
  return i32x4.sub(v128.xor(s, yes), yes);
}

/** Whether mantissas are below their thresholds, whose numbers are in the low bits. */
// @ts-ignore: decorator
@inline function isBelow(number: v128, w: v128, base: v128): v128 {
  const at = i32x4.add(i32x4.shl(number, 2), base);
  let t = v128.load_zero<i32>(<usize>i32x4.extract_lane(at, 0));
  t = v128.load_lane<i32>(<usize>i32x4.extract_lane(at, 1), t, 1);
  t = v128.load_lane<i32>(<usize>i32x4.extract_lane(at, 2), t, 2);
  t = v128.load_lane<i32>(<usize>i32x4.extract_lane(at, 3), t, 3);
  return i32x4.lt_s(w, t);
}

/**
 * Sixteen chains with bytes for spins and fields. The thresholds of a parity are 16 numbers of three bytes, one plane a
 * byte: entry (f + offset) / 2, where f + offset is even for every field f of the node. w: 64 bytes of mantissas.
 */
// @ts-ignore: decorator
@inline export function decideSmall<R>(f: v128, s: v128, w: usize, offset: v128, planes: usize): v128 {
  const zero = i8x16.splat(0);
  if (!isFloat<R>()) {
    const down = i8x16.lt_s(s, zero);
    f = i8x16.sub(v128.xor(f, down), down);
  }
  const at = i8x16.avgr_u(i8x16.add(f, offset), zero);
  const b0 = i8x16.swizzle(v128.load(planes), at), b1 = i8x16.swizzle(v128.load(planes, 16), at), b2 = i8x16.swizzle(v128.load(planes, 32), at);
  const l = interleaveLow8(b0, b1), h = interleaveHigh8(b0, b1), L = interleaveLow8(b2, zero), H = interleaveHigh8(b2, zero);
  const t0 = i32x4.lt_s(v128.load(w), interleaveLow16(l, L)), t1 = i32x4.lt_s(v128.load(w, 16), interleaveHigh16(l, L));
  const t2 = i32x4.lt_s(v128.load(w, 32), interleaveLow16(h, H)), t3 = i32x4.lt_s(v128.load(w, 48), interleaveHigh16(h, H));
  const yes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(t0, t1), i16x8.narrow_i32x4_s(t2, t3));
  if (isFloat<R>()) return v128.or(v128.not(yes), i8x16.splat(1));
  return i8x16.sub(v128.xor(s, yes), yes);
}
// @ts-ignore: decorator
@inline function interleaveLow8(a: v128, b: v128): v128 { return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23); }
// @ts-ignore: decorator
@inline function interleaveHigh8(a: v128, b: v128): v128 { return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31); }
// @ts-ignore: decorator
@inline function interleaveLow16(a: v128, b: v128): v128 { return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
// @ts-ignore: decorator
@inline function interleaveHigh16(a: v128, b: v128): v128 { return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
