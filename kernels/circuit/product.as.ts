// Product states: the vectors of single wires, their product over all wires, and the cotangents of the vectors. A range
// of wires lo … hi - 1 (bits, the least first) is the product of its upper half A and its lower half B.

import { accumulate, add, cosSin, mul, sub } from "../runtime/host/lanes.as";

// Calls of memory.copy and memory.fill leave the module, which costs more than these few bytes.

// @ts-ignore: decorator
@inline function copyVector(to: usize, from: usize): void {
  for (let i: usize = 0; i < 64; i += 16) v128.store(to + i, v128.load(from + i));
}
// @ts-ignore: decorator
@inline export function clear(at: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) v128.store(at, zero);
}

/** Bytes of the tree of a range without its root: the products of its parts. */
export function treeBytes(bits: usize): usize {
  if (bits == 1) return 0;
  const low = bits >> 1, high = bits - low;
  return (32 << low) + (32 << high) + treeBytes(low) + treeBytes(high);
}

/** The product of the vectors of bits lo … hi - 1 to `to`; its parts to `tree`. */
export function expand(vectors: usize, lo: usize, hi: usize, to: usize, tree: usize): void {
  const bits = hi - lo;
  if (bits == 1) {
    copyVector(to, vectors + (lo << 6));
    return;
  }
  const low = bits >> 1, A = tree, B = A + (32 << (bits - low)), subA = B + (32 << low), subB = subA + treeBytes(bits - low);
  expand(vectors, lo + low, hi, A, subA);
  expand(vectors, lo, lo + low, B, subB);
  const endA = A + (32 << (bits - low)), endB = B + (32 << low);
  for (let a = A; a < endA; a += 32) {
    const ar = v128.load(a), ai = v128.load(a, 16);
    for (let b = B; b < endB; b += 32, to += 32) {
      const br = v128.load(b), bi = v128.load(b, 16);
      v128.store(to, sub(mul(ar, br), mul(ai, bi)));
      v128.store(to, add(mul(ar, bi), mul(ai, br)), 16);
    }
  }
}

/** The cotangents of the vectors of a range, in the place of `bars`, from the cotangent of its product. */
export function contract(lambda: usize, lo: usize, hi: usize, tree: usize, bars: usize, work: usize): void {
  const bits = hi - lo;
  if (bits == 1) {
    copyVector(bars + (lo << 6), lambda);
    return;
  }
  const low = bits >> 1, A = tree, B = A + (32 << (bits - low)), subA = B + (32 << low), subB = subA + treeBytes(bits - low);
  const barA = work, barB = barA + (32 << (bits - low)), rest = barB + (32 << low), sizeA = <usize>32 << (bits - low), sizeB = <usize>32 << low;
  clear(barB, sizeB);
  for (let a: usize = 0; a < sizeA; a += 32) {
    const ar = v128.load(A + a), ai = v128.load(A + a, 16);
    let re = f32x4.splat(0), im = f32x4.splat(0);
    for (let b: usize = 0; b < sizeB; b += 32, lambda += 32) {
      const lr = v128.load(lambda), li = v128.load(lambda, 16), br = v128.load(B + b), bi = v128.load(B + b, 16);
      re = add(re, add(mul(lr, br), mul(li, bi)));
      im = add(im, sub(mul(li, br), mul(lr, bi)));
      accumulate(barB + b, add(mul(lr, ar), mul(li, ai)));
      accumulate(barB + b + 16, sub(mul(li, ar), mul(lr, ai)));
    }
    v128.store(barA + a, re);
    v128.store(barA + a, im, 16);
  }
  contract(barA, lo + low, hi, subA, bars, rest);
  contract(barB, lo, lo + low, subB, bars, rest);
}

