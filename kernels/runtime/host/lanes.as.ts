// Shared by the host kernels that keep one sample per SIMD lane: arithmetic on four f32, elementary functions,
// rows in and out. AssemblyScript without strings, arrays, classes or static data, since every thread
// instantiates the module over the same memory.

// @ts-ignore: decorator
@inline export function arg(args: usize, i: i32): usize { return <usize>load<u32>(args + (<usize>i << 2)); }
// @ts-ignore: decorator
@inline export function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
// @ts-ignore: decorator
@inline export function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
// @ts-ignore: decorator
@inline export function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
// @ts-ignore: decorator
@inline export function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
  return add(add(mul(ax, bx), mul(ay, by)), mul(az, bz));
}
/** a d - b c. */
// @ts-ignore: decorator
@inline export function det2(a: v128, b: v128, c: v128, d: v128): v128 { return sub(mul(a, d), mul(b, c)); }
/** One f32 of a table in all lanes. */
// @ts-ignore: decorator
@inline export function splat(at: usize): v128 { return v128.load_splat<f32>(at); }
// @ts-ignore: decorator
@inline export function accumulate(at: usize, x: v128): void { v128.store(at, add(v128.load(at), x)); }

/** sin on [-π/4, π/4], y = x². Cephes sinf. */
// @ts-ignore: decorator
@inline export function sinPolynomial(x: v128, y: v128): v128 {
  const p = add(mul(add(mul(f32x4.splat(-1.9515295891e-4), y), f32x4.splat(8.3321608736e-3)), y), f32x4.splat(-1.6666654611e-1));
  return add(x, mul(mul(x, y), p));
}
/** cos on [-π/4, π/4], y = x². Cephes cosf. */
// @ts-ignore: decorator
@inline export function cosPolynomial(y: v128): v128 {
  const p = add(mul(add(mul(f32x4.splat(2.443315711809948e-5), y), f32x4.splat(-1.388731625493765e-3)), y), f32x4.splat(4.166664568298827e-2));
  return add(sub(f32x4.splat(1), mul(f32x4.splat(0.5), y)), mul(mul(y, y), p));
}
/** cos to `at` and sin to `at` + 16 of the angle x + q π/2, |x| <= π/4, the integer q in the low bits of each lane. */
// @ts-ignore: decorator
@inline export function cosSinOfQuadrant(x: v128, q: v128, at: usize): void {
  const y = mul(x, x), s = sinPolynomial(x, y), c = cosPolynomial(y), sign = i32x4.splat(0x80000000);
  const swap = v128.and(v128.xor(s, c), i32x4.shr_s(i32x4.shl(q, 31), 31));
  v128.store(at, v128.xor(v128.xor(c, swap), v128.and(i32x4.shl(i32x4.add(q, i32x4.splat(1)), 30), sign)));
  v128.store(at, v128.xor(v128.xor(s, swap), v128.and(i32x4.shl(q, 30), sign)), 16);
}
/**
 * cos and sin to `at` and at + 16, error 1e-7 for |t| < 2^15: t - k π/2 with π/2 in three parts.
 * Adding 1.5 · 2^23 rounds, and leaves the quadrant k in the low bits of the float.
 */
// @ts-ignore: decorator
@inline export function cosSin(t: v128, at: usize): void {
  const q = add(mul(t, f32x4.splat(0.63661977236758)), f32x4.splat(12582912)), k = sub(q, f32x4.splat(12582912));
  const x = sub(sub(sub(t, mul(k, f32x4.splat(1.5703125))), mul(k, f32x4.splat(4.837512969970703e-4))), mul(k, f32x4.splat(7.549789948768648e-8)));
  cosSinOfQuadrant(x, q, at);
}

