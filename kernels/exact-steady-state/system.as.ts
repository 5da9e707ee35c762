// The linear system of the full steady state and its fixed point (README.md), four samples in float32 or two in float64
// on the lanes of each vector: T = f32 or f64. Knows nothing of batches, angles and rows of J.

// Where a system at address y keeps its vectors, 16 bytes each.
/** Polarization z, rate gamma, w = 2 gamma h (3), M of the effective equation: xx, xy, xz, yy, yz, zz. */
export const Z: usize = 0, GAMMA: usize = 16, W: usize = 32, M: usize = 80;
/** G = -(M + [w]x)^-1 (9), -1 / den, and the right-hand sides that the last steps gave: r = G beta, lambda = G^T chi. */
export const G: usize = 176, INV: usize = 320, BETA: usize = 336, CHI: usize = 384;
/** The cotangent of r (3), gradients of z and gamma, a mask: the steady state is unique. */
export const CUT: usize = 432, Z_BAR: usize = 480, GAMMA_BAR: usize = 496, UNIQUE: usize = 512;
/** For each input the rows 2a, -2b, 2d, and after those of all inputs their gradients. */
export const COUPLINGS: usize = 528;
const INPUT: usize = 144;

// @ts-ignore: decorator
@inline export function barsAt(y: usize, N: usize): usize { return y + COUPLINGS + N * INPUT; }
/** 1 / (gamma D) for each setting of the inputs. */
// @ts-ignore: decorator
@inline export function ratesAt(y: usize, N: usize): usize { return barsAt(y, N) + N * INPUT; }
/** The state s, with the output's index fastest; s_0 = 1. */
// @ts-ignore: decorator
@inline export function stateAt(y: usize, N: usize): usize { return ratesAt(y, N) + (16 << (2 * N)); }
/** Bytes of a state. */
// @ts-ignore: decorator
@inline export function stateBytes(N: usize): usize { return 64 << (2 * N); }
/** Its adjoint mu = (0, lambda, mu_Q). */
// @ts-ignore: decorator
@inline export function adjointAt(y: usize, N: usize): usize { return stateAt(y, N) + stateBytes(N); }
// @ts-ignore: decorator
@inline function productAt(y: usize, N: usize): usize { return adjointAt(y, N) + stateBytes(N); }
/** First byte after the system. */
// @ts-ignore: decorator
@inline export function endOf(y: usize, N: usize): usize { return productAt(y, N) + stateBytes(N); }

// @ts-ignore: decorator
@inline export function sum<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
// @ts-ignore: decorator
@inline export function difference<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
// @ts-ignore: decorator
@inline export function product<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
/** a d - b c. */
// @ts-ignore: decorator
@inline export function minor<T>(a: v128, b: v128, c: v128, d: v128): v128 { return difference<T>(product<T>(a, d), product<T>(b, c)); }
// @ts-ignore: decorator
@inline export function inner<T>(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
  return sum<T>(sum<T>(product<T>(ax, bx), product<T>(ay, by)), product<T>(az, bz));
}
// @ts-ignore: decorator
@inline function put<T>(at: usize, x: v128, more: bool): void { v128.store(at, more ? sum<T>(v128.load(at), x) : x); }
// @ts-ignore: decorator
@inline export function plus<T>(at: usize, x: v128): void { v128.store(at, sum<T>(v128.load(at), x)); }
/** 1 / sum of (0, 1/2, 1/2, 1) over the base-4 digits of i > 0. */
// @ts-ignore: decorator
@inline function inverseRate(i: usize): f64 {
  let twice: i32 = 0;
  for (let d = i; d; d >>= 2) twice += (d & 3) == 3 ? 2 : (d & 3) ? 1 : 0;
  return 2 / <f64>twice;
}

/** From z, gamma and the couplings: rates, w, M, G, and whether the steady state is unique. */
export function prepareSystem<T>(y: usize, N: usize): void {
  const z = v128.load(y, Z), gamma = v128.load(y, GAMMA), one = v128.splat<T>(1), mixed = difference<T>(one, product<T>(z, z));
  const inverse = v128.div<T>(one, gamma), rates = ratesAt(y, N), wz = product<T>(gamma, z), inputs: usize = 1 << (2 * N);
  for (let i: usize = 1; i < inputs; i++) v128.store(rates + (i << 4), product<T>(inverse, v128.splat<T>(<T>inverseRate(i))));
  memory.fill(y + W, 0, G - W);
  for (let n: usize = 0; n < N; n++) {
    const c = y + COUPLINGS + n * INPUT;
    for (let l: usize = 0; l < 48; l += 16) plus<T>(y + W + l, product<T>(wz, v128.load(c + 96 + l)));
    // The rows are twice a, -b and d: 8 P(a) = 2 P(2a).
    subtractP<T>(y + M, c, v128.splat<T>(2));
    subtractP<T>(y + M, c + 48, v128.splat<T>(2));
    subtractP<T>(y + M, c + 96, mixed);
  }
  closedForm<T>(y);
  flagUnique<T>(y);
}

