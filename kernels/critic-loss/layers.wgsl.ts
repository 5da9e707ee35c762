// WGSL of the critic's layers: one product a program, forward, back and along tangents, an entry to an invocation. README.md
// names the letters; which passes run is said in gpu.ts.

import { SLOPE_FLOOR } from "./reference.js";
import type { ElementType, GpuProgram } from "../runtime/gpu/pipelines.js";
import type { Penalty } from "./contract.js";

type Types = Readonly<Record<string, ElementType>>;

/** Rows whose products are added one after another. */
export const BLOCK = 192;

/** Terms of a product that are added one after another. */
const TERMS = 64;

/**
 * B points of each of three kinds, K parameters of a replica; of a layer its weights `[in, out]` at `weightsAt`, where the
 * buffers of activations and of slopes have the layer below and its own, and whether it is the first and the last one.
 */
const LAYER: Types = {
  ...{ B: "u32", K: "u32", inputs: "u32", outputs: "u32", weightsAt: "u32" },
  ...{ below: "u32", own: "u32", first: "u32", last: "u32" },
};

/** A sum of sums of 64 terms, `term` of i from 0 to `count` − 1. */
function sumOf(count: string, term: string): string {
  return `
  var sum = 0.0;
  for (var start = 0u; start < ${count}; start += ${String(TERMS)}u) {
    var part = 0.0;
    for (var i = start; i < min(${count}, start + ${String(TERMS)}u); i++) { part += ${term}; }
    sum += part;
  }`;
}

/** `h_l = m_l ∘ (h_{l−1} W_l + b_l)` of all rows. */
export const forward: GpuProgram = {
  name: "critic, layer",
  reads: { parameters: "f32", points: "f32" },
  writes: { h: "f32" },
  numbers: LAYER,
  code: `
fn entering(row : u32, i : u32) -> f32 {
  let at = row * call.inputs + i;
  if (call.first == 1u) { return points[at]; }
  return h[call.below + at];
}
fn item(index : u32) {
  let j = index % call.outputs; let row = index / call.outputs;
  let weights = (row / (3u * call.B)) * call.K + call.weightsAt;
  ${sumOf("call.inputs", "entering(row, i) * parameters[weights + i * call.outputs + j]")}
  let z = sum + parameters[weights + call.inputs * call.outputs + j];
  h[call.own + index] = select(max(z, 0.0), call.nan, z != z);
}`,
};

/**
 * `v_l = m_l ∘ (v_{l+1} W_{l+1}ᵀ)` of the rows from `skip` of each replica on, where the layer is the one above: `own` has
 * v of that layer, `below` that of this one. Above the last hidden layer stands the cotangent of the value.
 */
export const backward: GpuProgram = {
  name: "critic, slopes",
  reads: { parameters: "f32", h: "f32", dy: "f32" },
  writes: { v: "f32", g: "f32" },
  numbers: { ...LAYER, skip: "u32" },
  code: `
/** Cotangent of D: of the means, and 1 for slopes. */
fn above(p : u32, kind : u32) -> f32 { if (kind == 2u) { return 1.0; } return dy[3u * p + kind] / f32(call.B); }
fn item(index : u32) {
  let j = index % call.inputs; let kept = 3u * call.B - call.skip; let at = index / call.inputs;
  let p = at / kept; let row = p * 3u * call.B + call.skip + at % kept;
  let weights = p * call.K + call.weightsAt + j * call.outputs;
  var result = 0.0;
  if (call.last == 1u) { result = above(p, (row / call.B) % 3u) * parameters[weights]; }
  else { ${sumOf("call.outputs", "v[call.own + row * call.outputs + i] * parameters[weights + i]")} result = sum; }
  if (call.first == 1u) { g[row * call.inputs + j] = result; return; }
  let place = call.below + row * call.inputs + j;
  let activation = h[place];
  v[place] = select(select(0.0, result, activation > 0.0), call.nan, activation != activation);
}`,
};

