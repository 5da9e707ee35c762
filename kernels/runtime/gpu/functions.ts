// Elementary functions in WGSL to float32 accuracy: its own may be off by 2⁻¹¹ (sin, cos) or lose what is near 1 (log).
// Polynomials of Cephes, as in runtime/host/lanes.as.ts.

/** `fn cosSinOfQuadrant(x, q) -> vec2<f32>`: cos and sin of x + q π/2, |x| ≤ π/4. */
export const QUADRANT = `
fn cosSinOfQuadrant(x : f32, q : i32) -> vec2<f32> {
  let y = x * x;
  let s = x + x * y * ((-1.9515295891e-4 * y + 8.3321608736e-3) * y - 1.6666654611e-1);
  let c = (1.0 - 0.5 * y) + y * y * ((2.443315711809948e-5 * y - 1.388731625493765e-3) * y + 4.166664568298827e-2);
  let turned = select(vec2<f32>(c, s), vec2<f32>(s, c), (q & 1) != 0);
  let sign = vec2<f32>(select(1.0, -1.0, ((q + 1) & 2) != 0), select(1.0, -1.0, (q & 2) != 0));
  return turned * sign;
}`;

/**
 * `fn cosSin(t) -> vec2<f32>`, error 1e-7 for every finite t: t − k π/2 with π/2 in three parts, and from 2¹² on with the
 * bits of 2/π that t meets (Payne and Hanek). Needs {@link QUADRANT} and `wide` of {@link PHILOX}. NaN for the others.
 */
export const COS_SIN = `
const TWO_OVER_PI = array<u32, 7>(0xA2F9836Eu, 0x4E441529u, 0xFC2757D1u, 0xF534DDC0u, 0xDB629599u, 0x3C439041u, 0xFE5163ABu);
/** The quadrant and the rest, in units of 2⁻⁶², of |t| ≥ 2¹². */
fn reduceLarge(bits : u32) -> vec2<f32> {
  let mantissa = ((bits & 0x7fffffu) | 0x800000u) << 8u;
  let shift = ((bits >> 23u) & 255u) - 128u;
  let word = shift >> 5u; let rest = shift & 31u;
  var w = array<u32, 4>();
  for (var i = 0u; i < 4u; i++) { let at = word + i; w[i] = select(0u, TWO_OVER_PI[max(at, 1u) - 1u], at >= 1u); }
  var hi = w[0]; var mid = w[1]; var low = w[2];
  if (rest != 0u) {
    hi = (w[0] << rest) | (w[1] >> (32u - rest)); mid = (w[1] << rest) | (w[2] >> (32u - rest)); low = (w[2] << rest) | (w[3] >> (32u - rest));
  }
  // The middle 64 of the 128 bits of mantissa · (hi, mid, low).
  let a = wide(mantissa, low); let b = wide(mantissa, mid);
  var p0 = b.x + a.y;
  var p1 = b.y + select(0u, 1u, p0 < b.x) + mantissa * hi;
  var q = p1 >> 30u;
  p1 &= 0x3fffffffu;
  var negative = false;
  if ((p1 & 0x20000000u) != 0u) { // above π/4: from the next quadrant back
    q += 1u; negative = true;
    p0 = ~p0 + 1u; p1 = (~p1 + select(0u, 1u, p0 == 0u)) & 0x3fffffffu;
  }
  let zeros = countLeadingZeros(p1);
  let top = select((p1 << zeros) | (p0 >> (32u - zeros)), p1, zeros == 0u);
  let x = ldexp(f32(select(top, p0, zeros == 32u)) * 1.5707963267948966, -30 - select(i32(zeros), 32, zeros == 32u));
  return vec2<f32>(select(x, -x, negative), f32(q & 3u));
}
fn cosSin(t : f32) -> vec2<f32> {
  let size = abs(t);
  if (!(size < 4096.0)) {
    let bits = bitcast<u32>(size);
    if (bits >= 0x7f800000u) { return vec2<f32>(call.nan); }
    let r = reduceLarge(bits);
    return cosSinOfQuadrant(r.x, i32(r.y)) * vec2<f32>(1.0, select(1.0, -1.0, t < 0.0));
  }
  let k = round(t * 0.63661977236758);
  let x = ((t - k * 1.5703125) - k * 4.837512969970703e-4) - k * 7.549789948768648e-8;
  return cosSinOfQuadrant(x, i32(k));
}`;

/** `fn ln(x) -> f32` of positive normal numbers, relative error 2e-7; `fn lnNearOne(y) -> f32`, ln(1 + y), √½ ≤ 1 + y ≤ √2. */
export const LN = `
fn lnParts(y : f32, e : f32) -> f32 {
  let z = y * y;
  var p = 7.0376836292e-2;
  p = p * y - 1.1514610310e-1; p = p * y + 1.1676998740e-1; p = p * y - 1.2420140846e-1; p = p * y + 1.4249322787e-1;
  p = p * y - 1.6668057665e-1; p = p * y + 2.0000714765e-1; p = p * y - 2.4999993993e-1; p = p * y + 3.3333331174e-1;
  let r = y * z * p + e * -2.12194440e-4;
  return (y + (r - z * 0.5)) + e * 0.693359375;
}
fn lnNearOne(y : f32) -> f32 { return lnParts(y, 0.0); }
fn ln(x : f32) -> f32 {
  let shifted = bitcast<i32>(x) - 0x3f3504f3;
  return lnParts(bitcast<f32>((shifted & 0x007fffff) + 0x3f3504f3) - 1.0, f32(shifted >> 23u));
}`;

/** `fn expm1Small(x) -> f32`, eˣ − 1 for |x| ≤ ½ ln 2; `fn exponential(x) -> f32`, relative error 2e-7 for every x. */
export const EXP = `
fn expm1Small(x : f32) -> f32 {
  var p = 1.9875691500e-4;
  p = p * x + 1.3981999507e-3; p = p * x + 8.3334519073e-3; p = p * x + 4.1665795894e-2; p = p * x + 1.6666665459e-1; p = p * x + 5.0000001201e-1;
  return p * x * x + x;
}
fn exponential(x : f32) -> f32 {
  if (x < -103.97) { return 0.0; }
  // Infinity, or what is not a number.
  if (!(x < 88.7228)) { return x * 3.0e38; }
  let n = round(x * 1.44269504088896341);
  let p = 1.0 + expm1Small((x - n * 0.693359375) + n * 2.12194440e-4);
  // In two steps: 2¹²⁸ is not a float.
  let half = i32(n) / 2;
  return p * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((i32(n) - half + 127) << 23u);
}`;
