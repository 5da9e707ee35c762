// Eigenvalues of Hermitian matrices by Jacobi's rotations, their vector-Jacobian product, and eigenvectors, in float64
// between float32 doors. Item = one matrix, so that each converges on its own.
//
// args: 0 A f32 [B, 2, n, n], 1 values f32 [B, n], 2 n, and for the gradient 3 cotangent f32 [B, n], 4 ABar;
// for vectors 4 V f32 [B, 2, n, n].
// Scratch, in bytes: A and V as complex matrices, 32 n², and the order of the eigenvalues, 4 n.

import { arg } from "../runtime/host/lanes.as";

const MAX_SWEEPS: i32 = 40;

export function hermitianEigenvalues(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = arg(args, 2), order = orderAt(n, scratch);
  for (let s = lo; s < hi; s++) {
    loadMatrix(args, <usize>s, scratch);
    diagonalise(n, scratch, false);
    sort(n, scratch);
    const out = arg(args, 1) + ((<usize>s * n) << 2);
    for (let i: usize = 0; i < n; i++) store<f32>(out + (i << 2), <f32>diagonal(n, scratch, column(order, i)));
  }
}

/** Eigenvalues, and eigenvectors as columns whose largest component is real and positive. */
export function hermitianEigenvectors(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = arg(args, 2), order = orderAt(n, scratch);
  for (let s = lo; s < hi; s++) {
    loadMatrix(args, <usize>s, scratch);
    diagonalise(n, scratch, true);
    sort(n, scratch);
    const values = arg(args, 1) + ((<usize>s * n) << 2), vectors = arg(args, 4) + (<usize>s * n * n << 3);
    for (let i: usize = 0; i < n; i++) {
      store<f32>(values + (i << 2), <f32>diagonal(n, scratch, column(order, i)));
      storeVector(n, scratch, column(order, i), vectors + (i << 2));
    }
  }
}

/** Ā = V diag(cotangent) V†. */
export function hermitianEigenvaluesGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = arg(args, 2), order = orderAt(n, scratch), half = n * n << 3, V = scratch + 2 * half;
  for (let s = lo; s < hi; s++) {
    loadMatrix(args, <usize>s, scratch);
    diagonalise(n, scratch, true);
    sort(n, scratch);
    const bar = arg(args, 3) + ((<usize>s * n) << 2), out = arg(args, 4) + (<usize>s * n * n << 3);
    for (let i: usize = 0; i < n; i++)
      for (let j: usize = 0; j < n; j++) {
        let re: f64 = 0, im: f64 = 0;
        for (let k: usize = 0; k < n; k++) {
          const c = column(order, k), a = V + ((i * n + c) << 3), b = V + ((j * n + c) << 3), w = <f64>f32.load(bar + (k << 2));
          const x = f64.load(a), y = f64.load(a + half), u = f64.load(b), v = f64.load(b + half);
          re += w * (x * u + y * v);
          im += w * (y * u - x * v);
        }
        store<f32>(out + ((i * n + j) << 2), <f32>re);
        store<f32>(out + ((n * n + i * n + j) << 2), <f32>im);
      }
  }
}

// @ts-ignore: decorator
@inline function orderAt(n: usize, w: usize): usize { return w + (n * n << 5); }
// @ts-ignore: decorator
@inline function column(order: usize, i: usize): usize { return <usize>i32.load(order + (i << 2)); }
// @ts-ignore: decorator
@inline function diagonal(n: usize, w: usize, i: usize): f64 { return f64.load(w + ((i * (n + 1)) << 3)); }

/** The Hermitian part of matrix s, and V = 1. */
function loadMatrix(args: usize, s: usize, w: usize): void {
  const n = arg(args, 2), half = n * n << 3, from = arg(args, 0) + (s * n * n << 3), imaginary = n * n << 2;
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      const a = from + ((i * n + j) << 2), b = from + ((j * n + i) << 2), to = w + ((i * n + j) << 3);
      store<f64>(to, 0.5 * (<f64>f32.load(a) + <f64>f32.load(b)));
      store<f64>(to + half, 0.5 * (<f64>f32.load(a + imaginary) - <f64>f32.load(b + imaginary)));
      store<f64>(to + 2 * half, i == j ? 1 : 0);
      store<f64>(to + 3 * half, 0);
    }
}

