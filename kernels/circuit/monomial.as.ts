// The monomial pass ψ'_k = d_k ψ_{source[k ^ F]} of a stage, and the way back: d is a table of phases, signs and one
// scale; F exchanges amplitudes for the rotations after it. Phases that differ between samples have a pass of their own.

import { accumulate, add, cosSinOfQuadrant, mul, sub } from "../runtime/host/lanes.as";

/** 1 in the lowest bit where k has an odd number of the bits of z. */
// @ts-ignore: decorator
@inline export function parity(k: usize, z: usize): i32 { return i32.popcnt(<i32>(k & z)) & 1; }

/** Sign bits where `odd` is 1. */
// @ts-ignore: decorator
@inline export function signBits(odd: i32): v128 { return i32x4.splat(odd << 31); }

/** cos and sin to `at` and at + 16 of angles in units of 2π / 2^32. */
// @ts-ignore: decorator
@inline function cosSinOfTurns(u: v128, at: usize): void {
  const q = i32x4.shr_s(i32x4.add(u, i32x4.splat(1 << 29)), 30);
  const rest = f32x4.convert_i32x4_s(i32x4.sub(u, i32x4.shl(q, 30)));
  cosSinOfQuadrant(mul(rest, f32x4.splat(1.4629180792671596e-9)), q, at); // π / 2 / 2^30
}

// Terms are records of four words: controls, values, z, and the place of the angle in the row. Without controls and with
// one bit in z they are RZ on a wire, of which there are many: all of them together cost one addition an amplitude.

// @ts-ignore: decorator
@inline export function isWire(term: usize): bool {
  const z = load<u32>(term, 8);
  return load<u32>(term) == 0 && z != 0 && (z & (z - 1)) == 0;
}

/** The phases of the terms on single wires, as integers at `at`; `bits` takes one for each of 32 wires. */
function wirePhases(at: usize, N: usize, count: i32, terms: usize, row: usize, bits: usize): void {
  memory.fill(bits, 0, 128);
  let first = 0;
  for (let i = 0; i < count; i++, terms += 16) {
    if (!isWire(terms)) continue;
    const u = load<i32>(row + (<usize>load<u32>(terms, 12) << 2)), bit = bits + (<usize>i32.ctz(load<i32>(terms, 8)) << 2);
    first += u;
    store<i32>(bit, load<i32>(bit) + u);
  }
  store<i32>(at, first);
  for (let half: usize = 1, bit = bits; half < N; half <<= 1, bit += 4) {
    const twice = 2 * load<i32>(bit), to = at + (half << 2);
    if (half < 4) for (let k: usize = 0; k < half; k++) store<i32>(to + (k << 2), load<i32>(at + (k << 2)) - twice);
    else for (let k: usize = 0; k < half << 2; k += 16) v128.store(to + k, i32x4.sub(v128.load(at + k), i32x4.splat(twice)));
  }
}

/** Adds the phases of the other terms. */
function addTerms(at: usize, N: usize, count: i32, terms: usize, row: usize): void {
  for (let i = 0; i < count; i++, terms += 16) {
    if (isWire(terms)) continue;
    const controls = load<u32>(terms), values = load<u32>(terms, 4), z = <usize>load<u32>(terms, 8), u = load<i32>(row + (<usize>load<u32>(terms, 12) << 2));
    for (let k: usize = 0; k < N; k++)
      if ((<u32>k & controls) == values) {
        const flip = -parity(k, z); // 0, or -1: then (u ^ -1) + 1 = -u
        store<i32>(at + (k << 2), load<i32>(at + (k << 2)) + ((u ^ flip) - flip));
      }
  }
}

