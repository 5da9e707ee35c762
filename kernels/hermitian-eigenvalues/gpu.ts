// Eigenvalues and eigenvectors on the backend `webgpu`: a workgroup turns a matrix by Jacobi's rotations, row by row and
// column by column in a buffer, so that matrices of any size fit. float32, unlike the host form.

import type { GpuCall, GpuForm } from "../runtime/gpu/define.js";
import type { GpuPass, GpuWork } from "../runtime/gpu/passes.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";
import type { EigenvaluesAttrs } from "./contract.js";

const THREADS = 32;

/** Convergence is quadratic: float32 is reached in five to eight. */
const SWEEPS = 12;

// `A`: the matrix, and behind it V, as complex numbers. What is not zero beside the diagonal of A is at (p, q) of a rotation.
const diagonalise: GpuProgram = {
  name: "Jacobi's rotations",
  together: true,
  workgroup: THREADS,
  reads: { a: "f32" },
  writes: { A: "vec2<f32>" },
  numbers: { n: "u32" },
  code: `
fn times(x : vec2<f32>, y : vec2<f32>) -> vec2<f32> { return vec2<f32>(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x); }
fn conjugate(x : vec2<f32>) -> vec2<f32> { return vec2<f32>(x.x, -x.y); }
/** The Hermitian part of a matrix, and V = 1. */
fn load(index : u32, start : u32, local : u32) {
  let n = call.n; let size = n * n; let first = 2u * index * size;
  for (var at = local; at < size; at += ${String(THREADS)}u) {
    let i = at / n; let j = at % n; let mirrored = first + j * n + i;
    A[start + at] = 0.5 * vec2<f32>(a[first + at] + a[mirrored], a[first + size + at] - a[mirrored + size]);
    A[start + size + at] = vec2<f32>(select(0.0, 1.0, i == j), 0.0);
  }
}
/** c, t c and the phase of A_pq of the rotation that makes it zero; c = 1 where it is zero to rounding. */
fn rotation(start : u32, p : u32, q : u32) -> vec4<f32> {
  let n = call.n;
  let off = A[start + p * n + q]; let x = A[start + p * n + p].x; let y = A[start + q * n + q].x;
  let most = max(abs(off.x), abs(off.y));
  if (!(most > 1.0e-30)) { return vec4<f32>(1.0, 0.0, 1.0, 0.0); }
  let r = most * length(off / most);
  let theta = clamp(0.5 * (y - x) / r, -1.0e15, 1.0e15);
  let t = select(1.0, -1.0, theta < 0.0) / (abs(theta) + sqrt(1.0 + theta * theta));
  // 1/√(1 + t²), and 1 exactly where t is small: a c that is an ulp less would shrink V with every sweep.
  let square = t * t;
  let c = 1.0 - square / (1.0 + square + sqrt(1.0 + square));
  return vec4<f32>(c, t * c, off / r);
}
fn group(index : u32, local : u32) {
  let n = call.n; let size = n * n; let start = 2u * index * size;
  load(index, start, local);
  storageBarrier();
  for (var sweep = 0u; sweep < ${String(SWEEPS)}u; sweep++) {
    for (var p = 0u; p + 1u < n; p++) {
      for (var q = p + 1u; q < n; q++) {
        let turn = rotation(start, p, q);
        let c = turn.x; let s = turn.y * turn.zw;
        storageBarrier();
        // Columns p and q of A and of V: the rows of both are 2 n rows.
        for (var i = local; i < 2u * n; i += ${String(THREADS)}u) {
          let row = start + i * n;
          let x = A[row + p]; let y = A[row + q];
          A[row + p] = c * x - times(conjugate(s), y);
          A[row + q] = times(s, x) + c * y;
        }
        storageBarrier();
        for (var j = local; j < n; j += ${String(THREADS)}u) {
          let x = A[start + p * n + j]; let y = A[start + q * n + j];
          A[start + p * n + j] = c * x - times(s, y);
          A[start + q * n + j] = times(conjugate(s), x) + c * y;
        }
        storageBarrier();
        if (local == 0u) {
          // Zero, and real, but for rounding.
          A[start + p * n + q] = vec2<f32>(0.0); A[start + q * n + p] = vec2<f32>(0.0);
          A[start + p * n + p].y = 0.0; A[start + q * n + q].y = 0.0;
        }
        storageBarrier();
      }
    }
  }
}`,
};

