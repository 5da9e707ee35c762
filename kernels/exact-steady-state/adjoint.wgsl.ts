// The program that finds the adjoint of the state, by as many refinements as that took, and the cotangents of couplings, Γ
// and polarization.

import { DOUBLE_WORDS } from "../runtime/gpu/double-words.js";
import {
  perWorkgroup,
  PRODUCTS,
  RESULT,
  SYSTEM,
  TEAM,
  TEAM_NUMBERS,
  TEAM_READS,
  WORK,
} from "./system.wgsl.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";

/** Numbers of the cotangents of one output of one sample behind its 9 N couplings: Γ̄, z̄ and 1/s. */
export const BARS_REST = 3;

const COTANGENTS = `
/** Component q of what couplings add to the inputs' own state, and behind it of the whole state. */
fn joinState(q : u32, z : f32, x : u32, answer : u32) {
  let at = x + 4u * q;
  var delta = work[at];
  for (var j = 1u; j < 4u; j++) { delta = plusProduct(delta, work[at + j], result[answer + j - 1u]); }
  var alone = inputsAlone(q, z);
  if ((q & 3u) > 0u) { alone = plusProduct(vec2<f32>(0.0), alone, result[answer + (q & 3u) - 1u]); }
  work[at] = delta; work[at + 1u] = plus(delta, alone);
}
/** What component q gives to the gradient by the polarization, but for r × λ, and by -ln Γ. */
fn byPolarization(q : u32, c : u32, mu : u32, s : u32) -> vec2<f32> {
  var sum = vec2<f32>(0.0);
  for (var step = 4u; step < call.components; step *= 4u) {
    if ((q / step) % 4u != 3u) { continue; }
    let lower = q - 3u * step;
    // μ_q of one input alone is λ times its couplings, which is in r × λ, and what is left.
    var value = work[mu + 4u * q];
    if (lower < 4u) { value = times(call.columnsAt, q, c, mu, 4u, ALL); }
    sum = plusProduct(sum, value, work[s + 4u * lower]);
  }
  return sum;
}
fn byDamping(q : u32, z : f32, mu : u32, delta : u32) -> vec2<f32> {
  var sum = plusProduct(vec2<f32>(0.0), vec2<f32>(rateOf(q), 0.0), work[delta + 4u * q]);
  for (var step = 4u; step < call.components; step *= 4u) {
    if ((q / step) % 4u == 3u) { sum = plusProduct(sum, vec2<f32>(-z, 0.0), work[delta + 4u * (q - 3u * step)]); }
  }
  return plusProduct(vec2<f32>(0.0), sum, work[mu + 4u * q]);
}
/** The gradient by coupling \`which\` over Γ. */
fn byCoupling(which : u32, mu : u32, delta : u32) -> vec2<f32> {
  var sum = vec2<f32>(0.0);
  for (var at = table[call.couplingsAt + which]; at < table[call.couplingsAt + which + 1u]; at++) {
    let entry = table[at]; let to = entry & 1023u; let column = (entry >> 10u) & 1023u;
    // Rows of the output meet the state of the inputs alone in r × λ.
    let value = work[delta + 4u * column + select(1u, 0u, to < 4u)];
    sum = plusProduct(sum, signOf(entry >> 20u) * work[mu + 4u * to], value);
  }
  return sum;
}`;

/** To the buffer `bars`. */
export const adjoint: (workgroup: number) => GpuProgram = perWorkgroup((workgroup) => ({
  name: "exact steady state, adjoint",
  together: true,
  workgroup,
  reads: { ...TEAM_READS, inverse: "f32", result: "vec2<f32>" },
  writes: { work: "vec2<f32>", residual: "f32", bars: "f32" },
  numbers: TEAM_NUMBERS,
  code: `
${DOUBLE_WORDS} ${SYSTEM} ${PRODUCTS}
var<workgroup> most : u32;
${COTANGENTS}
fn group(index : u32, local : u32) {
  ${TEAM}
  ${WORK}
  let z = polarizationAt(c); let answer = slot * ${String(RESULT)}u; let steps = u32(result[answer + 9u].x);
  if (local == 0u) {
    var all = 0u;
    for (var i = 0u; i < call.samples; i++) { all = max(all, u32(result[(index * call.samples + i) * ${String(RESULT)}u + 9u].x)); }
    most = all;
  }
  // μ takes the place of the right-hand side.
  for (var q = lane; q < size; q += call.team) {
    var value = vec2<f32>(0.0);
    if (q > 0u && q < 4u) { value = result[answer + 2u + q]; }
    work[right + 4u * q] = value;
  }
  storageBarrier();
  let all = workgroupUniformLoad(&most);
  for (var step = 0u; step <= all; step++) {
    for (var i = lane + n; i < size - 4u; i += call.team) {
      let q = table[call.orderAt + i];
      work[right + 4u * q] = over(times(call.columnsAt, q, c, right, 0u, ALL), rateOf(q));
    }
    storageBarrier();
    if (step == all) { break; }
    for (var i = lane; i < n; i += call.team) {
      let q = table[call.orderAt + i];
      let sum = plusProduct(times(call.columnsAt, q, c, right, 0u, ALL), vec2<f32>(-rateOf(q), 0.0), work[right + 4u * q]);
      residual[4u * slot * n + i] = sum.x + sum.y;
    }
    storageBarrier();
    for (var i = lane; i < n; i += call.team) {
      var change = 0.0;
      for (var l = 0u; l < n; l++) { change += inverse[slot * n * (n + 1u) + i * n + l] * residual[4u * slot * n + l]; }
      let at = right + 4u * table[call.orderAt + i];
      if (step < steps) { work[at] = plus(work[at], vec2<f32>(change, 0.0)); }
    }
    storageBarrier();
  }
  for (var q = lane; q < size; q += call.team) { joinState(q, z, x, answer); }
  storageBarrier();
  for (var q = lane; q < size; q += call.team) {
    work[x + 4u * q + 2u] = byPolarization(q, c, right, x + 1u);
    work[x + 4u * q + 3u] = byDamping(q, z, right, x);
  }
  storageBarrier();
  if (slot >= call.count) { return; }
  let couplings = 9u * call.N; let to = sample * (couplings + ${String(BARS_REST)}u);
  for (var i = lane; i < couplings + ${String(BARS_REST)}u; i += call.team) {
    var value = vec2<f32>(inverseAt(c), 0.0);
    if (i < couplings) {
      value = byCoupling(i, right, x);
      if (i % 9u >= 6u) { value = plusProduct(value, vec2<f32>(z, 0.0), result[answer + i % 9u]); }
      value = value / gammaAt(c);
    } else if (i < couplings + 2u) {
      value = vec2<f32>(0.0);
      for (var q = 4u; q < size; q++) { value = plus(value, work[x + 4u * q + 3u - (i - couplings)]); }
      if (i == couplings) { value *= -inverseAt(c) / gammaAt(c); }
      else { for (var k = 0u; k < couplings; k++) { if (k % 9u >= 6u) { value = plusProduct(value, system[c + k], result[answer + k % 9u]); } } }
    }
    bars[to + i] = select(value.x + value.y, call.nan, steps == 0u);
  }
}`,
}));