/** (2 / gamma) sum |J_n| in Frobenius norms. */
// @ts-ignore: decorator
@inline export function kappaOf<T>(y: usize, N: usize): v128 {
  let kappa = v128.splat<T>(0);
  for (let n: usize = 0; n < N; n++) {
    let square = v128.splat<T>(0);
    for (let i: usize = 0; i < 144; i += 16) { const c = v128.load(y + COUPLINGS + n * 144 + i); square = sum<T>(square, product<T>(c, c)); }
    kappa = sum<T>(kappa, v128.sqrt<T>(square));
  }
  return v128.div<T>(kappa, v128.load(y, GAMMA));
}

/** M <- M - scale P(x), P(x) = |x|^2 I - x x^T with sums of squares on the diagonal, which do not cancel. */
// @ts-ignore: decorator
@inline export function subtractP<T>(m: usize, at: usize, scale: v128): void {
  const x = v128.load(at), y = v128.load(at, 16), z = v128.load(at, 32), minus = v128.neg<T>(scale), xx = product<T>(x, x), yy = product<T>(y, y), zz = product<T>(z, z);
  plus<T>(m, product<T>(minus, sum<T>(yy, zz))); plus<T>(m + 48, product<T>(minus, sum<T>(xx, zz))); plus<T>(m + 80, product<T>(minus, sum<T>(xx, yy)));
  plus<T>(m + 16, product<T>(scale, product<T>(x, y))); plus<T>(m + 32, product<T>(scale, product<T>(x, z))); plus<T>(m + 64, product<T>(scale, product<T>(y, z)));
}

/** G = -[adj M + w w^T - (M w)x] / den with den = det M + w.M w, both terms of which are <= 0. */
// @ts-ignore: decorator
@inline export function closedForm<T>(y: usize): void {
  const m = y + M, mxx = v128.load(m), mxy = v128.load(m, 16), mxz = v128.load(m, 32), myy = v128.load(m, 48), myz = v128.load(m, 64), mzz = v128.load(m, 80);
  const wx = v128.load(y, W), wy = v128.load(y, W + 16), wz = v128.load(y, W + 32), g = y + G;
  const cxx = minor<T>(myy, myz, myz, mzz), cxy = minor<T>(mxz, mxy, mzz, myz), cxz = minor<T>(mxy, myy, mxz, myz), cyy = minor<T>(mxx, mxz, mxz, mzz), cyz = minor<T>(mxy, mxx, myz, mxz), czz = minor<T>(mxx, mxy, mxy, myy);
  const vx = inner<T>(mxx, mxy, mxz, wx, wy, wz), vy = inner<T>(mxy, myy, myz, wx, wy, wz), vz = inner<T>(mxz, myz, mzz, wx, wy, wz);
  const den = sum<T>(inner<T>(mxx, mxy, mxz, cxx, cxy, cxz), inner<T>(wx, wy, wz, vx, vy, vz)), inv = v128.div<T>(v128.splat<T>(-1), den);
  const xy = sum<T>(cxy, product<T>(wx, wy)), xz = sum<T>(cxz, product<T>(wx, wz)), yz = sum<T>(cyz, product<T>(wy, wz));
  v128.store(g, product<T>(inv, sum<T>(cxx, product<T>(wx, wx)))); v128.store(g, product<T>(inv, sum<T>(xy, vz)), 16); v128.store(g, product<T>(inv, difference<T>(xz, vy)), 32);
  v128.store(g, product<T>(inv, difference<T>(xy, vz)), 48); v128.store(g, product<T>(inv, sum<T>(cyy, product<T>(wy, wy))), 64); v128.store(g, product<T>(inv, sum<T>(yz, vx)), 80);
  v128.store(g, product<T>(inv, sum<T>(xz, vy)), 96); v128.store(g, product<T>(inv, difference<T>(yz, vx)), 112); v128.store(g, product<T>(inv, sum<T>(czz, product<T>(wz, wz))), 128);
  v128.store(y, inv, INV);
}

/** u = -den / (m (m^2 + |w|^2)) > 1e-5 with m = -tr M / 2 and the den of M and w, as in the effective steady state. */
// @ts-ignore: decorator
@inline function flagUnique<T>(y: usize): void {
  const m = y + M, wx = v128.load(y, W), wy = v128.load(y, W + 16), wz = v128.load(y, W + 32), den = v128.div<T>(v128.splat<T>(-1), v128.load(y, INV));
  const trace = product<T>(v128.splat<T>(-0.5), sum<T>(sum<T>(v128.load(m), v128.load(m, 48)), v128.load(m, 80))), scale = product<T>(trace, sum<T>(product<T>(trace, trace), inner<T>(wx, wy, wz, wx, wy, wz)));
  v128.store(y, v128.lt<T>(den, product<T>(v128.splat<T>(<T>-1e-5), scale)), UNIQUE);
}

