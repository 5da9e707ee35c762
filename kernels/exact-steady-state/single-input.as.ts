// The full steady state of one input and one output in closed form (README.md, "One input"), two samples in float64 on
// the lanes: what fixed point and LU do for more inputs. Knows nothing of batches.

import { adjointAt, BETA, CHI, closedForm, COUPLINGS, CUT, G, GAMMA, inner, M, minor, stateAt, subtractP, turn, W, Z } from "./system.as";

// @ts-ignore: decorator
@inline function add(a: v128, b: v128): v128 { return f64x2.add(a, b); }
// @ts-ignore: decorator
@inline function sub(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
// @ts-ignore: decorator
@inline function mul(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
// @ts-ignore: decorator
@inline function put(at: usize, x: v128, y: v128, z: v128): void { v128.store(at, x); v128.store(at, y, 16); v128.store(at, z, 32); }
/** Where the elimination leaves S⁻¹ (6 vectors) and X S⁻¹ (9) for the state. */
const INVERSE: usize = 0, LIFT: usize = 96;
/** r to the state, from z, gamma and the couplings at y; with A = f32 the whole state, its adjoint, and r x lambda at W. `work`: 15 vectors. */
export function solveOne<A>(y: usize, work: usize): void {
  eliminate(y, work);
  const g = y + G, bx = v128.load(y, BETA), by = v128.load(y, BETA + 16), bz = v128.load(y, BETA + 32), s = stateAt(y, 1);
  const rx = inner<f64>(v128.load(g), v128.load(g, 16), v128.load(g, 32), bx, by, bz), ry = inner<f64>(v128.load(g, 48), v128.load(g, 64), v128.load(g, 80), bx, by, bz), rz = inner<f64>(v128.load(g, 96), v128.load(g, 112), v128.load(g, 128), bx, by, bz);
  put(s + 16, rx, ry, rz);
  if (!isFloat<A>()) return;
  expandState(y, work, s);
  expandAdjoint(y, work, s, adjointAt(y, 1));
}

/** All but r eliminated: M, w and beta of what is left, G, and at `work` what the state needs. */
// @ts-ignore: decorator
@inline function eliminate(y: usize, work: usize): void {
  const c = y + COUPLINGS, ax = v128.load(c), ay = v128.load(c, 16), az = v128.load(c, 32), gx = v128.load(c, 48), gy = v128.load(c, 64), gz = v128.load(c, 80), dx = v128.load(c, 96), dy = v128.load(c, 112), dz = v128.load(c, 128);
  const gamma = v128.load(y, GAMMA), zg = mul(v128.load(y, Z), gamma), square = mul(gamma, gamma), half = mul(f64x2.splat(0.5), square), two = f64x2.splat(2), three = f64x2.splat(3), four = f64x2.splat(4);
  const aa = inner<f64>(ax, ay, az, ax, ay, az), gg = inner<f64>(gx, gy, gz, gx, gy, gz), dd = mul(two, inner<f64>(dx, dy, dz, dx, dy, dz));
  // S, symmetric and positive definite
  const s11 = add(half, add(gg, dd)), s22 = add(half, add(aa, dd)), s33 = add(square, mul(two, add(aa, gg)));
  const s12 = f64x2.neg(inner<f64>(ax, ay, az, gx, gy, gz)), s13 = mul(f64x2.splat(-2), inner<f64>(ax, ay, az, dx, dy, dz)), s23 = mul(f64x2.splat(-2), inner<f64>(dx, dy, dz, gx, gy, gz));
  const c11 = minor<f64>(s22, s23, s23, s33), c12 = minor<f64>(s13, s12, s33, s23), c13 = minor<f64>(s12, s22, s13, s23), c22 = minor<f64>(s11, s13, s13, s33), c23 = minor<f64>(s12, s11, s23, s13), c33 = minor<f64>(s11, s12, s12, s22);
  const inverse = f64x2.div(f64x2.splat(1), inner<f64>(s11, s12, s13, c11, c12, c13));
  const q11 = mul(inverse, c11), q12 = mul(inverse, c12), q13 = mul(inverse, c13), q22 = mul(inverse, c22), q23 = mul(inverse, c23), q33 = mul(inverse, c33);
  put(work + INVERSE, q11, q12, q13); put(work + INVERSE + 48, q22, q23, q33);
  // X = (3 g x d, 3 d x a, 4 a x g)
  const x1 = mul(three, minor<f64>(gy, gz, dy, dz)), y1 = mul(three, minor<f64>(gz, gx, dz, dx)), z1 = mul(three, minor<f64>(gx, gy, dx, dy));
  const x2 = mul(three, minor<f64>(dy, dz, ay, az)), y2 = mul(three, minor<f64>(dz, dx, az, ax)), z2 = mul(three, minor<f64>(dx, dy, ax, ay));
  const x3 = mul(four, minor<f64>(ay, az, gy, gz)), y3 = mul(four, minor<f64>(az, ax, gz, gx)), z3 = mul(four, minor<f64>(ax, ay, gx, gy));
  const lx1 = inner<f64>(q11, q12, q13, x1, x2, x3), ly1 = inner<f64>(q11, q12, q13, y1, y2, y3), lz1 = inner<f64>(q11, q12, q13, z1, z2, z3);
  const lx2 = inner<f64>(q12, q22, q23, x1, x2, x3), ly2 = inner<f64>(q12, q22, q23, y1, y2, y3), lz2 = inner<f64>(q12, q22, q23, z1, z2, z3);
  const lx3 = inner<f64>(q13, q23, q33, x1, x2, x3), ly3 = inner<f64>(q13, q23, q33, y1, y2, y3), lz3 = inner<f64>(q13, q23, q33, z1, z2, z3);
  put(work + LIFT, lx1, ly1, lz1); put(work + LIFT + 48, lx2, ly2, lz2); put(work + LIFT + 96, lx3, ly3, lz3);
  // Y = X + z gamma (g, -a, 0), and X S^-1 Y^T
  const u1 = add(x1, mul(zg, gx)), v1 = add(y1, mul(zg, gy)), w1 = add(z1, mul(zg, gz)), u2 = sub(x2, mul(zg, ax)), v2 = sub(y2, mul(zg, ay)), w2 = sub(z2, mul(zg, az));
  const xx = inner<f64>(lx1, lx2, lx3, u1, u2, x3), xy = inner<f64>(lx1, lx2, lx3, v1, v2, y3), xz = inner<f64>(lx1, lx2, lx3, w1, w2, z3);
  const yx = inner<f64>(ly1, ly2, ly3, u1, u2, x3), yy = inner<f64>(ly1, ly2, ly3, v1, v2, y3), yz = inner<f64>(ly1, ly2, ly3, w1, w2, z3);
  const zx = inner<f64>(lz1, lz2, lz3, u1, u2, x3), zy = inner<f64>(lz1, lz2, lz3, v1, v2, y3), zz = inner<f64>(lz1, lz2, lz3, w1, w2, z3);
  const m = y + M, mean = f64x2.splat(0.5), source = mul(zg, gamma);
  put(m, xx, mul(mean, add(xy, yx)), mul(mean, add(xz, zx))); put(m + 48, yy, mul(mean, add(yz, zy)), zz);
  subtractP<f64>(m, c, two); subtractP<f64>(m, c + 48, two); subtractP<f64>(m, c + 96, f64x2.splat(1));
  put(y + W, add(mul(zg, dx), mul(mean, sub(zy, yz))), add(mul(zg, dy), mul(mean, sub(xz, zx))), add(mul(zg, dz), mul(mean, sub(yx, xy))));
  put(y + BETA, mul(source, lx3), mul(source, ly3), mul(source, lz3));
  closedForm<f64>(y);
}

/** factor (p a' - q b' + c' x w) for the vectors a', b', c' at a, b, c, to `at`. */
// @ts-ignore: decorator
@inline function combine(at: usize, factor: v128, p: v128, a: usize, q: v128, b: usize, c: usize, wx: v128, wy: v128, wz: v128): void {
  const cx = v128.load(c), cy = v128.load(c, 16), cz = v128.load(c, 32);
  v128.store(at, mul(factor, add(minor<f64>(p, q, v128.load(b), v128.load(a)), minor<f64>(cy, cz, wy, wz))));
  v128.store(at, mul(factor, add(minor<f64>(p, q, v128.load(b, 16), v128.load(a, 16)), minor<f64>(cz, cx, wz, wx))), 16);
  v128.store(at, mul(factor, add(minor<f64>(p, q, v128.load(b, 32), v128.load(a, 32)), minor<f64>(cx, cy, wx, wy))), 32);
}

/** The vectors beside the scalars e and the vector w of the output alone, times a factor: those of state and adjoint have one form. */
// @ts-ignore: decorator
@inline function expandVectors(y: usize, x: usize, factor: v128, e1: v128, e2: v128, e3: v128, wx: v128, wy: v128, wz: v128): void {
  const a = y + COUPLINGS, g = a + 48, d = a + 96, twice = add(factor, factor);
  combine(x + 80, twice, e3, g, e2, d, a, wx, wy, wz); // g e3 - d e2 + a x w
  combine(x + 144, twice, e1, d, e3, a, g, wx, wy, wz); // d e1 - a e3 + g x w
  combine(x + 208, factor, e2, a, e1, g, d, wx, wy, wz); // a e2 - g e1 + d x w
}

/** The state in the basis of K, from r. */
// @ts-ignore: decorator
@inline function expandState(y: usize, work: usize, s: usize): void {
  const c = y + COUPLINGS, z = v128.load(y, Z), gamma = v128.load(y, GAMMA), zg = mul(z, gamma), q = work + INVERSE, l = work + LIFT, rx = v128.load(s, 16), ry = v128.load(s, 32), rz = v128.load(s, 48);
  // S^-1 (X^T r + z gamma (g.r, -a.r, gamma))
  const t1 = mul(zg, inner<f64>(v128.load(c, 48), v128.load(c, 64), v128.load(c, 80), rx, ry, rz)), t2 = f64x2.neg(mul(zg, inner<f64>(v128.load(c), v128.load(c, 16), v128.load(c, 32), rx, ry, rz))), t3 = mul(zg, gamma);
  const e1 = add(inner<f64>(v128.load(l), v128.load(l, 16), v128.load(l, 32), rx, ry, rz), inner<f64>(v128.load(q), v128.load(q, 16), v128.load(q, 32), t1, t2, t3));
  const e2 = add(inner<f64>(v128.load(l, 48), v128.load(l, 64), v128.load(l, 80), rx, ry, rz), inner<f64>(v128.load(q, 16), v128.load(q, 48), v128.load(q, 64), t1, t2, t3));
  const e3 = add(inner<f64>(v128.load(l, 96), v128.load(l, 112), v128.load(l, 128), rx, ry, rz), inner<f64>(v128.load(q, 32), v128.load(q, 64), v128.load(q, 80), t1, t2, t3));
  v128.store(s, f64x2.splat(1));
  v128.store(s, e1, 64); v128.store(s, e2, 128); v128.store(s, sub(e3, z), 192);
  expandVectors(y, s, f64x2.div(f64x2.splat(1), gamma), e1, e2, e3, rx, ry, rz);
}

/** lambda from the cotangent, the adjoint in the basis of K, and r x lambda to W without cancellation. */
// @ts-ignore: decorator
@inline function expandAdjoint(y: usize, work: usize, s: usize, u: usize): void {
  const g = y + G, l = work + LIFT, gamma = v128.load(y, GAMMA), z = v128.load(y, Z), kx = mul(gamma, v128.load(y, CUT)), ky = mul(gamma, v128.load(y, CUT + 16)), kz = mul(gamma, v128.load(y, CUT + 32));
  put(y + CHI, kx, ky, kz);
  const x = inner<f64>(v128.load(g), v128.load(g, 48), v128.load(g, 96), kx, ky, kz), v = inner<f64>(v128.load(g, 16), v128.load(g, 64), v128.load(g, 112), kx, ky, kz), w = inner<f64>(v128.load(g, 32), v128.load(g, 80), v128.load(g, 128), kx, ky, kz);
  const e1 = inner<f64>(v128.load(l), v128.load(l, 16), v128.load(l, 32), x, v, w), e2 = inner<f64>(v128.load(l, 48), v128.load(l, 64), v128.load(l, 80), x, v, w), e3 = inner<f64>(v128.load(l, 96), v128.load(l, 112), v128.load(l, 128), x, v, w);
  v128.store(u, f64x2.splat(0));
  v128.store(u, e1, 64); v128.store(u, e2, 128); v128.store(u, e3, 192);
  expandVectors(y, u, f64x2.div(f64x2.splat(-1), gamma), e1, e2, e3, x, v, w);
  const nx = mul(z, v128.load(u, 208)), ny = mul(z, v128.load(u, 224)), nz = mul(z, v128.load(u, 240)), rx = v128.load(s, 16), ry = v128.load(s, 32), rz = v128.load(s, 48);
  put(u + 16, add(x, nx), add(v, ny), add(w, nz));
  turn<f64>(y);
  put(y + W, add(v128.load(y, W), minor<f64>(ry, rz, ny, nz)), add(v128.load(y, W + 16), minor<f64>(rz, rx, nz, nx)), add(v128.load(y, W + 32), minor<f64>(rx, ry, nx, ny)));
}
