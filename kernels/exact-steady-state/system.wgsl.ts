// WGSL of the full equation as a linear system (README.md, "In WGSL"): what the programs of solve.wgsl.ts read of it, and the
// equation of the output that is left of it. Which buffers there are is said there.

import type { ElementType } from "../runtime/gpu/pipelines.js";

/** Numbers that the code here reads: those of gpu-tables.ts, and N. */
export const SYSTEM_NUMBERS: Readonly<Record<string, ElementType>> = {
  ...{ N: "u32", components: "u32", kept: "u32" },
  ...{ rowsAt: "u32", columnsAt: "u32", couplingsAt: "u32", placesAt: "u32", orderAt: "u32" },
};

/** Of the buffer `system`: numbers of an output of a sample beside its 9 N couplings over Γ. */
export const SYSTEM_REST = 3;

/**
 * Of the buffer `system` from c on: couplings over Γ, the polarization, Γ and 1/s (one element), and whether an answer is
 * wanted. Entries of rows and columns are those of the buffer `table`.
 */
export const SYSTEM: string = `
fn systemAt(sample : u32) -> u32 { return sample * (9u * call.N + ${String(SYSTEM_REST)}u); }
fn polarizationAt(c : u32) -> f32 { return system[c + 9u * call.N].x; }
fn gammaAt(c : u32) -> f32 { return system[c + 9u * call.N + 1u].x; }
fn inverseAt(c : u32) -> f32 { return system[c + 9u * call.N + 1u].y; }
fn isWanted(c : u32) -> bool { return system[c + 9u * call.N + 2u].x == 1.0; }
fn signOf(bits : u32) -> f32 { return select(1.0, -1.0, (bits & 1u) == 1u); }
fn valueOf(entry : u32, c : u32) -> vec2<f32> { return signOf(entry >> 10u) * system[c + (entry >> 11u)]; }
/** D of a component: 1/2 for each x or y among the inputs, 1 for each z. */
fn rateOf(component : u32) -> f32 {
  var rate = 0.0;
  for (var rest = component >> 2u; rest > 0u; rest >>= 2u) { rate += select(select(0.5, 1.0, (rest & 3u) == 3u), 0.0, (rest & 3u) == 0u); }
  return rate;
}`;

/**
 * `fn times(list, q, c, vector, first, end)`: row or column q times a vector of the buffer `work`, four elements a
 * component, from component `first` on, entries below `end`; and `fn inputsAlone(q, z)`, the component without couplings.
 */
export const PRODUCTS = `
const ALL = 0xffffffffu;
fn times(list : u32, q : u32, c : u32, vector : u32, first : u32, end : u32) -> vec2<f32> {
  var sum = vec2<f32>(0.0);
  for (var at = table[list + q]; at < table[list + q + 1u]; at++) {
    let entry = table[at]; let component = entry & 1023u;
    if (component >= first && entry < end) { sum = plusProduct(sum, valueOf(entry, c), work[vector + 4u * component]); }
  }
  return sum;
}
fn inputsAlone(q : u32, z : f32) -> vec2<f32> {
  var product = vec2<f32>(1.0, 0.0);
  for (var rest = q >> 2u; rest > 0u; rest >>= 2u) {
    let digit = rest & 3u;
    if (digit == 3u) { product = plusProduct(vec2<f32>(0.0), product, vec2<f32>(z, 0.0)); }
    else if (digit != 0u) { product = vec2<f32>(0.0); }
  }
  return product;
}`;

/**
 * (M + [w]×) r = −β of the output, from the buffer `work`: rows of four, β and the matrix. `fn solved(q, v, side)` is the
 * closed form of the effective equation, side 1, or its transpose, −1; `fn refined` mends it where w does not outweigh M.
 */
export const OUTPUT = `
struct Output { x : vec3<f32>, y : vec3<f32>, z : vec3<f32>, w : vec3<f32>, Mw : vec3<f32>, den : f32, weak : bool }
fn number(x : vec2<f32>) -> f32 { return x.x + x.y; }
fn half(a : vec2<f32>, b : vec2<f32>) -> f32 { return 0.5 * number(plus(a, b)); }
fn outputAt(at : u32) -> Output {
  let xy = work[at + 2u]; let xz = work[at + 3u]; let yx = work[at + 5u]; let yz = work[at + 7u]; let zx = work[at + 9u]; let zy = work[at + 10u];
  var q : Output;
  let sxy = half(xy, yx); let sxz = half(xz, zx); let syz = half(yz, zy);
  q.x = vec3<f32>(number(work[at + 1u]), sxy, sxz);
  q.y = vec3<f32>(sxy, number(work[at + 6u]), syz);
  q.z = vec3<f32>(sxz, syz, number(work[at + 11u]));
  q.w = vec3<f32>(half(zy, -yz), half(xz, -zx), half(yx, -xy));
  q.Mw = vec3<f32>(dot(q.x, q.w), dot(q.y, q.w), dot(q.z, q.w));
  q.den = dot(q.x, cross(q.y, q.z)) + dot(q.w, q.Mw);
  let m = 0.5 * (q.x.x + q.y.y + q.z.z);
  q.weak = dot(q.w, q.w) > 1.0e8 * m * m;
  return q;
}
fn solved(q : Output, v : vec3<f32>, side : f32) -> vec3<f32> {
  let adjugate = vec3<f32>(dot(cross(q.y, q.z), v), dot(cross(q.z, q.x), v), dot(cross(q.x, q.y), v));
  return -(adjugate + q.w * dot(q.w, v) - side * cross(q.Mw, v)) / q.den;
}
fn refined(q : Output, at : u32, right : array<vec2<f32>, 3>, side : f32) -> array<vec2<f32>, 3> {
  let start = solved(q, vec3<f32>(number(right[0]), number(right[1]), number(right[2])), side);
  var x = array<vec2<f32>, 3>(vec2<f32>(start.x, 0.0), vec2<f32>(start.y, 0.0), vec2<f32>(start.z, 0.0));
  // The closed form loses nothing where couplings are weak; there sums of terms of order w would.
  for (var turn = 0u; turn < select(2u, 0u, q.weak); turn++) {
    var left = vec3<f32>(0.0);
    for (var i = 0u; i < 3u; i++) {
      var sum = right[i];
      for (var j = 0u; j < 3u; j++) { sum = plusProduct(sum, work[at + 1u + select(4u * i + j, 4u * j + i, side < 0.0)], x[j]); }
      left[i] = number(sum);
    }
    let change = solved(q, left, side);
    for (var i = 0u; i < 3u; i++) { x[i] = plus(x[i], vec2<f32>(change[i], 0.0)); }
  }
  return x;
}
/** r × λ: without cancellation where both are almost parallel. */
fn turned(q : Output, r : array<vec2<f32>, 3>, lambda : array<vec2<f32>, 3>, beta : vec3<f32>, chi : vec3<f32>) -> vec3<f32> {
  if (q.weak) {
    let n = -chi / q.den; let across = cross(beta, n);
    return n * dot(q.w, beta) + beta * dot(q.w, n) - vec3<f32>(dot(q.x, across), dot(q.y, across), dot(q.z, across))
      - (2.0 * dot(chi, vec3<f32>(r[0].x, r[1].x, r[2].x)) / q.den) * q.Mw;
  }
  var product = vec3<f32>(0.0);
  for (var i = 0u; i < 3u; i++) {
    let j = (i + 1u) % 3u; let k = (i + 2u) % 3u;
    product[i] = number(plusProduct(plusProduct(vec2<f32>(0.0), r[j], lambda[k]), -r[k], lambda[j]));
  }
  return product;
}`;
