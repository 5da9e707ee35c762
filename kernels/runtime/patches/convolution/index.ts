// Gradients of conv2d on the backends wasm and cpu: stock wasm lacks the filter's, and computes the input's, which is also
// conv2dTranspose, by plain loops; stock cpu computes both by plain loops, a minute for a batch of small images.

import * as tf from "@tensorflow/tfjs";
import { hostPool } from "../../host/pool.js";
import type { HostPool } from "../../host/pool.js";
import type { HostAccess } from "../../host/access.js";
import type { TensorInfo } from "@tensorflow/tfjs";

type Backend = Parameters<HostAccess["read"]>[0];

type Shape4D = [number, number, number, number];

type Attrs = {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
};

type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** Offsets in a patch per item, and the floats of patches per item, as in host.as.ts. */
const OFFSETS = 32;
const PANEL = 24_576;
const BLOCK = 256;
const POSITIONS = 64;

/** Multiplications above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 200_000;

function convInfo(kernel: string, x: Shape4D, filter: Shape4D, attrs: Attrs): Info {
  const { strides, pad, dataFormat, dimRoundingMode } = attrs;
  if (dataFormat !== "NHWC") {
    throw new Error(
      `${kernel}: data must have the channels last (NHWC) on wasm, but is ${dataFormat}. Transpose it.`,
    );
  }
  return tf.backend_util.computeConv2DInfo(
    x,
    filter,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    "channelsLast",
  );
}

function words(info: Info): number[] {
  const { batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth } = info;
  const { outChannels, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  return [
    ...[batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth],
    ...[outChannels, outHeight, outWidth, strideHeight, strideWidth, padInfo.top, padInfo.left],
  ];
}

function products({ batchSize, outHeight, outWidth, outChannels, ...info }: Info): number {
  const { filterHeight, filterWidth, inChannels } = info;
  return batchSize * outHeight * outWidth * outChannels * filterHeight * filterWidth * inChannels;
}

/** A backend, and where it keeps its values. */
type Host = { readonly backend: Backend; readonly access: HostAccess };

function load(pool: HostPool, { backend, access }: Host, tensor: TensorInfo): number {
  const size = tf.util.sizeFromShape(tensor.shape);
  const at = pool.alloc(4 * size);
  pool.f32(at, size).set(access.read(backend, tensor));
  return at;
}

/** Allocates the output, runs `compute` on its address and makes a tensor of it. */
function output(
  { backend, access }: Host,
  shape: readonly number[],
  info: Info,
  compute: (pool: HostPool, at: number) => void,
): TensorInfo {
  const pool = hostPool();
  const size = tf.util.sizeFromShape([...shape]);
  try {
    const at = pool.alloc(4 * size);
    // Without positions or images no item writes anything.
    if (products(info) === 0) pool.f32(at, size).fill(0);
    else compute(pool, at);
    return access.make(backend, shape, pool.f32(at, size));
  } finally {
    pool.release();
  }
}

type FilterCall = {
  inputs: { x: TensorInfo; dy: TensorInfo };
  attrs: Attrs & { readonly filterShape: Shape4D };
  backend: Backend;
};

/** Conv2DBackpropFilter, for data with the channels last. */
export function conv2dFilterGradient(access: HostAccess): (call: FilterCall) => TensorInfo {
  return ({ inputs: { x, dy }, attrs, backend }) => {
    const { filterShape } = attrs;
    const host = { backend, access };
    const info = convInfo("Conv2DBackpropFilter", x.shape as Shape4D, filterShape, attrs);
    const rows = info.filterHeight * info.filterWidth * info.inChannels;
    return output(host, filterShape, info, (pool, at) => {
      const items = Math.ceil(rows / OFFSETS);
      const args = [load(pool, host, x), at, load(pool, host, dy), ...words(info)];
      pool.run("convolutionFilterGradient", args, items, {
        scratch: PANEL + 4 * BLOCK * OFFSETS,
        chunk: products(info) < SPLIT_ABOVE ? items : 1,
      });
    });
  };
}

type InputCall = {
  inputs: { dy: TensorInfo; filter: TensorInfo };
  attrs: Attrs & { readonly inputShape: Shape4D };
  backend: Backend;
};

/** Conv2DBackpropInput, for data with the channels last. */
export function conv2dInputGradient(access: HostAccess): (call: InputCall) => TensorInfo {
  return ({ inputs: { dy, filter }, attrs, backend }) => {
    const { inputShape } = attrs;
    const host = { backend, access };
    const info = convInfo("Conv2DBackpropInput", inputShape, filter.shape as Shape4D, attrs);
    const rows = info.filterHeight * info.filterWidth * info.inChannels;
    return output(host, inputShape, info, (pool, at) => {
      const args = [at, load(pool, host, filter), load(pool, host, dy), ...words(info)];
      pool.run("convolutionInputGradient", args, info.batchSize, {
        scratch: PANEL + 4 * POSITIONS * rows,
        chunk: products(info) < SPLIT_ABOVE ? info.batchSize : 1,
      });
    });
  };
}