/** One input's share of t = K s for one setting of the others; `step` = bytes between its four states, c its rows 2a, -2b, 2d. */
function apply<T>(y: usize, s: usize, t: usize, step: usize, c: usize, more: bool): void {
  const z = v128.load(y, Z);
  const ax = v128.load(c), ay = v128.load(c, 16), az = v128.load(c, 32), gx = v128.load(c, 48), gy = v128.load(c, 64), gz = v128.load(c, 80), dx = v128.load(c, 96), dy = v128.load(c, 112), dz = v128.load(c, 128);
  const s1 = s + step, s2 = s1 + step, s3 = s2 + step, t1 = t + step, t2 = t1 + step, t3 = t2 + step;
  const e0 = v128.load(s), x0 = v128.load(s, 16), y0 = v128.load(s, 32), z0 = v128.load(s, 48), e1 = v128.load(s1), x1 = v128.load(s1, 16), y1 = v128.load(s1, 32), z1 = v128.load(s1, 48);
  const e2 = v128.load(s2), x2 = v128.load(s2, 16), y2 = v128.load(s2, 32), z2 = v128.load(s2, 48);
  const eq = sum<T>(v128.load(s3), product<T>(z, e0)), xq = sum<T>(v128.load(s3, 16), product<T>(z, x0)), yq = sum<T>(v128.load(s3, 32), product<T>(z, y0)), zq = sum<T>(v128.load(s3, 48), product<T>(z, z0));
  const ox = sum<T>(sum<T>(minor<T>(ay, az, y1, z1), minor<T>(gy, gz, y2, z2)), minor<T>(dy, dz, yq, zq)), oy = sum<T>(sum<T>(minor<T>(az, ax, z1, x1), minor<T>(gz, gx, z2, x2)), minor<T>(dz, dx, zq, xq)), oz = sum<T>(sum<T>(minor<T>(ax, ay, x1, y1), minor<T>(gx, gy, x2, y2)), minor<T>(dx, dy, xq, yq));
  if (!more) v128.store(t, v128.splat<T>(0));
  put<T>(t + 16, ox, more); put<T>(t + 32, oy, more); put<T>(t + 48, oz, more);
  put<T>(t1, difference<T>(inner<T>(gx, gy, gz, xq, yq, zq), inner<T>(dx, dy, dz, x2, y2, z2)), more);
  put<T>(t1 + 16, sum<T>(minor<T>(gx, dx, e2, eq), minor<T>(ay, az, y0, z0)), more); put<T>(t1 + 32, sum<T>(minor<T>(gy, dy, e2, eq), minor<T>(az, ax, z0, x0)), more); put<T>(t1 + 48, sum<T>(minor<T>(gz, dz, e2, eq), minor<T>(ax, ay, x0, y0)), more);
  put<T>(t2, difference<T>(inner<T>(dx, dy, dz, x1, y1, z1), inner<T>(ax, ay, az, xq, yq, zq)), more);
  put<T>(t2 + 16, sum<T>(minor<T>(dx, ax, eq, e1), minor<T>(gy, gz, y0, z0)), more); put<T>(t2 + 32, sum<T>(minor<T>(dy, ay, eq, e1), minor<T>(gz, gx, z0, x0)), more); put<T>(t2 + 48, sum<T>(minor<T>(dz, az, eq, e1), minor<T>(gx, gy, x0, y0)), more);
  put<T>(t3, difference<T>(inner<T>(ax, ay, az, x2, y2, z2), inner<T>(gx, gy, gz, x1, y1, z1)), more);
  put<T>(t3 + 16, difference<T>(sum<T>(minor<T>(ax, gx, e1, e2), minor<T>(dy, dz, y0, z0)), product<T>(z, ox)), more); put<T>(t3 + 32, difference<T>(sum<T>(minor<T>(ay, gy, e1, e2), minor<T>(dz, dx, z0, x0)), product<T>(z, oy)), more); put<T>(t3 + 48, difference<T>(sum<T>(minor<T>(az, gz, e1, e2), minor<T>(dx, dy, x0, y0)), product<T>(z, oz)), more);
}

