// Sums and means of many terms on the webgpu backend: stock ones add thousands of float32 one after another, which loses
// 1e-4 of 2²² terms. Up to 64 terms the stock kernels are kept.

import * as tf from "@tensorflow/tfjs";
import { runOnDevice } from "../../gpu/passes.js";
import { sumPasses, TERMS } from "../../gpu/sums.js";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebgpuBackend } from "../../gpu/access.js";

type Call = {
  inputs: { x: TensorInfo };
  attrs: { readonly axis: number | number[]; readonly keepDims: boolean };
  backend: WebgpuBackend;
};

/** A kernel that reduces. */
export type ReductionKernel = (call: Call) => TensorInfo;

/** Sums over the axes `from` to `to`, exclusive. */
function sumGroup(
  backend: WebgpuBackend,
  x: TensorInfo,
  { from, to }: { from: number; to: number },
  mean: boolean,
): TensorInfo {
  const size = (shape: readonly number[]): number => tf.util.sizeFromShape([...shape]);
  const [before, after] = [x.shape.slice(0, from), x.shape.slice(to)];
  const [outer, all, inner] = [size(before), size(x.shape.slice(from, to)), size(after)];
  const { passes, scratch } = sumPasses({
    ...{ from: "xs", to: "ys", outer, terms: all, inner },
    scale: mean ? 1 / all : 1,
  });
  const work = { outputs: ["ys"], scratch, passes };
  return runOnDevice(backend, "Sum", { xs: x }, work, [[...before, ...after]])[0]!;
}

/** The last of the summed axes that follow each other without a gap: `from` to `to`, exclusive. */
function lastGroup(axes: readonly number[]): { from: number; to: number } {
  let i = axes.length - 1;
  while (i > 0 && axes[i - 1] === axes[i]! - 1) i--;
  return { from: axes[i]!, to: axes.at(-1)! + 1 };
}

function reduction(stock: ReductionKernel, mean: boolean): ReductionKernel {
  return (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    const axes = tf.util.parseAxisParam(attrs.axis, x.shape).sort((a, b) => a - b);
    const terms = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    if (x.dtype !== "float32" || terms <= TERMS || x.shape.includes(0)) return stock(call);
    let result: TensorInfo = x;
    for (let left = axes; left.length > 0;) {
      const group = lastGroup(left);
      const next = sumGroup(backend, result, group, mean);
      if (result !== x) backend.disposeData(result.dataId);
      result = next;
      left = left.filter((axis) => axis < group.from);
    }
    const { keepDims } = attrs;
    const shape = keepDims
      ? tf.backend_util.expandShapeToKeepDim(result.shape, axes)
      : result.shape;
    return { ...result, shape };
  };
}

/** Replaces Sum. */
export const sum = (stock: ReductionKernel): ReductionKernel => reduction(stock, false);

/** Replaces Mean. */
export const mean = (stock: ReductionKernel): ReductionKernel => reduction(stock, true);
