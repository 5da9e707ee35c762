// Sweeps of Gibbs and Metropolis sampling: sixteen chains of one model an item, all sweeps of a call in a row, so that
// the spins stay in the cache. Positions are nodes in the order of their colours, which is the order of the updates.
// args: 0 spins i8 [rows, n], in place; 1 order i32 [n]: node at a position; 2 bounds: ends of the link lists, see below;
//   3 links; 4 biases; 5 n; 6 chains per model; 7 items per model; 8 first item; 9 its row, the first of `spins`; 10 seed;
//   11 first sweep; 12 sweeps; 13 chainOffset; 14 coefficients, one 32-bit entry a sweep, model and chain, with the
//   strides 15 (sweep), 16 (model), 17 (chain) in bytes; 18 clamped: bits of 16 chains u16 [n] an item, or 0; 19 stride of
//   these in bytes an item; 20 scale of the second links f32 [sweeps], or 0; 21 bytes of `bounds` a model; 22 bytes of
//   `links` a model; 23 sweeps between records; 24 records i8 [records, rows, n], or 0; 25 rows; 26 energies
//   f64 [records, rows], or 0; 27 biases f64 [models, n]; 28 couplings f64 [models, edges]; 29 edges: pairs of
//   16 · position; 30 edge count; 31 moments f64 [items, n + edges], or 0.
// Float form: bounds i32 [2 n + 1], in bytes, end of the first and of the second links of each position; links
//   (i32 64 · position, f32 J); biases f32. Coefficient: fast, f32 -2 β log2(e); exact, address (see decide.as.ts).
// Small form: bounds i32 [models, 2 n + 1], ends of the links to add and to subtract, absolute; links i32 16 · position;
//   biases 4 bytes: bias, offset, 0 for even and 1 for odd fields. Coefficient: address of 2 × 3 planes of 16 bytes.
// Dense form: links i16 [models, n, ⌈n / 2⌉, 2], a row of couplings for each position; biases i32; no bounds.

import { arg } from "../runtime/host/lanes.as";
import { decideExact, decideFast, decideIntegers, decideSmall } from "./decide.as";
import { addMoments, closeMoments, compressSpins, energiesOf, expandSpins, gatherSpins, pairSpins, scatterSpins, unpairSpins } from "./observe.as";
import { draw, openStream, STREAM_BYTES } from "./stream.as";

// T: f32 fast, i32 exact, i16 exact and dense, i8 exact with small fields. R: f32 heat bath, i32 Metropolis.
export function isingFastGibbs(args: usize, lo: i32, hi: i32, scratch: usize): void { items<f32, f32>(args, lo, hi, scratch); }
export function isingFastMetropolis(args: usize, lo: i32, hi: i32, scratch: usize): void { items<f32, i32>(args, lo, hi, scratch); }
export function isingExactGibbs(args: usize, lo: i32, hi: i32, scratch: usize): void { items<i32, f32>(args, lo, hi, scratch); }
export function isingExactMetropolis(args: usize, lo: i32, hi: i32, scratch: usize): void { items<i32, i32>(args, lo, hi, scratch); }
export function isingDenseGibbs(args: usize, lo: i32, hi: i32, scratch: usize): void { items<i16, f32>(args, lo, hi, scratch); }
export function isingDenseMetropolis(args: usize, lo: i32, hi: i32, scratch: usize): void { items<i16, i32>(args, lo, hi, scratch); }
export function isingSmallGibbs(args: usize, lo: i32, hi: i32, scratch: usize): void { items<i8, f32>(args, lo, hi, scratch); }
export function isingSmallMetropolis(args: usize, lo: i32, hi: i32, scratch: usize): void { items<i8, i32>(args, lo, hi, scratch); }

// @ts-ignore: decorator
@inline function isSmall<T>(): bool { return sizeof<T>() == 1; }
// @ts-ignore: decorator
@inline function isDense<T>(): bool { return sizeof<T>() == 2; }
/** Bytes to the state of a form; the small form's state are the bytes. */
// @ts-ignore: decorator
@inline function expand<T>(spins: usize, n: i32, state: usize): void {
  if (isDense<T>()) pairSpins(spins, n, state);
  else if (!isSmall<T>()) expandSpins(spins, n, state);
}
// @ts-ignore: decorator
@inline function compress<T>(state: usize, n: i32, spins: usize): void {
  if (isDense<T>()) unpairSpins(state, n, spins);
  else if (!isSmall<T>()) compressSpins(state, n, spins);
}