/** Place of every column in rising order of the eigenvalues; of equal ones the first comes first. */
const RANK = `
fn valueOf(index : u32, k : u32) -> f32 { return A[2u * index * call.n * call.n + k * (call.n + 1u)].x; }
/** Numbers in order as integers in order. */
fn keyOf(x : f32) -> i32 { let bits = bitcast<i32>(x); return select(bits, bits ^ 0x7fffffff, bits < 0); }
fn rankOf(index : u32, k : u32) -> u32 {
  let own = keyOf(valueOf(index, k));
  var rank = 0u;
  for (var l = 0u; l < call.n; l++) {
    let other = keyOf(valueOf(index, l));
    rank += select(0u, 1u, other < own || (other == own && l < k));
  }
  return rank;
}`;

const sorted: GpuProgram = {
  name: "eigenvalues in order",
  reads: { A: "vec2<f32>" },
  writes: { values: "f32" },
  numbers: { n: "u32" },
  code: `
${RANK}
fn item(at : u32) {
  let index = at / call.n; let k = at % call.n;
  values[index * call.n + rankOf(index, k)] = valueOf(index, k);
}`,
};

/** Ā = V diag(λ̄) V†. */
const gradient: GpuProgram = {
  name: "eigenvalues, gradient",
  reads: { A: "vec2<f32>", dvalues: "f32" },
  writes: { bar: "f32" },
  numbers: { n: "u32" },
  code: `
${RANK}
fn item(at : u32) {
  let n = call.n; let size = n * n; let index = at / size; let i = (at / n) % n; let j = at % n;
  let V = (2u * index + 1u) * size;
  var sum = vec2<f32>(0.0);
  for (var k = 0u; k < n; k++) {
    let x = A[V + i * n + k]; let y = A[V + j * n + k];
    sum += dvalues[index * n + rankOf(index, k)] * vec2<f32>(x.x * y.x + x.y * y.y, x.y * y.x - x.x * y.y);
  }
  bar[2u * index * size + i * n + j] = sum.x;
  bar[(2u * index + 1u) * size + i * n + j] = sum.y;
}`,
};

/** Columns in order, times phases that make the largest component of each real and positive; of several the first. */
const vectors: GpuProgram = {
  name: "eigenvectors in order",
  reads: { A: "vec2<f32>" },
  writes: { columns: "f32" },
  numbers: { n: "u32" },
  code: `
${RANK}
fn item(at : u32) {
  let n = call.n; let size = n * n; let index = at / n; let k = at % n;
  let V = (2u * index + 1u) * size + k; let column = 2u * index * size + rankOf(index, k);
  var chosen = vec2<f32>(1.0, 0.0); var most = 0.0;
  for (var i = 0u; i < n; i++) {
    let x = A[V + i * n];
    if (dot(x, x) > most) { most = dot(x, x); chosen = x / length(x); }
  }
  for (var i = 0u; i < n; i++) {
    let x = A[V + i * n];
    columns[column + i * n] = dot(x, chosen);
    columns[column + size + i * n] = x.y * chosen.x - x.x * chosen.y;
  }
}`,
};

type Call = Pick<GpuCall<EigenvaluesAttrs>, "inputs">;

/** The rotations, then what is made of their result: so many items a matrix. */
function workOf(
  { inputs }: Call,
  results: readonly (readonly [GpuProgram, (n: number) => number])[],
): Pick<GpuWork, "scratch" | "passes"> {
  const [B, , n] = inputs["a"] as [number, number, number];
  const first: GpuPass = { program: diagonalise, items: B, numbers: { n } };
  const rest = results.map(([program, items]) => ({
    ...{ program, items: B * items(n), numbers: { n } },
  }));
  return { scratch: { A: 4 * B * n * n }, passes: [first, ...rest] };
}

/** Form of `ZenoHermitianEigenvalues`. */
export const eigenvaluesGpu: GpuForm<EigenvaluesAttrs> = {
  by: "wgsl",
  work: (call) => ({ outputs: ["values"], ...workOf(call, [[sorted, (n) => n]]) }),
};

/** Form of `ZenoHermitianEigenvaluesGrad`. */
export const eigenvaluesGradGpu: GpuForm<EigenvaluesAttrs> = {
  by: "wgsl",
  work: (call) => ({ outputs: ["bar"], ...workOf(call, [[gradient, (n) => n * n]]) }),
};

/** Form of `ZenoHermitianEigenvectors`. */
export const eigenvectorsGpu: GpuForm<EigenvaluesAttrs> = {
  by: "wgsl",
  work: (call) => ({
    outputs: ["values", "columns"],
    ...workOf(call, [
      [sorted, (n) => n],
      [vectors, (n) => n],
    ]),
  }),
};
