// Solves A x = b or Aᵀ x = b for a batch, in float64 between float32 doors: two systems on the lanes.
// Item = one pair of systems, the last one twice if their number is odd. Nothing crosses lanes.
//
// args: 0 a f32 [B, n, n], 1 b f32 [B, n, m], 2 x f32 [B, n, m], 3 rcond f32 [B] or 0, 4 n, 5 m, 6 B, 7 1 for Aᵀ.
// Scratch, in vectors of 16 bytes: A n², right-hand sides n m, pivots n, work 2 n.

import { arg } from "../runtime/host/lanes.as";
import { factorise, gather2, matrixNorm1, reciprocalCondition, scatter2, solve, solveTransposed } from "../runtime/host/lu.as";

/** `count` values of each of two systems, interleaved to `to`. */
function pack(a: usize, b: usize, count: usize, to: usize): void {
  for (let i: usize = 0; i < count; i++, a += 4, b += 4, to += 16) v128.store(to, gather2(a, b));
}

export function linearSolve(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = arg(args, 4), m = arg(args, 5), B = arg(args, 6), transposed = arg(args, 7) != 0, rcond = arg(args, 3);
  const A = scratch, b = A + ((n * n) << 4), pivots = b + ((n * m) << 4), work = pivots + (n << 4), step = m << 4;
  for (let item = lo; item < hi; item++) {
    const s = <usize>item << 1, both = s + 1 < B, t = both ? s + 1 : s, matrix = (n * n) << 2, columns = (n * m) << 2;
    pack(arg(args, 0) + s * matrix, arg(args, 0) + t * matrix, n * n, A);
    pack(arg(args, 1) + s * columns, arg(args, 1) + t * columns, n * m, b);
    const norm = rcond == 0 ? f64x2.splat(0) : matrixNorm1<f64>(A, n, work);
    factorise<f64>(A, n, pivots);
    for (let c: usize = 0; c < m; c++) {
      if (transposed) solveTransposed<f64>(A, n, pivots, b + (c << 4), step);
      else solve<f64>(A, n, pivots, b + (c << 4), step);
    }
    const x = arg(args, 2);
    for (let i: usize = 0; i < n * m; i++) scatter2(x + s * columns + (i << 2), x + t * columns + (i << 2), v128.load(b + (i << 4)), both);
    if (rcond != 0) scatter2(rcond + (s << 2), rcond + (t << 2), reciprocalCondition<f64>(A, n, pivots, norm, work), both);
  }
}
