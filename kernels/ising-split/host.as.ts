// Sums over all states of up to 36 spins, in float64: spins 0 … 5 number the rows c of a table of weights, spins 6 … 11
// its columns d, the outer spins 12 … n - 1 what is done with it. For one outer state a the weight of (c, d) is
// x[c] W[c, d] y[d], products of one factor a spin; sixteen outer states at a time make matrix products of these.
// args: 0 biases f64 [w]; 1 couplings f64 [n, w], symmetric, both times β; 2 W f64 [64, 64], largest entry 1; 3 its
//   transpose; 4 n; 5 w, n or n + 1, even; 6 low: outer spins 12 … 11 + low run through their states in an item, at least
//   4; the others are the bits of its number; 7 out f64 [items, size]; 8 size.
// Out: 0 logarithm of the unit of the rest; 1 sum of weights; then, for moments, w signed sums of each spin; n - 12 rows of
//   w, sums signed by an outer spin and each spin; 4,096 sums of x[c] y[d].

import { arg } from "../runtime/host/lanes.as";

export function isingSplitTotal(args: usize, lo: i32, hi: i32, scratch: usize): void { items<i32>(args, lo, hi, scratch); }
export function isingSplitMoments(args: usize, lo: i32, hi: i32, scratch: usize): void { items<f64>(args, lo, hi, scratch); }

// Scratch: fields, spins and signed sums of one outer state, then 16 of them: spins, x, y, W y, x W.
const SPINS: usize = 288, SUMS: usize = 576, FOLD: usize = 864, STATES: usize = 1376, ROW: usize = 288;
const X: usize = STATES + 16 * ROW, BLOCK: usize = 8192, Y: usize = X + BLOCK, U: usize = Y + BLOCK, V: usize = U + BLOCK;

/** Fields are found anew after so many flips, so that rounding does not add up. */
const FRESH: i32 = 1024;

// T: a float adds up moments as well.
// @ts-ignore: decorator
@inline function items<T>(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = <i32>arg(args, 4), low = <i32>arg(args, 6), count = 1 << low;
  for (let item = lo; item < hi; item++) {
    const out = arg(args, 7) + ((<usize>item * arg(args, 8)) << 3);
    memory.fill(out, 0, arg(args, 8) << 3);
    open(args, item, scratch);
    let top = -Infinity, exponent: f64 = 0;
    for (let t = 0; t < count; t++) {
      if ((t & (FRESH - 1)) == 0) exponent = refresh(args, scratch);
      top = max(top, exponent + sizeOfFields(scratch));
      exponent = step(args, t, low, exponent, scratch);
    }
    store<f64>(out, top);
    open(args, item, scratch);
    for (let t = 0; t < count; t += 16) {
      for (let k = 0; k < 16; k++) {
        if (((t + k) & (FRESH - 1)) == 0) exponent = refresh(args, scratch);
        factors(scratch, k, exponent - top);
        memory.copy(scratch + STATES + <usize>k * ROW, scratch + SPINS, <usize>n << 3);
        exponent = step(args, t + k, low, exponent, scratch);
      }
      products(scratch + Y, arg(args, 2), scratch + U);
      if (isFloat<T>()) {
        products(scratch + X, arg(args, 3), scratch + V);
        const w = <i32>arg(args, 5), pairs = out + 16 + (<usize>w << 3);
        for (let k = 0; k < 16; k++) addSums(scratch, k, n, w, out);
        outer(scratch, pairs + (<usize>(n - 12) * <usize>w << 3));
      } else for (let k: usize = 0; k < 16; k++) {
        const from = scratch + X + (k << 9), to = from + 512;
        let sum = f64x2.splat(0);
        for (let x = from, u = scratch + U + (k << 9); x < to; x += 16, u += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(x), v128.load(u)));
        store<f64>(out, load<f64>(out, 8) + total(sum), 8);
      }
    }
  }
}

// @ts-ignore: decorator
@inline function total(x: v128): f64 { return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1); }

/** The first outer state of an item: low spins down, the others by its number. */
function open(args: usize, item: i32, scratch: usize): void {
  const n = <i32>arg(args, 4), low = <i32>arg(args, 6);
  for (let i = 12; i < n; i++) {
    const up = i >= 12 + low && ((item >> (i - 12 - low)) & 1) != 0;
    store<f64>(scratch + SPINS + (<usize>i << 3), up ? 1 : -1);
  }
}

