// A step of Adam in one pass, the results in the place of the inputs.
// args: parameters, gradient, m, v f32 [R, n], rates f32 [R, 8] in the order of the contract, n, values per block, blocks
// per replica. Item = one block of one replica. The order of operations is that of the composed form: the same bits.

import { add, arg, mul, splat } from "../runtime/host/lanes.as";

/** Four values at `x`, `g`, `m` and `v`. */
// @ts-ignore: decorator
@inline function step4(x: usize, g: usize, m: usize, v: usize, rates: usize): void {
  const slope = v128.load(g);
  const m1 = add(mul(v128.load(m), splat(rates)), mul(slope, splat(rates + 4)));
  const v1 = add(mul(v128.load(v), splat(rates + 8)), mul(mul(slope, slope), splat(rates + 12)));
  v128.store(m, m1);
  v128.store(v, v1);
  const root = f32x4.sqrt(mul(v1, splat(rates + 20)));
  const direction = f32x4.div(mul(m1, splat(rates + 16)), add(root, splat(rates + 24)));
  v128.store(x, add(v128.load(x), mul(splat(rates + 28), direction)));
}

/** One value. */
// @ts-ignore: decorator
@inline function step1(x: usize, g: usize, m: usize, v: usize, rates: usize): void {
  const slope = load<f32>(g);
  const m1 = load<f32>(m) * load<f32>(rates) + slope * load<f32>(rates + 4);
  const v1 = load<f32>(v) * load<f32>(rates + 8) + slope * slope * load<f32>(rates + 12);
  store<f32>(m, m1);
  store<f32>(v, v1);
  const direction = (m1 * load<f32>(rates + 16)) / (sqrt<f32>(v1 * load<f32>(rates + 20)) + load<f32>(rates + 24));
  store<f32>(x, load<f32>(x) + load<f32>(rates + 28) * direction);
}

export function adamStep(args: usize, lo: i32, hi: i32, _scratch: usize): void {
  const n = <i32>arg(args, 5), block = <i32>arg(args, 6), blocks = <i32>arg(args, 7);
  for (let item = lo; item < hi; item++) {
    const replica = item / blocks, first = (item % blocks) * block, count = min(block, n - first);
    const rates = arg(args, 4) + (<usize>replica << 5), at = (<usize>replica * <usize>n + <usize>first) << 2;
    let x = arg(args, 0) + at, g = arg(args, 1) + at, m = arg(args, 2) + at, v = arg(args, 3) + at, left = count;
    for (; left >= 4; left -= 4, x += 16, g += 16, m += 16, v += 16) step4(x, g, m, v, rates);
    for (; left > 0; left--, x += 4, g += 4, m += 4, v += 4) step1(x, g, m, v, rates);
  }
}
