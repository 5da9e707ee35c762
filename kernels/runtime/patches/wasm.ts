// Stock kernels of the wasm backend that are replaced. Applied when the backend is chosen, after it has registered
// its own.

import { hostAccess, type HostAccess } from "../host/access.js";
import { conv2dFilterGradient, conv2dInputGradient } from "./convolution/index.js";
import { FROM_CPU, fromCpu } from "./from-cpu.js";
import { pack, slice, unpack } from "./pieces.js";
import { batchMatMul, fusedMatMul } from "./matrix-product/index.js";
import { replaceKernels, type Replacement } from "./replace.js";
import { mean, sum } from "./sum/index.js";
import type { TensorInfo } from "@tensorflow/tfjs";

type WasmBackend = Parameters<HostAccess["read"]>[0] & {
  incRef(dataId: TensorInfo["dataId"]): void;
  makeOutput(shape: readonly number[], dtype: TensorInfo["dtype"]): TensorInfo;
};

type Call = { inputs: { x: TensorInfo }; backend: WasmBackend };

/**
 * Stock Identity copies the values. It runs whenever the tape saves an input, that is for every input of every
 * operation under a gradient; tensors do not change, so that sharing them, as the cpu backend does, is enough.
 */
function identity({ inputs: { x }, backend }: Call): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

type TransposeCall = Call & { attrs: { readonly perm: readonly number[] } };

/** Stock Transpose divides by sizes: on an empty tensor its module traps. */
function transpose(
  stock: (call: TransposeCall) => TensorInfo,
): (call: TransposeCall) => TensorInfo {
  return (call) => {
    const { inputs, attrs, backend } = call;
    const { shape, dtype } = inputs.x;
    if (!shape.includes(0)) return stock(call);
    return backend.makeOutput(attrs.perm.map((axis) => shape[axis]!), dtype); // prettier-ignore
  };
}

const replacements: Readonly<Record<string, Replacement>> = {
  Identity: () => identity,
  Slice: slice,
  Unpack: unpack,
  Pack: pack,
  Sum: sum,
  Mean: mean,
  Transpose: transpose,
  BatchMatMul: () => batchMatMul,
  _FusedMatMul: () => fusedMatMul,
  Conv2DBackpropFilter: () => conv2dFilterGradient(hostAccess.wasm),
  Conv2DBackpropInput: () => conv2dInputGradient(hostAccess.wasm),
  ...Object.fromEntries(FROM_CPU.map((name) => [name, () => fromCpu(name)])),
};

/** Names of the stock wasm kernels that are replaced. */
export const WASM_REPLACEMENTS: readonly string[] = Object.keys(replacements);

/** Replaces them, once. */
export function patchWasm(): void {
  replaceKernels("wasm", replacements);
}
