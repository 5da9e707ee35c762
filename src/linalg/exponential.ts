// Exponentials of matrices.

import { exponentialComposed } from "../../kernels/matrix-exponential/index.js";
import type { Tensor } from "@tensorflow/tfjs";

/** `exp(A)` of real matrices on a flat batch, `[B, n, n]`: no checks. */
export function exponentialOf(A: Tensor): Tensor {
  return exponentialComposed(A);
}
