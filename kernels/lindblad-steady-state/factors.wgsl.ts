// Programs that factorise the Liouvillian of a sample in real coordinates, in double words, and solve with the factors.

import { DOUBLE_WORDS } from "../runtime/gpu/double-words.js";
import { COMPLEX, INFO, JUMPS, NUMBERS, SOLUTION } from "./matrices.wgsl.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";

/** Invocations of a workgroup. */
export const WORKGROUP = 64;

/** Quotients, and `substitute`: the vector of d elements at `at` in the buffer `solution`, by the factors of a sample. */
const SUBSTITUTION = `
fn quotient(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
  let divisor = twoSum(b.x, b.y);
  let first = rounded((a.x + a.y) / divisor.x);
  let rest = plusProduct(a, vec2<f32>(-first, 0.0), divisor);
  return twoSum(first, (rest.x + rest.y) / divisor.x);
}
fn factorAt(s : u32, k : u32, j : u32) -> vec2<f32> {
  let d = call.n * call.n;
  return matrix[(s * d + j) * d + pivots[2u * s * d + k]];
}
/** In the order of the pivots: with side 0 from right-hand sides in that order, with 1 to solutions in it. */
fn substitute(s : u32, at : u32, side : u32) {
  let d = call.n * call.n;
  for (var k = 0u; k < d; k++) {
    var sum = solution[at + k];
    for (var j = 0u; j < k; j++) {
      if (side == 0u) { sum = plusProduct(sum, -factorAt(s, k, j), solution[at + j]); }
      else { sum = plusProduct(sum, -factorAt(s, j, k), solution[at + j]); }
    }
    if (side == 1u) { sum = quotient(sum, factorAt(s, k, k)); }
    solution[at + k] = sum;
  }
  for (var r = 0u; r < d; r++) {
    let k = d - 1u - r;
    var sum = solution[at + k];
    for (var j = k + 1u; j < d; j++) {
      if (side == 0u) { sum = plusProduct(sum, -factorAt(s, k, j), solution[at + j]); }
      else { sum = plusProduct(sum, -factorAt(s, j, k), solution[at + j]); }
    }
    if (side == 0u) { sum = quotient(sum, factorAt(s, k, k)); }
    solution[at + k] = sum;
  }
}`;

/** −iH − ½ Σ L†L for the Hermitian part of H. */
export const generators: GpuProgram = {
  name: "Lindblad steady state, generator",
  reads: { H: "f32", jumps: "f32" },
  writes: { generator: "vec4<f32>" },
  numbers: NUMBERS,
  code: `
${COMPLEX} ${JUMPS}
fn item(index : u32) {
  let n = call.n; let size = n * n; let s = index / size; let i = (index / n) % n; let j = index % n;
  let at = 2u * (call.first + s) * size + i * n + j; let mirrored = 2u * (call.first + s) * size + j * n + i;
  var sum = vec4<f32>(0.0);
  for (var k = 0u; k < call.K; k++) {
    for (var l = 0u; l < n; l++) { sum = plusComplex(sum, conjugate(jump(s, k, l, i)), jump(s, k, l, j)); }
  }
  let re = twoSum(H[at], H[mirrored]); let im = twoSum(H[at + size], -H[mirrored + size]);
  generator[index] = 0.5 * both(vec4<f32>(im, -re), -sum);
}`,
};

/** The Liouvillian in real coordinates, column by column. */
export const liouvillians: GpuProgram = {
  name: "Lindblad steady state, Liouvillian",
  reads: { generator: "vec4<f32>", jumps: "f32", pairs: "u32" },
  writes: { matrix: "vec2<f32>" },
  numbers: NUMBERS,
  code: `
${COMPLEX} ${JUMPS}
/** Entry (r, s) of the Liouvillian of |a)(b|. */
fn entry(sample : u32, r : u32, s : u32, a : u32, b : u32) -> vec4<f32> {
  let start = sample * call.n * call.n;
  var sum = vec4<f32>(0.0);
  if (s == b) { sum = generator[start + r * call.n + a]; }
  if (r == a) { sum = both(sum, conjugate(generator[start + s * call.n + b])); }
  for (var k = 0u; k < call.K; k++) { sum = plusComplex(sum, jump(sample, k, r, a), conjugate(jump(sample, k, s, b))); }
  return sum;
}
fn item(index : u32) {
  let d = call.n * call.n; let sample = index / (d * d);
  let row = pairs[index % d]; let column = pairs[(index / d) % d];
  let r = row & 1023u; let s = (row >> 10u) & 1023u; let a = column & 1023u; let b = (column >> 10u) & 1023u;
  var value = entry(sample, r, s, a, b);
  if (a != b) {
    let other = entry(sample, r, s, b, a);
    if (column >> 20u == 0u) { value = both(value, other); }
    else { let less = both(value, -other); value = vec4<f32>(-less.zw, less.xy); }
  }
  matrix[index] = select(value.xy, value.zw, row >> 20u == 1u);
}`,
};

/**
 * The factors of 𝓛 + ω |σ)(1|, with row pivots, and its condition number, from the columns of its inverse, one after the
 * other in memory of each invocation. x and y are 0.
 */
