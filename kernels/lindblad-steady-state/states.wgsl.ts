// Programs around the factors: what is left of an equation, states and their reports, and the gradients.

import { COMPLEX, COTANGENT, HERMITIAN, INFO, JUMPS, NUMBERS } from "./matrices.wgsl.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";

/** What is left of the equation of X, or with side 1 of that of Λ, in coordinates. */
export const residuals: GpuProgram = {
  name: "Lindblad steady state, residual",
  reads: {
    ...{ generator: "vec4<f32>", jumps: "f32", solution: "vec2<f32>", info: "f32", drho: "f32" },
  },
  writes: { left: "vec2<f32>" },
  numbers: { ...NUMBERS, side: "u32" },
  code: `
${COMPLEX} ${JUMPS} ${HERMITIAN} ${COTANGENT}
fn unknown(s : u32, i : u32, j : u32) -> vec4<f32> { if (call.side == 1u) { return dualAt(s, i, j); } return stateAt(s, i, j); }
fn generatorAt(s : u32, i : u32, j : u32) -> vec4<f32> {
  if (call.side == 1u) { return conjugate(generator[(s * call.n + j) * call.n + i]); }
  return generator[(s * call.n + i) * call.n + j];
}
fn jumpAt(s : u32, k : u32, i : u32, j : u32) -> vec4<f32> { if (call.side == 1u) { return conjugate(jump(s, k, j, i)); } return jump(s, k, i, j); }
fn item(index : u32) {
  let n = call.n; let s = index / (n * n); let i = (index / n) % n; let j = index % n;
  if (i > j) { return; }
  var sum = vec4<f32>(0.0);
  for (var l = 0u; l < n; l++) {
    sum = plusComplex(sum, generatorAt(s, i, l), unknown(s, l, j));
    sum = plusComplex(sum, unknown(s, i, l), conjugate(generatorAt(s, j, l)));
  }
  for (var k = 0u; k < call.K; k++) {
    for (var a = 0u; a < n; a++) {
      var inner = vec4<f32>(0.0);
      for (var b = 0u; b < n; b++) { inner = plusComplex(inner, unknown(s, a, b), conjugate(jumpAt(s, k, j, b))); }
      sum = plusComplex(sum, jumpAt(s, k, i, a), inner);
    }
  }
  var right = vec4<f32>(0.0);
  if (call.side == 1u) { right = 0.5 * vec4<f32>(cotangentOf(s, i, j, 0u), cotangentOf(s, i, j, 1u)); }
  if (i == j) {
    let weight = vec2<f32>(info[${String(INFO)}u * s], 0.0);
    if (call.side == 0u) { right = vec4<f32>(weight, 0.0, 0.0); }
    for (var l = 0u; l < n; l++) { right = vec4<f32>(plusProduct(right.xy, -weight, unknown(s, l, l).xy), right.zw); }
  }
  let rest = both(right, -sum);
  let start = s * n * n;
  if (i == j) { left[start + i] = rest.xy; return; }
  // Cotangents of pairs count twice.
  let factor = select(1.0, 2.0, call.side == 1u); let at = start + coordinate(i, j);
  left[at] = factor * rest.xy; left[at + 1u] = factor * rest.zw;
}`,
};

/** States in float32. */
export const states: GpuProgram = {
  name: "Lindblad steady state, states",
  reads: { solution: "vec2<f32>" },
  writes: { rho: "f32" },
  numbers: NUMBERS,
  code: `
${COMPLEX} ${HERMITIAN}
fn item(index : u32) {
  let n = call.n; let size = n * n; let s = index / size; let i = (index / n) % n; let j = index % n;
  let value = stateAt(s, i, j); let at = 2u * (call.first + s) * size + i * n + j;
  rho[at] = value.x + value.y; rho[at + size] = value.z + value.w;
}`,
};

