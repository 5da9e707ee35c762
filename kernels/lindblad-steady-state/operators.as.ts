// The operators of two systems in float64: H and the jumps as they come, and the generator that is made from them.

import { arg } from "../runtime/host/lanes.as";
import { dadd, dmul, dsub } from "../runtime/host/lu.as";
import { halfOf, jumpsAt, pack, xAt } from "./frame.as";

/** H of the systems s and t, replaced by its Hermitian part, and their jump operators; returns how far H was from it, NaN if anything is not finite. */
export function loadOperators(args: usize, s: usize, t: usize, w: usize): v128 {
  const n = arg(args, 4), K = arg(args, 5), half = halfOf(args), one = n * n << 3;
  pack(arg(args, 0) + s * one, arg(args, 0) + t * one, 2 * n * n, w);
  pack(arg(args, 1) + s * K * one, arg(args, 1) + t * K * one, 2 * K * n * n, jumpsAt(args, w));
  // 0 · x is 0 but for infinities and NaN, which it hands on.
  let broken = f64x2.splat(0), most = f64x2.splat(Number.MIN_VALUE), off = f64x2.splat(0);
  for (let at = w; at < xAt(args, w); at += 16) broken = dadd(broken, dmul(f64x2.splat(0), v128.load(at)));
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j <= i; j++) {
      const a = w + ((i * n + j) << 4), b = w + ((j * n + i) << 4);
      const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
      most = f64x2.max(most, f64x2.max(f64x2.max(f64x2.abs(x), f64x2.abs(y)), f64x2.max(f64x2.abs(u), f64x2.abs(v))));
      off = f64x2.max(off, f64x2.max(f64x2.abs(dsub(x, u)), f64x2.abs(dadd(y, v))));
      const re = dmul(f64x2.splat(0.5), dadd(x, u)), im = dmul(f64x2.splat(0.5), dsub(y, v));
      v128.store(a, re);
      v128.store(b, re);
      v128.store(a + half, im);
      v128.store(b + half, f64x2.neg(im));
    }
  return dadd(f64x2.div(off, most), broken);
}

/** K = -i H - ½ Σ L† L in the place of H, so that 𝓛 X = K X + X K† + Σ L X L†. */
export function makeGenerator(args: usize, w: usize): void {
  const n = arg(args, 4), half = halfOf(args), row = n << 4;
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      let re = f64x2.splat(0), im = f64x2.splat(0);
      for (let L = jumpsAt(args, w); L < xAt(args, w); L += 2 * half)
        for (let k: usize = 0, a = L + (i << 4), b = L + (j << 4); k < n; k++, a += row, b += row) {
          const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
          re = dadd(re, dadd(dmul(x, u), dmul(y, v)));
          im = dadd(im, dsub(dmul(x, v), dmul(y, u)));
        }
      const at = w + ((i * n + j) << 4), minus = f64x2.splat(-0.5), h = v128.load(at);
      v128.store(at, dadd(v128.load(at + half), dmul(minus, re)));
      v128.store(at + half, dsub(dmul(minus, im), h));
    }
}
