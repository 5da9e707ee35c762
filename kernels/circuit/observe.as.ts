// What is read off a state: expectation values of Pauli words, or the amplitudes; and the cotangent of the state.
// Words are pairs of masks x and z.

import { accumulate, add, gather4, mul, sub } from "../runtime/host/lanes.as";
import { parity, signBits } from "./monomial.as";
import { clear } from "./product.as";

/** The first `count` lanes of x, lane l to `at` + l `stride`. */
function scatterSome(at: usize, stride: usize, x: v128, count: i32): void {
  v128.store_lane<f32>(at, x, 0);
  if (count > 1) v128.store_lane<f32>(at + stride, x, 1);
  if (count > 2) v128.store_lane<f32>(at + 2 * stride, x, 2);
  if (count > 3) v128.store_lane<f32>(at + 3 * stride, x, 3);
}
/** Four rows, the last of `count` for those that are missing. */
// @ts-ignore: decorator
@inline export function gatherSome(at: usize, stride: usize, count: i32): v128 {
  const last = <usize>(count - 1);
  return gather4(at, at + min<usize>(1, last) * stride, at + min<usize>(2, last) * stride, at + min<usize>(3, last) * stride);
}
/** Ones in the lanes that hold a sample. */
// @ts-ignore: decorator
@inline function valid(count: i32): v128 { return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)); }

// @ts-ignore: decorator
@inline function isBit(z: usize): bool { return z != 0 && (z & (z - 1)) == 0; }

/** |ψ_k|² of all amplitudes. */
function probabilities(psi: usize, N: usize, to: usize): void {
  for (let k: usize = 0; k < N; k++, psi += 32, to += 16) {
    const re = v128.load(psi), im = v128.load(psi, 16);
    v128.store(to, add(mul(re, re), mul(im, im)));
  }
}

/** ⟨Z⟩ of every bit to `bits`, and the sum of all behind them; halves `p`, whose values are lost. */
export function foldBits(p: usize, n: usize, bits: usize): void {
  for (let b = n; b-- > 0;) {
    const half = <usize>16 << b;
    let difference = f32x4.splat(0);
    for (let at = p; at < p + half; at += 16) {
      const x = v128.load(at), y = v128.load(at + half);
      difference = add(difference, sub(x, y));
      v128.store(at, add(x, y));
    }
    v128.store(bits + (b << 4), difference);
  }
  v128.store(bits + (n << 4), v128.load(p));
}

function signedSum(p: usize, N: usize, z: usize): v128 {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < N; k++) sum = add(sum, v128.xor(signBits(parity(k, z)), v128.load(p + (k << 4))));
  return sum;
}

/** Re ⟨ψ|P|ψ⟩ of a word with an X or a Y. */
function offDiagonal(psi: usize, N: usize, x: usize, z: usize): v128 {
  const y = i32.popcnt(<i32>(x & z)) & 3;
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < N; k++) {
    const a = psi + (k << 5), b = psi + ((k ^ x) << 5), ar = v128.load(a), ai = v128.load(a, 16), br = v128.load(b), bi = v128.load(b, 16);
    const term = y & 1 ? sub(mul(ai, br), mul(ar, bi)) : add(mul(ar, br), mul(ai, bi));
    sum = add(sum, v128.xor(signBits(parity(k ^ x, z) ^ (y >> 1)), term));
  }
  return sum;
}

/** Expectation values of `count` words, rows of the output at `out`; `p` takes N vectors, `bits` n + 1. */
export function expectations(psi: usize, n: usize, words: usize, count: usize, out: usize, lanes: i32, p: usize, bits: usize): void {
  const N = <usize>1 << n, stride = count << 2;
  probabilities(psi, N, p);
  // Words of several Zs first: the values are lost in foldBits.
  for (let w: usize = 0; w < count; w++) {
    const x = <usize>load<u32>(words + (w << 3)), z = <usize>load<u32>(words + (w << 3), 4);
    if (x != 0) scatterSome(out + (w << 2), stride, offDiagonal(psi, N, x, z), lanes);
    else if (z != 0 && !isBit(z)) scatterSome(out + (w << 2), stride, signedSum(p, N, z), lanes);
  }
  foldBits(p, n, bits);
  for (let w: usize = 0; w < count; w++) {
    const x = <usize>load<u32>(words + (w << 3)), z = <usize>load<u32>(words + (w << 3), 4);
    if (x != 0 || (z != 0 && !isBit(z))) continue;
    const b = z == 0 ? n : <usize>i32.ctz(<i32>z);
    scatterSome(out + (w << 2), stride, v128.load(bits + (b << 4)), lanes);
  }
}

