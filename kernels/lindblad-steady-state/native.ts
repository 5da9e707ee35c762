// How steady states of Lindblad equations run on the backend `tensorflow` where tensors lie on a GPU: composed, in float64;
// on the host where the superoperators would take gigabytes.

import { lindbladForm, lindbladGradForm } from "./composed.js";
import { sizesOf } from "./contract.js";
import type { Shapes } from "../runtime/define.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { LindbladAttrs } from "./contract.js";

/** Entries of all superoperators of a call: 256 MiB in float64, of which a gradient keeps some ten times as much. */
const MOST_ENTRIES = 2 ** 25;

function serves(shapes: Shapes): boolean {
  const { B, n } = sizesOf(shapes);
  // Complex numbers are real matrices of twice the size.
  return B * 4 * n ** 4 <= MOST_ENTRIES;
}

/** Form of `ZenoLindbladSteadyState`. */
export const lindbladNative: NativeForm<LindbladAttrs> = {
  ...{ by: "composed", double: true, serves },
  run: lindbladForm,
};

/** Form of `ZenoLindbladSteadyStateGrad`. */
export const lindbladGradNative: NativeForm<LindbladAttrs> = {
  ...{ by: "composed", double: true, serves },
  run: lindbladGradForm,
};
