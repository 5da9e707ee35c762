// Problems of the cases as tensors of the active backend, and results back as arrays.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import type { Inputs, Plain, Problem, TensorInputs } from "../../benchmarks/cases/case.js";

/** A form of an operation. */
export type Form = (inputs: TensorInputs) => Tensor;

/** A tensor with values of its own: some backends keep the array they are given. */
export function tensorOf({ shape, values }: Plain): Tensor {
  return tf.tensor(values.slice(), [...shape], "float32");
}

/** The inputs as tensors. */
export function tensorsOf(inputs: Inputs): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(inputs).map(([name, plain]) => [name, tensorOf(plain)]));
}

/** Values of what `compute` returns, which with everything else it made is disposed. */
export async function read(compute: () => Tensor): Promise<Float32Array> {
  const [values] = await readAll(() => [compute()]);
  return values!;
}

/** The same for several tensors. */
export async function readAll(compute: () => Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(compute);
  const values = await Promise.all(tensors.map((t) => t.data() as Promise<Float32Array>));
  tf.dispose(tensors);
  return values;
}

/** Value of a form on the problem's inputs. */
export function valueOf(problem: Problem, form: Form): Promise<Float32Array> {
  return read(() => form(tensorsOf(problem.inputs)));
}

/** Gradient of `Σ cotangent · form` by each input named, inside a tidy. */
export function gradients(
  form: Form,
  inputs: TensorInputs,
  cotangent: Tensor,
  names: string[],
): Tensor[] {
  const others = inputs;
  const f = (...xs: Tensor[]): Tensor =>
    form({ ...others, ...Object.fromEntries(names.map((name, i) => [name, xs[i]!])) });
  return tf.grads(f)(
    names.map((name) => inputs[name]!),
    cotangent,
  );
}

/** Gradients of a form on the problem's inputs, by name. */
export async function gradientsOf(
  problem: Problem,
  form: Form,
  cotangent: Plain,
  names: string[] = Object.keys(problem.inputs),
): Promise<Record<string, Float32Array>> {
  const values = await readAll(() =>
    gradients(form, tensorsOf(problem.inputs), tensorOf(cotangent), names),
  );
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}
