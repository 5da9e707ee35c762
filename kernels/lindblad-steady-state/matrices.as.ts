// Complex and Hermitian matrices of two systems in float64, row-major, the imaginary part `half` bytes behind the real one.

import { daccumulate, dadd, dmul, dsub } from "../runtime/host/lu.as";

const ROOT_HALF: f64 = 0.70710678118654752;

/** Hermitian matrix with the coordinates at x to R. */
export function matrixOf(x: usize, n: usize, R: usize, half: usize): void {
  let c = x + (n << 4);
  for (let i: usize = 0; i < n; i++) {
    v128.store(R + ((i * n + i) << 4), v128.load(x + (i << 4)));
    v128.store(R + ((i * n + i) << 4) + half, f64x2.splat(0));
    for (let j = i + 1; j < n; j++, c += 32) {
      const re = dmul(v128.load(c), f64x2.splat(ROOT_HALF)), im = dmul(v128.load(c, 16), f64x2.splat(ROOT_HALF));
      v128.store(R + ((i * n + j) << 4), re);
      v128.store(R + ((j * n + i) << 4), re);
      v128.store(R + ((i * n + j) << 4) + half, im);
      v128.store(R + ((j * n + i) << 4) + half, f64x2.neg(im));
    }
  }
}

/** Coordinates of the Hermitian part of R to x. */
export function coordinatesOf(R: usize, n: usize, x: usize, half: usize): void {
  let c = x + (n << 4);
  for (let i: usize = 0; i < n; i++) {
    v128.store(x + (i << 4), v128.load(R + ((i * n + i) << 4)));
    for (let j = i + 1; j < n; j++, c += 32) {
      const a = R + ((i * n + j) << 4), b = R + ((j * n + i) << 4);
      v128.store(c, dmul(f64x2.splat(ROOT_HALF), dadd(v128.load(a), v128.load(b))));
      v128.store(c, dmul(f64x2.splat(ROOT_HALF), dsub(v128.load(a + half), v128.load(b + half))), 16);
    }
  }
}

/** C = A B, or 2 A B. */
export function multiply(A: usize, B: usize, C: usize, n: usize, half: usize, twice: bool): void {
  const row = n << 4;
  for (let i: usize = 0; i < n; i++, A += row)
    for (let j: usize = 0; j < n; j++, C += 16) {
      let re = f64x2.splat(0), im = re;
      for (let k: usize = 0, b = B + (j << 4); k < n; k++, b += row) {
        const x = v128.load(A + (k << 4)), y = v128.load(A + (k << 4) + half), u = v128.load(b), v = v128.load(b + half);
        re = dadd(re, dsub(dmul(x, u), dmul(y, v)));
        im = dadd(im, dadd(dmul(x, v), dmul(y, u)));
      }
      v128.store(C, twice ? dadd(re, re) : re);
      v128.store(C + half, twice ? dadd(im, im) : im);
    }
}

/**
 * C + T, where T is A B† or, with `columns`, B† A: a Hermitian matrix, of which only the diagonal and, doubled, what is
 * above it is added. The Hermitian part of C grows by T.
 */
export function accumulateHermitian(A: usize, B: usize, C: usize, n: usize, half: usize, columns: bool): void {
  const row = n << 4, step: usize = columns ? row : 16, next: usize = columns ? 16 : row;
  for (let i: usize = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let a = A + (columns ? j : i) * next, b = B + (columns ? i : j) * next, re = f64x2.splat(0), im = re;
      for (let k: usize = 0; k < n; k++, a += step, b += step) {
        const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
        re = dadd(re, dadd(dmul(x, u), dmul(y, v)));
        im = dadd(im, dsub(dmul(y, u), dmul(x, v)));
      }
      const to = C + ((i * n + j) << 4);
      daccumulate(to, i == j ? re : dadd(re, re));
      if (i != j) daccumulate(to + half, dadd(im, im));
    }
}
