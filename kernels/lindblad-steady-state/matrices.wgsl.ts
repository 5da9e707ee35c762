// WGSL of the matrices of a Lindblad equation (README.md, "In WGSL"): complex numbers in double words, operators, and Hermitian
// matrices by their coordinates.

import { DOUBLE_WORDS, OPAQUE } from "../runtime/gpu/double-words.js";
import type { ElementType } from "../runtime/gpu/pipelines.js";

/** Elements of `solution` of a sample over d: x, y, and a vector to work with. Behind them one of each invocation. */
export const SOLUTION = 3;

/** Numbers of `info` of a sample: ω/n, ‖A‖₁, rcond. */
export const INFO = 3;

/** `first`: the sample at which a part of the batch begins; the buffers between the passes hold one part. */
export const NUMBERS: Readonly<Record<string, ElementType>> = {
  ...{ n: "u32", K: "u32", first: "u32" },
  ...OPAQUE.numbers,
};

/** Complex numbers (re, im) of double words, and the coordinates of a Hermitian matrix: diagonal, then pairs i < j. */
export const COMPLEX: string = `
${DOUBLE_WORDS}
fn plusComplex(sum : vec4<f32>, a : vec4<f32>, b : vec4<f32>) -> vec4<f32> {
  return vec4<f32>(plusProduct(plusProduct(sum.xy, a.xy, b.xy), -a.zw, b.zw), plusProduct(plusProduct(sum.zw, a.xy, b.zw), a.zw, b.xy));
}
fn times(a : vec4<f32>, b : vec4<f32>) -> vec4<f32> { return plusComplex(vec4<f32>(0.0), a, b); }
fn conjugate(a : vec4<f32>) -> vec4<f32> { return vec4<f32>(a.xy, -a.zw); }
fn both(a : vec4<f32>, b : vec4<f32>) -> vec4<f32> { return vec4<f32>(plus(a.xy, b.xy), plus(a.zw, b.zw)); }
fn wide(re : f32, im : f32) -> vec4<f32> { return vec4<f32>(re, 0.0, im, 0.0); }
fn coordinate(i : u32, j : u32) -> u32 { return call.n + 2u * (i * call.n - (i * (i + 1u)) / 2u + j - i - 1u); }`;

/** An entry of a jump operator. */
export const JUMPS = `
fn jump(s : u32, k : u32, i : u32, j : u32) -> vec4<f32> {
  let size = call.n * call.n; let at = ((call.first + s) * call.K + k) * 2u * size + i * call.n + j;
  return wide(jumps[at], jumps[at + size]);
}`;

/** Twice the real, or the imaginary, part of an entry of the cotangent's Hermitian part. */
export const COTANGENT = `
fn cotangentOf(s : u32, i : u32, j : u32, part : u32) -> vec2<f32> {
  let n = call.n; let at = (2u * (call.first + s) + part) * n * n;
  return twoSum(drho[at + i * n + j], select(1.0, -1.0, part == 1u) * drho[at + j * n + i]);
}`;

/** X or Λ of a sample, from its coordinates at `solution[at]`. */
export const HERMITIAN: string = `
fn hermitian(at : u32, i : u32, j : u32, share : f32) -> vec4<f32> {
  if (i == j) { return vec4<f32>(solution[at + i], 0.0, 0.0); }
  let c = at + coordinate(min(i, j), max(i, j));
  return share * vec4<f32>(solution[c], select(-1.0, 1.0, i < j) * solution[c + 1u]);
}
fn stateAt(s : u32, i : u32, j : u32) -> vec4<f32> { return hermitian(${String(SOLUTION)}u * s * call.n * call.n, i, j, 1.0); }
/** Cotangents of pairs count twice. */
fn dualAt(s : u32, i : u32, j : u32) -> vec4<f32> { return hermitian((${String(SOLUTION)}u * s + 1u) * call.n * call.n, i, j, 0.5); }`;