// Scratch: round constants, 16 first counters, 64 words, 16 coefficients, 128 bytes of work, then the spins.
const FIRST: usize = STREAM_BYTES, WORDS: usize = FIRST + 64, COEFFICIENTS: usize = WORDS + 256, WORK: usize = COEFFICIENTS + 64, SPINS: usize = WORK + 144;

// @ts-ignore: decorator
@inline function items<T, R>(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = <i32>arg(args, 5), chains = <i32>arg(args, 6), perModel = <i32>arg(args, 7), blocks = <u32>((n + 3) >> 2);
  const spins = scratch + SPINS, sums = spins + (<usize>n << 4), size = <usize>(n + <i32>arg(args, 30)), moments = arg(args, 31);
  const state = isSmall<T>() ? spins : sums + (moments != 0 ? size << 4 : 0), order = arg(args, 1), every = <i32>arg(args, 23);
  for (let i = lo; i < hi; i++) {
    const item = i + <i32>arg(args, 8), model = item / perModel, chain = (item % perModel) << 4, row = model * chains + chain;
    const count = min<i32>(16, chains - chain), rows = arg(args, 0) + <usize>(row - <i32>arg(args, 9)) * <usize>n;
    for (let l: u32 = 0; l < 16; l++) store<u32>(scratch + FIRST + (<usize>l << 2), (<u32>arg(args, 13) + <u32>row + l) * blocks);
    gatherSpins(rows, order, n, count, spins);
    expand<T>(spins, n, state);
    if (moments != 0) memory.fill(sums, 0, size << 4);
    for (let t = 0, left = every, record = 0; t < <i32>arg(args, 12); t++) {
      openStream(scratch, <i32>arg(args, 10), <i32>arg(args, 11) + t);
      openCoefficients(args, t, model, chain, count, scratch + COEFFICIENTS);
      const clamped = arg(args, 18) != 0 ? arg(args, 18) + <usize>i * arg(args, 19) : 0;
      if (isSmall<T>()) sweepSmall<R>(args, model, state, clamped, scratch);
      else if (isDense<T>()) sweepDense<R>(args, model, state, clamped, scratch);
      else sweepFloat<T, R>(args, model, t, state, clamped, scratch);
      if (moments != 0) {
        compress<T>(state, n, spins);
        addMoments(spins, n, arg(args, 29), <i32>arg(args, 30), count, sums);
      }
      if (--left == 0) {
        if (moments == 0) compress<T>(state, n, spins);
        observe(args, spins, model, row, count, record++, scratch + WORK);
        left = every;
      }
    }
    compress<T>(state, n, spins);
    scatterSpins(spins, order, n, count, rows);
    if (moments != 0) closeMoments(sums, <i32>size, moments + ((<usize>i * size) << 3));
  }
}

/** The coefficients of sixteen chains in one sweep; those that are missing take the first. */
function openCoefficients(args: usize, t: i32, model: i32, chain: i32, count: i32, out: usize): void {
  const from = arg(args, 14) + <usize>t * arg(args, 15) + <usize>model * arg(args, 16) + <usize>chain * arg(args, 17);
  for (let l = 0; l < 16; l++) store<u32>(out + (<usize>l << 2), load<u32>(from + (l < count ? <usize>l * arg(args, 17) : 0)));
}

function observe(args: usize, spins: usize, model: i32, row: i32, count: i32, record: i32, work: usize): void {
  const n = <i32>arg(args, 5), at = <usize>record * arg(args, 25) + <usize>(row - <i32>arg(args, 9)), edges = <i32>arg(args, 30);
  if (arg(args, 24) != 0) scatterSpins(spins, arg(args, 1), n, count, arg(args, 24) + at * <usize>n);
  if (arg(args, 26) == 0) return;
  const biases = arg(args, 27) + <usize>model * (<usize>n << 3), couplings = arg(args, 28) + <usize>model * (<usize>edges << 3);
  energiesOf(spins, n, biases, arg(args, 29), couplings, edges, count, arg(args, 26) + (at << 3), work);
}

/** The words of one block of four positions: word i of the sixteen chains to 64 bytes each. */
// @ts-ignore: decorator
@inline function drawBlock<T>(block: i32, scratch: usize): void {
  const at = i32x4.splat(block), first = scratch + FIRST, words = scratch + WORDS;
  for (let o: usize = 0; o < 64; o += 32) draw<T>(scratch, i32x4.add(v128.load(first + o), at), i32x4.add(v128.load(first + o, 16), at), words + o);
}

