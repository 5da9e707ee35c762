// The linear solve on the backend `webgpu`: a workgroup factorises a system with row pivoting, in a buffer, so that systems of
// any size fit. float32, unlike the host form: the error grows with the condition number.

import type { GpuForm } from "../runtime/gpu/define.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";
import type { LinearSolveAttrs } from "./contract.js";

const THREADS = 64;

// Rows of `work`: A or its transpose, b, and the identity where the condition is wanted, all of `width` columns.
const program: GpuProgram = {
  name: "linear solve",
  together: true,
  workgroup: THREADS,
  reads: { a: "f32", b: "f32" },
  writes: { work: "f32", x: "f32", rcond: "f32" },
  numbers: { n: "u32", m: "u32", width: "u32", transpose: "u32" },
  code: `
fn load(index : u32, local : u32) {
  let n = call.n; let m = call.m;
  for (var at = local; at < n * call.width; at += ${THREADS}u) {
    let i = at / call.width; let j = at % call.width;
    var value = 0.0;
    if (j < n) { value = a[index * n * n + select(i * n + j, j * n + i, call.transpose == 1u)]; }
    else if (j < n + m) { value = b[(index * n + i) * m + j - n]; }
    else if (j - n - m == i) { value = 1.0; }
    work[index * n * call.width + at] = value;
  }
}
/** Largest sum of magnitudes of a column (a row of the transpose), of the columns from \`first\` on. */
fn norm(start : u32, first : u32) -> f32 {
  var most = 0.0;
  for (var i = 0u; i < call.n; i++) {
    var sum = 0.0;
    for (var j = 0u; j < call.n; j++) {
      sum += abs(work[start + select(j * call.width + first + i, i * call.width + first + j, call.transpose == 1u)]);
    }
    // Not max, which forgets what is not a number.
    if (!(sum <= most)) { most = sum; }
  }
  return most;
}
fn group(index : u32, local : u32) {
  let n = call.n; let width = call.width; let start = index * n * width;
  load(index, local);
  storageBarrier();
  let size = norm(start, 0u);
  storageBarrier();
  var singular = false;
  for (var k = 0u; k < n; k++) {
    // Every thread finds the pivot: the same reads, the same answer.
    var pivot = k; var best = abs(work[start + k * width + k]);
    for (var i = k + 1u; i < n; i++) {
      let other = abs(work[start + i * width + k]);
      if (other > best) { best = other; pivot = i; }
    }
    singular = singular || !(best > 0.0);
    storageBarrier();
    for (var j = k + local; j < width; j += ${THREADS}u) {
      let upper = start + k * width + j; let lower = start + pivot * width + j;
      let kept = work[upper]; work[upper] = work[lower]; work[lower] = kept;
    }
    storageBarrier();
    let inverse = 1.0 / work[start + k * width + k];
    for (var i = k + 1u + local; i < n; i += ${THREADS}u) {
      let factor = work[start + i * width + k] * inverse;
      for (var j = k + 1u; j < width; j++) { work[start + i * width + j] -= factor * work[start + k * width + j]; }
    }
    storageBarrier();
  }
  // Columns on the right are independent: no barriers.
  for (var j = n + local; j < width; j += ${THREADS}u) {
    for (var r = 0u; r < n; r++) {
      let k = n - 1u - r;
      let value = work[start + k * width + j] / work[start + k * width + k];
      work[start + k * width + j] = value;
      for (var i = 0u; i < k; i++) { work[start + i * width + j] -= work[start + i * width + k] * value; }
      if (j < n + call.m) { x[(index * n + k) * call.m + j - n] = select(value, call.nan, singular); }
    }
  }
  storageBarrier();
  if (local == 0u && width > n + call.m) {
    let both = size * norm(start, n + call.m);
    rcond[index] = select(select(0.0, 1.0 / both, both < call.infinity), call.nan, both != both);
    if (singular) { rcond[index] = 0.0; }
  }
}`,
};

/** Form of `ZenoLinearSolve`. */
export const linearSolveGpu: GpuForm<LinearSolveAttrs> = {
  by: "wgsl",
  work: ({ inputs, attrs: { transpose, condition } }) => {
    const [B, n, m] = inputs["b"] as [number, number, number];
    const width = n + m + (condition ? n : 0);
    const numbers = { n, m, width, transpose: Number(transpose) };
    return {
      outputs: ["x", "rcond"],
      scratch: { work: B * n * width },
      passes: [{ program, items: B, numbers }],
    };
  },
};
