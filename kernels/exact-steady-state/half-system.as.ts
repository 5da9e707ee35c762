// The full steady state of two or three inputs by elimination (README.md, "Half of the state"), two samples in float64 or
// four in float32 on the lanes: one half of the components by division, of the other half all but the output's by LU
// without pivots. Which coupling stands where is read from the words of half-system.ts.

import { eliminate, solveLower, solveUpper } from "./elimination.as";
import { adjointAt, BETA, CHI, closedForm, COUPLINGS, CUT, G, GAMMA, inner, M, minor, product, ratesAt, difference, stateAt, stateBytes, sum, turn, W, Z } from "./system.as";

// @ts-ignore: decorator
@inline function word(at: usize): usize { return <usize>load<u32>(at); }
/** Columns of the matrix: components kept, the output's three, the constant. */
// @ts-ignore: decorator
@inline function columnsOf(words: usize): usize { return word(words) + 4; }
/** The values of entries: couplings and gamma z, each before its negative. */
// @ts-ignore: decorator
@inline function valuesAt(matrix: usize, words: usize): usize { return matrix + ((columnsOf(words) * (columnsOf(words) - 1)) << 4); }
/** Right-hand sides in the order of the matrix, and a row of an eliminated component. */
// @ts-ignore: decorator
@inline function vectorAt(matrix: usize, words: usize, N: usize): usize { return valuesAt(matrix, words) + ((18 * N + 2) << 4); }
// @ts-ignore: decorator
@inline function eliminatedAt(words: usize): usize { return words + ((3 + word(words) + 2 * word(words + 8)) << 2); }

/**
 * r to the state, from z, gamma and the couplings at y; with A = f32 the whole state, its adjoint, and r x lambda at W.
 * `words`: those of half-system.ts; memory from `matrix` on.
 */
export function solveHalf<T, A>(y: usize, N: usize, words: usize, matrix: usize): void {
  const kept = word(words), columns = columnsOf(words), s = stateAt(y, N);
  assemble<T>(y, N, words, matrix);
  eliminate<T>(matrix, kept + 3, columns, kept);
  closeOutput<T>(y, matrix + ((kept * columns + kept) << 4), columns << 4);
  const g = y + G, bx = v128.load(y, BETA), by = v128.load(y, BETA + 16), bz = v128.load(y, BETA + 32);
  for (let i: usize = 0; i < 48; i += 16) v128.store(s + 16 + i, inner<T>(v128.load(g + 3 * i), v128.load(g + 3 * i, 16), v128.load(g + 3 * i, 32), bx, by, bz));
  if (!isFloat<A>()) return;
  expandState<T>(y, N, words, matrix);
  expandAdjoint<T>(y, N, words, matrix);
}

/** The matrix of the components kept, the output's and the constant, the others eliminated. */
function assemble<T>(y: usize, N: usize, words: usize, matrix: usize): void {
  const kept = word(words), columns = columnsOf(words), values = valuesAt(matrix, words), row = vectorAt(matrix, words, N), rates = ratesAt(y, N), one = v128.splat<T>(1);
  storeValues<T>(y, N, values);
  memory.fill(matrix, 0, (columns * (columns - 1)) << 4);
  let at = words + 12;
  for (let i: usize = 0; i < kept; i++, at += 4) v128.store(matrix + ((i * (columns + 1)) << 4), v128.div<T>(one, v128.load(rates + (word(at) >> 2 << 4))));
  for (let i = word(words + 8); i > 0; i--, at += 8) v128.store(matrix + word(at), v128.neg<T>(v128.load(values + word(at + 4))));
  for (let left = word(words + 4); left > 0; left--) {
    const rate = v128.load(rates + (word(at) >> 2 << 4)), inColumn = at + 12, inRow = inColumn + 12 * word(at + 4), end = inRow + 12 * word(at + 8);
    for (let q = inRow, to = row; q < end; q += 12, to += 16) v128.store(to, product<T>(rate, v128.load(values + word(q + 8))));
    for (let p = inColumn; p < inRow; p += 12) {
      const to = matrix + word(p), f = v128.load(values + word(p + 8));
      for (let q = inRow, from = row; q < end; q += 12, from += 16) {
        const entry = to + word(q);
        v128.store(entry, difference<T>(v128.load(entry), product<T>(f, v128.load(from))));
      }
    }
    at = end;
  }
}

// @ts-ignore: decorator
@inline function storeValues<T>(y: usize, N: usize, values: usize): void {
  for (let i: usize = 0; i <= 9 * N; i++) {
    const x = i < 9 * N ? v128.load(y + COUPLINGS + (i << 4)) : product<T>(v128.load(y, Z), v128.load(y, GAMMA));
    v128.store(values + (i << 5), x);
    v128.store(values + (i << 5), v128.neg<T>(x), 16);
  }
}

