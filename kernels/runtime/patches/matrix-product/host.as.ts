// Batched float32 matrix products C = op(A) op(B), either factor transposed, for the kernels that replace stock ones.
// args: a, b, c, rows m, columns n, inner k, bytes from row to row and from column to column of op(A), of op(B),
// bytes from matrix to matrix of A and of B, rows per item, items per matrix.
// Item = some rows of one matrix. Scratch: one packed panel.

import { arg } from "../../host/lanes.as";
import { multiply } from "../../host/product.as";

export function matrixProduct(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const m = <i32>arg(args, 3), n = <i32>arg(args, 4), k = <i32>arg(args, 5);
  const rows = <i32>arg(args, 12), perMatrix = <i32>arg(args, 13), rowOfC = <usize>n << 2;
  for (let item = lo; item < hi; item++) {
    const matrix = <usize>(item / perMatrix), first = (item % perMatrix) * rows;
    multiply(
      arg(args, 0) + matrix * arg(args, 10), arg(args, 6), arg(args, 7),
      arg(args, 1) + matrix * arg(args, 11), arg(args, 8), arg(args, 9),
      arg(args, 2) + matrix * <usize>m * rowOfC, rowOfC, first, min(first + rows, m), n, k, false, scratch,
    );
  }
}
