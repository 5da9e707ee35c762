// How a kernel runs on the backend `tensorflow` where tensors do not lie in host memory, and the one switch between that form
// and the host's, which `defineHostKernel` registers for every backend of the processor.

import * as tf from "@tensorflow/tfjs";
import { refuseSecond, sizeOf } from "../define.js";
import { runComposed } from "../composed-form.js";
import { inDouble } from "./double.js";
import type { NamedTensorMap, TensorInfo } from "@tensorflow/tfjs";
import type { ComposedForm } from "../composed-form.js";
import type { KernelContract, Shapes } from "../define.js";

/**
 * Where kernels run on `tensorflow`: by their host forms; by native ones since tensors lie on a GPU; or by native ones, on
 * whatever device, since they were asked for.
 */
export type NativeUse = "host" | "gpu" | "asked";

let use: NativeUse = "host";

/** Chooses for the process. */
export function useNativeForms(next: NativeUse): void {
  use = next;
}

/** What was chosen. */
export function nativeUse(): NativeUse {
  return use;
}

/** How a kernel runs where its tensors lie on a GPU. */
export type NativeForm<Attrs extends object> = {
  /** Operations of TensorFlow that do what the kernel does, or the composed form. */
  readonly by: "native" | "composed";
  /** Whether all of it is computed in float64. */
  readonly double: boolean;
  /** Whether it is right, fits, and pays for a call; else the host form runs. Left out: always. */
  serves?(shapes: Shapes, attrs: Attrs, use: NativeUse): boolean;
  readonly run: ComposedForm<Attrs>;
};

const forms = new Map<string, Pick<NativeForm<never>, "by" | "double">>();

/** How a kernel runs there; undefined where only its host form does. */
export function nativeFormOf(
  kernelName: string,
): Pick<NativeForm<never>, "by" | "double"> | undefined {
  return forms.get(kernelName);
}

type Call = { inputs: NamedTensorMap; attrs: unknown; backend: unknown };

/** Registers how a kernel with a host form runs where tensors lie on a GPU. */
export function defineNativeKernel<Attrs extends object>(
  contract: KernelContract<Attrs>,
  form: NativeForm<Attrs>,
): void {
  const { name: kernelName } = contract;
  refuseSecond(kernelName, forms.get(kernelName));
  forms.set(kernelName, form);
  const backendName = "tensorflow";
  const host = tf.getKernel(kernelName, backendName).kernelFunc as unknown as (
    call: Call,
  ) => TensorInfo[];
  const kernelFunc = (call: Call): TensorInfo[] => {
    if (use === "host") return host(call);
    const attrs = call.attrs as Attrs;
    const named = Object.entries(call.inputs).map(([name, { shape }]) => [name, shape] as const);
    const shapesIn: Shapes = Object.fromEntries(named);
    if (form.serves?.(shapesIn, attrs, use) === false) return host(call);
    return native(form, call.inputs, attrs, contract.outputShapes(shapesIn, attrs));
  };
  // Registering over another kernel only warns.
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as never });
}

function native<Attrs extends object>(
  { double, run }: NativeForm<Attrs>,
  inputs: NamedTensorMap,
  attrs: Attrs,
  shapes: readonly (readonly number[])[],
): TensorInfo[] {
  // Without entries there is nothing to compute, and some operations fail.
  if (shapes.every((shape) => sizeOf(shape) === 0))
    return shapes.map((shape) => tf.zeros([...shape]));
  const form: ComposedForm<Attrs> = double
    ? (given, same) => inDouble(given, (doubles) => run(doubles, same))
    : run;
  return runComposed(form, inputs, attrs, shapes);
}
