// Programs of the full steady state on `webgpu` (README.md, "In WGSL"): the system of a sample, an approximate inverse of
// half of it, state and steady state, adjoint and cotangents. A team of invocations works on one output of one sample.

import {
  equationCode,
  NETWORK_INDEX,
  NETWORK_INPUTS,
  NETWORK_NUMBERS,
  networkCode,
  perForm,
} from "../effective-steady-state/index.js";
import { DOUBLE_WORDS, OPAQUE } from "../runtime/gpu/double-words.js";
import { OUTPUT, PRODUCTS, SYSTEM, SYSTEM_NUMBERS, SYSTEM_REST } from "./system.wgsl.js";
import type { ElementType, GpuProgram } from "../runtime/gpu/pipelines.js";

/** (2/Γ) Σ ‖J_n‖ in Frobenius norms above which nothing is answered, as in host.as.ts. */
const MOST_KAPPA = 2000;

/** Refinements before a sample is given up; 2 are usual. */
const STEPS = 12;

/** Elements of the buffer `result`: r, λ, r × λ (3 each), and the number of refinements, 0 where there is no answer. */
export const RESULT = 10;

/** Elements of a row of `work` for the equation of the output, in whole rows of components. */
export const OUTPUT_ROWS = 12;

/** Numbers of the cotangents of one output of one sample behind its 9 N couplings: Γ̄, z̄ and 1/s. */
export const BARS_REST = 3;

