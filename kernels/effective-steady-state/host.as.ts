// Effective steady state of the dissipative network and its vector-Jacobian product (README.md): four samples on
// the lanes, all outputs of a block of samples in one go, so that sines are taken once and theta_bar is summed here.
// Item = one block of up to 256 samples of one population row. Nothing crosses items but the partial sums of J_bar,
// which the caller adds in order: results depend neither on threads nor on the size of the population.
//
// args: 0 theta f32 [P, B, N], 1 phi f32 [P, B, N] or 0, 2 J f32 [P, M, N, 3, 3] or [P, B, M, N, 3, 3],
// 3 gamma f32 [P or 1, B or 1], 4 polarization likewise, 5 r f32 [P, B, M, 3] or [P, B, M] if one component is observed,
// 6 N, 7 M, 8 B, 9 flags, and for the gradient 10 cotangent of r's shape, 11 thetaBar f32 [P, B, N], 12 phiBar likewise or 0,
// 13 JBar: f64 [items, M, N, 3, 3] partial sums, or f32 [P, B, M, N, 3, 3], 14 gammaBar f32 [P, B] or 0,
// 15 polarizationBar f32 [P, B] or 0.

import { accumulate, add, arg, cosSin, det2, dot, mul, scatter, splat, store3, sub, sumLanes } from "../runtime/host/lanes.as";
import { gatherRows, inversePower, rateOf, scatterSome } from "./samples.as";

const BLOCK: i32 = 256;
const LIMIT: u32 = 1, J_PER_SAMPLE: u32 = 2, GAMMA_ROWS: u32 = 4, GAMMA_SAMPLES: u32 = 8, Z_ROWS: u32 = 16, Z_SAMPLES: u32 = 32;
/** Flags from this bit on: 0 all components of r, 1 x, 2 y, 3 z. */
const OBSERVE_SHIFT: u32 = 8;

// Scratch, in bytes for N inputs: per input and quad of samples cos, sin of theta and phi (64) and sums of theta_bar,
// phi_bar (32), 64 quads; per quad gamma, z, and sums of their gradients (64); per input c, s, a, d, b, rows of J (22 vectors)
// and J_bar (9); the part of M that b gives (6).
const TRIG: usize = 64, ANGLE_BARS: usize = 32, RATES: usize = 64, QUADS: usize = 64, INPUT: usize = 22 * 16, J_BAR: usize = 9 * 16;

export function effectiveForward(args: usize, lo: i32, hi: i32, scratch: usize): void { items<bool>(args, lo, hi, scratch); }
export function effectiveGradient(args: usize, lo: i32, hi: i32, scratch: usize): void { items<f32>(args, lo, hi, scratch); }

/** T = bool: value only; T = f32: with gradient. */
// @ts-ignore: decorator
@inline function items<T>(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const flags = <u32>arg(args, 9), general = arg(args, 1) != 0 || (flags & J_PER_SAMPLE) != 0;
  const blocks = (<i32>arg(args, 8) + BLOCK - 1) / BLOCK;
  for (let item = lo; item < hi; item++) {
    const p = item / blocks, first = (item % blocks) * BLOCK;
    prepare<T>(args, p, first, scratch);
    for (let m: usize = 0; m < arg(args, 7); m++) {
      if (general) output<T, f32>(args, p, first, m, item, scratch);
      else output<T, bool>(args, p, first, m, item, scratch);
    }
    if (isFloat<T>()) finish(args, p, first, scratch);
  }
}

/** Samples of the block. */
// @ts-ignore: decorator
@inline function samplesIn(args: usize, first: i32): i32 { return min<i32>(BLOCK, <i32>arg(args, 8) - first); }
/** Sines, cosines and rates of the block's samples; sums set to zero. */
// @ts-ignore: decorator
@inline function prepare<T>(args: usize, p: i32, first: i32, scratch: usize): void {
  const N = arg(args, 6), B = <i32>arg(args, 8), flags = <u32>arg(args, 9), count = samplesIn(args, first), last = B - 1, row = <usize>p * <usize>B;
  const rates = scratch + QUADS * N * (TRIG + ANGLE_BARS), bars = scratch + QUADS * N * TRIG;
  for (let k = 0; k < count; k += 4) {
    const quad = <usize>(k >> 2), sample = first + k;
    for (let n: usize = 0; n < N; n++) {
      const at = scratch + (quad * N + n) * TRIG;
      cosSin(gatherRows(arg(args, 0) + (n << 2), row, sample, last, N << 2), at);
      if (arg(args, 1)) cosSin(gatherRows(arg(args, 1) + (n << 2), row, sample, last, N << 2), at + 32);
      else { v128.store(at, f32x4.splat(1), 32); v128.store(at, f32x4.splat(0), 48); }
    }
    const rate = rates + quad * RATES;
    v128.store(rate, rateOf(arg(args, 3), (flags & GAMMA_ROWS) != 0, (flags & GAMMA_SAMPLES) != 0, p, B, sample, last));
    v128.store(rate, rateOf(arg(args, 4), (flags & Z_ROWS) != 0, (flags & Z_SAMPLES) != 0, p, B, sample, last), 16);
    v128.store(rate, f32x4.splat(0), 32); v128.store(rate, f32x4.splat(0), 48);
  }
  if (isFloat<T>()) memory.fill(bars, 0, <usize>((count + 3) >> 2) * N * ANGLE_BARS);
}