/** The same for t = K^T u: `apply` read backwards. */
function applyTransposed<T>(y: usize, u: usize, t: usize, step: usize, c: usize, more: bool): void {
  const z = v128.load(y, Z);
  const ax = v128.load(c), ay = v128.load(c, 16), az = v128.load(c, 32), gx = v128.load(c, 48), gy = v128.load(c, 64), gz = v128.load(c, 80), dx = v128.load(c, 96), dy = v128.load(c, 112), dz = v128.load(c, 128);
  const u1 = u + step, u2 = u1 + step, u3 = u2 + step, t1 = t + step, t2 = t1 + step, t3 = t2 + step;
  const f1 = v128.load(u1), x1 = v128.load(u1, 16), y1 = v128.load(u1, 32), z1 = v128.load(u1, 48), f2 = v128.load(u2), x2 = v128.load(u2, 16), y2 = v128.load(u2, 32), z2 = v128.load(u2, 48);
  const f3 = v128.load(u3), x3 = v128.load(u3, 16), y3 = v128.load(u3, 32), z3 = v128.load(u3, 48);
  const ox = difference<T>(v128.load(u, 16), product<T>(z, x3)), oy = difference<T>(v128.load(u, 32), product<T>(z, y3)), oz = difference<T>(v128.load(u, 48), product<T>(z, z3));
  const eq = difference<T>(inner<T>(gx, gy, gz, x1, y1, z1), inner<T>(ax, ay, az, x2, y2, z2));
  const xq = sum<T>(minor<T>(oy, oz, dy, dz), minor<T>(f1, f2, ax, gx)), yq = sum<T>(minor<T>(oz, ox, dz, dx), minor<T>(f1, f2, ay, gy)), zq = sum<T>(minor<T>(ox, oy, dx, dy), minor<T>(f1, f2, az, gz));
  put<T>(t, product<T>(z, eq), more);
  put<T>(t + 16, sum<T>(sum<T>(minor<T>(y1, z1, ay, az), minor<T>(y2, z2, gy, gz)), sum<T>(minor<T>(y3, z3, dy, dz), product<T>(z, xq))), more);
  put<T>(t + 32, sum<T>(sum<T>(minor<T>(z1, x1, az, ax), minor<T>(z2, x2, gz, gx)), sum<T>(minor<T>(z3, x3, dz, dx), product<T>(z, yq))), more);
  put<T>(t + 48, sum<T>(sum<T>(minor<T>(x1, y1, ax, ay), minor<T>(x2, y2, gx, gy)), sum<T>(minor<T>(x3, y3, dx, dy), product<T>(z, zq))), more);
  put<T>(t1, difference<T>(inner<T>(dx, dy, dz, x2, y2, z2), inner<T>(gx, gy, gz, x3, y3, z3)), more);
  put<T>(t1 + 16, sum<T>(minor<T>(oy, oz, ay, az), minor<T>(f2, f3, gx, dx)), more); put<T>(t1 + 32, sum<T>(minor<T>(oz, ox, az, ax), minor<T>(f2, f3, gy, dy)), more); put<T>(t1 + 48, sum<T>(minor<T>(ox, oy, ax, ay), minor<T>(f2, f3, gz, dz)), more);
  put<T>(t2, difference<T>(inner<T>(ax, ay, az, x3, y3, z3), inner<T>(dx, dy, dz, x1, y1, z1)), more);
  put<T>(t2 + 16, sum<T>(minor<T>(oy, oz, gy, gz), minor<T>(f3, f1, dx, ax)), more); put<T>(t2 + 32, sum<T>(minor<T>(oz, ox, gz, gx), minor<T>(f3, f1, dy, ay)), more); put<T>(t2 + 48, sum<T>(minor<T>(ox, oy, gx, gy), minor<T>(f3, f1, dz, az)), more);
  put<T>(t3, eq, more); put<T>(t3 + 16, xq, more); put<T>(t3 + 32, yq, more); put<T>(t3 + 48, zq, more);
}

/** The product K x, or K^T x, of a state at `x`. A = bool: K; A = f32: K^T. */
function applyAll<T, A>(y: usize, N: usize, x: usize): void {
  const t = productAt(y, N), bytes = stateBytes(N);
  for (let n: usize = 0, size = bytes >> 2; n < N; n++, size >>= 2) // size = bytes between the states of input n
    for (let high: usize = 0; high < bytes; high += size << 2) for (let low: usize = 0; low < size; low += 64) {
      const at = high + low, c = y + COUPLINGS + n * INPUT;
      if (isFloat<A>()) applyTransposed<T>(y, x + at, t + at, size, c, n > 0);
      else apply<T>(y, x + at, t + at, size, c, n > 0);
    }
}