/** ln of positive normal numbers, relative error 2e-7. Cephes logf. */
// @ts-ignore: decorator
@inline export function ln(x: v128): v128 {
  // x = m 2^e with m in [√½, √2)
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const y = sub(m, f32x4.splat(1)), z = mul(y, y);
  let p = f32x4.splat(7.0376836292e-2);
  p = add(mul(p, y), f32x4.splat(-1.1514610310e-1));
  p = add(mul(p, y), f32x4.splat(1.1676998740e-1));
  p = add(mul(p, y), f32x4.splat(-1.2420140846e-1));
  p = add(mul(p, y), f32x4.splat(1.4249322787e-1));
  p = add(mul(p, y), f32x4.splat(-1.6668057665e-1));
  p = add(mul(p, y), f32x4.splat(2.0000714765e-1));
  p = add(mul(p, y), f32x4.splat(-2.4999993993e-1));
  p = add(mul(p, y), f32x4.splat(3.3333331174e-1));
  const r = add(mul(mul(y, z), p), mul(e, f32x4.splat(-2.12194440e-4)));
  return add(add(y, sub(r, mul(z, f32x4.splat(0.5)))), mul(e, f32x4.splat(0.693359375)));
}

/** Value i of four rows of `stride` bytes. */
// @ts-ignore: decorator
@inline export function gather(at: usize, stride: usize): v128 { return gather4(at, at + stride, at + 2 * stride, at + 3 * stride); }
/** One f32 from each of four addresses. */
// @ts-ignore: decorator
@inline export function gather4(a: usize, b: usize, c: usize, d: usize): v128 {
  return v128.load_lane<f32>(d, v128.load_lane<f32>(c, v128.load_lane<f32>(b, v128.load_zero<f32>(a), 1), 2), 3);
}
/** Lane l to `at` + l `stride`. */
// @ts-ignore: decorator
@inline export function scatter(at: usize, stride: usize, x: v128): void {
  v128.store_lane<f32>(at, x, 0);
  v128.store_lane<f32>(at + stride, x, 1);
  v128.store_lane<f32>(at + 2 * stride, x, 2);
  v128.store_lane<f32>(at + 3 * stride, x, 3);
}
/** Three vectors to four consecutive rows of three. */
// @ts-ignore: decorator
@inline export function store3(at: usize, x: v128, y: v128, z: v128): void {
  const xy = i32x4.shuffle(x, y, 0, 4, 1, 5), zx = i32x4.shuffle(z, x, 2, 7, 3, 6);
  v128.store(at, i32x4.shuffle(xy, z, 0, 1, 4, 2));
  v128.store(at, i32x4.shuffle(i32x4.shuffle(y, z, 1, 5, 2, 6), i32x4.shuffle(x, y, 2, 6, 3, 7), 0, 1, 4, 5), 16);
  v128.store(at, i32x4.shuffle(zx, i32x4.shuffle(y, z, 3, 7, 3, 7), 0, 1, 4, 5), 32);
}
/** Sum of the lanes in float64. */
// @ts-ignore: decorator
@inline export function sumLanes(x: v128): f64 {
  return <f64>f32x4.extract_lane(x, 0) + <f64>f32x4.extract_lane(x, 1) + <f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3);
}
/** exp of x in [-87, 0], relative error 1e-7. Cephes expf. */
// @ts-ignore: decorator
@inline export function expNegative(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(-87));
  const k = f32x4.nearest(mul(bounded, f32x4.splat(1.44269504088896341)));
  const r = sub(sub(bounded, mul(k, f32x4.splat(0.693359375))), mul(k, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = add(mul(p, r), f32x4.splat(1.3981999507e-3));
  p = add(mul(p, r), f32x4.splat(8.3334519073e-3));
  p = add(mul(p, r), f32x4.splat(4.1665795894e-2));
  p = add(mul(p, r), f32x4.splat(1.6666665459e-1));
  p = add(mul(p, r), f32x4.splat(5.0000001201e-1));
  const y = add(add(mul(mul(r, r), p), r), f32x4.splat(1));
  return mul(y, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23));
}
