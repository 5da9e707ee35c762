// Gaussian elimination without pivots and what its factors solve, for the systems on the lanes of a vector: the matrices of
// the half system need none (README.md, "Half of the state"). Row-major, one vector of 16 bytes per entry.

import { difference, product } from "./system.as";

/** Columns of a panel, whose steps reach the rest of the matrix together. */
const PANEL: usize = 4;

/** `steps` steps of the elimination on a matrix of `rows` × `columns`; the multipliers stay below the diagonal. */
export function eliminate<T>(A: usize, rows: usize, columns: usize, steps: usize): void {
  for (let k: usize = 0; k < steps; k += PANEL) {
    const end = min<usize>(k + PANEL, steps);
    eliminatePanel<T>(A, rows, columns, k, end);
    if (end - k == PANEL) updateRest<T>(A, rows, columns, k);
    else for (let i = end; i < rows; i++) for (let j = k; j < end; j++) subtractRow<T>(A, columns, i, j, end);
  }
}

/** Steps k0 … k1 - 1 on their own columns, and their own rows as far as they reach. */
function eliminatePanel<T>(A: usize, rows: usize, columns: usize, k0: usize, k1: usize): void {
  const row = columns << 4;
  for (let k = k0; k < k1; k++) {
    const top = A + k * row + (k << 4), inverse = v128.div<T>(v128.splat<T>(1), v128.load(top)), end = top + ((k1 - k) << 4);
    for (let i = k + 1, d = row; i < rows; i++, d += row) {
      const f = product<T>(v128.load(top + d), inverse);
      v128.store(top + d, f);
      for (let q = top + 16; q < end; q += 16) v128.store(q + d, difference<T>(v128.load(q + d), product<T>(f, v128.load(q))));
    }
  }
  for (let i = k0 + 1; i < k1; i++) for (let j = k0; j < i; j++) subtractRow<T>(A, columns, i, j, k1);
}

/** Row i minus its multiplier of row j times that, from column `first` on. */
// @ts-ignore: decorator
@inline function subtractRow<T>(A: usize, columns: usize, i: usize, j: usize, first: usize): void {
  const row = columns << 4, f = v128.load(A + i * row + (j << 4)), a = A + i * row, b = A + j * row;
  for (let q = first << 4; q < row; q += 16) v128.store(a + q, difference<T>(v128.load(a + q), product<T>(f, v128.load(b + q))));
}

/** The four steps of the panel at k on the rows and columns behind it, two rows at a time. */
function updateRest<T>(A: usize, rows: usize, columns: usize, k: usize): void {
  const row = columns << 4, first = k + PANEL, top = A + k * row + (first << 4), end = (columns - first) << 4;
  let i = first;
  for (; i + 1 < rows; i += 2) {
    const f = A + i * row + (k << 4), x = f + (PANEL << 4), y = x + row;
    const f0 = v128.load(f), f1 = v128.load(f, 16), f2 = v128.load(f, 32), f3 = v128.load(f, 48);
    const g0 = v128.load(f + row), g1 = v128.load(f + row, 16), g2 = v128.load(f + row, 32), g3 = v128.load(f + row, 48);
    for (let q: usize = 0; q < end; q += 16) {
      const t = top + q, u0 = v128.load(t), u1 = v128.load(t + row), u2 = v128.load(t + 2 * row), u3 = v128.load(t + 3 * row);
      v128.store(x + q, difference<T>(difference<T>(difference<T>(difference<T>(v128.load(x + q), product<T>(f0, u0)), product<T>(f1, u1)), product<T>(f2, u2)), product<T>(f3, u3)));
      v128.store(y + q, difference<T>(difference<T>(difference<T>(difference<T>(v128.load(y + q), product<T>(g0, u0)), product<T>(g1, u1)), product<T>(g2, u2)), product<T>(g3, u3)));
    }
  }
  if (i < rows) for (let j = k; j < first; j++) subtractRow<T>(A, columns, i, j, first);
}

/** The first `steps` entries of x, from those behind them: U x = 0. */
export function solveUpper<T>(A: usize, columns: usize, steps: usize, x: usize): void {
  for (let i = steps; i-- > 0;) {
    const at = A + ((i * columns) << 4);
    let even = v128.splat<T>(0), odd = even, j = i + 1;
    for (; j + 1 < columns; j += 2) {
      even = difference<T>(even, product<T>(v128.load(at + (j << 4)), v128.load(x + (j << 4))));
      odd = difference<T>(odd, product<T>(v128.load(at + (j << 4), 16), v128.load(x + (j << 4), 16)));
    }
    if (j < columns) even = difference<T>(even, product<T>(v128.load(at + (j << 4)), v128.load(x + (j << 4))));
    v128.store(x + (i << 4), v128.div<T>(v128.add<T>(even, odd), v128.load(at + (i << 4))));
  }
}

/** The same with the transpose of the multipliers: L^T x = 0. */
export function solveLower<T>(A: usize, columns: usize, steps: usize, rows: usize, x: usize): void {
  memory.fill(x, 0, steps << 4);
  for (let i = rows; i-- > 0;) {
    const at = A + ((i * columns) << 4), end = min<usize>(i, steps) << 4, f = v128.load(x + (i << 4));
    for (let q: usize = 0; q < end; q += 16) v128.store(x + q, difference<T>(v128.load(x + q), product<T>(f, v128.load(at + q))));
  }
}
