// The effective steady state on the backend `webgpu`: an invocation solves for one output of one sample. The gradient takes
// passes: cotangents of the equations, then each gradient, summed over what shares its input.

import { sizesOf } from "./contract.js";
import {
  inputGradients,
  NETWORK_INDEX,
  NETWORK_INPUTS,
  NETWORK_NUMBERS,
  networkCode,
  networkForm,
  networkNumbers,
  perForm,
} from "./network-gpu.js";
import { cotangentCode, equationCode } from "./network.wgsl.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { GpuWork } from "../runtime/gpu/passes.js";
import type { EffectiveAttrs, EffectiveGradAttrs } from "./contract.js";
import type { NetworkCall } from "./network-gpu.js";

/** Numbers of the cotangents of one equation: β̄ 3, T 6, h̄ 3, 1/s, and what it gives to Γ̄ and z̄. */
const BARS = 15;

const WRITE_R = `
  if (call.observe < 3u) { r[index] = y.r[call.observe]; }
  else { r[3u * index] = y.r.x; r[3u * index + 1u] = y.r.y; r[3u * index + 2u] = y.r.z; }`;

const value = perForm((form) => ({
  name: "effective steady state",
  reads: NETWORK_INPUTS,
  writes: { r: "f32" },
  numbers: NETWORK_NUMBERS,
  code: `
${networkCode(form)} ${equationCode(form)}
fn item(index : u32) {
  ${NETWORK_INDEX}
  let y = solve(equationAt(p, b, m));
  ${WRITE_R}
}`,
}));

const bars = perForm((form) => ({
  name: "effective steady state, cotangents",
  reads: { ...NETWORK_INPUTS, dr: "f32" },
  writes: { bars: "f32", r: "f32" },
  numbers: NETWORK_NUMBERS,
  code: `
${networkCode(form)} ${equationCode(form)} ${cotangentCode(form)}
fn item(index : u32) {
  ${NETWORK_INDEX}
  let q = equationAt(p, b, m);
  let y = solve(q);
  ${WRITE_R}
  var c = vec3<f32>(0.0);
  if (call.observe < 3u) { c[call.observe] = dr[index]; } else { c = vec3<f32>(dr[3u * index], dr[3u * index + 1u], dr[3u * index + 2u]); }
  let bar = cotangents(q, y, c);
  var zBar = 0.0;
  for (var n = 0u; n < call.N; n++) {
    let x = inputAt(p, b, m, n, q.inverse);
    zBar += dot(bar.h, x.d) + q.z * dot(x.d, applied(bar.TD, bar.TO, x.d)) - 2.0 * dot(bar.beta, cross(x.a, x.b));
  }
  let at = ${BARS}u * index;
  let list = array<f32, ${BARS}>(bar.beta.x, bar.beta.y, bar.beta.z, bar.TD.x, bar.TD.y, bar.TD.z, bar.TO.x, bar.TO.y, bar.TO.z, bar.h.x, bar.h.y, bar.h.z, q.inverse, bar.gamma, zBar);
  for (var i = 0u; i < ${BARS}u; i++) { bars[at + i] = list[i]; }
}`,
}));

/** `fn inputBars(p, b, m, n) -> InputBars`: the cotangents of a, b and d of an input, J scaled. */
const INPUT_BARS = `
struct InputBars { x : Input, a : vec3<f32>, b : vec3<f32>, d : vec3<f32>, inverse : f32 }
fn three(at : u32) -> vec3<f32> { return vec3<f32>(bars[at], bars[at + 1u], bars[at + 2u]); }
fn inputBars(p : u32, b : u32, m : u32, n : u32) -> InputBars {
  let at = ${BARS}u * ((p * call.B + b) * call.M + m); let z = zAt(p, b);
  let beta = three(at); let TD = three(at + 3u); let TO = three(at + 6u); let h = three(at + 9u);
  var bar : InputBars;
  bar.inverse = bars[at + 12u];
  let x = inputAt(p, b, m, n, bar.inverse);
  bar.x = x;
  bar.a = -2.0 * applied(TD, TO, x.a) - 2.0 * z * cross(x.b, beta);
  bar.b = -2.0 * applied(TD, TO, x.b) - 2.0 * z * cross(beta, x.a);
  bar.d = z * h - (1.0 - z * z) * applied(TD, TO, x.d);
  return bar;
}`;

const gradients = inputGradients({
  name: "effective steady state",
  code: INPUT_BARS,
  stride: () => BARS,
  gammaAt: () => 13,
  zAt: () => 14,
});

function gradientWork(call: NetworkCall): GpuWork {
  const { P, B, M } = sizesOf(call.inputs);
  const numbers = networkNumbers(call);
  const { passes, scratch } = gradients(call);
  return {
    outputs: ["thetaBar", "phiBar", "JBar", "gammaBar", "zBar", "value"],
    scratch: { bars: BARS * P * B * M, r: 3 * P * B * M, ...scratch },
    passes: [{ program: bars(networkForm(call)), items: P * B * M, numbers }, ...passes],
  };
}

/** Form of `ZenoEffectiveSteadyState`. */
export const effectiveGpu: GpuForm<EffectiveAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { P, B, M } = sizesOf(call.inputs);
    const program = value(networkForm(call));
    return {
      outputs: ["r"],
      passes: [{ program, items: P * B * M, numbers: networkNumbers(call) }],
    };
  },
};

/** Form of `ZenoEffectiveSteadyStateGrad`. */
export const effectiveGradGpu: GpuForm<EffectiveGradAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { scratch, ...work } = gradientWork(call);
    if (!call.attrs.withValue) return { ...work, scratch: scratch! };
    // The value is written where the output is, in place of a buffer that nobody reads.
    const { r: _r, ...rest } = scratch!;
    return { ...work, outputs: [...work.outputs.slice(0, -1), "r"], scratch: rest };
  },
};