/**
 * One step of the fixed point on a state at `x`, in the lanes of `active`, and which of them moved by less than
 * `tolerance`. A = bool: x_Q <- (K x)_Q / (gamma D), beta <- gamma K_PQ x_Q - M r, r <- G beta. A = f32: the adjoint,
 * chi <- gamma (K_QP^T x_Q + cotangent) - M lambda, lambda <- G^T chi. Not `affine`: the cotangent is 0.
 */
export function advance<T, A>(y: usize, N: usize, x: usize, active: usize, affine: bool): void {
  const t = productAt(y, N), inputs: usize = 1 << (2 * N), rates = ratesAt(y, N), on = v128.load(active);
  applyAll<T, A>(y, N, x);
  for (let i: usize = 1; i < inputs; i++) {
    const k = v128.load(rates + (i << 4)), a = x + (i << 6), b = t + (i << 6);
    for (let o: usize = 0; o < 64; o += 16) v128.store(a + o, v128.bitselect(product<T>(k, v128.load(b + o)), v128.load(a + o), on));
  }
  let px = v128.splat<T>(0), py = px, pz = px;
  for (let n: usize = 0, size = stateBytes(N) >> 2; n < N; n++, size >>= 2) {
    const c = y + COUPLINGS + n * INPUT, q1 = x + size, q2 = q1 + size, q3 = q2 + size;
    const ax = v128.load(c), ay = v128.load(c, 16), az = v128.load(c, 32), gx = v128.load(c, 48), gy = v128.load(c, 64), gz = v128.load(c, 80), dx = v128.load(c, 96), dy = v128.load(c, 112), dz = v128.load(c, 128);
    const x1 = v128.load(q1, 16), y1 = v128.load(q1, 32), z1 = v128.load(q1, 48), x2 = v128.load(q2, 16), y2 = v128.load(q2, 32), z2 = v128.load(q2, 48), x3 = v128.load(q3, 16), y3 = v128.load(q3, 32), z3 = v128.load(q3, 48);
    if (isFloat<A>()) {
      // u1 x a + u2 x g + (1 - z^2) u3 x d + z (f1 g - f2 a)
      const z = v128.load(y, Z), mixed = difference<T>(v128.splat<T>(1), product<T>(z, z)), f1 = v128.load(q1), f2 = v128.load(q2);
      px = sum<T>(px, sum<T>(sum<T>(minor<T>(y1, z1, ay, az), minor<T>(y2, z2, gy, gz)), sum<T>(product<T>(mixed, minor<T>(y3, z3, dy, dz)), product<T>(z, minor<T>(f1, f2, ax, gx)))));
      py = sum<T>(py, sum<T>(sum<T>(minor<T>(z1, x1, az, ax), minor<T>(z2, x2, gz, gx)), sum<T>(product<T>(mixed, minor<T>(z3, x3, dz, dx)), product<T>(z, minor<T>(f1, f2, ay, gy)))));
      pz = sum<T>(pz, sum<T>(sum<T>(minor<T>(x1, y1, ax, ay), minor<T>(x2, y2, gx, gy)), sum<T>(product<T>(mixed, minor<T>(x3, y3, dx, dy)), product<T>(z, minor<T>(f1, f2, az, gz)))));
    } else { // a x v1 + g x v2 + d x v3
      px = sum<T>(px, sum<T>(sum<T>(minor<T>(ay, az, y1, z1), minor<T>(gy, gz, y2, z2)), minor<T>(dy, dz, y3, z3)));
      py = sum<T>(py, sum<T>(sum<T>(minor<T>(az, ax, z1, x1), minor<T>(gz, gx, z2, x2)), minor<T>(dz, dx, z3, x3)));
      pz = sum<T>(pz, sum<T>(sum<T>(minor<T>(ax, ay, x1, y1), minor<T>(gx, gy, x2, y2)), minor<T>(dx, dy, x3, y3)));
    }
  }
  const gamma = v128.load(y, GAMMA), m = y + M, rx = v128.load(x, 16), ry = v128.load(x, 32), rz = v128.load(x, 48);
  if (isFloat<A>() && affine) { px = sum<T>(px, v128.load(y, CUT)); py = sum<T>(py, v128.load(y, CUT + 16)); pz = sum<T>(pz, v128.load(y, CUT + 32)); }
  const bx = difference<T>(product<T>(gamma, px), inner<T>(v128.load(m), v128.load(m, 16), v128.load(m, 32), rx, ry, rz));
  const by = difference<T>(product<T>(gamma, py), inner<T>(v128.load(m, 16), v128.load(m, 48), v128.load(m, 64), rx, ry, rz));
  const bz = difference<T>(product<T>(gamma, pz), inner<T>(v128.load(m, 32), v128.load(m, 64), v128.load(m, 80), rx, ry, rz));
  const to = y + (isFloat<A>() ? CHI : BETA), g = y + G, across: usize = isFloat<A>() ? 48 : 16, down: usize = isFloat<A>() ? 16 : 48;
  v128.store(to, v128.bitselect(bx, v128.load(to), on)); v128.store(to, v128.bitselect(by, v128.load(to, 16), on), 16); v128.store(to, v128.bitselect(bz, v128.load(to, 32), on), 32);
  for (let i: usize = 0; i < 3; i++) {
    const row = g + i * down, at = x + 16 + (i << 4), value = inner<T>(v128.load(row), v128.load(row + across), v128.load(row + 2 * across), bx, by, bz);
    v128.store(at, v128.bitselect(value, v128.load(at), on));
  }
}

