// Rotations by RY of one, two or three bits in one pass over a state, and the way back over two states with gradients.
// A state has 32 bytes an amplitude: four samples' real parts, then their imaginary parts. RY is real, so that both are
// the same to it, and a bit is a distance in bytes.

import { accumulate, add, mul, sub } from "../runtime/host/lanes.as";

/** i with a zero put in at the place of a bit. */
// @ts-ignore: decorator
@inline export function insertZero(i: usize, bit: usize): usize { return ((i >> bit) << (bit + 1)) | (i & ((<usize>1 << bit) - 1)); }

/** [[1, -t], [t, 1]] on three bits, b0 < b1 < b2, of N amplitudes at `at`. */
function turn3(at: usize, N: usize, b0: usize, b1: usize, b2: usize, t0: v128, t1: v128, t2: v128): void {
  const s0 = <usize>32 << b0, s1 = <usize>32 << b1, s2 = <usize>32 << b2, runs = N >> (b0 + 3);
  for (let r: usize = 0; r < runs; r++) {
    let q = at + (insertZero(insertZero(insertZero(r << b0, b0), b1), b2) << 5);
    const end = q + s0;
    for (; q < end; q += 16) {
      const p = q + s1, u = q + s2, w = p + s2;
      const x0 = v128.load(q), x1 = v128.load(q + s0), x2 = v128.load(p), x3 = v128.load(p + s0);
      const x4 = v128.load(u), x5 = v128.load(u + s0), x6 = v128.load(w), x7 = v128.load(w + s0);
      const y0 = sub(x0, mul(t0, x1)), y1 = add(x1, mul(t0, x0)), y2 = sub(x2, mul(t0, x3)), y3 = add(x3, mul(t0, x2));
      const y4 = sub(x4, mul(t0, x5)), y5 = add(x5, mul(t0, x4)), y6 = sub(x6, mul(t0, x7)), y7 = add(x7, mul(t0, x6));
      const z0 = sub(y0, mul(t1, y2)), z2 = add(y2, mul(t1, y0)), z1 = sub(y1, mul(t1, y3)), z3 = add(y3, mul(t1, y1));
      const z4 = sub(y4, mul(t1, y6)), z6 = add(y6, mul(t1, y4)), z5 = sub(y5, mul(t1, y7)), z7 = add(y7, mul(t1, y5));
      v128.store(q, sub(z0, mul(t2, z4))); v128.store(u, add(z4, mul(t2, z0)));
      v128.store(q + s0, sub(z1, mul(t2, z5))); v128.store(u + s0, add(z5, mul(t2, z1)));
      v128.store(p, sub(z2, mul(t2, z6))); v128.store(w, add(z6, mul(t2, z2)));
      v128.store(p + s0, sub(z3, mul(t2, z7))); v128.store(w + s0, add(z7, mul(t2, z3)));
    }
  }
}

/** The same on two bits. */
function turn2(at: usize, N: usize, b0: usize, b1: usize, t0: v128, t1: v128): void {
  const s0 = <usize>32 << b0, s1 = <usize>32 << b1, runs = N >> (b0 + 2);
  for (let r: usize = 0; r < runs; r++) {
    let q = at + (insertZero(insertZero(r << b0, b0), b1) << 5);
    const end = q + s0;
    for (; q < end; q += 16) {
      const p = q + s1, x0 = v128.load(q), x1 = v128.load(q + s0), x2 = v128.load(p), x3 = v128.load(p + s0);
      const y0 = sub(x0, mul(t0, x1)), y1 = add(x1, mul(t0, x0)), y2 = sub(x2, mul(t0, x3)), y3 = add(x3, mul(t0, x2));
      v128.store(q, sub(y0, mul(t1, y2))); v128.store(p, add(y2, mul(t1, y0)));
      v128.store(q + s0, sub(y1, mul(t1, y3))); v128.store(p + s0, add(y3, mul(t1, y1)));
    }
  }
}