/** M, w and beta from what is left of the output's rows, and G. */
// @ts-ignore: decorator
@inline function closeOutput<T>(y: usize, at: usize, row: usize): void {
  const half = v128.splat<T>(0.5), b = at + row, c = b + row, m = y + M, xy = v128.load(at, 16), xz = v128.load(at, 32), yx = v128.load(b), yz = v128.load(b, 32), zx = v128.load(c), zy = v128.load(c, 16);
  v128.store(m, v128.load(at)); v128.store(m, product<T>(half, sum<T>(xy, yx)), 16); v128.store(m, product<T>(half, sum<T>(xz, zx)), 32);
  v128.store(m, v128.load(b, 16), 48); v128.store(m, product<T>(half, sum<T>(yz, zy)), 64); v128.store(m, v128.load(c, 32), 80);
  v128.store(y, product<T>(half, difference<T>(zy, yz)), W); v128.store(y, product<T>(half, difference<T>(xz, zx)), W + 16); v128.store(y, product<T>(half, difference<T>(yx, xy)), W + 32);
  v128.store(y, v128.load(at, 48), BETA); v128.store(y, v128.load(b, 48), BETA + 16); v128.store(y, v128.load(c, 48), BETA + 32);
  closedForm<T>(y);
}

/** The state in the basis of K, from r: the components kept by the factors, then the others. */
function expandState<T>(y: usize, N: usize, words: usize, matrix: usize): void {
  const kept = word(words), s = stateAt(y, N), x = vectorAt(matrix, words, N), values = valuesAt(matrix, words), rates = ratesAt(y, N);
  memory.copy(x + (kept << 4), s + 16, 48);
  v128.store(x + (kept + 3 << 4), v128.splat<T>(1));
  solveUpper<T>(matrix, columnsOf(words), kept, x);
  v128.store(s, v128.splat<T>(1));
  for (let i: usize = 0; i < kept; i++) v128.store(s + (word(words + 12 + (i << 2)) << 4), v128.load(x + (i << 4)));
  let at = eliminatedAt(words);
  for (let left = word(words + 4); left > 0; left--) {
    const component = word(at), inRow = at + 12 + 12 * word(at + 4), end = inRow + 12 * word(at + 8);
    let total = v128.splat<T>(0);
    for (let q = inRow; q < end; q += 12) total = sum<T>(total, product<T>(v128.load(values + word(q + 8)), v128.load(s + (word(q + 4) << 4))));
    v128.store(s + (component << 4), product<T>(v128.load(rates + (component >> 2 << 4)), total));
    at = end;
  }
  // z' -> z' - z on every input
  shift<T>(s, N, 3, 0, v128.neg<T>(v128.load(y, Z)));
}

/** lambda from the cotangent, the adjoint in the basis of K, and r x lambda to W without cancellation. */
function expandAdjoint<T>(y: usize, N: usize, words: usize, matrix: usize): void {
  const kept = word(words), u = adjointAt(y, N), s = stateAt(y, N), x = vectorAt(matrix, words, N), values = valuesAt(matrix, words), rates = ratesAt(y, N), g = y + G;
  for (let i: usize = 0; i < 48; i += 16) v128.store(y + CHI + i, v128.neg<T>(v128.load(y + CUT + i)));
  const kx = v128.load(y, CHI), ky = v128.load(y, CHI + 16), kz = v128.load(y, CHI + 32);
  v128.store(u, v128.splat<T>(0));
  for (let i: usize = 0; i < 48; i += 16) v128.store(u + 16 + i, inner<T>(v128.load(g + i), v128.load(g + i, 48), v128.load(g + i, 96), kx, ky, kz));
  memory.copy(x + (kept << 4), u + 16, 48);
  solveLower<T>(matrix, columnsOf(words), kept, kept + 3, x);
  for (let i: usize = 0; i < kept; i++) v128.store(u + (word(words + 12 + (i << 2)) << 4), v128.load(x + (i << 4)));
  let at = eliminatedAt(words);
  for (let left = word(words + 4); left > 0; left--) {
    const component = word(at), inRow = at + 12 + 12 * word(at + 4);
    let total = v128.splat<T>(0);
    for (let p = at + 12; p < inRow; p += 12) total = sum<T>(total, product<T>(v128.load(values + word(p + 8)), v128.load(u + (word(p + 4) << 4))));
    v128.store(u + (component << 4), product<T>(v128.load(rates + (component >> 2 << 4)), total));
    at = inRow + 12 * word(at + 8);
  }
  const lx = v128.load(u, 16), ly = v128.load(u, 32), lz = v128.load(u, 48);
  shift<T>(u, N, 0, 3, v128.load(y, Z));
  v128.store(u, v128.splat<T>(0));
  turn<T>(y);
  // lambda in this basis has further terms, which are not almost parallel to r
  const nx = difference<T>(v128.load(u, 16), lx), ny = difference<T>(v128.load(u, 32), ly), nz = difference<T>(v128.load(u, 48), lz), rx = v128.load(s, 16), ry = v128.load(s, 32), rz = v128.load(s, 48), w = y + W;
  v128.store(w, sum<T>(v128.load(w), minor<T>(ry, rz, ny, nz))); v128.store(w, sum<T>(v128.load(w, 16), minor<T>(rz, rx, nz, nx)), 16); v128.store(w, sum<T>(v128.load(w, 32), minor<T>(rx, ry, nx, ny)), 32);
}

/** On the axis of every input, adds `factor` times the components `from` to the components `to`. */
function shift<T>(x: usize, N: usize, to: usize, from: usize, factor: v128): void {
  const bytes = stateBytes(N);
  for (let size = bytes >> 2; size >= 64; size >>= 2)
    for (let high: usize = 0; high < bytes; high += size << 2)
      for (let low: usize = 0; low < size; low += 16) {
        const at = x + high + low + to * size;
        v128.store(at, sum<T>(v128.load(at), product<T>(factor, v128.load(x + high + low + from * size))));
      }
}
