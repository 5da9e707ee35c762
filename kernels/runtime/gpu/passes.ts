// Running the passes of a kernel in one submission: buffers, numbers, workgroups.

import { wordOf } from "../host/words.js";
import { bufferOf, flush } from "./access.js";
import { pipelineOf, workgroupOf } from "./pipelines.js";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebgpuBackend } from "./access.js";
import type { GpuProgram } from "./pipelines.js";

/** One program run over a number of items. Passes run in order, each sees what the ones before it wrote. */
export type GpuPass = {
  readonly program: GpuProgram;
  readonly items: number;
  /** A value for each of the program's numbers. */
  readonly numbers: Readonly<Record<string, number>>;
};

/** What a WGSL form asks for. */
export type GpuWork = {
  /** Names of the output buffers, in the order of the contract. */
  readonly outputs: readonly string[];
  /** Inputs by the names of their buffers, where their own are words of WGSL. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Other buffers: a number of 32-bit words, undefined before they are written, or values. */
  readonly scratch?: Readonly<Record<string, number | Uint32Array | Float32Array>>;
  readonly passes: readonly GpuPass[];
};

/** GPUBufferUsage, which is not there before a backend is chosen. */
const USAGE = { copy: 4 | 8, uniform: 64, storage: 128 } as const;

/** Not a number, and infinity: a program may not write them as constants. */
const SPECIAL = [0x7fc00000, 0x7f800000] as const;

type Buffers = Readonly<Record<string, GPUBuffer>>;

function checkSize(device: GPUDevice, kernel: string, name: string, bytes: number): void {
  const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  if (bytes <= most) return;
  throw new RangeError(
    `webgpu: ${kernel} needs ${bytes} bytes for \`${name}\`, more than the ${most} of a buffer of this device. Use a smaller batch.`,
  );
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** How many workgroups along x and y: at most `most` along each, together at least `groups`. */
export function workgroups(groups: number, most: number): readonly [x: number, y: number] {
  const y = Math.ceil(groups / most);
  return [Math.ceil(groups / Math.max(1, y)), y];
}

/** Values of a tensor without entries, which has no buffer. */
export const NOTHING: Float32Array = new Float32Array(0);

/** Runs the work of a kernel on the buffers of its inputs, and gives its outputs. */
export function runOnDevice(
  backend: WebgpuBackend,
  kernel: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  work: GpuWork,
  shapes: readonly (readonly number[])[],
): TensorInfo[] {
  const outputs = shapes.map((shape) =>
    sizeOf(shape) === 0
      ? backend.makeTensorInfo([...shape], "float32", NOTHING)
      : backend.makeTensorInfo([...shape], "float32"),
  );
  const named = Object.fromEntries(work.outputs.map((name, i) => [name, outputs[i]!]));
  try {
    runWork(backend, kernel, { ...inputs, ...renamedOf(inputs, work), ...named }, work);
  } catch (error) {
    for (const { dataId } of outputs) backend.disposeData(dataId);
    throw error;
  }
  return outputs;
}

function renamedOf(
  inputs: Readonly<Record<string, TensorInfo>>,
  { renamed = {} }: GpuWork,
): Record<string, TensorInfo> {
  const named = Object.entries(renamed).map(([buffer, name]) => [buffer, inputs[name]!] as const);
  return Object.fromEntries(named);
}

/** Runs the work of a kernel. Tensors without entries have no buffer: a small one stands in for them. */
function runWork(
  backend: WebgpuBackend,
  kernel: string,
  tensors: Readonly<Record<string, TensorInfo>>,
  { scratch = {}, passes }: GpuWork,
): void {
  const { device } = backend;
  const acquired: GPUBuffer[] = [];
  const acquire = (name: string, words: number, usage: number): GPUBuffer => {
    checkSize(device, kernel, name, 4 * words);
    // Bindings must not be empty, and a buffer serves the next one of its size.
    const buffer = backend.bufferManager.acquireBuffer(16 * Math.ceil(words / 4) || 16, usage);
    acquired.push(buffer);
    return buffer;
  };
  const buffers: Record<string, GPUBuffer> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const size = sizeOf(tensor.shape);
    checkSize(device, kernel, name, 4 * size);
    buffers[name] =
      size > 0 ? bufferOf(backend, tensor) : acquire(name, 1, USAGE.storage | USAGE.copy);
  }
  // Also so that no buffer acquired below is still to be read by what tfjs has recorded.
  flush(backend);
  for (const [name, given] of Object.entries(scratch)) {
    const words = typeof given === "number" ? given : given.length;
    const buffer = (buffers[name] = acquire(name, words, USAGE.storage | USAGE.copy));
    if (typeof given !== "number" && words > 0)
      device.queue.writeBuffer(buffer, 0, given as GPUAllowSharedBufferSource);
  }
  const encoder = device.createCommandEncoder();
  for (const pass of passes)
    if (pass.items > 0) encode(device, encoder, pass, buffers, (words) => acquire("numbers", words, USAGE.uniform | USAGE.copy)); // prettier-ignore
  device.queue.submit([encoder.finish()]);
  for (const buffer of acquired) backend.bufferManager.releaseBuffer(buffer);
}

function encode(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  { program, items, numbers }: GpuPass,
  buffers: Buffers,
  uniform: (words: number) => GPUBuffer,
): void {
  const { pipeline, layout } = pipelineOf(device, program);
  const words = wordsOf(program, items, numbers);
  const values = uniform(words.length);
  device.queue.writeBuffer(values, 0, words);
  const names = [...Object.keys(program.reads), ...Object.keys(program.writes)];
  const bound = [values, ...names.map((name) => buffers[name]!)];
  const group = device.createBindGroup({
    layout,
    entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const groups = program.together === true ? items : Math.ceil(items / workgroupOf(program));
  const [x, y] = workgroups(groups, device.limits.maxComputeWorkgroupsPerDimension);
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(x, y);
  pass.end();
}

/** The struct `Call`: `items`, `nan`, `infinity`, and the numbers in the order of the program. */
function wordsOf(
  { name, numbers: types }: GpuProgram,
  items: number,
  numbers: Readonly<Record<string, number>>,
): Uint32Array<ArrayBuffer> {
  const words = [items, ...SPECIAL];
  for (const [number, type] of Object.entries(types)) {
    const value = numbers[number];
    if (value === undefined) throw new Error(`webgpu: the pass ${name} lacks \`${number}\`.`);
    words.push(type === "f32" ? wordOf(value) : value);
  }
  while (words.length % 4 !== 0) words.push(0);
  return Uint32Array.from(words, (word) => word >>> 0);
}
