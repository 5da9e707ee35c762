// WGSL of the dissipative network: what an input couples an output to, the effective equation in the scaling of README.md
// ("Scaling"), its steady state and the cotangents of it. Which buffers there are is said in gpu.ts.

/** What a call gives; what it leaves out is a number, or 0. */
export type NetworkForm = {
  readonly phi: boolean;
  readonly gamma: boolean;
  readonly polarization: boolean;
  readonly perSample: boolean;
  readonly limit: boolean;
};

/**
 * `fn inputAt(p, b, m, n, inverse) -> Input` and what it needs: J times `inverse`. Wants the numbers P, B, N, M, gammaRow,
 * gammaSample, zRow, zSample, gammaValue, zValue.
 */
export function inputCode({ phi, polarization, perSample }: NetworkForm): string {
  return `
struct Input { a : vec3<f32>, b : vec3<f32>, d : vec3<f32>, e : vec3<f32>, s : f32, c : f32, sp : f32, cp : f32 }
fn firstOfJ(p : u32, b : u32, m : u32, n : u32) -> u32 {
  return 9u * ((${perSample ? "(p * call.B + b)" : "p"} * call.M + m) * call.N + n);
}
fn inputAt(p : u32, b : u32, m : u32, n : u32, inverse : f32) -> Input {
  let at = firstOfJ(p, b, m, n); let angle = (p * call.B + b) * call.N + n;
  let r1 = vec3<f32>(J[at], J[at + 1u], J[at + 2u]) * inverse;
  let r2 = vec3<f32>(J[at + 3u], J[at + 4u], J[at + 5u]) * inverse;
  let r3 = vec3<f32>(J[at + 6u], J[at + 7u], J[at + 8u]) * inverse;
  let t = cosSin(theta[angle]);
  var x : Input;
  x.c = t.x; x.s = t.y; x.cp = 1.0; x.sp = 0.0; x.e = r1; x.b = r2;
  ${phi ? "let f = cosSin(phi[angle]); x.cp = f.x; x.sp = f.y; x.e = f.x * r1 + f.y * r2; x.b = f.x * r2 - f.y * r1;" : ""}
  x.d = x.s * x.e + x.c * r3;
  x.a = x.s * r3 - x.c * x.e;
  return x;
}
fn zAt(p : u32, b : u32) -> f32 { return ${polarization ? "polarization[p * call.zRow + b * call.zSample]" : "call.zValue"}; }`;
}

/** `fn applied(D, O, x) -> vec3<f32>`: a symmetric matrix, diagonal and (xy, xz, yz), times a vector. */
export const SYMMETRIC = `
fn applied(D : vec3<f32>, O : vec3<f32>, x : vec3<f32>) -> vec3<f32> {
  return vec3<f32>(D.x * x.x + O.x * x.y + O.y * x.z, O.x * x.x + D.y * x.y + O.z * x.z, O.y * x.x + O.z * x.y + D.z * x.z);
}`;

/**
 * `fn equationAt(p, b, m) -> Equation`: M, β and w over 8, J and Γ over the power of two below the largest |J|; and
 * `fn solve(q) -> Solution`. Needs {@link inputCode} and {@link SYMMETRIC}.
 */