// @ts-ignore: decorator
@inline function sweepFloat<T, R>(args: usize, model: i32, t: i32, state: usize, clamped: usize, scratch: usize): void {
  const n = <i32>arg(args, 5), links = arg(args, 3) + <usize>model * arg(args, 22), biases = arg(args, 4) + <usize>model * (<usize>n << 2);
  const scale = arg(args, 20) != 0 ? v128.load_splat<f32>(arg(args, 20) + (<usize>t << 2)) : f32x4.splat(1);
  let bounds = arg(args, 2) + 4;
  for (let node = 0, block = 0, link = links; node < n; block++) {
    drawBlock<T>(block, scratch);
    for (let w = scratch + WORDS, end = min<i32>(node + 4, n); node < end; node++, w += 64, bounds += 8) {
      const b = v128.load_splat<f32>(biases + (<usize>node << 2)), last = links + <usize>load<i32>(bounds), held = clamped != 0 ? <i32>load<u16>(clamped + (<usize>node << 1)) : 0;
      if (held == 0xffff) { link = links + <usize>load<i32>(bounds, 4); continue; }
      let f0 = b, f1 = b, f2 = b, f3 = b;
      for (; link < last; link += 8) {
        const J = v128.load_splat<f32>(link, 4), s = state + <usize>load<i32>(link);
        f0 = f32x4.add(f0, f32x4.mul(J, v128.load(s))); f1 = f32x4.add(f1, f32x4.mul(J, v128.load(s, 16)));
        f2 = f32x4.add(f2, f32x4.mul(J, v128.load(s, 32))); f3 = f32x4.add(f3, f32x4.mul(J, v128.load(s, 48)));
      }
      const rest = links + <usize>load<i32>(bounds, 4);
      if (link < rest) {
        let g0 = f32x4.splat(0), g1 = g0, g2 = g0, g3 = g0;
        for (; link < rest; link += 8) {
          const J = v128.load_splat<f32>(link, 4), s = state + <usize>load<i32>(link);
          g0 = f32x4.add(g0, f32x4.mul(J, v128.load(s))); g1 = f32x4.add(g1, f32x4.mul(J, v128.load(s, 16)));
          g2 = f32x4.add(g2, f32x4.mul(J, v128.load(s, 32))); g3 = f32x4.add(g3, f32x4.mul(J, v128.load(s, 48)));
        }
        f0 = f32x4.add(f0, f32x4.mul(scale, g0)); f1 = f32x4.add(f1, f32x4.mul(scale, g1));
        f2 = f32x4.add(f2, f32x4.mul(scale, g2)); f3 = f32x4.add(f3, f32x4.mul(scale, g3));
      }
      const s = state + (<usize>node << 6), k = scratch + COEFFICIENTS;
      let s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48);
      const r0 = decide<T, R>(f0, s0, w, k), r1 = decide<T, R>(f1, s1, w + 16, k + 16), r2 = decide<T, R>(f2, s2, w + 32, k + 32), r3 = decide<T, R>(f3, s3, w + 48, k + 48);
      if (held == 0) { s0 = r0; s1 = r1; s2 = r2; s3 = r3; }
      else {
        const h = i32x4.splat(held), low = i32x4(1, 2, 4, 8);
        s0 = hold(s0, r0, h, low); s1 = hold(s1, r1, h, i32x4.shl(low, 4)); s2 = hold(s2, r2, h, i32x4.shl(low, 8)); s3 = hold(s3, r3, h, i32x4.shl(low, 12));
      }
      v128.store(s, s0); v128.store(s, s1, 16); v128.store(s, s2, 32); v128.store(s, s3, 48);
    }
  }
}

// @ts-ignore: decorator
@inline function decide<T, R>(F: v128, s: v128, w: usize, k: usize): v128 {
  return isFloat<T>() ? decideFast<R>(F, s, v128.load(w), v128.load(k)) : decideExact<R>(F, s, v128.load(w), v128.load(k));
}

/** The old spins where a chain's bit is set. */
// @ts-ignore: decorator
@inline function hold(old: v128, fresh: v128, held: v128, bits: v128): v128 {
  return v128.bitselect(fresh, old, i32x4.eq(v128.and(held, bits), i32x4.splat(0)));
}