export const factors: GpuProgram = {
  name: "Lindblad steady state, factors",
  together: true,
  workgroup: WORKGROUP,
  reads: {},
  writes: { matrix: "vec2<f32>", pivots: "u32", solution: "vec2<f32>", info: "f32" },
  numbers: { ...NUMBERS, samples: "u32", team: "u32", count: "u32", slots: "u32" },
  code: `
${DOUBLE_WORDS} ${SUBSTITUTION}
fn size(x : vec2<f32>) -> f32 { return abs(x.x + x.y); }
/** A largest number, which is not a number where one is not. */
fn most(at : u32, d : u32) -> f32 {
  var found = 0.0;
  for (var i = 0u; i < d; i++) { let x = solution[at + i].x; if (!(x <= found)) { found = x; } }
  return found;
}
fn group(index : u32, local : u32) {
  let n = call.n; let d = n * n; let lane = local % call.team; let slot = index * call.samples + local / call.team; let team = call.team;
  let start = slot * d * d; let rows = slot * 2u * d; let x = slot * ${String(SOLUTION)}u * d; let sums = x + 2u * d;
  // Teams beyond the last sample have a matrix of their own, of whatever is there: 1.
  if (slot >= call.count) { for (var i = lane; i < d * d; i += team) { matrix[start + i] = vec2<f32>(select(0.0, 1.0, i % (d + 1u) == 0u), 0.0); } }
  storageBarrier();
  var weight = 0.0;
  for (var i = 0u; i < d; i++) { weight += size(matrix[start + i * d + i]); }
  weight /= f32(d) * f32(n);
  storageBarrier();
  for (var at = lane; at < n * n; at += team) { let to = start + (at / n) * d + at % n; matrix[to] = plus(matrix[to], vec2<f32>(weight, 0.0)); }
  for (var i = lane; i < d; i += team) { pivots[rows + d + i] = 0u; solution[x + i] = vec2<f32>(0.0); solution[x + d + i] = vec2<f32>(0.0); }
  storageBarrier();
  for (var j = lane; j < d; j += team) {
    var sum = 0.0;
    for (var i = 0u; i < d; i++) { sum += size(matrix[start + j * d + i]); }
    solution[sums + j] = vec2<f32>(sum, 0.0);
  }
  storageBarrier();
  let norm = most(sums, d);
  var singular = false;
  for (var k = 0u; k < d; k++) {
    // Every invocation finds the pivot: the same reads, the same answer.
    var pivot = d; var best = 0.0;
    for (var i = 0u; i < d; i++) {
      let other = size(matrix[start + k * d + i]);
      if (pivots[rows + d + i] == 0u && (pivot == d || other > best)) { best = other; pivot = i; }
    }
    singular = singular || !(best > 0.0);
    storageBarrier();
    for (var i = lane; i < d; i += team) {
      if (i == pivot) { pivots[rows + k] = pivot; pivots[rows + d + pivot] = 1u; continue; }
      if (pivots[rows + d + i] == 1u) { continue; }
      let factor = quotient(matrix[start + k * d + i], matrix[start + k * d + pivot]);
      for (var j = k + 1u; j < d; j++) { matrix[start + j * d + i] = plusProduct(matrix[start + j * d + i], -factor, matrix[start + j * d + pivot]); }
      matrix[start + k * d + i] = factor;
    }
    storageBarrier();
  }
  let own = (${String(SOLUTION)}u * call.slots + slot * team + lane) * d;
  for (var j = lane; j < d; j += team) {
    for (var i = 0u; i < d; i++) { solution[own + i] = vec2<f32>(select(0.0, 1.0, pivots[rows + i] == j), 0.0); }
    substitute(slot, own, 0u);
    var sum = 0.0;
    for (var i = 0u; i < d; i++) { sum += size(solution[own + i]); }
    solution[sums + j] = vec2<f32>(sum, 0.0);
  }
  storageBarrier();
  if (lane == 0u) {
    let both = norm * most(sums, d); let at = ${String(INFO)}u * slot;
    info[at] = weight; info[at + 1u] = norm;
    info[at + 2u] = select(select(0.0, 1.0 / both, both < call.infinity && !singular), call.nan, both != both && !singular);
  }
}`,
};

/** x, or y, plus the solution for that, by one invocation a sample. */
export const refinements: GpuProgram = {
  name: "Lindblad steady state, refinement",
  reads: { matrix: "vec2<f32>", pivots: "u32", left: "vec2<f32>" },
  writes: { solution: "vec2<f32>" },
  numbers: { ...NUMBERS, side: "u32" },
  code: `
${DOUBLE_WORDS} ${SUBSTITUTION}
fn item(s : u32) {
  let d = call.n * call.n; let rows = s * 2u * d; let x = (${String(SOLUTION)}u * s + call.side) * d; let work = (${String(SOLUTION)}u * s + 2u) * d;
  for (var k = 0u; k < d; k++) { solution[work + k] = left[s * d + select(pivots[rows + k], k, call.side == 1u)]; }
  substitute(s, work, call.side);
  for (var k = 0u; k < d; k++) {
    let to = x + select(k, pivots[rows + k], call.side == 1u);
    solution[to] = plus(solution[to], solution[work + k]);
  }
}`,
};