/** λ = 2 Σ_w dy_w P_w ψ; `e` takes N vectors, `bits` n. */
export function expectationsBack(psi: usize, n: usize, words: usize, count: usize, dy: usize, lanes: i32, lambda: usize, e: usize, bits: usize): void {
  const N = <usize>1 << n, stride = count << 2, mask = valid(lanes), two = f32x4.splat(2);
  let base = f32x4.splat(0);
  clear(bits, n << 4);
  for (let w: usize = 0; w < count; w++) {
    const x = load<u32>(words + (w << 3)), z = <usize>load<u32>(words + (w << 3), 4);
    if (x != 0 || (z != 0 && !isBit(z))) continue;
    const d = v128.and(mask, mul(two, gatherSome(dy + (w << 2), stride, lanes)));
    base = add(base, d);
    if (z != 0) accumulate(bits + (<usize>i32.ctz(<i32>z) << 4), d);
  }
  // The factor of amplitude k: its upper half differs from its lower one by twice the word of that bit.
  v128.store(e, base);
  for (let b: usize = 0; b < n; b++) {
    const half = <usize>16 << b, d = mul(two, v128.load(bits + (b << 4)));
    for (let at = e; at < e + half; at += 16) v128.store(at + half, sub(v128.load(at), d));
  }
  for (let w: usize = 0; w < count; w++) {
    const x = load<u32>(words + (w << 3)), z = <usize>load<u32>(words + (w << 3), 4);
    if (x != 0 || z == 0 || isBit(z)) continue;
    const d = v128.and(mask, mul(two, gatherSome(dy + (w << 2), stride, lanes)));
    for (let k: usize = 0; k < N; k++) accumulate(e + (k << 4), v128.xor(signBits(parity(k, z)), d));
  }
  for (let k: usize = 0; k < N; k++) {
    const f = v128.load(e + (k << 4)), a = psi + (k << 5), to = lambda + (k << 5);
    v128.store(to, mul(f, v128.load(a)));
    v128.store(to, mul(f, v128.load(a, 16)), 16);
  }
  for (let w: usize = 0; w < count; w++) {
    const x = <usize>load<u32>(words + (w << 3)), z = <usize>load<u32>(words + (w << 3), 4);
    if (x == 0) continue;
    const d = v128.and(mask, mul(two, gatherSome(dy + (w << 2), stride, lanes))), y = i32.popcnt(<i32>(x & z)) & 3;
    for (let k: usize = 0; k < N; k++) {
      const b = psi + ((k ^ x) << 5), to = lambda + (k << 5), f = v128.xor(signBits(parity(k ^ x, z) ^ (y >> 1)), d);
      const re = mul(f, v128.load(b)), im = mul(f, v128.load(b, 16));
      accumulate(to, y & 1 ? f32x4.neg(im) : re);
      accumulate(to + 16, y & 1 ? re : im);
    }
  }
}

/** The amplitudes, to rows of N at `re` and `im`, `stride` bytes apart. */
export function storeState(psi: usize, N: usize, re: usize, im: usize, stride: usize, lanes: i32): void {
  for (let k: usize = 0; k < N; k++, psi += 32) {
    scatterSome(re + (k << 2), stride, v128.load(psi), lanes);
    scatterSome(im + (k << 2), stride, v128.load(psi, 16), lanes);
  }
}

/** Amplitudes from such rows; 0 in the lanes without a sample if `clear`. */
export function loadState(re: usize, im: usize, stride: usize, lanes: i32, N: usize, psi: usize, clear: bool): void {
  const mask = clear ? valid(lanes) : i32x4.splat(-1);
  for (let k: usize = 0; k < N; k++, psi += 32) {
    v128.store(psi, v128.and(mask, gatherSome(re + (k << 2), stride, lanes)));
    v128.store(psi, v128.and(mask, gatherSome(im + (k << 2), stride, lanes)), 16);
  }
}

export { scatterSome };