/** Fields of all spins due to biases and outer spins; returns the exponent of the outer spins alone. */
function refresh(args: usize, scratch: usize): f64 {
  const n = <i32>arg(args, 4), bytes = arg(args, 5) << 3;
  memory.copy(scratch, arg(args, 0), bytes);
  for (let q = 12; q < n; q++) addRow(args, q, load<f64>(scratch + SPINS + (<usize>q << 3)), scratch);
  let exponent: f64 = 0;
  // Each pair of outer spins stands in two fields.
  for (let q: usize = 12; q < <usize>n; q++)
    exponent += 0.5 * load<f64>(scratch + SPINS + (q << 3)) * (load<f64>(scratch + (q << 3)) + load<f64>(arg(args, 0) + (q << 3)));
  return exponent;
}

// @ts-ignore: decorator
@inline function addRow(args: usize, q: i32, factor: f64, scratch: usize): void {
  const bytes = arg(args, 5) << 3, row = arg(args, 1) + <usize>q * bytes, f = f64x2.splat(factor);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(scratch + i, f64x2.add(v128.load(scratch + i), f64x2.mul(f, v128.load(row + i))));
}

/** Turns the outer spin that follows state t in Gray code, if any does; returns the exponent of the outer spins then. */
function step(args: usize, t: i32, low: i32, exponent: f64, scratch: usize): f64 {
  const flip = ctz(t + 1);
  if (flip >= low) return exponent;
  const q = 12 + flip, at = scratch + SPINS + (<usize>q << 3), change = -2 * load<f64>(at);
  store<f64>(at, -load<f64>(at));
  const after = exponent + change * load<f64>(scratch + (<usize>q << 3));
  addRow(args, q, change, scratch);
  return after;
}

/** Sum of the magnitudes of the fields of inner spins. */
function sizeOfFields(scratch: usize): f64 {
  let sum = f64x2.splat(0);
  for (let i: usize = 0; i < 96; i += 16) sum = f64x2.add(sum, f64x2.abs(v128.load(scratch + i)));
  return total(sum);
}

/** e^x of x <= 0, to the last digit but one; 0 below -700. */
function exponential(x: f64): f64 {
  if (x < -700) return 0;
  const n = nearest(x * 1.4426950408889634), f = x - n * 0.693147180369123816490 - n * 1.90821492927058770002e-10;
  let p: f64 = 1.0 / 6227020800;
  p = p * f + 1.0 / 479001600; p = p * f + 1.0 / 39916800; p = p * f + 1.0 / 3628800; p = p * f + 1.0 / 362880; p = p * f + 1.0 / 40320;
  p = p * f + 1.0 / 5040; p = p * f + 1.0 / 720; p = p * f + 1.0 / 120; p = p * f + 1.0 / 24; p = p * f + 1.0 / 6;
  p = p * f + 0.5; p = p * f + 1; p = p * f + 1;
  return p * reinterpret<f64>((<i64>n + 1023) << 52);
}

/** x and y of outer state k: of every spin's two factors the larger is 1. x holds the weight of the state as well. */
function factors(scratch: usize, k: i32, exponent: f64): void {
  const x = scratch + X + (<usize>k << 9), y = scratch + Y + (<usize>k << 9);
  store<f64>(x, exponential(min(exponent + sizeOfFields(scratch), 0))); store<f64>(y, 1);
  doubling(scratch, x);
  doubling(scratch + 48, y);
}
function doubling(fields: usize, out: usize): void {
  for (let i: usize = 0; i < 6; i++) {
    const field = load<f64>(fields + (i << 3)), small = exponential(-2 * abs(field)), half: usize = 8 << i;
    const down = field > 0 ? small : 1, up = field > 0 ? 1 : small;
    for (let at = out; at < out + half; at += 8) {
      const value = load<f64>(at);
      store<f64>(at + half, value * up); store<f64>(at, value * down);
    }
  }
}

/** out[k, c] = Σ_d matrix[c, d] rows[k, d] for 16 rows of 64. */
function products(rows: usize, matrix: usize, out: usize): void {
  for (let k: usize = 0; k < BLOCK; k += 2048) for (let c: usize = 0; c < 64; c += 2) {
    const y = rows + k, w = matrix + (c << 9), to = out + k + (c << 3);
    let a0 = f64x2.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    for (let d: usize = 0; d < 512; d += 16) {
      const w0 = v128.load(w + d), w1 = v128.load(w + d, 512);
      let v = v128.load(y + d);
      a0 = f64x2.add(a0, f64x2.mul(v, w0)); a1 = f64x2.add(a1, f64x2.mul(v, w1)); v = v128.load(y + d, 512);
      b0 = f64x2.add(b0, f64x2.mul(v, w0)); b1 = f64x2.add(b1, f64x2.mul(v, w1)); v = v128.load(y + d, 1024);
      c0 = f64x2.add(c0, f64x2.mul(v, w0)); c1 = f64x2.add(c1, f64x2.mul(v, w1)); v = v128.load(y + d, 1536);
      d0 = f64x2.add(d0, f64x2.mul(v, w0)); d1 = f64x2.add(d1, f64x2.mul(v, w1));
    }
    v128.store(to, sums(a0, a1)); v128.store(to, sums(b0, b1), 512); v128.store(to, sums(c0, c1), 1024); v128.store(to, sums(d0, d1), 1536);
  }
}
// @ts-ignore: decorator
@inline function sums(a: v128, b: v128): v128 { return f64x2.add(i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3)); }