/**
 * Steps from 0 until r, or lambda, has stood still twice in a row: where odd orders vanish, one quiet step comes too
 * early. Each lane stops on its own, so that it does not depend on its neighbours. `mask`: the lanes to solve, and in
 * the end those that are solved.
 */
export function fixedPoint<T, A>(y: usize, N: usize, mask: usize, tolerance: T, cap: i32): void {
  const x = isFloat<A>() ? adjointAt(y, N) : stateAt(y, N), active = endOf(y, N), zero = v128.splat<T>(0);
  memory.fill(x, 0, stateBytes(N));
  if (!isFloat<A>()) v128.store(x, v128.splat<T>(1));
  v128.store(active, v128.load(mask));
  let solved = zero, quiet = zero;
  for (let step = 0; step < cap && v128.any_true(v128.load(active)); step++) {
    const ox = v128.load(x, 16), oy = v128.load(x, 32), oz = v128.load(x, 48);
    advance<T, A>(y, N, x, active, true);
    const rx = v128.load(x, 16), ry = v128.load(x, 32), rz = v128.load(x, 48);
    const change = v128.max<T>(v128.max<T>(v128.abs<T>(difference<T>(rx, ox)), v128.abs<T>(difference<T>(ry, oy))), v128.abs<T>(difference<T>(rz, oz)));
    let scale = v128.splat<T>(1);
    if (isFloat<A>()) scale = v128.max<T>(v128.max<T>(v128.abs<T>(rx), v128.abs<T>(ry)), v128.abs<T>(rz));
    // The second step repeats the first where all orders but the first vanish. NaN is never still.
    const still = step < 2 ? zero : v128.le<T>(change, product<T>(v128.splat<T>(tolerance), scale));
    const on = v128.load(active), done = v128.and(on, v128.and(still, quiet));
    solved = v128.or(solved, done);
    quiet = still;
    let next = v128.andnot(on, done);
    // What has not come this close by now will not come closer before the cap.
    if (step == 12 || step == 32) next = v128.and(next, v128.le<T>(change, product<T>(v128.splat<T>(step == 12 ? <T>0.1 : <T>2e-3), scale)));
    v128.store(active, next);
  }
  v128.store(mask, solved);
}

/** From the state and its adjoint, and r x lambda at W: gradients by the couplings, z and gamma. */
export function contract<T>(y: usize, N: usize): void {
  const bytes = stateBytes(N), s = stateAt(y, N), u = adjointAt(y, N), z = v128.load(y, Z), bars = barsAt(y, N);
  const fx = v128.load(y, W), fy = v128.load(y, W + 16), fz = v128.load(y, W + 32);
  memory.fill(bars, 0, N * INPUT);
  v128.store(y, v128.splat<T>(0), Z_BAR);
  for (let n: usize = 0, size = bytes >> 2; n < N; n++, size >>= 2) {
    const c = y + COUPLINGS + n * INPUT, bar = bars + n * INPUT;
    plus<T>(bar + 96, product<T>(z, fx)); plus<T>(bar + 112, product<T>(z, fy)); plus<T>(bar + 128, product<T>(z, fz));
    plus<T>(y + Z_BAR, inner<T>(fx, fy, fz, v128.load(c, 96), v128.load(c, 112), v128.load(c, 128)));
    for (let high: usize = 0; high < bytes; high += size << 2) for (let low: usize = 0; low < size; low += 64)
      contractOne<T>(y, s + high + low, u + high + low, size, c, bar, high + low == 0);
  }
  let total = v128.splat<T>(0);
  const inputs: usize = 1 << (2 * N);
  for (let i: usize = 1; i < inputs; i++) {
    const a = s + (i << 6), b = u + (i << 6), D = v128.splat<T>(<T>(1 / inverseRate(i)));
    let dot = product<T>(v128.load(a), v128.load(b));
    for (let o: usize = 16; o < 64; o += 16) dot = sum<T>(dot, product<T>(v128.load(a + o), v128.load(b + o)));
    total = difference<T>(total, product<T>(D, dot));
  }
  v128.store(y, total, GAMMA_BAR);
}

