// Sums and means of float32 tensors on the wasm backend, in float64: stock ones add one float32 after another, which
// loses 4 % of 2²² terms, and a stock sum over an empty axis returns whatever lay in memory.

import * as tf from "@tensorflow/tfjs";
import { hostAccess } from "../../host/access.js";
import { hostPool } from "../../host/pool.js";
import { axesOf, groupSizes, lastGroup, reduceGroups, type AxisGroup } from "./groups.js";
import type { TensorInfo } from "@tensorflow/tfjs";

type Backend = Parameters<typeof hostAccess.wasm.read>[0];

type Call = {
  inputs: { x: TensorInfo };
  attrs: { readonly axis: number | number[]; readonly keepDims: boolean };
  backend: Backend;
};

type Kernel = (call: Call) => TensorInfo;

/** Values above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 200_000;

/** Columns of an item of `sumOfColumns`. */
const COLUMNS = 8;

/** Terms up to which stock sums over the last axes are kept: their rounding is that of the result. */
const FEW = 16;

/** Whether `axes` are the last ones and have a few values, but some. */
function isShort({ shape }: TensorInfo, axes: readonly number[]): boolean {
  const { from, to } = lastGroup(axes);
  if (to - from < axes.length || to < shape.length) return false;
  const terms = tf.util.sizeFromShape(shape.slice(from));
  return terms <= FEW && tf.util.sizeFromShape(shape) > 0;
}

/** Sums over a group of axes; divides by the number of terms for a mean. */
function sumGroup(backend: Backend, x: TensorInfo, group: AxisGroup, mean: boolean): TensorInfo {
  const { outer, terms, inner, left } = groupSizes(x, group);
  const pool = hostPool();
  try {
    const at = pool.alloc(4 * outer * terms * inner);
    pool.f32(at, outer * terms * inner).set(hostAccess.wasm.read(backend, x));
    const sums = pool.alloc(4 * outer * inner);
    const rows = inner === 1;
    const items = rows ? outer : outer * Math.ceil(inner / COLUMNS);
    const args = [at, sums, ...(rows ? [outer, terms] : [terms, inner]), mean ? terms : 1];
    pool.run(rows ? "sumOfRows" : "sumOfColumns", args, items, {
      ...(outer * terms * inner < SPLIT_ABOVE && { chunk: items }),
    });
    return hostAccess.wasm.make(backend, left, pool.f32(sums, outer * inner));
  } finally {
    pool.release();
  }
}

/** The kernel, or the stock one where it is right: for other types than float32, for a few terms. */
function reduction(stock: Kernel, mean: boolean): Kernel {
  return (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    if (x.dtype !== "float32") return stock(call);
    const axes = axesOf(attrs.axis, x);
    if (axes.length === 0 || isShort(x, axes)) return stock(call);
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
export const sum = (stock: Kernel): Kernel => reduction(stock, false);

/** Replaces Mean. */
export const mean = (stock: Kernel): Kernel => reduction(stock, true);