/** One rotation of a vector, by X, Y or Z with c and s of half the angle. */
function rotate(v: usize, axis: i32, c: v128, s: v128): void {
  const ar = v128.load(v), ai = v128.load(v, 16), br = v128.load(v, 32), bi = v128.load(v, 48);
  if (axis == 0) {
    v128.store(v, add(mul(c, ar), mul(s, bi))); v128.store(v, sub(mul(c, ai), mul(s, br)), 16);
    v128.store(v, add(mul(c, br), mul(s, ai)), 32); v128.store(v, sub(mul(c, bi), mul(s, ar)), 48);
  } else if (axis == 1) {
    v128.store(v, sub(mul(c, ar), mul(s, br))); v128.store(v, sub(mul(c, ai), mul(s, bi)), 16);
    v128.store(v, add(mul(c, br), mul(s, ar)), 32); v128.store(v, add(mul(c, bi), mul(s, ai)), 48);
  } else {
    v128.store(v, add(mul(c, ar), mul(s, ai))); v128.store(v, sub(mul(c, ai), mul(s, ar)), 16);
    v128.store(v, sub(mul(c, br), mul(s, bi)), 32); v128.store(v, add(mul(c, bi), mul(s, br)), 48);
  }
}

/** Twice the gradient by the angle of a rotation, from a vector and its cotangent after it: Im⟨bar|P|v⟩. */
function angleGradient(v: usize, bar: usize, axis: i32): v128 {
  const ar = v128.load(v), ai = v128.load(v, 16), br = v128.load(v, 32), bi = v128.load(v, 48);
  const pr = v128.load(bar), pi = v128.load(bar, 16), qr = v128.load(bar, 32), qi = v128.load(bar, 48);
  if (axis == 0) return add(sub(mul(pr, bi), mul(pi, br)), sub(mul(qr, ai), mul(qi, ar)));
  if (axis == 1) return sub(add(mul(qr, ar), mul(qi, ai)), add(mul(pr, br), mul(pi, bi)));
  return sub(sub(mul(pr, ai), mul(pi, ar)), sub(mul(qr, bi), mul(qi, br)));
}

// Records of rotations, 8 words: 0 bit, 1 axis, 2 column of the samples' table or -1, 3 half its factor, 4 half its
// offset, 5 place of c and s in the row, 6 place of its sum or -1.

/** The vectors of n wires; c and s of every rotation are kept at `trig`. */
export function wireVectors(count: i32, records: usize, row: usize, xs: usize, n: usize, vectors: usize, trig: usize): void {
  clear(vectors, n << 6);
  for (let q: usize = 0; q < n; q++) v128.store(vectors + (q << 6), f32x4.splat(1));
  for (let i = 0; i < count; i++, records += 32, trig += 32) {
    const column = load<i32>(records, 8);
    if (column < 0) {
      const from = row + (<usize>load<u32>(records, 20) << 2);
      v128.store(trig, v128.load_splat<f32>(from));
      v128.store(trig, v128.load_splat<f32>(from, 4), 16);
    } else {
      const x = v128.load(xs + (<usize>column << 4));
      cosSin(add(mul(x, v128.load_splat<f32>(records, 12)), v128.load_splat<f32>(records, 16)), trig);
    }
    rotate(vectors + (<usize>load<u32>(records) << 6), load<i32>(records, 4), v128.load(trig), v128.load(trig, 16));
  }
}

/** The way back: gradients of shared angles to their sums, of the others to `dxs`, a vector for each column. */
export function wireVectorsBack(count: i32, records: usize, vectors: usize, bars: usize, trig: usize, sums: usize, dxs: usize): void {
  for (let i = count - 1; i >= 0; i--) {
    const record = records + (<usize>i << 5), at = trig + (<usize>i << 5), axis = load<i32>(record, 4);
    const v = vectors + (<usize>load<u32>(record) << 6), bar = bars + (<usize>load<u32>(record) << 6);
    const column = load<i32>(record, 8), sum = load<i32>(record, 24);
    if (column >= 0 || sum >= 0) {
      const twice = angleGradient(v, bar, axis);
      if (column >= 0) accumulate(dxs + (<usize>column << 4), mul(v128.load_splat<f32>(record, 12), twice));
      else accumulate(sums + (<usize>sum << 4), mul(f32x4.splat(0.5), twice));
    }
    const c = v128.load(at), s = f32x4.neg(v128.load(at, 16));
    rotate(v, axis, c, s);
    rotate(bar, axis, c, s);
  }
}