/** To W: r x lambda = (A^-1 beta) x (A^-T chi), A = M + [w]x, in the form that keeps its relative accuracy at every gamma. */
// @ts-ignore: decorator
@inline export function turn<T>(y: usize): void {
  const m = y + M, mxx = v128.load(m), mxy = v128.load(m, 16), mxz = v128.load(m, 32), myy = v128.load(m, 48), myz = v128.load(m, 64), mzz = v128.load(m, 80);
  const wx = v128.load(y, W), wy = v128.load(y, W + 16), wz = v128.load(y, W + 32), inv = v128.load(y, INV), bx = v128.load(y, BETA), by = v128.load(y, BETA + 16), bz = v128.load(y, BETA + 32);
  const kx = v128.load(y, CHI), ky = v128.load(y, CHI + 16), kz = v128.load(y, CHI + 32), g = y + G;
  const vx = inner<T>(mxx, mxy, mxz, wx, wy, wz), vy = inner<T>(mxy, myy, myz, wx, wy, wz), vz = inner<T>(mxz, myz, mzz, wx, wy, wz);
  const rx = inner<T>(v128.load(g), v128.load(g, 16), v128.load(g, 32), bx, by, bz), ry = inner<T>(v128.load(g, 48), v128.load(g, 64), v128.load(g, 80), bx, by, bz), rz = inner<T>(v128.load(g, 96), v128.load(g, 112), v128.load(g, 128), bx, by, bz);
  const nx = product<T>(inv, kx), ny = product<T>(inv, ky), nz = product<T>(inv, kz), wn = inner<T>(wx, wy, wz, nx, ny, nz), wb = inner<T>(wx, wy, wz, bx, by, bz);
  const ox = minor<T>(by, bz, ny, nz), oy = minor<T>(bz, bx, nz, nx), oz = minor<T>(bx, by, nx, ny);
  const e = product<T>(product<T>(v128.splat<T>(2), inv), inner<T>(kx, ky, kz, rx, ry, rz));
  v128.store(y, sum<T>(difference<T>(sum<T>(product<T>(nx, wb), product<T>(bx, wn)), inner<T>(mxx, mxy, mxz, ox, oy, oz)), product<T>(e, vx)), W);
  v128.store(y, sum<T>(difference<T>(sum<T>(product<T>(ny, wb), product<T>(by, wn)), inner<T>(mxy, myy, myz, ox, oy, oz)), product<T>(e, vy)), W + 16);
  v128.store(y, sum<T>(difference<T>(sum<T>(product<T>(nz, wb), product<T>(bz, wn)), inner<T>(mxz, myz, mzz, ox, oy, oz)), product<T>(e, vz)), W + 32);
}