/** out[c, d] += Σ_k x[k, c] y[k, d]. */
function outer(scratch: usize, out: usize): void {
  for (let c: usize = 0; c < 512; c += 32) for (let d: usize = 0; d < 512; d += 32) {
    const to = out + (c << 6) + d;
    let a0 = v128.load(to), a1 = v128.load(to, 16), b0 = v128.load(to, 512), b1 = v128.load(to, 528);
    let c0 = v128.load(to, 1024), c1 = v128.load(to, 1040), d0 = v128.load(to, 1536), d1 = v128.load(to, 1552);
    for (let x = scratch + X + c, y = scratch + Y + d, end = x + BLOCK; x < end; x += 512, y += 512) {
      const y0 = v128.load(y), y1 = v128.load(y, 16);
      let v = v128.load64_splat(x);
      a0 = f64x2.add(a0, f64x2.mul(v, y0)); a1 = f64x2.add(a1, f64x2.mul(v, y1)); v = v128.load64_splat(x, 8);
      b0 = f64x2.add(b0, f64x2.mul(v, y0)); b1 = f64x2.add(b1, f64x2.mul(v, y1)); v = v128.load64_splat(x, 16);
      c0 = f64x2.add(c0, f64x2.mul(v, y0)); c1 = f64x2.add(c1, f64x2.mul(v, y1)); v = v128.load64_splat(x, 24);
      d0 = f64x2.add(d0, f64x2.mul(v, y0)); d1 = f64x2.add(d1, f64x2.mul(v, y1));
    }
    v128.store(to, a0); v128.store(to, a1, 16); v128.store(to, b0, 512); v128.store(to, b1, 528);
    v128.store(to, c0, 1024); v128.store(to, c1, 1040); v128.store(to, d0, 1536); v128.store(to, d1, 1552);
  }
}

/** Adds the sums of outer state k, and the same signed by each of its spins. */
function addSums(scratch: usize, k: i32, n: i32, w: i32, out: usize): void {
  const at = <usize>k << 9, spins = scratch + STATES + <usize>k * ROW, z = scratch + SUMS, bytes = <usize>w << 3;
  const sum = signed(scratch + X + at, scratch + U + at, scratch + FOLD, z);
  signed(scratch + Y + at, scratch + V + at, scratch + FOLD, z + 48);
  for (let i: usize = 96; i < <usize>n << 3; i += 8) store<f64>(z + i, sum * load<f64>(spins + i));
  if (w > n) store<f64>(z + (<usize>n << 3), 0);
  store<f64>(out, load<f64>(out, 8) + sum, 8);
  let to = out + 16;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f64x2.add(v128.load(to + i), v128.load(z + i)));
  for (let q: usize = 96; q < <usize>n << 3; q += 8) {
    to += bytes;
    const s = v128.load64_splat(spins + q);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f64x2.add(v128.load(to + i), f64x2.mul(s, v128.load(z + i))));
  }
}

/** Sums of a[x] b[x] over 64 states x, signed by each of their six spins; returns the sum without sign. */
function signed(a: usize, b: usize, fold: usize, out: usize): f64 {
  for (let x: usize = 0; x < 512; x += 16) v128.store(fold + x, f64x2.mul(v128.load(a + x), v128.load(b + x)));
  for (let half: usize = 256, i: usize = 40; half >= 16; half >>= 1, i -= 8) {
    let difference = f64x2.splat(0);
    for (let x: usize = 0; x < half; x += 16) {
      const down = v128.load(fold + x), up = v128.load(fold + x + half);
      difference = f64x2.add(difference, f64x2.sub(up, down));
      v128.store(fold + x, f64x2.add(down, up));
    }
    store<f64>(out + i, total(difference));
  }
  const down = load<f64>(fold), up = load<f64>(fold, 8);
  store<f64>(out, up - down);
  return down + up;
}
