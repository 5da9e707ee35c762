// The real Liouvillian of a frame in the basis E_ii, (E_ij + E_ji)/√2, i(E_ij - E_ji)/√2, i < j, from its generator and
// jump operators, and the system whose solution is the steady state (README.md): T = f64 or f32.

import { arg } from "../runtime/host/lanes.as";
import { halfOf, jumpsAt, systemAt, workAt, xAt } from "./frame.as";

const ROOT_TWO: f64 = 1.4142135623730951;

/** Adds to what is at `at`. */
// @ts-ignore: decorator
@inline function accumulate<T>(at: usize, x: v128): void { v128.store(at, v128.add<T>(v128.load(at), x)); }

/** Entry [a, b] of 𝓛 E_ij: real part returned, imaginary part stored at `im`. */
// @ts-ignore: decorator
@inline function entryOf<T>(args: usize, w: usize, i: usize, j: usize, a: usize, b: usize, im: usize): v128 {
  const n = arg(args, 4), half = halfOf(args);
  let re = v128.splat<T>(<T>0), imaginary = v128.splat<T>(<T>0);
  for (let L = jumpsAt(args, w); L < xAt(args, w); L += 2 * half) {
    const p = L + ((a * n + i) << 4), q = L + ((b * n + j) << 4);
    const x = v128.load(p), y = v128.load(p + half), u = v128.load(q), v = v128.load(q + half);
    re = v128.add<T>(re, v128.add<T>(v128.mul<T>(x, u), v128.mul<T>(y, v)));
    imaginary = v128.add<T>(imaginary, v128.sub<T>(v128.mul<T>(y, u), v128.mul<T>(x, v)));
  }
  if (b == j) {
    re = v128.add<T>(re, v128.load(w + ((a * n + i) << 4)));
    imaginary = v128.add<T>(imaginary, v128.load(w + ((a * n + i) << 4) + half));
  }
  if (a == i) {
    re = v128.add<T>(re, v128.load(w + ((b * n + j) << 4)));
    imaginary = v128.sub<T>(imaginary, v128.load(w + ((b * n + j) << 4) + half));
  }
  v128.store(im, imaginary);
  return re;
}

/** Columns of the real Liouvillian that belong to the pair i <= j; the first of them is `column`. */
function assembleColumns<T>(args: usize, w: usize, i: usize, j: usize, column: usize): void {
  const n = arg(args, 4), row = halfOf(args), at = systemAt(args, w) + (column << 4), spare = workAt(args, w);
  const root = v128.splat<T>(<T>ROOT_TWO);
  let r = n;
  for (let a: usize = 0; a < n; a++)
    for (let b = a; b < n; b++) {
      const gRe = entryOf<T>(args, w, i, j, a, b, spare), gIm = v128.load(spare);
      const y = at + (a == b ? a : r) * row;
      if (i == j) {
        if (a == b) v128.store(y, gRe);
        else {
          v128.store(y, v128.mul<T>(root, gRe));
          v128.store(y + row, v128.mul<T>(root, gIm));
        }
      } else if (a == b) {
        v128.store(y, v128.mul<T>(root, gRe));
        v128.store(y, v128.mul<T>(v128.neg<T>(root), gIm), 16);
      } else {
        const hRe = entryOf<T>(args, w, i, j, b, a, spare), hIm = v128.load(spare);
        v128.store(y, v128.add<T>(gRe, hRe));
        v128.store(y + row, v128.sub<T>(gIm, hIm));
        v128.store(y, v128.neg<T>(v128.add<T>(gIm, hIm)), 16);
        v128.store(y + row, v128.sub<T>(gRe, hRe), 16);
      }
      if (a != b) r += 2;
    }
}

/** The system A = 𝓛 + ω |σ)(1|, ω = mean |diag 𝓛|, σ = 1/n, and its right-hand side ω σ at x. */
export function assemble<T>(args: usize, w: usize): void {
  const n = arg(args, 4), d = n * n, row = d << 4, A = systemAt(args, w), x = xAt(args, w);
  let column = n;
  for (let i: usize = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      assembleColumns<T>(args, w, i, j, i == j ? i : column);
      if (i != j) column += 2;
    }
  let total = v128.splat<T>(<T>0);
  for (let i: usize = 0; i < d; i++) total = v128.add<T>(total, v128.abs<T>(v128.load(A + i * row + (i << 4))));
  const weight = v128.div<T>(total, v128.splat<T>(<T>(d * n)));
  memory.fill(x, 0, row);
  for (let i: usize = 0; i < n; i++) {
    v128.store(x + (i << 4), weight);
    for (let j: usize = 0; j < n; j++) accumulate<T>(A + i * row + (j << 4), weight);
  }
}
