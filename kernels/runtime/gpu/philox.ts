// Philox4x32-10 in WGSL: the words of addressable streams, and uniforms and normals made of them.

/** `fn philox(counter, key) -> vec4<u32>`: the block function. */
export const PHILOX = `
/** The 64 bits of a product, low word first: WGSL has 32-bit integers only. */
fn wide(a : u32, b : u32) -> vec2<u32> {
  let al = a & 0xffffu; let ah = a >> 16u; let bl = b & 0xffffu; let bh = b >> 16u;
  let w1 = ah * bl + ((al * bl) >> 16u);
  let w2 = al * bh + (w1 & 0xffffu);
  return vec2<u32>(a * b, ah * bh + (w1 >> 16u) + (w2 >> 16u));
}
fn philox(counter : vec4<u32>, key : vec2<u32>) -> vec4<u32> {
  var c = counter; var k = key;
  for (var round = 0u; round < 10u; round++) {
    let p = wide(0xd2511f53u, c.x); let q = wide(0xcd9e8d57u, c.z);
    c = vec4<u32>(q.y ^ c.y ^ k.x, q.x, p.y ^ c.w ^ k.y, p.x);
    k += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}`;

/** `fn units(words) -> vec4<f32>`: uniforms on [0, 1), the low 23 bits of each word. */
export const UNITS = `
fn units(words : vec4<u32>) -> vec4<f32> { return vec4<f32>(words & vec4<u32>(0x7fffffu)) * 1.1920928955078125e-7; }`;
