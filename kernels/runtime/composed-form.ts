// A kernel in tf operations, in place of a form of its own.

import * as tf from "@tensorflow/tfjs";
import type { NamedTensorMap, Tensor, TensorInfo } from "@tensorflow/tfjs";

/** A kernel in tf operations; what it returns is cut from the tape, and has a gradient by the kernel's own. */
export type ComposedForm<Attrs extends object> = (
  inputs: Readonly<Record<string, Tensor>>,
  attrs: Attrs,
) => readonly Tensor[];

/** Runs such a form inside of a kernel. */
export function runComposed<Attrs extends object>(
  form: ComposedForm<Attrs>,
  inputs: NamedTensorMap,
  attrs: Attrs,
  shapes: readonly (readonly number[])[],
): TensorInfo[] {
  const given = Object.values(inputs);
  return tf.tidy(() => {
    const outputs = form(inputs, attrs);
    // A tensor that is an input, or that stands twice, would be disposed more than once.
    return outputs.map((output, i) => {
      const shared = given.includes(output) || outputs.indexOf(output) < i;
      const own = shared ? tf.clone(output) : output;
      return tf.util.arraysEqual(own.shape, [...shapes[i]!])
        ? own
        : tf.reshape(own, [...shapes[i]!]);
    });
  });
}