/** Words of a stage: 0 source, 1 turns, 2 kind, 3 and 4 shared terms, 13 place of its scale and flips in the row. */
export function buildTable(stage: usize, words: usize, row: usize, N: usize, table: usize, work: usize): void {
  const turns = <usize>load<u32>(stage, 4), at = row + (<usize>load<u32>(stage, 52) << 2), scale = load<f32>(at), F = <usize>load<u32>(at, 4);
  const phases = work, trig = work + (max<usize>(N, 4) << 2), terms = words + <usize>load<u32>(stage, 16), count = load<i32>(stage, 12);
  wirePhases(phases, N, count, terms, row, trig);
  if (turns != 0) for (let k: usize = 0; k < N << 2; k += 4) store<i32>(phases + k, load<i32>(phases + k) + load<i32>(words + turns + k));
  if (load<i32>(stage, 8) == 2) {
    addTerms(phases, N, count, terms, row);
    for (let k: usize = 0; k < N; k += 4) {
      cosSinOfTurns(v128.load(phases + (k << 2)), trig);
      for (let l: usize = 0; l < min<usize>(4, N); l++) {
        const to = table + (((k + l) ^ F) << 3), signed = parity((k + l) ^ F, F) ? -scale : scale;
        store<f32>(to, signed * load<f32>(trig + (l << 2)));
        store<f32>(to, signed * load<f32>(trig + (l << 2), 16), 4);
      }
    }
  } else {
    for (let k: usize = 0; k < N; k++) {
      const negative = parity(k, F) ^ (load<i32>(phases + ((k ^ F) << 2)) != 0 ? 1 : 0);
      store<f32>(table + (k << 2), negative ? -scale : scale);
    }
  }
}

// @ts-ignore: decorator
@inline function timesReal(from: usize, to: usize, d: usize): void {
  const c = v128.load_splat<f32>(d), re = v128.load(from), im = v128.load(from, 16);
  v128.store(to, mul(c, re));
  v128.store(to, mul(c, im), 16);
}
// @ts-ignore: decorator
@inline function storeTimes(re: v128, im: v128, to: usize, d: usize): void {
  const c = v128.load_splat<f32>(d), s = v128.load_splat<f32>(d, 4);
  v128.store(to, sub(mul(c, re), mul(s, im)));
  v128.store(to, add(mul(c, im), mul(s, re)), 16);
}
// @ts-ignore: decorator
@inline function storeTimesConjugate(re: v128, im: v128, to: usize, d: usize): void {
  const c = v128.load_splat<f32>(d), s = v128.load_splat<f32>(d, 4);
  v128.store(to, add(mul(c, re), mul(s, im)));
  v128.store(to, sub(mul(c, im), mul(s, re)), 16);
}

/** Forward. From `psi` in place where there is no permutation, else to `other`; returns where the result is. */
export function monomial(psi: usize, other: usize, N: usize, kind: i32, source: usize, F: usize, table: usize): usize {
  if (source != 0) {
    for (let k: usize = 0; k < N; k++) {
      const from = psi + (<usize>load<u32>(source + ((k ^ F) << 2)) << 5), to = other + (k << 5);
      if (kind == 1) timesReal(from, to, table + (k << 2));
      else storeTimes(v128.load(from), v128.load(from, 16), to, table + (k << 3));
    }
    return other;
  }
  if (F == 0) {
    if (kind == 1) for (let k: usize = 0; k < N; k++) timesReal(psi + (k << 5), psi + (k << 5), table + (k << 2));
    else for (let k: usize = 0, a = psi; k < N; k++, a += 32) storeTimes(v128.load(a), v128.load(a, 16), a, table + (k << 3));
    return psi;
  }
  const top = <usize>31 - <usize>i32.clz(<i32>F);
  for (let i: usize = 0; i < N >> 1; i++) {
    const k = ((i >> top) << (top + 1)) | (i & ((<usize>1 << top) - 1)), j = k ^ F, a = psi + (k << 5), b = psi + (j << 5);
    const ar = v128.load(a), ai = v128.load(a, 16), br = v128.load(b), bi = v128.load(b, 16);
    if (kind == 1) {
      const c = v128.load_splat<f32>(table + (k << 2)), d = v128.load_splat<f32>(table + (j << 2));
      v128.store(a, mul(c, br)); v128.store(a, mul(c, bi), 16);
      v128.store(b, mul(d, ar)); v128.store(b, mul(d, ai), 16);
    } else {
      storeTimes(br, bi, a, table + (k << 3));
      storeTimes(ar, ai, b, table + (j << 3));
    }
  }
  return psi;
}

