// A constant matrix on some bits of a state, and its adjoint.

import { add, mul, sub } from "../runtime/host/lanes.as";

/** The bits of index c of the matrix, put where they belong. */
// @ts-ignore: decorator
@inline function spread(c: usize, bits: usize, count: i32): usize {
  let to: usize = 0;
  for (let i = 0; i < count; i++) if ((c >> <usize>i) & 1) to |= <usize>load<u32>(bits + (<usize>i << 2));
  return to;
}

/** `record` holds the bits, the least significant first, then the matrix, re and im interleaved. `work` takes a block. */
export function dense(psi: usize, N: usize, count: i32, record: usize, adjoint: bool, work: usize): void {
  const size = <usize>1 << count, matrix = record + (<usize>count << 2), all = spread(size - 1, record, count);
  for (let base: usize = 0; base < N; base++) {
    if ((base & all) != 0) continue;
    for (let c: usize = 0; c < size; c++) memory.copy(work + (c << 5), psi + ((base | spread(c, record, count)) << 5), 32);
    for (let r: usize = 0; r < size; r++) {
      let re = f32x4.splat(0), im = f32x4.splat(0);
      for (let c: usize = 0; c < size; c++) {
        const entry = matrix + ((adjoint ? c * size + r : r * size + c) << 3), x = v128.load(work + (c << 5)), y = v128.load(work + (c << 5), 16);
        const p = v128.load_splat<f32>(entry), t = v128.load_splat<f32>(entry, 4), q = adjoint ? f32x4.neg(t) : t;
        re = add(re, sub(mul(p, x), mul(q, y)));
        im = add(im, add(mul(p, y), mul(q, x)));
      }
      const to = psi + ((base | spread(r, record, count)) << 5);
      v128.store(to, re);
      v128.store(to, im, 16);
    }
  }
}
