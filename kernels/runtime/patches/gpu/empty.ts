// Tensors without entries on the webgpu backend, which asks the device for buffers of no bytes and may then not bind them.

import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebgpuBackend } from "../../gpu/access.js";

type Repaired = Omit<WebgpuBackend, "bufferManager" | "tensorMap"> & {
  bufferManager: { acquireBuffer(size: number, ...rest: unknown[]): GPUBuffer };
  read(id: object): Promise<unknown>;
  tensorMap: { get(id: object): { readonly shape: readonly number[]; readonly dtype: string } };
};

/** Gives them a buffer of one number, which is never read. */
export function repairEmpty(given: WebgpuBackend): void {
  const backend = given as unknown as Repaired;
  const acquire = backend.bufferManager.acquireBuffer.bind(backend.bufferManager);
  backend.bufferManager.acquireBuffer = (size, ...rest) => acquire(Math.max(size, 4), ...rest);
  const read = backend.read.bind(backend);
  backend.read = (id) => {
    const { shape, dtype } = backend.tensorMap.get(id);
    if (!shape.includes(0)) return read(id);
    const values = dtype === "float32" ? Float32Array : dtype === "bool" ? Uint8Array : Int32Array;
    return Promise.resolve(new values(0));
  };
}

type Sizes = [number, number, number, number];

type Call = {
  inputs: Readonly<Record<string, TensorInfo>>;
  attrs: {
    readonly strides: [number, number] | number;
    readonly pad: "valid" | "same" | number;
    readonly dataFormat: "NHWC" | "NCHW";
    readonly dimRoundingMode?: "floor" | "round" | "ceil";
    readonly dilations?: [number, number] | number;
    readonly inputShape?: number[];
    readonly filterShape?: number[];
  };
};

type Kernel = (call: Call) => TensorInfo;

function convolvedShape({ inputs, attrs }: Call): number[] {
  const { strides, dilations = 1, pad, dimRoundingMode, dataFormat } = attrs;
  const { outShape } = tf.backend_util.computeConv2DInfo(
    inputs["x"]!.shape as Sizes,
    inputs["filter"]!.shape as Sizes,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    dataFormat === "NCHW" ? "channelsFirst" : "channelsLast",
  );
  return outShape;
}

/** Zeros of a shape where an input has no entries. */
function zerosFor(shapeOf: (call: Call) => readonly number[]): (stock: Kernel) => Kernel {
  return (stock) => (call) => {
    const some = Object.values(call.inputs).every(({ shape }) => !shape.includes(0));
    return some ? stock(call) : tf.zeros([...shapeOf(call)]);
  };
}

/** Replaces convolutions of no images. */
export const emptyConvolutions: Readonly<Record<string, (stock: Kernel) => Kernel>> = {
  Conv2D: zerosFor(convolvedShape),
  Conv2DBackpropInput: zerosFor(({ attrs }) => attrs.inputShape!),
  Conv2DBackpropFilter: zerosFor(({ attrs }) => attrs.filterShape!),
};
