// What is seen of sixteen chains: their spins as rows, energies in float64, and sums for moments. Works on bytes
// [position][16 chains]; rows are in the order of the nodes.

/** Rows of `count` chains to bytes [position][16]; the chains that are missing are up. */
export function gatherSpins(rows: usize, order: usize, n: i32, count: i32, spins: usize): void {
  memory.fill(spins, 1, <usize>n << 4);
  for (let l = 0; l < count; l++, rows += n)
    for (let p: usize = 0; p < <usize>n; p++) store<i8>(spins + (p << 4) + l, load<i8>(rows + <usize>load<i32>(order + (p << 2))));
}

/** The way back. */
export function scatterSpins(spins: usize, order: usize, n: i32, count: i32, rows: usize): void {
  for (let l = 0; l < count; l++, rows += n)
    for (let p: usize = 0; p < <usize>n; p++) store<i8>(rows + <usize>load<i32>(order + (p << 2)), load<i8>(spins + (p << 4) + l));
}

/** Bytes to floats, 64 bytes a position. */
export function expandSpins(spins: usize, n: i32, state: usize): void {
  for (let end = spins + (<usize>n << 4); spins < end; spins += 4, state += 16)
    v128.store(state, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(spins)))));
}

/** Floats ±1 to bytes: their signs. */
export function compressSpins(state: usize, n: i32, spins: usize): void {
  for (let end = spins + (<usize>n << 4); spins < end; spins += 16, state += 64) {
    const a = i16x8.narrow_i32x4_s(signs(state), signs(state + 16)), b = i16x8.narrow_i32x4_s(signs(state + 32), signs(state + 48));
    v128.store(spins, v128.or(i8x16.narrow_i16x8_s(a, b), i8x16.splat(1)));
  }
}
// @ts-ignore: decorator
@inline function signs(at: usize): v128 { return i32x4.shr_s(v128.load(at), 31); }

/** Bytes to pairs: positions 2 q and 2 q + 1 of a chain as two 16-bit numbers, 64 bytes for the sixteen chains. */
export function pairSpins(spins: usize, n: i32, state: usize): void {
  for (let p = 0; p < n; p += 2, spins += 32, state += 64) {
    const a = v128.load(spins), b = p + 1 < n ? v128.load(spins, 16) : a;
    const low = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), high = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(state, i16x8.extend_low_i8x16_s(low)); v128.store(state, i16x8.extend_high_i8x16_s(low), 16);
    v128.store(state, i16x8.extend_low_i8x16_s(high), 32); v128.store(state, i16x8.extend_high_i8x16_s(high), 48);
  }
}

/** The way back. */
export function unpairSpins(state: usize, n: i32, spins: usize): void {
  for (let p = 0; p < n; p += 2, spins += 32, state += 64) {
    const low = i8x16.narrow_i16x8_s(v128.load(state), v128.load(state, 16)), high = i8x16.narrow_i16x8_s(v128.load(state, 32), v128.load(state, 48));
    v128.store(spins, i8x16.shuffle(low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
    if (p + 1 < n) v128.store(spins, i8x16.shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), 16);
  }
}

/** s_u s_v of bytes ±1. */
// @ts-ignore: decorator
@inline function product(a: v128, b: v128): v128 { return i8x16.add(v128.xor(a, b), i8x16.splat(1)); }

/** Adds x times sixteen bytes ±1 to sixteen float64. */
// @ts-ignore: decorator
@inline function addSigned(x: v128, s: v128, out: usize): void {
  const low = i16x8.extend_low_i8x16_s(s), high = i16x8.extend_high_i8x16_s(s);
  addSigned4(x, i32x4.extend_low_i16x8_s(low), out); addSigned4(x, i32x4.extend_high_i16x8_s(low), out + 32);
  addSigned4(x, i32x4.extend_low_i16x8_s(high), out + 64); addSigned4(x, i32x4.extend_high_i16x8_s(high), out + 96);
}
// @ts-ignore: decorator
@inline function addSigned4(x: v128, s: v128, out: usize): void {
  const sign = i64x2.splat(0x8000000000000000);
  v128.store(out, f64x2.add(v128.load(out), v128.xor(x, v128.and(i64x2.extend_low_i32x4_s(s), sign))));
  v128.store(out, f64x2.add(v128.load(out, 16), v128.xor(x, v128.and(i64x2.extend_high_i32x4_s(s), sign))), 16);
}

/** E = -(Σ b s + Σ J s s) of `count` chains: biases f64 by position, edges as pairs of 16 · position, couplings f64 by edge. */
export function energiesOf(spins: usize, n: i32, biases: usize, edges: usize, couplings: usize, edgeCount: i32, count: i32, out: usize, work: usize): void {
  memory.fill(work, 0, 128);
  for (let p: usize = 0; p < <usize>n; p++) addSigned(v128.load64_splat(biases + (p << 3)), v128.load(spins + (p << 4)), work);
  for (let e: usize = 0; e < <usize>edgeCount; e++, edges += 8)
    addSigned(v128.load64_splat(couplings + (e << 3)), product(v128.load(spins + <usize>load<i32>(edges)), v128.load(spins + <usize>load<i32>(edges, 4))), work);
  for (let l = 0; l < count; l++) store<f64>(out + (<usize>l << 3), -load<f64>(work + (<usize>l << 3)));
}

/** Adds the sums over four times four chains of every spin, then of every product along an edge, to sums i32x4. */
export function addMoments(spins: usize, n: i32, edges: usize, edgeCount: i32, count: i32, sums: usize): void {
  const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), mask = i8x16.lt_s(lanes, i8x16.splat(<i8>count));
  for (let end = spins + (<usize>n << 4), at = spins; at < end; at += 16, sums += 16) addLanes(v128.and(v128.load(at), mask), sums);
  for (let e = 0; e < edgeCount; e++, edges += 8, sums += 16)
    addLanes(v128.and(product(v128.load(spins + <usize>load<i32>(edges)), v128.load(spins + <usize>load<i32>(edges, 4))), mask), sums);
}
// @ts-ignore: decorator
@inline function addLanes(s: v128, out: usize): void {
  v128.store(out, i32x4.add(v128.load(out), i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(s))));
}

/** The four parts of `size` sums as float64. */
export function closeMoments(sums: usize, size: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>size; i++, sums += 16)
    store<f64>(out + (i << 3), <f64>load<i32>(sums) + <f64>load<i32>(sums, 4) + <f64>load<i32>(sums, 8) + <f64>load<i32>(sums, 12));
}