/** D of the means' rows; of the others the penalty, and where it is wanted `t₀`, for which g makes room: its gradient is 0. */
export function ends(penalty: Penalty): GpuProgram {
  return {
    name: `critic, values, ${penalty}`,
    reads: { parameters: "f32", h: "f32", dy: "f32" },
    writes: { g: "f32", each: "f32", t: "f32" },
    numbers: { ...LAYER, d: "u32", tangents: "u32" },
    code: `
fn item(row : u32) {
  let p = row / (3u * call.B); let kind = (row / call.B) % 3u;
  if (kind < 2u) {
    let weights = p * call.K + call.weightsAt;
    ${sumOf("call.inputs", "h[call.below + row * call.inputs + i] * parameters[weights + i]")}
    each[row] = sum + parameters[weights + call.inputs];
    return;
  }
  var squares = ${String(SLOPE_FLOOR)};
  for (var i = 0u; i < call.d; i++) { squares += g[row * call.d + i] * g[row * call.d + i]; }
  let norm = sqrt(squares);
  var excess = norm - 1.0;
  ${penalty === "oneSided" ? "if (excess < 0.0) { excess = 0.0; }" : ""}
  each[row] = excess * excess;
  if (call.tangents == 0u) { return; }
  let factor = 2.0 * dy[3u * p + 2u] / f32(call.B) * excess / norm;
  let to = (p * call.B + row % call.B) * call.d;
  for (var i = 0u; i < call.d; i++) { t[to + i] = factor * g[row * call.d + i]; g[row * call.d + i] = 0.0; }
}`,
  };
}

/** `t_l = m_l ∘ (t_{l−1} W_l)` of the rows of slopes, in place of their activations, of which the signs are used up. */
export const tangent: GpuProgram = {
  name: "critic, tangents",
  reads: { parameters: "f32", t: "f32" },
  writes: { h: "f32" },
  numbers: LAYER,
  code: `
fn entering(at : u32, row : u32, i : u32) -> f32 {
  if (call.first == 1u) { return t[at * call.inputs + i]; }
  return h[call.below + row * call.inputs + i];
}
fn item(index : u32) {
  let j = index % call.outputs; let at = index / call.outputs; let p = at / call.B;
  let row = (3u * p + 2u) * call.B + at % call.B;
  let weights = p * call.K + call.weightsAt + j;
  ${sumOf("call.inputs", "entering(at, row, i) * parameters[weights + i * call.outputs]")}
  let place = call.own + row * call.outputs + j;
  let activation = h[place];
  h[place] = select(select(0.0, sum, activation > 0.0), call.nan, activation != activation);
}`,
};

/**
 * `W̄_l = A_{l−1}ᵀ V_l` and `b̄_l = Σ V_l` over one block of rows: A has points or activations, and tangents where rows are of
 * slopes, which the biases leave out. Behind the last layer V is the cotangent of the value. To a buffer of this name.
 */
export function weightBars(to: string): GpuProgram {
  return {
    name: "critic, weights",
    reads: { points: "f32", t: "f32", h: "f32", v: "f32", dy: "f32" },
    writes: { [to]: "f32" },
    numbers: { ...LAYER, blocks: "u32" },
    code: `
fn activation(p : u32, row : u32, kind : u32, i : u32) -> f32 {
  let all = p * 3u * call.B + row;
  if (i == call.inputs) { return select(1.0, 0.0, kind == 2u); }
  if (call.first == 0u) { return h[call.below + all * call.inputs + i]; }
  if (kind < 2u) { return points[all * call.inputs + i]; }
  return t[(p * call.B + row - 2u * call.B) * call.inputs + i];
}
fn slope(p : u32, row : u32, kind : u32, j : u32) -> f32 {
  if (call.last == 0u) { return v[call.own + (p * 3u * call.B + row) * call.outputs + j]; }
  return select(dy[3u * p + min(kind, 1u)] / f32(call.B), 1.0, kind == 2u);
}
fn item(index : u32) {
  let size = (call.inputs + 1u) * call.outputs;
  let entry = index % size; let i = entry / call.outputs; let j = entry % call.outputs;
  let block = (index / size) % call.blocks; let p = index / (size * call.blocks);
  let end = min(3u * call.B, (block + 1u) * ${String(BLOCK)}u);
  var sum = 0.0;
  for (var start = block * ${String(BLOCK)}u; start < end; start += ${String(TERMS)}u) {
    var part = 0.0;
    for (var row = start; row < min(end, start + ${String(TERMS)}u); row++) {
      let kind = row / call.B;
      part += activation(p, row, kind, i) * slope(p, row, kind, j);
    }
    sum += part;
  }
  ${to}[(p * call.blocks + block) * call.K + call.weightsAt + entry] = sum;
}`,
  };
}
