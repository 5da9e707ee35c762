// GMRES for the system of system.as.ts with four inputs, preconditioned by its fixed point: it solves (1 - F) x = F(0), F the
// linear part of a step, where the steps themselves do not converge. Each lane has its own problem and stops on its own.

import { adjointAt, advance, difference, endOf, kappaOf, plus, product, stateAt, stateBytes, sum } from "./system.as";

/** Basis vectors. */
const BASIS: usize = 250;
/** Restarts, each from the residual that is left: the second mends what rounding did to the first. */
const CYCLES: i32 = 3;
/** What rounding may leave of the residual aimed at when no restart mends more. */
const SLACK: f64 = 100;

/**
 * The state, or with A = f32 its adjoint, in the lanes of `mask`, the others as they were; in the end `mask` has those
 * whose residual fell far enough below the first. Memory from endOf(y, N) + 64 on: the basis, and the projected problem.
 */
export function gmres<T, A>(y: usize, N: usize, mask: usize): void {
  const size = BASIS, bytes = stateBytes(N), x = isFloat<A>() ? adjointAt(y, N) : stateAt(y, N);
  const all = endOf(y, N) + 16, active = all + 16, basis = all + 48, h = basis + (size + 1) * bytes, rhs = h + (size * (size + 1) << 4), rotations = rhs + ((size + 1) << 4);
  const zero = v128.splat<T>(0), one = v128.splat<T>(1), kappa = kappaOf<T>(y, N), weight = sum<T>(one, product<T>(kappa, kappa)), weightAt = active + 16;
  const wanted = v128.load(mask);
  v128.store(all, v128.eq<T>(zero, zero));
  for (let i: usize = 0; i < bytes; i += 16) v128.store(x + i, v128.andnot(v128.load(x + i), wanted));
  if (!isFloat<A>()) v128.store(x, one);
  const tolerance = v128.max<T>(v128.div<T>(v128.splat<T>(isFloat<A>() ? <T>1e-6 : <T>1e-8), weight), v128.splat<T>(<T>1e-13));
  v128.store(weightAt, weight);
  let target = zero, solved = zero;
  for (let cycle = 0; cycle <= CYCLES; cycle++) {
    memory.copy(basis, x, bytes);
    advance<T, A>(y, N, basis, all, true);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(basis + i, difference<T>(v128.load(basis + i), v128.load(x + i)));
    weigh<T>(basis, weight);
    const norm = normOf<T>(basis, bytes);
    if (cycle == 0) target = product<T>(tolerance, norm);
    solved = v128.and(wanted, v128.le<T>(norm, product<T>(v128.splat<T>(cycle == CYCLES ? <T>SLACK : <T>1), target)));
    // A lane that is not a number is no longer active, and never solved.
    v128.store(active, v128.and(wanted, v128.gt<T>(norm, target)));
    if (cycle == CYCLES || !v128.any_true(v128.load(active))) break;
    scaleBy<T>(basis, bytes, inverseOf<T>(norm));
    v128.store(rhs, v128.and(norm, v128.load(active)));
    let k: usize = 0;
    for (; k < size && v128.any_true(v128.load(active)); k++) {
      extend<T, A>(y, N, basis, h, k, all, weightAt);
      rotate<T>(h + (k * (size + 1) << 4), rhs, rotations, k, active, target);
    }
    solveTriangle<T>(h, rhs, k, size);
    for (let j: usize = 0; j < k; j++) {
      const v = basis + j * bytes, factor = v128.load(rhs + (j << 4));
      for (let i: usize = 0; i < bytes; i += 16) plus<T>(x + i, product<T>(factor, v128.load(v + i)));
    }
  }
  // beta, or chi, at the solution
  advance<T, A>(y, N, x, mask, true);
  v128.store(mask, solved);
}

/** The three rows of the output alone times a weight: strong couplings make steps of order kappa in the others and 1 / kappa in these. */
// @ts-ignore: decorator
@inline function weigh<T>(v: usize, weight: v128): void {
  for (let o: usize = 16; o < 64; o += 16) v128.store(v + o, product<T>(weight, v128.load(v + o)));
}

/** 1 / x, or 0 where x is 0. */
// @ts-ignore: decorator
@inline function inverseOf<T>(x: v128): v128 { return v128.and(v128.div<T>(v128.splat<T>(1), x), v128.gt<T>(x, v128.splat<T>(0))); }

// @ts-ignore: decorator
@inline function dotOf<T>(a: usize, b: usize, bytes: usize): v128 {
  let even = v128.splat<T>(0), odd = even;
  for (let i: usize = 0; i < bytes; i += 32) {
    even = sum<T>(even, product<T>(v128.load(a + i), v128.load(b + i)));
    odd = sum<T>(odd, product<T>(v128.load(a + i, 16), v128.load(b + i, 16)));
  }
  return sum<T>(even, odd);
}
// @ts-ignore: decorator
@inline function normOf<T>(a: usize, bytes: usize): v128 { return v128.sqrt<T>(dotOf<T>(a, a, bytes)); }
// @ts-ignore: decorator
@inline function scaleBy<T>(a: usize, bytes: usize, factor: v128): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(a + i, product<T>(v128.load(a + i), factor));
}