/** [[c, -s], [s, c]] on one bit. */
function turn1(at: usize, N: usize, b0: usize, c: v128, s: v128): void {
  const s0 = <usize>32 << b0, runs = N >> (b0 + 1);
  for (let r: usize = 0; r < runs; r++) {
    let q = at + (insertZero(r << b0, b0) << 5);
    const end = q + s0;
    for (; q < end; q += 16) {
      const a = v128.load(q), b = v128.load(q + s0);
      v128.store(q, sub(mul(c, a), mul(s, b)));
      v128.store(q + s0, add(mul(c, b), mul(s, a)));
    }
  }
}

/**
 * The way back over a pair of turns: twice the gradients by their angles are added to g0 and g1, then both states are
 * multiplied by the transposed matrices.
 */
function back2(psi: usize, lambda: usize, N: usize, b0: usize, b1: usize, t0: v128, t1: v128, g0: usize, g1: usize): void {
  const s0 = <usize>32 << b0, s1 = <usize>32 << b1, runs = N >> (b0 + 2), d = lambda - psi;
  let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0);
  for (let r: usize = 0; r < runs; r++) {
    let q = psi + (insertZero(insertZero(r << b0, b0), b1) << 5);
    const end = q + s0;
    for (; q < end; q += 16) {
      const p = q + s1, x0 = v128.load(q), x1 = v128.load(q + s0), x2 = v128.load(p), x3 = v128.load(p + s0);
      const w0 = v128.load(q + d), w1 = v128.load(q + s0 + d), w2 = v128.load(p + d), w3 = v128.load(p + s0 + d);
      sum0 = add(sum0, add(sub(mul(w1, x0), mul(w0, x1)), sub(mul(w3, x2), mul(w2, x3))));
      sum1 = add(sum1, add(sub(mul(w2, x0), mul(w0, x2)), sub(mul(w3, x1), mul(w1, x3))));
      const y0 = add(x0, mul(t0, x1)), y1 = sub(x1, mul(t0, x0)), y2 = add(x2, mul(t0, x3)), y3 = sub(x3, mul(t0, x2));
      v128.store(q, add(y0, mul(t1, y2))); v128.store(p, sub(y2, mul(t1, y0)));
      v128.store(q + s0, add(y1, mul(t1, y3))); v128.store(p + s0, sub(y3, mul(t1, y1)));
      const v0 = add(w0, mul(t0, w1)), v1 = sub(w1, mul(t0, w0)), v2 = add(w2, mul(t0, w3)), v3 = sub(w3, mul(t0, w2));
      v128.store(q + d, add(v0, mul(t1, v2))); v128.store(p + d, sub(v2, mul(t1, v0)));
      v128.store(q + s0 + d, add(v1, mul(t1, v3))); v128.store(p + s0 + d, sub(v3, mul(t1, v1)));
    }
  }
  accumulate(g0, sum0);
  accumulate(g1, sum1);
}

/** The way back over one turn; returns twice the gradient by its angle. */
function back1(psi: usize, lambda: usize, N: usize, b0: usize, c: v128, s: v128): v128 {
  const s0 = <usize>32 << b0, runs = N >> (b0 + 1), d = lambda - psi;
  let sum = f32x4.splat(0);
  for (let r: usize = 0; r < runs; r++) {
    let q = psi + (insertZero(r << b0, b0) << 5);
    const end = q + s0;
    for (; q < end; q += 16) {
      const a = v128.load(q), b = v128.load(q + s0), v = v128.load(q + d), w = v128.load(q + s0 + d);
      sum = add(sum, sub(mul(w, a), mul(v, b)));
      v128.store(q, add(mul(c, a), mul(s, b)));
      v128.store(q + s0, sub(mul(c, b), mul(s, a)));
      v128.store(q + d, add(mul(c, v), mul(s, w)));
      v128.store(q + s0 + d, sub(mul(c, w), mul(s, v)));
    }
  }
  return sum;
}

export { back1, back2, turn1, turn2, turn3 };