export function equationCode({ gamma, limit }: NetworkForm): string {
  return `
struct Equation { D : vec3<f32>, O : vec3<f32>, w : vec3<f32>, beta : vec3<f32>, z : f32, gamma : f32, inverse : f32 }
struct Solution { r : vec3<f32>, den : f32, Mw : vec3<f32>, unique : bool }
fn inverseScale(p : u32, b : u32, m : u32) -> f32 {
  let first = firstOfJ(p, b, m, 0u);
  var most = 0.0;
  for (var i = 0u; i < 9u * call.N; i++) { most = max(most, abs(J[first + i])); }
  let power = bitcast<f32>(bitcast<u32>(most) & 0x7f800000u);
  return select(1.0, 1.0 / power, power > 1.0e-37 && power < 1.0e37);
}
fn equationAt(p : u32, b : u32, m : u32) -> Equation {
  var q : Equation;
  q.inverse = inverseScale(p, b, m);
  q.z = zAt(p, b);
  q.gamma = ${gamma ? "gamma[p * call.gammaRow + b * call.gammaSample]" : "call.gammaValue"} * q.inverse;
  let zeta = 0.5 * (1.0 - q.z * q.z);
  var h = vec3<f32>(0.0); var turn = vec3<f32>(0.0);
  for (var n = 0u; n < call.N; n++) {
    let x = inputAt(p, b, m, n, q.inverse);
    let A = x.a * x.a; let B = x.b * x.b; let E = x.d * x.d;
    // Diagonals as y² + z²: |x|² − x² would cancel.
    q.D -= (A.yxx + A.zzy) + (B.yxx + B.zzy) + zeta * (E.yxx + E.zzy);
    q.O += x.a.xxy * x.a.yzz + x.b.xxy * x.b.yzz + zeta * (x.d.xxy * x.d.yzz);
    h += x.d; turn += cross(x.a, x.b);
  }
  q.beta = -2.0 * q.z * turn;
  q.w = ${limit ? "q.z" : "(0.25 * q.gamma * q.z)"} * h;
  return q;
}
fn adjugate(D : vec3<f32>, O : vec3<f32>, x : vec3<f32>) -> vec3<f32> {
  return applied(D.yxx * D.zzy - O.zyx * O.zyx, vec3<f32>(O.y * O.z - O.x * D.z, O.x * O.z - O.y * D.y, O.x * O.y - O.z * D.x), x);
}
fn solve(q : Equation) -> Solution {
  var y : Solution;
  let m = -0.5 * (q.D.x + q.D.y + q.D.z);
  y.Mw = applied(q.D, q.O, q.w);
  let wMw = dot(q.w, y.Mw); let ww = dot(q.w, q.w);
  ${
    limit
      ? `y.den = wMw;
  y.unique = -wMw > 1.0e-5 * m * ww;
  y.r = q.w * (-dot(q.w, q.beta) / wMw);`
      : `y.den = dot(vec3<f32>(q.D.x, q.O.x, q.O.y), vec3<f32>(q.D.y * q.D.z - q.O.z * q.O.z, q.O.y * q.O.z - q.O.x * q.D.z, q.O.x * q.O.z - q.O.y * q.D.y)) + wMw;
  y.unique = -y.den > 1.0e-5 * m * (m * m + ww);
  y.r = -(adjugate(q.D, q.O, q.beta) + q.w * dot(q.w, q.beta) - cross(y.Mw, q.beta)) / y.den;`
  }
  if (!y.unique) { y.r = vec3<f32>(call.nan); }
  return y;
}`;
}

/**
 * `fn cotangents(q, y, c) -> Bars` of the equation for the cotangent c of r: README.md, "Vector-Jacobian product", over 8.
 * T = tr(M̄) 1 − M̄. Needs {@link equationCode}.
 */
export function cotangentCode({ limit }: NetworkForm): string {
  return `
struct Bars { beta : vec3<f32>, TD : vec3<f32>, TO : vec3<f32>, h : vec3<f32>, gamma : f32 }
fn cotangents(q : Equation, y : Solution, c : vec3<f32>) -> Bars {
  var bar : Bars;
  ${
    limit
      ? `let kappa = -dot(q.w, q.beta) / y.den; let t = dot(c, q.w) / y.den;
  bar.beta = -t * q.w;
  bar.h = kappa * c - t * (q.beta + 2.0 * kappa * y.Mw);`
      : `let n = -c / y.den;
  bar.beta = adjugate(q.D, q.O, n) + q.w * dot(q.w, n) - cross(n, y.Mw);
  let w = n * dot(q.w, q.beta) + q.beta * dot(q.w, n) - applied(q.D, q.O, cross(q.beta, n)) - (2.0 * dot(c, y.r) / y.den) * y.Mw;
  bar.h = 0.25 * q.gamma * w;
  bar.gamma = -dot(bar.beta, applied(q.D, q.O, y.r) + q.beta) / q.gamma * q.inverse;`
  }
  let MD = bar.beta * y.r;
  bar.TD = vec3<f32>(MD.y + MD.z, MD.x + MD.z, MD.x + MD.y);
  bar.TO = -0.5 * (bar.beta.xxy * y.r.yzz + bar.beta.yzz * y.r.xxy);
  return bar;
}`;
}
