// Sums and means of many terms on the webgpu backend: stock ones add thousands of float32 one after another, which loses
// 1e-4 of 2²² terms, and fail without terms. From 1 to 64 terms the stock kernels are kept.

import * as tf from "@tensorflow/tfjs";
import { runOnDevice } from "../../gpu/passes.js";
import { sumPasses, TERMS } from "../../gpu/sums.js";
import { axesOf, groupSizes, reduceGroups, type AxisGroup } from "../sum/groups.js";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebgpuBackend } from "../../gpu/access.js";

type Call = {
  inputs: { x: TensorInfo };
  attrs: { readonly axis: number | number[]; readonly keepDims: boolean };
  backend: WebgpuBackend;
};

/** A kernel that reduces. */
export type ReductionKernel = (call: Call) => TensorInfo;

/** Sums over a group of axes; divides by the number of terms for a mean. */
function sumGroup(
  backend: WebgpuBackend,
  x: TensorInfo,
  group: AxisGroup,
  mean: boolean,
): TensorInfo {
  const { outer, terms, inner, left } = groupSizes(x, group);
  const { passes, scratch } = sumPasses({
    ...{ from: "xs", to: "ys", outer, terms, inner },
    scale: mean ? 1 / terms : 1,
  });
  const work = { outputs: ["ys"], scratch, passes };
  return runOnDevice(backend, "Sum", { xs: x }, work, [left])[0]!;
}

/** Of no terms: 0, and not-a-number for a mean. */
function ofNothing({ inputs: { x }, attrs: { axis, keepDims } }: Call, mean: boolean): TensorInfo {
  const axes = axesOf(axis, x);
  const [reduced] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(reduced, axes) : reduced;
  const size = tf.util.sizeFromShape(shape);
  if (mean || x.dtype === "float32")
    return tf.tensor(new Float32Array(size).fill(mean ? NaN : 0), shape);
  return tf.zeros(shape, "int32");
}

function reduction(stock: ReductionKernel, mean: boolean): ReductionKernel {
  return (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    const axes = axesOf(attrs.axis, x);
    const terms = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    if (x.shape.includes(0)) return ofNothing(call, mean);
    if (x.dtype !== "float32" || terms <= TERMS) return stock(call);
    return reduceGroups(
      x,
      axes,
      attrs.keepDims,
      (part, group) => sumGroup(backend, part, group, mean),
      ({ dataId }) => backend.disposeData(dataId),
    );
  };
}

/** Replaces Sum. */
export const sum = (stock: ReductionKernel): ReductionKernel => reduction(stock, false);

/** Replaces Mean. */
export const mean = (stock: ReductionKernel): ReductionKernel => reduction(stock, true);
