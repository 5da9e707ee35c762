// Values of a tensor at once, for decisions on the host: the length of an adaptive step. Only where tensors lie in host
// memory is that cheap; src/ has no other synchronous read.

import type { Tensor } from "@tensorflow/tfjs";

/** The values of `t`, now. */
export function readNow(t: Tensor): Float32Array {
  return t.dataSync<"float32">();
}
