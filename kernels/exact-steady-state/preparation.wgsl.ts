// Programs of the full steady state before anything is solved: the system of each output of each sample, and an approximate
// inverse of half of it, in float32.

import {
  equationCode,
  NETWORK_INDEX,
  NETWORK_INPUTS,
  NETWORK_NUMBERS,
  networkCode,
  perForm,
} from "../effective-steady-state/index.js";
import { DOUBLE_WORDS, OPAQUE } from "../runtime/gpu/double-words.js";
import { perWorkgroup, SYSTEM, TEAM, TEAM_NUMBERS, TEAM_READS } from "./system.wgsl.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";

/** (2/Γ) Σ ‖J_n‖ in Frobenius norms above which nothing is answered, as in host.as.ts. */
const MOST_KAPPA = 2000;

/** The couplings over Γ of each output of each sample, and whether its steady state is unique. */
export const systems: ReturnType<typeof perForm> = perForm((form) => ({
  name: "exact steady state, systems",
  reads: NETWORK_INPUTS,
  writes: { system: "vec2<f32>" },
  numbers: { ...NETWORK_NUMBERS, ...OPAQUE.numbers },
  code: `
${networkCode(form)} ${equationCode(form)} ${DOUBLE_WORDS} ${SYSTEM}
fn item(index : u32) {
  ${NETWORK_INDEX}
  let q = equationAt(p, b, m);
  let at = systemAt(index); let rest = at + 9u * call.N;
  var kappa = 0.0;
  for (var n = 0u; n < call.N; n++) {
    let x = inputAt(p, b, m, n, q.inverse);
    var rows = array<vec3<f32>, 3>(2.0 * x.a, -2.0 * x.b, 2.0 * x.d);
    for (var k = 0u; k < 9u; k++) { system[at + 9u * n + k] = over(vec2<f32>(rows[k / 3u][k % 3u], 0.0), q.gamma); }
    kappa += sqrt(dot(rows[0], rows[0]) + dot(rows[1], rows[1]) + dot(rows[2], rows[2]));
  }
  system[rest] = vec2<f32>(q.z, 0.0);
  system[rest + 1u] = vec2<f32>(q.gamma, q.inverse);
  system[rest + 2u] = vec2<f32>(select(0.0, 1.0, solve(q).unique && kappa <= ${MOST_KAPPA.toFixed(1)} * q.gamma), 0.0);
}`,
}));

/** The inverse of the half system, column by column, by Gauss and Jordan; an invocation works on rows of its own. */
export const inverse: (workgroup: number) => GpuProgram = perWorkgroup((workgroup) => ({
  name: "exact steady state, inverse",
  together: true,
  workgroup,
  reads: TEAM_READS,
  writes: { inverse: "f32" },
  numbers: TEAM_NUMBERS,
  code: `
${SYSTEM}
fn assemble(i : u32, start : u32, c : u32) {
  let n = call.kept; let q = table[call.orderAt + i];
  for (var j = 0u; j < n; j++) { inverse[start + j * n + i] = 0.0; }
  inverse[start + i * n + i] = rateOf(q);
  for (var at = table[call.rowsAt + q]; at < table[call.rowsAt + q + 1u]; at++) {
    let entry = table[at]; let between = entry & 1023u;
    // Components of the output and the constant are not eliminated.
    if (between < 4u) { continue; }
    let factor = valueOf(entry, c).x / rateOf(between);
    for (var next = table[call.rowsAt + between]; next < table[call.rowsAt + between + 1u]; next++) {
      let last = table[next];
      if ((last & 1023u) >= 4u) { inverse[start + table[call.placesAt + (last & 1023u)] * n + i] -= factor * valueOf(last, c).x; }
    }
  }
}
fn group(index : u32, local : u32) {
  ${TEAM}
  let start = slot * n * (n + 1u); let pivots = start + n * n;
  for (var i = lane; i < n; i += call.team) { assemble(i, start, c); }
  storageBarrier();
  for (var k = 0u; k < n; k++) {
    let pivot = 1.0 / inverse[start + k * n + k];
    for (var i = lane; i < n; i += call.team) {
      if (i == k) { continue; }
      let factor = inverse[start + k * n + i] * pivot;
      for (var j = 0u; j < n; j++) { inverse[start + j * n + i] -= factor * inverse[start + j * n + k]; }
      inverse[start + k * n + i] = -factor;
    }
    storageBarrier();
    // From here on only its owner reads row k, which is divided by its pivot in the end.
    if (k % call.team == lane) { inverse[start + k * n + k] = 1.0; inverse[pivots + k] = pivot; }
  }
  for (var i = lane; i < n; i += call.team) {
    for (var j = 0u; j < n; j++) { inverse[start + j * n + i] *= inverse[pivots + i]; }
  }
}`,
}));