/** Residual, reciprocal condition number and how far H is from a Hermitian matrix. */
export const reports: GpuProgram = {
  name: "Lindblad steady state, report",
  reads: { H: "f32", jumps: "f32", rho: "f32", left: "vec2<f32>", info: "f32" },
  writes: { report: "f32" },
  numbers: NUMBERS,
  code: `
fn isBad(x : f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u; }
fn item(s : u32) {
  let n = call.n; let size = n * n; let whole = call.first + s;
  var residual = 0.0; var norm = 0.0; var off = 0.0; var most = 1.0e-30; var bad = false;
  for (var i = 0u; i < n; i++) {
    for (var j = 0u; j < n; j++) {
      let at = 2u * whole * size + i * n + j; let mirrored = 2u * whole * size + j * n + i;
      residual += abs(left[s * size + i * n + j].x + left[s * size + i * n + j].y);
      if (i <= j) { norm += abs(rho[at]) + abs(rho[at + size]); }
      off = max(off, max(abs(H[at] - H[mirrored]), abs(H[at + size] + H[mirrored + size])));
      most = max(most, max(abs(H[at]), abs(H[at + size])));
      bad = bad || isBad(H[at]) || isBad(H[at + size]);
    }
  }
  for (var i = 0u; i < 2u * size * call.K; i++) { bad = bad || isBad(jumps[2u * size * call.K * whole + i]); }
  let at = ${String(INFO)}u * s;
  report[3u * whole] = residual / (info[at + 1u] * norm);
  report[3u * whole + 1u] = info[at + 2u];
  report[3u * whole + 2u] = select(off / most, call.nan, bad);
}`,
};

/** i (ρΛ − Λρ). */
export const hamiltonianBars: GpuProgram = {
  name: "Lindblad steady state, Hamiltonian",
  reads: { solution: "vec2<f32>" },
  writes: { HBar: "f32" },
  numbers: NUMBERS,
  code: `
${COMPLEX} ${HERMITIAN}
fn item(index : u32) {
  let n = call.n; let size = n * n; let s = index / size; let i = (index / n) % n; let j = index % n;
  var sum = vec4<f32>(0.0);
  for (var l = 0u; l < n; l++) {
    sum = plusComplex(sum, stateAt(s, i, l), dualAt(s, l, j));
    sum = plusComplex(sum, -dualAt(s, i, l), stateAt(s, l, j));
  }
  let at = 2u * (call.first + s) * size + i * n + j;
  HBar[at] = -(sum.z + sum.w); HBar[at + size] = sum.x + sum.y;
}`,
};

/** −2 Λ L ρ + L (ρΛ + Λρ). */
export const jumpBars: GpuProgram = {
  name: "Lindblad steady state, jumps",
  reads: { jumps: "f32", solution: "vec2<f32>" },
  writes: { jumpsBar: "f32" },
  numbers: NUMBERS,
  code: `
${COMPLEX} ${JUMPS} ${HERMITIAN}
fn item(index : u32) {
  let n = call.n; let size = n * n; let s = index / (size * call.K); let k = (index / size) % call.K;
  let i = (index / n) % n; let j = index % n;
  var sum = vec4<f32>(0.0);
  for (var a = 0u; a < n; a++) {
    var right = vec4<f32>(0.0); var left = vec4<f32>(0.0);
    for (var b = 0u; b < n; b++) {
      right = plusComplex(right, stateAt(s, a, b), dualAt(s, b, j));
      right = plusComplex(right, dualAt(s, a, b), stateAt(s, b, j));
      left = plusComplex(left, jump(s, k, a, b), stateAt(s, b, j));
    }
    sum = plusComplex(sum, jump(s, k, i, a), right);
    sum = plusComplex(sum, -2.0 * dualAt(s, i, a), left);
  }
  let at = ((call.first + s) * call.K + k) * 2u * size + i * n + j;
  jumpsBar[at] = sum.x + sum.y; jumpsBar[at + size] = sum.z + sum.w;
}`,
};
