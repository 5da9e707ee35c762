// Numbers of twice the digits in WGSL, which has no float64: unevaluated sums of two float32, after Dekker and Knuth. A
// compiler may reorder sums as if they were exact; it cannot look through a number that only the call knows.

import type { ElementType } from "./pipelines.js";

/** The number that a program with {@link DOUBLE_WORDS} needs, and its value. */
export const OPAQUE: {
  readonly numbers: Readonly<Record<"opaque", ElementType>>;
  readonly values: Readonly<Record<"opaque", number>>;
} = { numbers: { opaque: "u32" }, values: { opaque: 0 } };

/**
 * `fn twoSum(a, b) -> vec2<f32>` and `fn twoProduct(a, b) -> vec2<f32>`: the rounded result and what it lacks. With numbers
 * (x, y) that stand for x + y: `fn plus(a, b)`, `fn plusProduct(sum, a, b)` and `fn over(a, divisor : f32)`, relative errors
 * of some 2⁻⁴⁵ of the largest term. Not for numbers so small (1e-30) or large (1e34) that parts of them are not floats.
 */
export const DOUBLE_WORDS = `
/** x as it was rounded: what stands behind it is no part of the expression around it. */
fn rounded(x : f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ call.opaque); }
fn twoSum(a : f32, b : f32) -> vec2<f32> {
  let sum = rounded(a + b); let fromB = rounded(sum - a);
  return vec2<f32>(sum, rounded(a - rounded(sum - fromB)) + rounded(b - fromB));
}
fn twoProduct(a : f32, b : f32) -> vec2<f32> {
  let product = rounded(a * b);
  // Halves of 12 bits, whose products are floats.
  let aHigh = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u); let bHigh = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let aLow = rounded(a - aHigh); let bLow = rounded(b - bHigh);
  let rest = rounded(rounded(aHigh * bHigh - product) + aHigh * bLow) + aLow * bHigh;
  return vec2<f32>(product, rounded(rest) + aLow * bLow);
}
fn plus(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
  let sum = twoSum(a.x, b.x);
  return vec2<f32>(sum.x, sum.y + (a.y + b.y));
}
fn plusProduct(sum : vec2<f32>, a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
  let product = twoProduct(a.x, b.x);
  return plus(sum, vec2<f32>(product.x, product.y + (a.x * b.y + a.y * b.x)));
}
fn over(a : vec2<f32>, divisor : f32) -> vec2<f32> {
  let quotient = rounded((a.x + a.y) / divisor);
  let back = twoProduct(quotient, divisor);
  let rest = twoSum(a.x, -back.x);
  return vec2<f32>(quotient, (rest.x + (rest.y + (a.y - back.y))) / divisor);
}`;