/** a <- a - factor v, and the product of the new a with b. */
// @ts-ignore: decorator
@inline function subtractAndDot<T>(a: usize, factor: v128, v: usize, b: usize, bytes: usize): v128 {
  let even = v128.splat<T>(0), odd = even;
  for (let i: usize = 0; i < bytes; i += 32) {
    const x = difference<T>(v128.load(a + i), product<T>(factor, v128.load(v + i))), y = difference<T>(v128.load(a + i, 16), product<T>(factor, v128.load(v + i, 16)));
    v128.store(a + i, x); v128.store(a + i, y, 16);
    even = sum<T>(even, product<T>(x, v128.load(b + i)));
    odd = sum<T>(odd, product<T>(y, v128.load(b + i, 16)));
  }
  return sum<T>(even, odd);
}

/** Vector k + 1 of the basis by modified Gram-Schmidt, and column k of the Hessenberg matrix. */
function extend<T, A>(y: usize, N: usize, basis: usize, h: usize, k: usize, all: usize, weightAt: usize): void {
  const bytes = stateBytes(N), from = basis + k * bytes, to = from + bytes, column = h + (k * (BASIS + 1) << 4);
  memory.copy(to, from, bytes);
  advance<T, A>(y, N, to, all, false);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, difference<T>(v128.load(from + i), v128.load(to + i)));
  weigh<T>(to, v128.load(weightAt));
  // Each pass takes the part along one vector away and finds that along the next.
  let overlap = dotOf<T>(to, basis, bytes);
  for (let j: usize = 0; j <= k; j++) {
    const v = basis + j * bytes;
    v128.store(column + (j << 4), overlap);
    overlap = subtractAndDot<T>(to, overlap, v, j < k ? v + bytes : to, bytes);
  }
  const norm = v128.sqrt<T>(overlap);
  v128.store(column + (k + 1 << 4), norm);
  scaleBy<T>(to, bytes, inverseOf<T>(norm));
}

/** Givens rotations on column k and the right-hand side; lanes that have reached `target` leave `active`. */
// @ts-ignore: decorator
@inline function rotate<T>(column: usize, rhs: usize, rotations: usize, k: usize, active: usize, target: v128): void {
  const on = v128.load(active), at = column + (k << 4), zero = v128.splat<T>(0), one = v128.splat<T>(1);
  for (let j: usize = 0; j < k; j++) {
    const c = v128.load(rotations + (j << 5)), s = v128.load(rotations + (j << 5), 16), a = v128.load(column + (j << 4)), b = v128.load(column + (j << 4), 16);
    v128.store(column + (j << 4), sum<T>(product<T>(c, a), product<T>(s, b)));
    v128.store(column + (j << 4), difference<T>(product<T>(c, b), product<T>(s, a)), 16);
  }
  // Lanes that are done: the identity, and 0 on the right, which adds nothing to their solution.
  for (let j: usize = 0; j < k; j++) v128.store(column + (j << 4), v128.and(v128.load(column + (j << 4)), on));
  const a = v128.load(at), b = v128.load(at, 16), length = v128.sqrt<T>(sum<T>(product<T>(a, a), product<T>(b, b))), inverse = inverseOf<T>(length);
  const c = v128.bitselect(product<T>(a, inverse), one, on), s = v128.bitselect(product<T>(b, inverse), zero, on), g = v128.load(rhs + (k << 4));
  v128.store(rotations + (k << 5), c); v128.store(rotations + (k << 5), s, 16);
  v128.store(at, v128.bitselect(length, one, on));
  v128.store(rhs + (k << 4), product<T>(c, g));
  const left = v128.neg<T>(product<T>(s, g));
  // What is left belongs to the lanes that go on.
  const next = v128.and(on, v128.gt<T>(v128.abs<T>(left), target));
  v128.store(rhs + (k << 4), v128.and(left, next), 16);
  v128.store(active, next);
}

/** The coefficients of the basis vectors, in place of the right-hand side. */
function solveTriangle<T>(h: usize, rhs: usize, k: usize, size: usize): void {
  for (let i = <isize>k - 1; i >= 0; i--) {
    let x = v128.load(rhs + (i << 4));
    for (let j: usize = i + 1; j < k; j++) x = difference<T>(x, product<T>(v128.load(h + ((j * (size + 1) + i) << 4)), v128.load(rhs + (j << 4))));
    v128.store(rhs + (i << 4), v128.div<T>(x, v128.load(h + ((i * (size + 1) + i) << 4))));
  }
}