/** Sweeps over all pairs until the rest beside the diagonal is rounding. */
function diagonalise(n: usize, w: usize, vectors: bool): void {
  const half = n * n << 3;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off: f64 = 0, all: f64 = 0;
    for (let i: usize = 0; i < n; i++)
      for (let j: usize = 0; j < n; j++) {
        const at = w + ((i * n + j) << 3), x = f64.load(at), y = f64.load(at + half), size = x * x + y * y;
        all += size;
        if (i != j) off += size;
      }
    if (!(off > 1e-32 * all)) return;
    for (let p: usize = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(n, w, p, q, vectors);
  }
}

/** x ← c x - s e* y and y ← s e x + c y over n complex entries `step` bytes apart, e = (er, ei). */
function turn(x: usize, y: usize, n: usize, step: usize, half: usize, c: f64, s: f64, er: f64, ei: f64): void {
  for (let i: usize = 0; i < n; i++, x += step, y += step) {
    const a = f64.load(x), b = f64.load(x + half), u = f64.load(y), v = f64.load(y + half);
    store<f64>(x, c * a - s * (er * u + ei * v));
    store<f64>(x + half, c * b - s * (er * v - ei * u));
    store<f64>(y, s * (er * a - ei * b) + c * u);
    store<f64>(y + half, s * (er * b + ei * a) + c * v);
  }
}

/** The rotation that makes entry [p, q] zero, A ← J† A J and V ← V J. */
function rotate(n: usize, w: usize, p: usize, q: usize, vectors: bool): void {
  const half = n * n << 3, row = n << 3, at = w + ((p * n + q) << 3);
  const x = f64.load(at), y = f64.load(at + half), r = Math.sqrt(x * x + y * y);
  if (r == 0) return;
  const theta = 0.5 * (diagonal(n, w, q) - diagonal(n, w, p)) / r;
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(1 + theta * theta));
  const c = 1 / Math.sqrt(1 + t * t), s = t * c, er = x / r, ei = y / r;
  turn(w + (p << 3), w + (q << 3), n, row, half, c, s, er, ei);
  turn(w + p * row, w + q * row, n, 8, half, c, s, er, -ei);
  if (vectors) turn(w + 2 * half + (p << 3), w + 2 * half + (q << 3), n, row, half, c, s, er, ei);
}

/** Column k of V to a column of f32 at `to`, its phase such that the first of its largest components is positive. */
function storeVector(n: usize, w: usize, k: usize, to: usize): void {
  const half = n * n << 3, row = n << 3, V = w + 2 * half + (k << 3), imaginary = n * n << 2;
  let most: f64 = 0, er: f64 = 1, ei: f64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const x = f64.load(V + i * row), y = f64.load(V + i * row + half), size = x * x + y * y;
    // Components of the same size up to rounding: the first.
    if (!(size > most * (1 + 1e-9))) continue;
    most = size;
    const r = Math.sqrt(size);
    er = x / r;
    ei = y / r;
  }
  for (let i: usize = 0; i < n; i++, to += n << 2) {
    const x = f64.load(V + i * row), y = f64.load(V + i * row + half);
    store<f32>(to, <f32>(x * er + y * ei));
    store<f32>(to + imaginary, <f32>(y * er - x * ei));
  }
}

/** Numbers of the columns, smallest eigenvalue first. */
function sort(n: usize, w: usize): void {
  const order = orderAt(n, w);
  for (let i: usize = 0; i < n; i++) {
    let at = i;
    for (; at > 0 && diagonal(n, w, column(order, at - 1)) > diagonal(n, w, i); at--) i32.store(order + (at << 2), <i32>column(order, at - 1));
    i32.store(order + (at << 2), <i32>i);
  }
}
