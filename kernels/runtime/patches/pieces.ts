// Pieces of tensors on the wasm backend: stock slices of five axes and more look up every element by its indices, and
// stock pieces along a last axis of a few values make a view for each of them.

import * as tf from "@tensorflow/tfjs";
import { hostAccess } from "../host/access.js";
import type { TensorInfo } from "@tensorflow/tfjs";

type Backend = Parameters<typeof hostAccess.wasm.read>[0] & {
  makeOutput(shape: readonly number[], dtype: TensorInfo["dtype"]): TensorInfo;
};

/** The values of a tensor of any type of numbers. */
const valuesOf = hostAccess.wasm.read;

type Kernel = (call: never) => TensorInfo | TensorInfo[];

/** Runs of values at equal distances, in one array and in another. */
type Runs = {
  readonly count: number;
  readonly length: number;
  readonly from: number;
  readonly fromStride: number;
  readonly to: number;
  readonly toStride: number;
};

/** Values up to which a run is copied one by one: making views takes longer. */
const SHORT = 24;

function copyRuns(source: Float32Array, target: Float32Array, runs: Runs): void {
  const { count, length, fromStride, toStride } = runs;
  for (let i = 0, { from, to } = runs; i < count; i++, from += fromStride, to += toStride) {
    if (length > SHORT) target.set(source.subarray(from, from + length), to);
    else for (let j = 0; j < length; j++) target[to + j] = source[from + j]!;
  }
}

/** An axis of a slice: its size in the source, where the slice begins and how long it is. */
type Axis = { readonly size: number; readonly begin: number; readonly length: number };

/** The axes with those joined to the one before that are taken whole: fewer, and longer runs. */
function joined(axes: readonly Axis[]): Axis[] {
  const left: Axis[] = [];
  for (const axis of axes) {
    const before = left.at(-1);
    if (before === undefined || axis.length < axis.size) left.push(axis);
    else
      left[left.length - 1] = {
        size: before.size * axis.size,
        begin: before.begin * axis.size,
        length: before.length * axis.size,
      };
  }
  return left;
}

const product = (numbers: readonly number[]): number => numbers.reduce((a, b) => a * b, 1);

/** Copies a slice into consecutive values from `to` on. */
function copySlice(
  source: Float32Array,
  target: Float32Array,
  axes: readonly Axis[],
  from: number,
  to: number,
): void {
  const [first, ...rest] = axes as [Axis, ...Axis[]];
  const stride = product(rest.map(({ size }) => size));
  const at = from + first.begin * stride;
  if (rest.length === 0) {
    copyRuns(source, target, { count: 1, length: first.length, from: at, fromStride: 0, to, toStride: 0 }); // prettier-ignore
  } else if (rest.length === 1) {
    const { begin, length } = rest[0]!;
    const runs = { count: first.length, length, from: at + begin, fromStride: stride };
    copyRuns(source, target, { ...runs, to, toStride: length });
  } else {
    const size = product(rest.map(({ length }) => length));
    for (let i = 0; i < first.length; i++)
      copySlice(source, target, rest, at + i * stride, to + i * size);
  }
}

type SliceCall = {
  inputs: { x: TensorInfo };
  attrs: { begin: number | number[]; size: number | number[] };
  backend: Backend;
};

/** Replaces Slice. */
export function slice(stock: Kernel): Kernel {
  return (call: SliceCall) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    if (x.dtype === "string" || x.shape.length === 0) return stock(call as never);
    const [begin, size] = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size) as [number[], number[]]; // prettier-ignore
    tf.slice_util.assertParamsValid(x, begin, size);
    const out = backend.makeOutput(size, x.dtype);
    const axes = x.shape.map((n, i) => ({ size: n, begin: begin[i]!, length: size[i]! }));
    if (product(size) > 0)
      copySlice(valuesOf(backend, x), valuesOf(backend, out), joined(axes), 0, 0);
    return out;
  };
}

type UnpackCall = {
  inputs: { value: TensorInfo };
  attrs: { axis: number };
  backend: Backend;
};

/** Values before and behind an axis. */
function around(shape: readonly number[], axis: number): readonly [outer: number, inner: number] {
  return [product(shape.slice(0, axis)), product(shape.slice(axis + 1))];
}

/** Replaces Unpack. */
export function unpack(stock: Kernel): Kernel {
  return (call: UnpackCall) => {
    const { inputs, attrs, backend } = call;
    const { value } = inputs;
    if (value.dtype === "string") return stock(call as never);
    const axis = attrs.axis < 0 ? attrs.axis + value.shape.length : attrs.axis;
    const [outer, inner] = around(value.shape, axis);
    const parts = value.shape[axis]!;
    const shape = value.shape.filter((_, i) => i !== axis);
    const outputs = Array.from({ length: parts }, () => backend.makeOutput(shape, value.dtype));
    const source = valuesOf(backend, value);
    const runs = { count: outer, length: inner, fromStride: parts * inner, to: 0, toStride: inner };
    for (const [i, out] of outputs.entries())
      copyRuns(source, valuesOf(backend, out), { ...runs, from: i * inner });
    return outputs;
  };
}

type PackCall = { inputs: TensorInfo[]; attrs: { axis: number }; backend: Backend };

/** Replaces Pack. */
export function pack(stock: Kernel): Kernel {
  return (call: PackCall) => {
    const { attrs, backend } = call;
    const inputs = Object.values(call.inputs);
    const { shape, dtype } = inputs[0]!;
    const plain = inputs.every(
      (x) => x.dtype === dtype && dtype !== "string" && x.shape.join() === shape.join(),
    );
    if (!plain) return stock(call as never);
    const axis = attrs.axis < 0 ? attrs.axis + shape.length + 1 : attrs.axis;
    const [outer, inner] = [product(shape.slice(0, axis)), product(shape.slice(axis))];
    const whole = [...shape.slice(0, axis), inputs.length, ...shape.slice(axis)];
    const out = backend.makeOutput(whole, dtype);
    const target = valuesOf(backend, out);
    const runs = { count: outer, length: inner, from: 0, fromStride: inner, toStride: inputs.length * inner }; // prettier-ignore
    for (const [i, x] of inputs.entries())
      copyRuns(valuesOf(backend, x), target, { ...runs, to: i * inner });
    return out;
  };
}