/** The couplings over Γ of each output of each sample, and whether its steady state is unique. */
export const systems: ReturnType<typeof perForm> = perForm((form) => ({
  name: "exact steady state, systems",
  reads: NETWORK_INPUTS,
  writes: { system: "vec2<f32>" },
  numbers: { ...NETWORK_NUMBERS, ...OPAQUE.numbers },
  code: `
${networkCode(form)} ${equationCode(form)} ${DOUBLE_WORDS}
fn item(index : u32) {
  ${NETWORK_INDEX}
  let q = equationAt(p, b, m);
  let at = index * (9u * call.N + ${String(SYSTEM_REST)}u); let rest = at + 9u * call.N;
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

const READS = { system: "vec2<f32>", table: "u32" } as const;

/** `first`: the sample at which a part of the batch begins; `count` samples in it. */
const NUMBERS: Readonly<Record<string, ElementType>> = {
  ...SYSTEM_NUMBERS,
  ...{ first: "u32", count: "u32", team: "u32", samples: "u32" },
};

// Teams beyond the last sample do what its team does, in memory of their own.
const TEAM = `let lane = local % call.team; let own = local / call.team; let slot = index * call.samples + own;
  let sample = call.first + min(slot, call.count - 1u); let c = systemAt(sample); let size = call.components; let n = call.kept;`;

const TEAM_NUMBERS = { ...NUMBERS, ...OPAQUE.numbers };

/** Elements of `work`: right-hand sides and vectors, four for each component, and the equation of the output. */
const WORK = `let right = slot * (8u * size + ${String(OUTPUT_ROWS)}u); let x = right + 4u * size; let output = x + 4u * size;`;

/** The inverse of the half system, column by column, by Gauss and Jordan; an invocation works on rows of its own. */
const inverse = (workgroup: number): GpuProgram => ({
  name: "exact steady state, inverse",
  together: true,
  workgroup,
  reads: READS,
  writes: { inverse: "f32" },
  numbers: NUMBERS,
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
});

const state = (workgroup: number): GpuProgram => ({
  name: "exact steady state, refinement",
  together: true,
  workgroup,
  reads: { ...READS, inverse: "f32", dr: "f32" },
  writes: { work: "vec2<f32>", residual: "vec4<f32>", r: "f32", result: "vec2<f32>" },
  numbers: { ...TEAM_NUMBERS, observe: "u32", sides: "u32" },
  code: `
${DOUBLE_WORDS} ${SYSTEM} ${PRODUCTS} ${OUTPUT}
var<workgroup> done : array<u32, ${String(workgroup)}>;
var<workgroup> open : u32;
/** The equation of the output, times the power of two below Γ², with what the inputs alone add to it. */
fn closeOutput(c : u32, at : u32, scale : f32) {
  let z = polarizationAt(c);
  for (var i = 0u; i < 12u; i++) { work[at + i] *= scale; }
  for (var l = 0u; l < 3u; l++) {
    var w = vec2<f32>(0.0);
    for (var n = 0u; n < call.N; n++) { w = plusProduct(w, vec2<f32>(z, 0.0), system[c + 9u * n + 6u + l]); }
    let j = (l + 1u) % 3u; let k = (l + 2u) % 3u;
    work[at + 4u * k + j + 1u] = plus(work[at + 4u * k + j + 1u], scale * w);
    work[at + 4u * j + k + 1u] = plus(work[at + 4u * j + k + 1u], -scale * w);
  }
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
  let scale = scaleOf(gammaAt(c));
  closeOutput(c, at, scale);
  let q = outputAt(at);
  var right = array<vec2<f32>, 3>(work[at], work[at + 4u], work[at + 8u]);
  let beta = vec3<f32>(number(right[0]), number(right[1]), number(right[2]));
  var chi = vec3<f32>(0.0);
  var r = array<vec2<f32>, 3>(); var lambda = array<vec2<f32>, 3>();
  for (var i = 0u; i < call.sides; i++) {
    if (i == 1u) {
      chi = scale * cotangent(sample);
      right = array<vec2<f32>, 3>(vec2<f32>(chi.x, 0.0), vec2<f32>(chi.y, 0.0), vec2<f32>(chi.z, 0.0));
    }
    lambda = refined(q, at, right, select(1.0, -1.0, i == 1u));
    if (i == 0u) { r = lambda; }
  }
  let across = turned(q, r, lambda, beta, chi);
  for (var i = 0u; i < 3u; i++) { result[to + i] = r[i]; result[to + 3u + i] = lambda[i]; result[to + 6u + i] = vec2<f32>(across[i], 0.0); }
  return vec3<f32>(r[0].x, r[1].x, r[2].x);
}
fn write(sample : u32, value : vec3<f32>) {
  if (call.observe < 3u) { r[sample] = value[call.observe]; return; }
  r[3u * sample] = value.x; r[3u * sample + 1u] = value.y; r[3u * sample + 2u] = value.z;
}
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
      let j = i & 3u;
      if (i < 4u * n) {
        let q = table[call.orderAt + (i >> 2u)];
        let all = plus(work[right + 4u * q + j], times(call.rowsAt, q, c, x + j, 4u, ALL));
        residual[slot * n + (i >> 2u)][j] = number(plusProduct(all, vec2<f32>(-rateOf(q), 0.0), work[x + 4u * q + j]));
      } else { work[output + i - 4u * n] = times(call.rowsAt, (i >> 2u) - n + 1u, c, x + j, 4u, ALL); }
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
      for (var l = 0u; l < n; l++) { change += inverse[slot * n * (n + 1u) + l * n + i] * residual[slot * n + l]; }
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
});

const adjoint = (workgroup: number): GpuProgram => ({
  name: "exact steady state, adjoint",
  together: true,
  workgroup,
  reads: { ...READS, inverse: "f32", result: "vec2<f32>" },
  writes: { work: "vec2<f32>", residual: "vec4<f32>", bars: "f32" },
  numbers: TEAM_NUMBERS,
  code: `
${DOUBLE_WORDS} ${SYSTEM} ${PRODUCTS}
var<workgroup> most : u32;
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
}
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
      residual[slot * n + i].x = sum.x + sum.y;
    }
    storageBarrier();
    for (var i = lane; i < n; i += call.team) {
      var change = 0.0;
      for (var l = 0u; l < n; l++) { change += inverse[slot * n * (n + 1u) + i * n + l] * residual[slot * n + l].x; }
      let at = right + 4u * table[call.orderAt + i];
      if (step < steps) { work[at] = plus(work[at], vec2<f32>(change, 0.0)); }
    }
    storageBarrier();
  }
  // The state: what couplings add to the inputs' own, and all of it.
  for (var q = lane; q < size; q += call.team) {
    let at = x + 4u * q;
    var delta = work[at];
    for (var j = 1u; j < 4u; j++) { delta = plusProduct(delta, work[at + j], result[answer + j - 1u]); }
    var alone = inputsAlone(q, z);
    if ((q & 3u) > 0u) { alone = plusProduct(vec2<f32>(0.0), alone, result[answer + (q & 3u) - 1u]); }
    work[at] = delta; work[at + 1u] = plus(delta, alone);
  }
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
});

type ByWorkgroup = (workgroup: number) => GpuProgram;

/** One program for each size of a workgroup. */
function perWorkgroup(make: ByWorkgroup): ByWorkgroup {
  const known = new Map<number, GpuProgram>();
  return (workgroup) => {
    const program = known.get(workgroup) ?? make(workgroup);
    known.set(workgroup, program);
    return program;
  };
}

/** The programs of teams, by the size of a workgroup. */
export const teams: Readonly<Record<"inverse" | "state" | "adjoint", ByWorkgroup>> = {
  inverse: perWorkgroup(inverse),
  state: perWorkgroup(state),
  adjoint: perWorkgroup(adjoint),
};
