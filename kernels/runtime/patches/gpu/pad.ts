// Padding of tensors with more than four axes on the webgpu backend, whose own program does not compile: the gradient of
// every slice of such a tensor.

import { runOnDevice } from "../../gpu/passes.js";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebgpuBackend } from "../../gpu/access.js";
import type { GpuProgram } from "../../gpu/pipelines.js";

type Call = {
  inputs: { x: TensorInfo };
  attrs: {
    readonly paddings: readonly (readonly [number, number])[];
    readonly constantValue: number;
  };
  backend: WebgpuBackend;
};

/** A kernel that pads. */
export type PadKernel = (call: Call) => TensorInfo;

const program: GpuProgram = {
  name: "pad",
  reads: { xs: "f32", sizes: "u32" },
  writes: { ys: "f32" },
  numbers: { rank: "u32", value: "f32" },
  // Of each axis, the last one first: length outside, length inside, first index inside.
  code: `
fn item(index : u32) {
  var rest = index; var source = 0u; var stride = 1u; var inside = true;
  for (var axis = 0u; axis < call.rank; axis++) {
    let at = rest % sizes[3u * axis]; let length = sizes[3u * axis + 1u]; let first = sizes[3u * axis + 2u];
    rest /= sizes[3u * axis];
    inside = inside && at >= first && at < first + length;
    source += stride * (at - first); stride *= length;
  }
  ys[index] = call.value;
  if (inside) { ys[index] = xs[source]; }
}`,
};

/** Replaces PadV2 for more than four axes. */
export function pad(stock: PadKernel): PadKernel {
  return (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    if (x.shape.length <= 4 || x.dtype !== "float32") return stock(call);
    const axes = x.shape.map((length, axis) => {
      const [before, after] = attrs.paddings[axis]!;
      return [before + length + after, length, before] as const;
    });
    const shape = axes.map(([outside]) => outside);
    const items = shape.reduce((a, b) => a * b, 1);
    const numbers = { rank: axes.length, value: attrs.constantValue };
    const sizes = Uint32Array.from(axes.reverse().flat());
    const work = { outputs: ["ys"], scratch: { sizes }, passes: [{ program, items, numbers }] };
    return runOnDevice(backend, "PadV2", { xs: x }, work, [shape])[0]!;
  };
}