// @ts-ignore: decorator
@inline function sweepSmall<R>(args: usize, model: i32, state: usize, clamped: usize, scratch: usize): void {
  const n = <i32>arg(args, 5), planes = <usize>load<u32>(scratch + COEFFICIENTS);
  let bounds = arg(args, 2) + <usize>model * arg(args, 21), bias = arg(args, 4) + <usize>model * (<usize>n << 2), link = <usize>load<u32>(bounds);
  bounds += 4;
  for (let node = 0, block = 0; node < n; block++) {
    drawBlock<i32>(block, scratch);
    for (let w = scratch + WORDS, end = min<i32>(node + 4, n); node < end; node++, w += 64, bounds += 8, bias += 4) {
      const plus = <usize>load<u32>(bounds), minus = <usize>load<u32>(bounds, 4), held = clamped != 0 ? <i32>load<u16>(clamped + (<usize>node << 1)) : 0;
      if (held == 0xffff) { link = minus; continue; }
      let f = i8x16.splat(load<i8>(bias));
      for (; link < plus; link += 4) f = i8x16.add(f, v128.load(state + <usize>load<u32>(link)));
      for (; link < minus; link += 4) f = i8x16.sub(f, v128.load(state + <usize>load<u32>(link)));
      const s = state + (<usize>node << 4), old = v128.load(s);
      let fresh = decideSmall<R>(f, old, w, i8x16.splat(load<i8>(bias, 1)), planes + <usize>load<u8>(bias, 2) * 48);
      if (held != 0) fresh = holdBytes(old, fresh, held);
      v128.store(s, fresh);
    }
  }
}

// @ts-ignore: decorator
@inline function sweepDense<R>(args: usize, model: i32, state: usize, clamped: usize, scratch: usize): void {
  const n = <i32>arg(args, 5), bytes = <usize>((n + 1) >> 1) << 6;
  let link = arg(args, 3) + <usize>model * arg(args, 22), bias = arg(args, 4) + <usize>model * (<usize>n << 2);
  for (let node = 0, block = 0; node < n; block++) {
    drawBlock<i32>(block, scratch);
    for (let w = scratch + WORDS, end = min<i32>(node + 4, n); node < end; node++, w += 64, bias += 4) {
      const held = clamped != 0 ? <i32>load<u16>(clamped + (<usize>node << 1)) : 0;
      if (held == 0xffff) { link += bytes >> 4; continue; }
      let f0 = v128.load_splat<i32>(bias), f1 = f0, f2 = f0, f3 = f0;
      for (let s = state, last = state + bytes; s < last; s += 64, link += 4) {
        const J = v128.load_splat<i32>(link);
        f0 = i32x4.add(f0, i32x4.dot_i16x8_s(v128.load(s), J)); f1 = i32x4.add(f1, i32x4.dot_i16x8_s(v128.load(s, 16), J));
        f2 = i32x4.add(f2, i32x4.dot_i16x8_s(v128.load(s, 32), J)); f3 = i32x4.add(f3, i32x4.dot_i16x8_s(v128.load(s, 48), J));
      }
      const s = state + ((<usize>node >> 1) << 6), k = scratch + COEFFICIENTS, up = 16 * (node & 1), low = i32x4(1, 2, 4, 8);
      turn<R>(f0, s, w, k, up, held, low); turn<R>(f1, s + 16, w + 16, k + 16, up, held, i32x4.shl(low, 4));
      turn<R>(f2, s + 32, w + 32, k + 32, up, held, i32x4.shl(low, 8)); turn<R>(f3, s + 48, w + 48, k + 48, up, held, i32x4.shl(low, 12));
    }
  }
}

/** The turn of one half, the one from bit `up` on, of the pairs of four chains. */
// @ts-ignore: decorator
@inline function turn<R>(F: v128, at: usize, w: usize, k: usize, up: i32, held: i32, bits: v128): void {
  const pair = v128.load(at), s = i32x4.shr_s(i32x4.shl(pair, 16 - up), 16), half = i32x4.shl(i32x4.splat(0xffff), up);
  let fresh = decideIntegers<R>(F, s, v128.load(w), v128.load(k));
  if (held != 0) fresh = hold(s, fresh, i32x4.splat(held), bits);
  v128.store(at, v128.bitselect(i32x4.shl(fresh, up), pair, half));
}

// @ts-ignore: decorator
@inline function holdBytes(old: v128, fresh: v128, held: i32): v128 {
  const both = i8x16.shuffle(i8x16.splat(<i8>held), i8x16.splat(<i8>(held >> 8)), 0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31);
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return v128.bitselect(fresh, old, i8x16.eq(v128.and(both, bits), i8x16.splat(0)));
}
