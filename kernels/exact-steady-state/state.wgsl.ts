// The program that finds the state: refinement of the vectors that couplings add to the inputs' own, until the steady state
// of the output stands still.

import { DOUBLE_WORDS } from "../runtime/gpu/double-words.js";
import { OUTPUT } from "./output.wgsl.js";
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

/** Refinements before a sample is given up; 2 are usual. */
const STEPS = 12;

const SOLVE_OUTPUT = `
/** The field of the inputs alone, which turns the output: w of the effective equation. */
fn fieldOf(c : u32, scale : f32) -> array<vec2<f32>, 3> {
  var field = array<vec2<f32>, 3>();
  for (var l = 0u; l < 3u; l++) {
    for (var n = 0u; n < call.N; n++) { field[l] = plusProduct(field[l], vec2<f32>(scale * polarizationAt(c), 0.0), system[c + 9u * n + 6u + l]); }
  }
  return field;
}
fn scaleOf(gamma : f32) -> f32 { let power = bitcast<f32>(bitcast<u32>(gamma) & 0x7f800000u); return power * power; }
fn cotangent(sample : u32) -> vec3<f32> {
  if (call.observe == 3u) { return vec3<f32>(dr[3u * sample], dr[3u * sample + 1u], dr[3u * sample + 2u]); }
  var c = vec3<f32>(0.0);
  c[call.observe] = dr[sample];
  return c;
}
/** r, and where \`sides\` is 2, λ and r × λ, to the buffer \`result\`. */
fn solveOutput(c : u32, at : u32, sample : u32, to : u32) -> vec3<f32> {
  // Times the power of two below Γ², so that M is of the order of J².
  let scale = scaleOf(gammaAt(c));
  for (var i = 0u; i < 12u; i++) { work[at + i] *= scale; }
  let field = fieldOf(c, scale);
  let q = outputAt(at, field);
  addField(at, field);
  var right = array<vec2<f32>, 3>(work[at], work[at + 4u], work[at + 8u]);
  let beta = vec3<f32>(number(right[0]), number(right[1]), number(right[2]));
  var bar = vec3<f32>(0.0);
  var r = array<vec2<f32>, 3>(); var lambda = array<vec2<f32>, 3>();
  for (var i = 0u; i < call.sides; i++) {
    if (i == 1u) {
      bar = cotangent(sample);
      right = array<vec2<f32>, 3>(vec2<f32>(bar.x, 0.0), vec2<f32>(bar.y, 0.0), vec2<f32>(bar.z, 0.0));
    }
    lambda = refined(q, at, right, select(1.0, -1.0, i == 1u));
    if (i == 0u) { r = lambda; }
  }
  let across = turned(q, r, lambda, beta, bar);
  for (var i = 0u; i < 3u; i++) {
    result[to + i] = r[i]; result[to + 3u + i] = scale * lambda[i]; result[to + 6u + i] = vec2<f32>(scale * across[i], 0.0);
  }
  return vec3<f32>(number(r[0]), number(r[1]), number(r[2]));
}
fn write(sample : u32, value : vec3<f32>) {
  if (call.observe < 3u) { r[sample] = value[call.observe]; return; }
  r[3u * sample] = value.x; r[3u * sample + 1u] = value.y; r[3u * sample + 2u] = value.z;
}`;

