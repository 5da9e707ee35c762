// How a kernel runs on the backend `webgpu`, next to its form for host memory: a WGSL form, its composed form, or, where it
// has no tensor inputs, its host form.

import * as tf from "@tensorflow/tfjs";
import { hostOutputs, refuseSecond, sizeOf } from "../define.js";
import { runComposed } from "../composed-form.js";
import { NOTHING, runOnDevice } from "./passes.js";
import type { NamedTensorMap, TensorInfo } from "@tensorflow/tfjs";
import type { ComposedForm } from "../composed-form.js";
import type { HostForm, KernelContract } from "../define.js";
import type { WebgpuBackend } from "./access.js";
import type { GpuWork } from "./passes.js";

/** One call of a WGSL form. */
export type GpuCall<Attrs extends object> = {
  readonly device: GPUDevice;
  /** Shapes of the inputs, by name; they are the buffers of these names. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly attrs: Attrs;
  /** The contract's output shapes for this call. */
  readonly shapes: readonly (readonly number[])[];
};

/** How a kernel runs on `webgpu`. */
export type GpuForm<Attrs extends object> =
  | {
      readonly by: "wgsl";
      /** What to run, or null where this call does not fit the device: then `otherwise` runs. */
      work(call: GpuCall<Attrs>): GpuWork | null;
      readonly otherwise?: ComposedForm<Attrs>;
    }
  | { readonly by: "composed"; readonly run: ComposedForm<Attrs> }
  | { readonly by: "host"; readonly run: HostForm<Attrs> };

/** The composed one of {@link GpuForm}, which other devices may run too. */
export type ComposedGpuForm<Attrs extends object> = Extract<
  GpuForm<Attrs>,
  { readonly by: "composed" }
>;

const forms = new Map<string, GpuForm<never>["by"]>();

/** By what a kernel runs on `webgpu`; undefined where it does not. */
export function gpuFormOf(kernelName: string): GpuForm<never>["by"] | undefined {
  return forms.get(kernelName);
}

type Call = { inputs: NamedTensorMap; attrs: unknown; backend: unknown };

/** Registers how a kernel runs on `webgpu`. */
export function defineGpuKernel<Attrs extends object>(
  contract: KernelContract<Attrs>,
  form: GpuForm<Attrs>,
): void {
  const { name: kernelName } = contract;
  refuseSecond(kernelName, tf.getKernel(kernelName, "webgpu"));
  forms.set(kernelName, form.by);
  const kernelFunc = ({ inputs, attrs, backend }: Call): TensorInfo[] => {
    const given = attrs as Attrs;
    const named = Object.entries(inputs);
    const shapesIn = Object.fromEntries(named.map(([name, { shape }]) => [name, shape]));
    const shapes = contract.outputShapes(shapesIn, given);
    const gpu = backend as WebgpuBackend;
    if (shapes.every((shape) => sizeOf(shape) === 0)) return empty(gpu, shapes);
    if (form.by === "host") return onHost(gpu, contract, form.run, given, shapes);
    if (form.by === "composed") return runComposed(form.run, inputs, given, shapes);
    const { device } = gpu;
    const work = form.work({ device, inputs: shapesIn, attrs: given, shapes });
    if (work !== null) return runOnDevice(gpu, contract.name, inputs, work, shapes);
    return runComposed(form.otherwise!, inputs, given, shapes);
  };
  tf.registerKernel({ kernelName, backendName: "webgpu", kernelFunc: kernelFunc as never });
}

/** Outputs without entries, whose values are on the host: there is no buffer of size 0. */
function empty(backend: WebgpuBackend, shapes: readonly (readonly number[])[]): TensorInfo[] {
  return shapes.map((shape) => backend.makeTensorInfo([...shape], "float32", NOTHING));
}

function onHost<Attrs extends object>(
  backend: WebgpuBackend,
  contract: KernelContract<Attrs>,
  form: HostForm<Attrs>,
  attrs: Attrs,
  shapes: readonly (readonly number[])[],
): TensorInfo[] {
  if (contract.inputs.length > 0)
    throw new Error(`webgpu: ${contract.name} has tensor inputs, which a host form cannot read.`);
  return hostOutputs(
    form,
    () => ({}),
    attrs,
    shapes,
    (shape, values) => backend.makeTensorInfo([...shape], "float32", values.slice()),
  );
}
