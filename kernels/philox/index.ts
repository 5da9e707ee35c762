// Random tensors and arrays from addressable streams. The checked, named door is src/random.ts.

import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { hostPool } from "../runtime/host/pool.js";
import { philoxContract } from "./contract.js";
import { philoxGpu } from "./gpu.js";
import { drawInto, philoxHost } from "./host.js";
import { philoxNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { PhiloxAttrs } from "./contract.js";
import type { Draw } from "./host.js";

export { philoxWords, streamKeys } from "./reference.js";

defineHostKernel(philoxContract, philoxHost);
defineGpuKernel(philoxContract, philoxGpu);
defineNativeKernel(philoxContract, philoxNative);

/** A random tensor of shape `attrs.shape`; see {@link PhiloxAttrs}. Not differentiable: it has no inputs. */
export function philox(attrs: PhiloxAttrs): Tensor {
  return runKernel(philoxContract, {}, attrs)[0]!;
}

/** The same numbers as an array, without a tensor: `[streams, count]`, row-major. */
export function philoxArray(draw: Draw): Float32Array {
  const pool = hostPool();
  try {
    const at = drawInto(pool, draw);
    return pool.f32(at, draw.seeds.length * draw.count).slice();
  } finally {
    pool.release();
  }
}