/** r to the buffers `r` and `result`; where `sides` is 2, λ and r × λ too. */
export const state: (workgroup: number) => GpuProgram = perWorkgroup((workgroup) => ({
  name: "exact steady state, refinement",
  together: true,
  workgroup,
  reads: { ...TEAM_READS, inverse: "f32", dr: "f32" },
  writes: { work: "vec2<f32>", residual: "f32", r: "f32", result: "vec2<f32>" },
  numbers: { ...TEAM_NUMBERS, observe: "u32", sides: "u32" },
  code: `
${DOUBLE_WORDS} ${SYSTEM} ${PRODUCTS} ${OUTPUT}
var<workgroup> done : array<u32, ${String(workgroup)}>;
var<workgroup> open : u32;
${SOLVE_OUTPUT}
fn group(index : u32, local : u32) {
  ${TEAM}
  ${WORK}
  let z = polarizationAt(c); let couplings = (9u * call.N) << 11u;
  // The right-hand sides: the generator on the inputs' own state times 1, x, y, z of the output.
  for (var i = lane; i < 4u * size; i += call.team) {
    work[x + i] = select(vec2<f32>(0.0), inputsAlone(i >> 2u, z), ((i >> 2u) & 3u) == (i & 3u));
  }
  storageBarrier();
  for (var i = lane + 16u; i < 4u * size; i += call.team) { work[right + i] = times(call.rowsAt, i >> 2u, c, x + (i & 3u), 0u, couplings); }
  storageBarrier();
  for (var i = lane; i < 4u * size; i += call.team) { work[x + i] = vec2<f32>(0.0); }
  if (lane == 0u) { done[own] = 0u; }
  var before = vec3<f32>(0.0); var moved = 1.0; var steps = 0u;
  storageBarrier();
  for (var step = 0u; step <= ${String(STEPS)}u; step++) {
    for (var i = lane + 4u * n; i < 4u * size - 16u; i += call.team) {
      let q = table[call.orderAt + (i >> 2u)]; let j = i & 3u;
      work[x + 4u * q + j] = over(plus(work[right + 4u * q + j], times(call.rowsAt, q, c, x + j, 4u, ALL)), rateOf(q));
    }
    storageBarrier();
    for (var i = lane; i < 4u * n + 12u; i += call.team) {
      var q = (i >> 2u) - n + 1u; let j = i & 3u;
      if (i < 4u * n) { q = table[call.orderAt + (i >> 2u)]; }
      let product = times(call.rowsAt, q, c, x + j, 4u, ALL);
      if (q < 4u) { work[output + i - 4u * n] = product; continue; }
      residual[4u * slot * n + i] = number(plusProduct(plus(work[right + 4u * q + j], product), vec2<f32>(-rateOf(q), 0.0), work[x + 4u * q + j]));
    }
    storageBarrier();
    if (lane == 0u && step > 0u && done[own] == 0u) {
      let now = solveOutput(c, output, sample, slot * ${String(RESULT)}u);
      let change = abs(now - before); let most = max(max(change.x, change.y), change.z);
      // What is still wrong is the last change times that over the one before.
      let still = step > 1u && most * most <= 5.0e-8 * moved;
      if (still || !isWanted(c)) { done[own] = 1u; steps = select(0u, step, still && isWanted(c) && dot(now, now) <= 1.001); }
      before = now; moved = most;
    }
    workgroupBarrier();
    if (local == 0u) {
      var left = 0u;
      for (var i = 0u; i < call.samples; i++) { left += 1u - done[i]; }
      open = left;
    }
    if (workgroupUniformLoad(&open) == 0u) { break; }
    for (var i = lane; i < n; i += call.team) {
      var change = vec4<f32>(0.0);
      for (var l = 0u; l < n; l++) {
        let row = 4u * (slot * n + l);
        change += inverse[slot * n * (n + 1u) + l * n + i] * vec4<f32>(residual[row], residual[row + 1u], residual[row + 2u], residual[row + 3u]);
      }
      let at = x + 4u * table[call.orderAt + i];
      if (done[own] == 0u) { for (var j = 0u; j < 4u; j++) { work[at + j] = plus(work[at + j], vec2<f32>(change[j], 0.0)); } }
    }
    storageBarrier();
  }
  if (lane == 0u) {
    result[slot * ${String(RESULT)}u + 9u] = vec2<f32>(f32(steps), 0.0);
    if (slot < call.count) { write(sample, select(before, vec3<f32>(call.nan), steps == 0u)); }
  }
}`,
}));