/** The way back of one state: the adjoint of the above. */
export function monomialBack(psi: usize, other: usize, N: usize, kind: i32, source: usize, F: usize, table: usize): usize {
  if (source != 0) {
    for (let k: usize = 0; k < N; k++) {
      const to = other + (<usize>load<u32>(source + ((k ^ F) << 2)) << 5), from = psi + (k << 5);
      if (kind == 1) timesReal(from, to, table + (k << 2));
      else storeTimesConjugate(v128.load(from), v128.load(from, 16), to, table + (k << 3));
    }
    return other;
  }
  if (F == 0) {
    if (kind == 1) for (let k: usize = 0; k < N; k++) timesReal(psi + (k << 5), psi + (k << 5), table + (k << 2));
    else for (let k: usize = 0, a = psi; k < N; k++, a += 32) storeTimesConjugate(v128.load(a), v128.load(a, 16), a, table + (k << 3));
    return psi;
  }
  const top = <usize>31 - <usize>i32.clz(<i32>F);
  for (let i: usize = 0; i < N >> 1; i++) {
    const k = ((i >> top) << (top + 1)) | (i & ((<usize>1 << top) - 1)), j = k ^ F, a = psi + (k << 5), b = psi + (j << 5);
    const ar = v128.load(a), ai = v128.load(a, 16), br = v128.load(b), bi = v128.load(b, 16);
    if (kind == 1) {
      const c = v128.load_splat<f32>(table + (k << 2)), d = v128.load_splat<f32>(table + (j << 2));
      v128.store(a, mul(d, br)); v128.store(a, mul(d, bi), 16);
      v128.store(b, mul(c, ar)); v128.store(b, mul(c, ai), 16);
    } else {
      storeTimesConjugate(br, bi, a, table + (j << 3));
      storeTimesConjugate(ar, ai, b, table + (k << 3));
    }
  }
  return psi;
}

/** Adds dL/dφ_k = Re⟨λ|i Π_k|ψ⟩ of every amplitude to `to`. */
export function phaseGradients(psi: usize, lambda: usize, N: usize, to: usize): void {
  for (let k: usize = 0; k < N; k++, psi += 32, lambda += 32, to += 16)
    accumulate(to, sub(mul(v128.load(lambda, 16), v128.load(psi)), mul(v128.load(lambda), v128.load(psi, 16))));
}

/** Σ_k ± of those that a term acts on; k ^ F is its index before the flips. */
function termSum(gradients: usize, N: usize, controls: u32, values: u32, z: usize, F: usize): v128 {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < N; k++)
    if ((<u32>(k ^ F) & controls) == values) sum = add(sum, v128.xor(signBits(parity(k ^ F, z)), v128.load(gradients + (k << 4))));
  return sum;
}

/** An angle as turns of 2π / 2^32, from its value over 2π. */
// @ts-ignore: decorator
@inline function turnsOf(x: v128): v128 {
  const rest = sub(x, f32x4.nearest(x));
  // Half a turn is the one value that overflows, and saturates 1e-9 short of it.
  return i32x4.trunc_sat_f32x4_s(mul(rest, f32x4.splat(4294967296)));
}

/** The sums of phases of each sample's terms, as integers; `xs` holds a vector for each column. */
export function samplePhases(N: usize, count: i32, terms: usize, xs: usize, phases: usize): void {
  memory.fill(phases, 0, N << 4);
  for (let i = 0; i < count; i++, terms += 20) {
    const controls = load<u32>(terms), values = load<u32>(terms, 4), z = <usize>load<u32>(terms, 8);
    const u = turnsOf(mul(v128.load(xs + (<usize>load<u32>(terms, 12) << 4)), v128.load_splat<f32>(terms, 16))), minus = i32x4.neg(u);
    for (let k: usize = 0; k < N; k++)
      if ((<u32>k & controls) == values) {
        const at = phases + (k << 4);
        v128.store(at, i32x4.add(v128.load(at), parity(k, z) ? minus : u));
      }
  }
}

/** ψ_k times exp(± i phase_k), lane by lane. */
export function applySamplePhases(psi: usize, N: usize, phases: usize, trig: usize, back: bool): void {
  for (let k: usize = 0; k < N; k++, psi += 32, phases += 16) {
    cosSinOfTurns(v128.load(phases), trig);
    const c = v128.load(trig), t = v128.load(trig, 16), s = back ? f32x4.neg(t) : t, re = v128.load(psi), im = v128.load(psi, 16);
    v128.store(psi, sub(mul(c, re), mul(s, im)));
    v128.store(psi, add(mul(c, im), mul(s, re)), 16);
  }
}

export { termSum };
