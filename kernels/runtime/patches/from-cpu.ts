// Kernels that the wasm backend lacks or has wrong, taken from the cpu backend over copies of the values. Slow, but
// right: what the models use in earnest has a host kernel instead.

import * as tf from "@tensorflow/tfjs";
import type { DataId, KernelBackend, TensorInfo, TypedArray } from "@tensorflow/tfjs";

type Values = Float32Array | Int32Array | Uint8Array;

type CpuBackend = KernelBackend & {
  firstUse: boolean;
  data: { get(id: DataId): { values: TypedArray } };
  makeTensorInfo(shape: readonly number[], dtype: string, values: TypedArray): TensorInfo;
};

type WasmBackend = KernelBackend & {
  typedArrayFromHeap(tensor: TensorInfo): Values;
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
};

type Call = {
  inputs: Readonly<Record<string, TensorInfo>>;
  attrs?: unknown;
  backend: WasmBackend;
};

/** The kernels: stock MaxPoolGrad drops windows whose maximum is negative, the others are missing. */
export const FROM_CPU: readonly string[] = [
  "MaxPoolGrad",
  "UnsortedSegmentSum",
  "DepthwiseConv2dNativeBackpropInput",
  "DepthwiseConv2dNativeBackpropFilter",
];

/** The cpu backend's kernel, for tensors of the wasm backend. */
export function fromCpu(kernelName: string): (call: Call) => TensorInfo {
  const kernel = tf.getKernel(kernelName, "cpu").kernelFunc as unknown as (call: {
    inputs: Readonly<Record<string, TensorInfo>>;
    attrs: unknown;
    backend: CpuBackend;
  }) => TensorInfo;
  return ({ inputs, attrs, backend }) => {
    // A backend of its own, thrown away afterwards: nothing of it is registered or counted.
    const cpu = tf.findBackendFactory("cpu")() as CpuBackend;
    // Else each of them advises to install tfjs-node.
    cpu.firstUse = false;
    const copies = Object.entries(inputs).map(([name, tensor]) => {
      const values = backend.typedArrayFromHeap(tensor).slice();
      return [name, cpu.makeTensorInfo(tensor.shape, tensor.dtype, values)] as const;
    });
    const result = kernel({ inputs: Object.fromEntries(copies), attrs, backend: cpu });
    const output = backend.makeOutput(result.shape, result.dtype);
    backend.typedArrayFromHeap(output).set(cpu.data.get(result.dataId).values);
    return output;
  };
}
