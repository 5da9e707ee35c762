// Where the systems on the lanes of a vector keep what belongs to them, two in float64 or four in float32. A frame begins at `w`; in vectors of 16 bytes, d = n², it holds the generator 2 d, the
// jumps 2 K d, x d, work 2 d, five complex matrices of 2 d, and, where it is factorised, pivots d and A d².

import { arg } from "../runtime/host/lanes.as";
import { gather2, scatter2 } from "../runtime/host/lu.as";

// A complex matrix is its real part and, `half` bytes behind, its imaginary part.
// @ts-ignore: decorator
@inline export function halfOf(args: usize): usize { return (arg(args, 4) * arg(args, 4)) << 4; }
// @ts-ignore: decorator
@inline export function jumpsAt(args: usize, w: usize): usize { return w + 2 * halfOf(args); }
// @ts-ignore: decorator
@inline export function xAt(args: usize, w: usize): usize { return w + 2 * (arg(args, 5) + 1) * halfOf(args); }
// @ts-ignore: decorator
@inline export function workAt(args: usize, w: usize): usize { return xAt(args, w) + halfOf(args); }
// @ts-ignore: decorator
@inline export function matrixAt(args: usize, w: usize, i: usize): usize { return workAt(args, w) + (2 + 2 * i) * halfOf(args); }
// @ts-ignore: decorator
@inline export function pivotsAt(args: usize, w: usize): usize { return matrixAt(args, w, 5); }
// @ts-ignore: decorator
@inline export function systemAt(args: usize, w: usize): usize { return pivotsAt(args, w) + halfOf(args); }
// @ts-ignore: decorator
@inline export function systemBytes(args: usize): usize { return (halfOf(args) * halfOf(args)) >> 4; }
/** First byte after the factors. */
// @ts-ignore: decorator
@inline export function endOf(args: usize, w: usize): usize { return systemAt(args, w) + systemBytes(args); }

/** `count` values of each of two systems, interleaved to `to`. */
export function pack(a: usize, b: usize, count: usize, to: usize): void {
  for (let i: usize = 0; i < count; i++, a += 4, b += 4, to += 16) v128.store(to, gather2(a, b));
}

/** The reverse of `pack`. */
export function unpack(from: usize, count: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < count; i++, a += 4, b += 4, from += 16) scatter2(a, b, v128.load(from), true);
}
