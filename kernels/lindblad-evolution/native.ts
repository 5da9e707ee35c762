// How the evolution runs on the backend `tensorflow` where tensors lie on a GPU: by the composed exponential as on `webgpu`,
// but in float64. On the host where the superoperators would take gigabytes, and by the schemes that choose their steps.

import { sizesOf } from "./contract.js";
import { evolutionGpu, evolutionGradGpu } from "./gpu.js";
import type { Shapes } from "../runtime/define.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { EvolutionAttrs } from "./contract.js";

/** Entries of all superoperators of a call: 256 MiB in float64; a gradient has four times as large ones, and some ten of them. */
const MOST_ENTRIES = 2 ** 25;

function serves(shapes: Shapes, { scheme }: EvolutionAttrs): boolean {
  const { B, n } = sizesOf(shapes);
  return scheme === "expm" && B * 4 * n ** 4 <= MOST_ENTRIES;
}

/** Form of `ZenoLindbladEvolution`. */
export const evolutionNative: NativeForm<EvolutionAttrs> = {
  ...{ by: "composed", double: true, serves },
  run: evolutionGpu.run,
};

/** Form of `ZenoLindbladEvolutionGrad`. */
export const evolutionGradNative: NativeForm<EvolutionAttrs> = {
  ...{ by: "composed", double: true, serves },
  run: evolutionGradGpu.run,
};
