// WGSL of what is left of the full equation when all but the output is eliminated: three equations, in double words, and the
// closed form of the effective equation, which solves them.

/**
 * (M + [w]×) r = −β of the output, from the buffer `work`: rows of four, β and the matrix. `fn solved(q, v, side)` is the
 * closed form of the effective equation, side 1, or its transpose, −1; `fn refined` mends it where w does not outweigh M.
 */
export const OUTPUT = `
struct Output { x : vec3<f32>, y : vec3<f32>, z : vec3<f32>, w : vec3<f32>, Mw : vec3<f32>, den : f32, weak : bool }
fn number(x : vec2<f32>) -> f32 { return x.x + x.y; }
fn half(a : vec2<f32>, b : vec2<f32>) -> f32 { return 0.5 * number(plus(a, b)); }
/** From rows without the field of the inputs, which is far larger where couplings are weak. */
fn outputAt(at : u32, field : array<vec2<f32>, 3>) -> Output {
  let xy = work[at + 2u]; let xz = work[at + 3u]; let yx = work[at + 5u]; let yz = work[at + 7u]; let zx = work[at + 9u]; let zy = work[at + 10u];
  var q : Output;
  let sxy = half(xy, yx); let sxz = half(xz, zx); let syz = half(yz, zy);
  q.x = vec3<f32>(number(work[at + 1u]), sxy, sxz);
  q.y = vec3<f32>(sxy, number(work[at + 6u]), syz);
  q.z = vec3<f32>(sxz, syz, number(work[at + 11u]));
  q.w = vec3<f32>(number(field[0]) + half(zy, -yz), number(field[1]) + half(xz, -zx), number(field[2]) + half(yx, -xy));
  q.Mw = vec3<f32>(dot(q.x, q.w), dot(q.y, q.w), dot(q.z, q.w));
  q.den = dot(q.x, cross(q.y, q.z)) + dot(q.w, q.Mw);
  let m = 0.5 * (q.x.x + q.y.y + q.z.z);
  q.weak = dot(q.w, q.w) > 1.0e8 * m * m;
  return q;
}
fn addField(at : u32, field : array<vec2<f32>, 3>) {
  for (var i = 0u; i < 3u; i++) {
    let up = at + 4u * ((i + 2u) % 3u) + (i + 1u) % 3u + 1u; let down = at + 4u * ((i + 1u) % 3u) + (i + 2u) % 3u + 1u;
    work[up] = plus(work[up], field[i]); work[down] = plus(work[down], -field[i]);
  }
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
fn turned(q : Output, r : array<vec2<f32>, 3>, lambda : array<vec2<f32>, 3>, beta : vec3<f32>, bar : vec3<f32>) -> vec3<f32> {
  if (q.weak) {
    let n = -bar / q.den; let across = cross(beta, n);
    return n * dot(q.w, beta) + beta * dot(q.w, n) - vec3<f32>(dot(q.x, across), dot(q.y, across), dot(q.z, across))
      - (2.0 * dot(bar, vec3<f32>(r[0].x, r[1].x, r[2].x)) / q.den) * q.Mw;
  }
  var product = vec3<f32>(0.0);
  for (var i = 0u; i < 3u; i++) {
    let j = (i + 1u) % 3u; let k = (i + 2u) % 3u;
    product[i] = number(plusProduct(plusProduct(vec2<f32>(0.0), r[j], lambda[k]), -r[k], lambda[j]));
  }
  return product;
}`;