/** One input's share of the contraction for one setting of the others; in `first`, that of P, without lambda and r together. */
function contractOne<T>(y: usize, s: usize, u: usize, step: usize, c: usize, bar: usize, first: bool): void {
  const z = v128.load(y, Z);
  const s1 = s + step, s2 = s1 + step, s3 = s2 + step, u1 = u + step, u2 = u1 + step, u3 = u2 + step;
  const e0 = v128.load(s), x0 = v128.load(s, 16), y0 = v128.load(s, 32), z0 = v128.load(s, 48), e1 = v128.load(s1), x1 = v128.load(s1, 16), y1 = v128.load(s1, 32), z1 = v128.load(s1, 48);
  const e2 = v128.load(s2), x2 = v128.load(s2, 16), y2 = v128.load(s2, 32), z2 = v128.load(s2, 48), e3 = v128.load(s3), x3 = v128.load(s3, 16), y3 = v128.load(s3, 32), z3 = v128.load(s3, 48);
  const f1 = v128.load(u1), p1 = v128.load(u1, 16), q1 = v128.load(u1, 32), r1 = v128.load(u1, 48), f2 = v128.load(u2), p2 = v128.load(u2, 16), q2 = v128.load(u2, 32), r2 = v128.load(u2, 48);
  const f3 = v128.load(u3), p3 = v128.load(u3, 16), q3 = v128.load(u3, 32), r3 = v128.load(u3, 48), lx = v128.load(u, 16), ly = v128.load(u, 32), lz = v128.load(u, 48);
  const ox = difference<T>(lx, product<T>(z, p3)), oy = difference<T>(ly, product<T>(z, q3)), oz = difference<T>(lz, product<T>(z, r3));
  const eq = sum<T>(e3, product<T>(z, e0)), xq = sum<T>(x3, product<T>(z, x0)), yq = sum<T>(y3, product<T>(z, y0)), zq = sum<T>(z3, product<T>(z, z0));
  // a: v1 x o + v0 x u1 - f2 vq - eq u2 + f3 v2 + e2 u3
  plus<T>(bar, sum<T>(sum<T>(minor<T>(y1, z1, oy, oz), minor<T>(y0, z0, q1, r1)), sum<T>(minor<T>(f3, f2, xq, x2), minor<T>(e2, eq, p2, p3))));
  plus<T>(bar + 16, sum<T>(sum<T>(minor<T>(z1, x1, oz, ox), minor<T>(z0, x0, r1, p1)), sum<T>(minor<T>(f3, f2, yq, y2), minor<T>(e2, eq, q2, q3))));
  plus<T>(bar + 32, sum<T>(sum<T>(minor<T>(x1, y1, ox, oy), minor<T>(x0, y0, p1, q1)), sum<T>(minor<T>(f3, f2, zq, z2), minor<T>(e2, eq, r2, r3))));
  // -b: v2 x o + v0 x u2 + f1 vq + eq u1 - f3 v1 - e1 u3
  plus<T>(bar + 48, sum<T>(sum<T>(minor<T>(y2, z2, oy, oz), minor<T>(y0, z0, q2, r2)), sum<T>(minor<T>(f1, f3, x1, xq), minor<T>(eq, e1, p3, p1))));
  plus<T>(bar + 64, sum<T>(sum<T>(minor<T>(z2, x2, oz, ox), minor<T>(z0, x0, r2, p2)), sum<T>(minor<T>(f1, f3, y1, yq), minor<T>(eq, e1, q3, q1))));
  plus<T>(bar + 80, sum<T>(sum<T>(minor<T>(x2, y2, ox, oy), minor<T>(x0, y0, p2, q2)), sum<T>(minor<T>(f1, f3, z1, zq), minor<T>(eq, e1, r3, r1))));
  // d: v3 x o + z v0 x (o, or in the first -z u3) + v0 x u3 - f1 v2 - e2 u1 + f2 v1 + e1 u2
  const ix = first ? v128.neg<T>(product<T>(z, p3)) : ox, iy = first ? v128.neg<T>(product<T>(z, q3)) : oy, iz = first ? v128.neg<T>(product<T>(z, r3)) : oz;
  const kx = sum<T>(p3, product<T>(z, ix)), ky = sum<T>(q3, product<T>(z, iy)), kz = sum<T>(r3, product<T>(z, iz));
  plus<T>(bar + 96, sum<T>(sum<T>(minor<T>(y3, z3, oy, oz), minor<T>(y0, z0, ky, kz)), sum<T>(minor<T>(f2, f1, x2, x1), minor<T>(e1, e2, p1, p2))));
  plus<T>(bar + 112, sum<T>(sum<T>(minor<T>(z3, x3, oz, ox), minor<T>(z0, x0, kz, kx)), sum<T>(minor<T>(f2, f1, y2, y1), minor<T>(e1, e2, q1, q2))));
  plus<T>(bar + 128, sum<T>(sum<T>(minor<T>(x3, y3, ox, oy), minor<T>(x0, y0, kx, ky)), sum<T>(minor<T>(f2, f1, z2, z1), minor<T>(e1, e2, r1, r2))));
  // z: e0 (g.u1 - a.u2) + v0.(o x d + f1 g - f2 a) - (a x v1 + g x v2 + d x vq).u3
  const ax = v128.load(c), ay = v128.load(c, 16), az = v128.load(c, 32), gx = v128.load(c, 48), gy = v128.load(c, 64), gz = v128.load(c, 80), dx = v128.load(c, 96), dy = v128.load(c, 112), dz = v128.load(c, 128);
  const wx = sum<T>(minor<T>(iy, iz, dy, dz), minor<T>(f1, f2, ax, gx)), wy = sum<T>(minor<T>(iz, ix, dz, dx), minor<T>(f1, f2, ay, gy)), wz = sum<T>(minor<T>(ix, iy, dx, dy), minor<T>(f1, f2, az, gz));
  const tx = sum<T>(sum<T>(minor<T>(ay, az, y1, z1), minor<T>(gy, gz, y2, z2)), minor<T>(dy, dz, yq, zq)), ty = sum<T>(sum<T>(minor<T>(az, ax, z1, x1), minor<T>(gz, gx, z2, x2)), minor<T>(dz, dx, zq, xq)), tz = sum<T>(sum<T>(minor<T>(ax, ay, x1, y1), minor<T>(gx, gy, x2, y2)), minor<T>(dx, dy, xq, yq));
  const ez = product<T>(e0, difference<T>(inner<T>(gx, gy, gz, p1, q1, r1), inner<T>(ax, ay, az, p2, q2, r2)));
  plus<T>(y + Z_BAR, sum<T>(ez, difference<T>(inner<T>(x0, y0, z0, wx, wy, wz), inner<T>(tx, ty, tz, p3, q3, r3))));
}