/** Output m of the block. S = bool: J shared by the samples and phi = 0; S = f32: the general case. */
function output<T, S>(args: usize, p: i32, first: i32, m: usize, item: i32, scratch: usize): void {
  const N = arg(args, 6), M = arg(args, 7), B = <i32>arg(args, 8), flags = <u32>arg(args, 9), limit = (flags & LIMIT) != 0, perSample = (flags & J_PER_SAMPLE) != 0;
  const count = samplesIn(args, first), last = B - 1, row = <usize>p * <usize>B, zero = f32x4.splat(0), one = f32x4.splat(1);
  const angleBars = scratch + QUADS * N * TRIG, rates = angleBars + QUADS * N * ANGLE_BARS, work = rates + QUADS * RATES, bars = work + N * INPUT, fixed = bars + N * J_BAR;
  const J = arg(args, 2) + (perSample ? m * N * 36 : (<usize>p * M + m) * N * 36), observe = flags >> OBSERVE_SHIFT, width: usize = observe ? 4 : 12, rowStep = M * width;
  let power = one; // 1 / scale of J

  if (!isFloat<S>()) { // J, scaled, once for all samples; the part of M that b = r2 gives
    let most = zero;
    for (let i: usize = 0; i < 9 * N; i++) most = f32x4.max(most, f32x4.abs(splat(J + (i << 2))));
    power = inversePower(most);
    memory.fill(fixed, 0, 96);
    for (let n: usize = 0; n < N; n++) {
      const w = work + n * INPUT + 208;
      for (let i: usize = 0; i < 9; i++) v128.store(w + (i << 4), mul(power, splat(J + n * 36 + (i << 2))));
      const x = v128.load(w, 48), y = v128.load(w, 64), u = v128.load(w, 80), xx = mul(x, x), yy = mul(y, y), uu = mul(u, u);
      accumulate(fixed, f32x4.neg(add(yy, uu))); accumulate(fixed + 48, f32x4.neg(add(xx, uu))); accumulate(fixed + 80, f32x4.neg(add(xx, yy)));
      accumulate(fixed + 16, mul(x, y)); accumulate(fixed + 32, mul(x, u)); accumulate(fixed + 64, mul(y, u));
    }
  }
  if (isFloat<T>()) memory.fill(bars, 0, N * J_BAR);

  for (let k = 0; k < count; k += 4) {
    const quad = <usize>(k >> 2), sample = first + k, left = count - k, rate = rates + quad * RATES, z = v128.load(rate, 16), z2 = mul(z, z);
    const zd = mul(f32x4.splat(0.5), sub(one, z2)), mixed = !i32x4.all_true(f32x4.eq(z2, one));
    if (isFloat<S>()) { // the lanes have their own rows of J
      let most = zero;
      for (let i: usize = 0; i < 9 * N; i++) most = f32x4.max(most, f32x4.abs(perSample ? gatherRows(J + (i << 2), row, sample, last, M * N * 36) : splat(J + (i << 2))));
      power = inversePower(most);
      for (let n: usize = 0; n < N; n++) for (let i: usize = 0; i < 9; i++) {
        const x = perSample ? gatherRows(J + n * 36 + (i << 2), row, sample, last, M * N * 36) : splat(J + n * 36 + (i << 2));
        v128.store(work + n * INPUT + 208 + (i << 4), mul(power, x));
      }
    }
    const factor = limit ? one : mul(f32x4.splat(0.25), mul(power, v128.load(rate))), wh = mul(factor, z), b2 = mul(f32x4.splat(-2), z);
    let hx = zero, hy = zero, hz = zero, sx = zero, sy = zero, sz = zero; // sum d, sum a x b
    let mxx = zero, mxy = zero, mxz = zero, myy = zero, myz = zero, mzz = zero; // M / 8
    if (!isFloat<S>()) { mxx = v128.load(fixed); mxy = v128.load(fixed, 16); mxz = v128.load(fixed, 32); myy = v128.load(fixed, 48); myz = v128.load(fixed, 64); mzz = v128.load(fixed, 80); }
    for (let n: usize = 0; n < N; n++) {
      const trig = scratch + (quad * N + n) * TRIG, w = work + n * INPUT, j = w + 208;
      const c = v128.load(trig), s = v128.load(trig, 16);
      const r1x = v128.load(j), r1y = v128.load(j, 16), r1z = v128.load(j, 32), r2x = v128.load(j, 48), r2y = v128.load(j, 64), r2z = v128.load(j, 80), r3x = v128.load(j, 96), r3y = v128.load(j, 112), r3z = v128.load(j, 128);
      let ex = r1x, ey = r1y, ez = r1z, bx = r2x, by = r2y, bz = r2z; // e = cos(phi) r1 + sin(phi) r2, b = -sin(phi) r1 + cos(phi) r2
      if (isFloat<S>()) {
        const cp = v128.load(trig, 32), sp = v128.load(trig, 48);
        ex = add(mul(cp, r1x), mul(sp, r2x)); ey = add(mul(cp, r1y), mul(sp, r2y)); ez = add(mul(cp, r1z), mul(sp, r2z));
        bx = det2(cp, sp, r1x, r2x); by = det2(cp, sp, r1y, r2y); bz = det2(cp, sp, r1z, r2z);
      }
      const dx = add(mul(s, ex), mul(c, r3x)), dy = add(mul(s, ey), mul(c, r3y)), dz = add(mul(s, ez), mul(c, r3z));
      const ax = det2(s, c, ex, r3x), ay = det2(s, c, ey, r3y), az = det2(s, c, ez, r3z);
      hx = add(hx, dx); hy = add(hy, dy); hz = add(hz, dz);
      sx = add(sx, det2(ay, az, by, bz)); sy = add(sy, det2(az, ax, bz, bx)); sz = add(sz, det2(ax, ay, bx, by));
      const xx = mul(ax, ax), yy = mul(ay, ay), zz = mul(az, az);
      mxx = sub(mxx, add(yy, zz)); myy = sub(myy, add(xx, zz)); mzz = sub(mzz, add(xx, yy)); // -P(a): the products enter with a plus
      mxy = add(mxy, mul(ax, ay)); mxz = add(mxz, mul(ax, az)); myz = add(myz, mul(ay, az));
      if (isFloat<S>()) {
        const bxx = mul(bx, bx), byy = mul(by, by), bzz = mul(bz, bz);
        mxx = sub(mxx, add(byy, bzz)); myy = sub(myy, add(bxx, bzz)); mzz = sub(mzz, add(bxx, byy));
        mxy = add(mxy, mul(bx, by)); mxz = add(mxz, mul(bx, bz)); myz = add(myz, mul(by, bz));
        if (isFloat<T>()) { v128.store(w, bx, 96); v128.store(w, by, 112); v128.store(w, bz, 128); }
      }
      if (mixed) {
        const dxx = mul(dx, dx), dyy = mul(dy, dy), dzz = mul(dz, dz);
        mxx = sub(mxx, mul(zd, add(dyy, dzz))); myy = sub(myy, mul(zd, add(dxx, dzz))); mzz = sub(mzz, mul(zd, add(dxx, dyy)));
        mxy = add(mxy, mul(zd, mul(dx, dy))); mxz = add(mxz, mul(zd, mul(dx, dz))); myz = add(myz, mul(zd, mul(dy, dz)));
      }
      if (isFloat<T>()) {
        v128.store(w, ax); v128.store(w, ay, 16); v128.store(w, az, 32); v128.store(w, dx, 48); v128.store(w, dy, 64); v128.store(w, dz, 80);
      }
    }
    // M, beta = -2z sum a x b and w = gamma z sum d / 4 all carry a factor 1/8, which drops out of r.
    const wx = mul(wh, hx), wy = mul(wh, hy), wz = mul(wh, hz), bx = mul(b2, sx), by = mul(b2, sy), bz = mul(b2, sz);
    const vx = dot(mxx, mxy, mxz, wx, wy, wz), vy = dot(mxy, myy, myz, wx, wy, wz), vz = dot(mxz, myz, mzz, wx, wy, wz); // M w
    const wb = dot(wx, wy, wz, bx, by, bz), wMw = dot(wx, wy, wz, vx, vy, vz), ww = dot(wx, wy, wz, wx, wy, wz), trace = mul(f32x4.splat(-0.5), add(add(mxx, myy), mzz));
    let rx: v128, ry: v128, rz: v128, inv: v128, notUnique: v128;
    let cxx = zero, cxy = zero, cxz = zero, cyy = zero, cyz = zero, czz = zero;
    if (limit) { // r = -w (w.beta) / (w.M w); inv = -1 / (w.M w)
      inv = f32x4.div(f32x4.splat(-1), wMw);
      const factorOfW = mul(inv, wb);
      rx = mul(factorOfW, wx); ry = mul(factorOfW, wy); rz = mul(factorOfW, wz);
      notUnique = f32x4.ge(wMw, mul(f32x4.splat(-1e-5), mul(trace, ww)));
    } else { // r = -[adj(M) beta + w (w.beta) - (M w) x beta] / den; inv = -1 / den
      cxx = det2(myy, myz, myz, mzz); cxy = det2(mxz, mxy, mzz, myz); cxz = det2(mxy, myy, mxz, myz);
      cyy = det2(mxx, mxz, mxz, mzz); cyz = det2(mxy, mxx, myz, mxz); czz = det2(mxx, mxy, mxy, myy);
      const den = add(dot(mxx, mxy, mxz, cxx, cxy, cxz), wMw);
      inv = f32x4.div(f32x4.splat(-1), den);
      rx = mul(inv, sub(add(dot(cxx, cxy, cxz, bx, by, bz), mul(wx, wb)), det2(vy, vz, by, bz)));
      ry = mul(inv, sub(add(dot(cxy, cyy, cyz, bx, by, bz), mul(wy, wb)), det2(vz, vx, bz, bx)));
      rz = mul(inv, sub(add(dot(cxz, cyz, czz, bx, by, bz), mul(wz, wb)), det2(vx, vy, bx, by)));
      notUnique = f32x4.ge(den, mul(f32x4.splat(-1e-5), mul(trace, add(mul(trace, trace), ww))));
    }
    // All bits set is NaN: a sample without a unique steady state is never answered with a number.
    rx = v128.or(rx, notUnique); ry = v128.or(ry, notUnique); rz = v128.or(rz, notUnique);
    const whole = left >= 4, here = arg(args, 5) + (row + <usize>sample) * rowStep + m * width;
    if (observe) {
      const seen = observe == 1 ? rx : observe == 2 ? ry : rz;
      if (whole) scatter(here, rowStep, seen);
      else scatterSome(here, rowStep, seen, left);
    } else if (whole && M == 1) store3(here, rx, ry, rz);
    else if (whole) { scatter(here, rowStep, rx); scatter(here + 4, rowStep, ry); scatter(here + 8, rowStep, rz); }
    else { scatterSome(here, rowStep, rx, left); scatterSome(here + 4, rowStep, ry, left); scatterSome(here + 8, rowStep, rz, left); }

    if (isFloat<T>()) {
      const g = arg(args, 10) + m * width;
      let kx = zero, ky = zero, kz = zero;
      if (observe) {
        const seen = gatherRows(g, row, sample, last, rowStep);
        if (observe == 1) kx = seen; else if (observe == 2) ky = seen; else kz = seen;
      } else {
        kx = gatherRows(g, row, sample, last, rowStep); ky = gatherRows(g + 4, row, sample, last, rowStep); kz = gatherRows(g + 8, row, sample, last, rowStep);
      }
      if (!whole) {
        const valid = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
        kx = v128.and(kx, valid); ky = v128.and(ky, valid); kz = v128.and(kz, valid);
      }
      // q = w_bar, u = beta_bar
      let qx: v128, qy: v128, qz: v128, ux: v128, uy: v128, uz: v128;
      if (limit) {
        const kappa = mul(inv, wb), t = mul(inv, dot(kx, ky, kz, wx, wy, wz)), t2 = mul(f32x4.splat(2), mul(t, kappa));
        qx = add(add(mul(kappa, kx), mul(t, bx)), mul(t2, vx)); qy = add(add(mul(kappa, ky), mul(t, by)), mul(t2, vy)); qz = add(add(mul(kappa, kz), mul(t, bz)), mul(t2, vz));
        ux = mul(t, wx); uy = mul(t, wy); uz = mul(t, wz);
      } else {
        const nx = mul(inv, kx), ny = mul(inv, ky), nz = mul(inv, kz), wn = dot(wx, wy, wz, nx, ny, nz);
        const ox = det2(by, bz, ny, nz), oy = det2(bz, bx, nz, nx), oz = det2(bx, by, nx, ny); // beta x n
        const e = mul(mul(f32x4.splat(2), inv), dot(kx, ky, kz, rx, ry, rz));
        qx = add(sub(add(mul(nx, wb), mul(bx, wn)), dot(mxx, mxy, mxz, ox, oy, oz)), mul(e, vx));
        qy = add(sub(add(mul(ny, wb), mul(by, wn)), dot(mxy, myy, myz, ox, oy, oz)), mul(e, vy));
        qz = add(sub(add(mul(nz, wb), mul(bz, wn)), dot(mxz, myz, mzz, ox, oy, oz)), mul(e, vz));
        ux = sub(add(dot(cxx, cxy, cxz, nx, ny, nz), mul(wx, wn)), det2(ny, nz, vy, vz));
        uy = sub(add(dot(cxy, cyy, cyz, nx, ny, nz), mul(wy, wn)), det2(nz, nx, vz, vx));
        uz = sub(add(dot(cxz, cyz, czz, nx, ny, nz), mul(wz, wn)), det2(nx, ny, vx, vy));
      }
      // T' = -2 (tr(S) I - S), S = symmetric part of beta_bar r^T
      const two = f32x4.splat(-2), xx = mul(ux, rx), yy = mul(uy, ry), zz = mul(uz, rz);
      const txx = mul(two, add(yy, zz)), tyy = mul(two, add(xx, zz)), tzz = mul(two, add(xx, yy));
      const txy = add(mul(ux, ry), mul(uy, rx)), txz = add(mul(ux, rz), mul(uz, rx)), tyz = add(mul(uy, rz), mul(uz, ry));
      const fx = mul(b2, ux), fy = mul(b2, uy), fz = mul(b2, uz), px = mul(wh, qx), py = mul(wh, qy), pz = mul(wh, qz);
      if (arg(args, 14)) // -beta_bar.(M r + beta) / gamma, with M and beta as scaled by 1/8 and beta_bar by 8
        accumulate(rate + 32, f32x4.neg(f32x4.div(dot(ux, uy, uz, add(dot(mxx, mxy, mxz, rx, ry, rz), bx), add(dot(mxy, myy, myz, rx, ry, rz), by), add(dot(mxz, myz, mzz, rx, ry, rz), bz)), v128.load(rate))));
      if (arg(args, 15)) accumulate(rate + 48, sub(mul(factor, dot(qx, qy, qz, hx, hy, hz)), mul(f32x4.splat(2), dot(ux, uy, uz, sx, sy, sz))));
      for (let n: usize = 0; n < N; n++) {
        const trig = scratch + (quad * N + n) * TRIG, w = work + n * INPUT, j = w + 208, out = bars + n * J_BAR, angles = angleBars + (quad * N + n) * ANGLE_BARS;
        const c = v128.load(trig), s = v128.load(trig, 16), ax = v128.load(w), ay = v128.load(w, 16), az = v128.load(w, 32), dx = v128.load(w, 48), dy = v128.load(w, 64), dz = v128.load(w, 80);
        const bbx = isFloat<S>() ? v128.load(w, 96) : v128.load(j, 48), bby = isFloat<S>() ? v128.load(w, 112) : v128.load(j, 64), bbz = isFloat<S>() ? v128.load(w, 128) : v128.load(j, 80);
        const aBarX = add(dot(txx, txy, txz, ax, ay, az), det2(bby, bbz, fy, fz)), aBarY = add(dot(txy, tyy, tyz, ax, ay, az), det2(bbz, bbx, fz, fx)), aBarZ = add(dot(txz, tyz, tzz, ax, ay, az), det2(bbx, bby, fx, fy));
        const bBarX = add(dot(txx, txy, txz, bbx, bby, bbz), det2(fy, fz, ay, az)), bBarY = add(dot(txy, tyy, tyz, bbx, bby, bbz), det2(fz, fx, az, ax)), bBarZ = add(dot(txz, tyz, tzz, bbx, bby, bbz), det2(fx, fy, ax, ay));
        let dBarX = px, dBarY = py, dBarZ = pz;
        if (mixed || arg(args, 15)) {
          const tdx = dot(txx, txy, txz, dx, dy, dz), tdy = dot(txy, tyy, tyz, dx, dy, dz), tdz = dot(txz, tyz, tzz, dx, dy, dz);
          dBarX = add(px, mul(zd, tdx)); dBarY = add(py, mul(zd, tdy)); dBarZ = add(pz, mul(zd, tdz));
          if (arg(args, 15)) accumulate(rate + 48, mul(mul(f32x4.splat(-0.5), z), dot(dx, dy, dz, tdx, tdy, tdz)));
        }
        accumulate(angles, sub(dot(aBarX, aBarY, aBarZ, dx, dy, dz), dot(dBarX, dBarY, dBarZ, ax, ay, az)));
        const eBarX = det2(s, c, aBarX, dBarX), eBarY = det2(s, c, aBarY, dBarY), eBarZ = det2(s, c, aBarZ, dBarZ); // s d_bar - c a_bar, to e
        if (isFloat<S>()) {
          const cp = v128.load(trig, 32), sp = v128.load(trig, 48);
          // phi_bar = e_bar.b - b_bar.e with e = s d - c a
          if (arg(args, 12)) accumulate(angles + 16, sub(dot(eBarX, eBarY, eBarZ, bbx, bby, bbz), dot(bBarX, bBarY, bBarZ, det2(s, c, ax, dx), det2(s, c, ay, dy), det2(s, c, az, dz))));
          accumulate(out, det2(cp, sp, bBarX, eBarX)); accumulate(out + 16, det2(cp, sp, bBarY, eBarY)); accumulate(out + 32, det2(cp, sp, bBarZ, eBarZ));
          accumulate(out + 48, add(mul(sp, eBarX), mul(cp, bBarX))); accumulate(out + 64, add(mul(sp, eBarY), mul(cp, bBarY))); accumulate(out + 80, add(mul(sp, eBarZ), mul(cp, bBarZ)));
        } else {
          accumulate(out, eBarX); accumulate(out + 16, eBarY); accumulate(out + 32, eBarZ);
          accumulate(out + 48, bBarX); accumulate(out + 64, bBarY); accumulate(out + 80, bBarZ);
        }
        accumulate(out + 96, add(mul(s, aBarX), mul(c, dBarX))); accumulate(out + 112, add(mul(s, aBarY), mul(c, dBarY))); accumulate(out + 128, add(mul(s, aBarZ), mul(c, dBarZ)));
        if (isFloat<S>() && perSample) {
          const to = arg(args, 13) + ((row + <usize>sample) * M + m) * N * 36 + n * 36;
          for (let i: usize = 0; i < 9; i++) {
            scatterSome(to + (i << 2), M * N * 36, mul(power, v128.load(out + (i << 4))), left);
            v128.store(out + (i << 4), zero);
          }
        }
      }
    }
  }
  if (isFloat<T>() && !perSample) {
    const sums = arg(args, 13) + (<usize>item * M + m) * N * 72, scale = <f64>f32x4.extract_lane(power, 0);
    for (let i: usize = 0; i < 9 * N; i++) store<f64>(sums + (i << 3), scale * sumLanes(v128.load(bars + (i << 4))));
  }
}

/** The sums over the outputs, to the gradients of angles and rates. */
function finish(args: usize, p: i32, first: i32, scratch: usize): void {
  const N = arg(args, 6), count = samplesIn(args, first), row = <usize>p * arg(args, 8), bars = scratch + QUADS * N * TRIG, rates = bars + QUADS * N * ANGLE_BARS;
  for (let k = 0; k < count; k += 4) {
    const quad = <usize>(k >> 2), sample = row + <usize>(first + k), left = count - k;
    for (let n: usize = 0; n < N; n++) {
      const at = bars + (quad * N + n) * ANGLE_BARS, to = (sample * N + n) << 2;
      scatterSome(arg(args, 11) + to, N << 2, v128.load(at), left);
      if (arg(args, 12)) scatterSome(arg(args, 12) + to, N << 2, v128.load(at, 16), left);
    }
    if (arg(args, 14)) scatterSome(arg(args, 14) + (sample << 2), 4, v128.load(rates + quad * RATES, 32), left);
    if (arg(args, 15)) scatterSome(arg(args, 15) + (sample << 2), 4, v128.load(rates + quad * RATES, 48), left);
  }
}
