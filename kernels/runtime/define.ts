// From a kernel's contract to tfjs kernels and gradients. Nothing here knows a particular kernel.

import * as tf from "@tensorflow/tfjs";
import type { GradFunc, NamedTensorMap, Tensor, TensorInfo } from "@tensorflow/tfjs";
import { HOST_BACKENDS, hostAccess } from "./host/access.js";
import { hostPool } from "./host/pool.js";
import type { HostAccess } from "./host/access.js";
import type { HostPool } from "./host/pool.js";

type KernelBackend = Parameters<HostAccess["read"]>[0];

/** What a kernel takes and gives; the one place where its name and shapes are stated. */
export type KernelContract<Attrs extends object> = {
  /** tfjs kernel name, with the prefix that keeps it apart from the stock ones. */
  readonly name: `Zeno${string}`;
  /** Names of its tensor inputs, all of which a call gives. */
  readonly inputs: readonly string[];
  /** Shapes of its outputs. */
  outputShapes(shapes: Shapes, attrs: Attrs): readonly (readonly number[])[];
};

/** Shapes of the inputs, by name. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** An input of a host form. */
export type HostInput = {
  readonly shape: readonly number[];
  /** Copies the values into the pool's memory and returns their address. */
  load(): number;
};

/** One call of a host form. Memory taken from `pool` is released afterwards. */
export type HostCall<Attrs extends object> = {
  readonly pool: HostPool;
  readonly inputs: Readonly<Record<string, HostInput>>;
  readonly attrs: Attrs;
  /** The contract's output shapes for this call. */
  readonly shapes: readonly (readonly number[])[];
};

/** The fused form for tensors in host memory: returns the values of each output, views of the pool allowed. */
export type HostForm<Attrs extends object> = (call: HostCall<Attrs>) => readonly Float32Array[];

type KernelCall = { inputs: NamedTensorMap; attrs: unknown; backend: unknown };

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function hostInput(
  pool: HostPool,
  access: HostAccess,
  backend: KernelBackend,
  tensor: Tensor,
): HostInput {
  return {
    shape: tensor.shape,
    load() {
      const at = pool.alloc(4 * tensor.size);
      // The view is taken after the allocation, and nothing is allocated in the backend while it is read.
      pool.f32(at, tensor.size).set(access.read(backend, tensor));
      return at;
    },
  };
}

/** Runs a host form and hands its outputs to `make`; the pool's memory is given back. */
export function hostOutputs<Attrs extends object>(
  form: HostForm<Attrs>,
  inputs: (pool: HostPool) => HostCall<Attrs>["inputs"],
  attrs: Attrs,
  shapes: readonly (readonly number[])[],
  make: (shape: readonly number[], values: Float32Array) => TensorInfo,
): TensorInfo[] {
  const pool = hostPool();
  try {
    const values = form({ pool, inputs: inputs(pool), attrs, shapes });
    return shapes.map((shape, i) => make(shape, values[i]!));
  } finally {
    pool.release();
  }
}

function hostKernelFunc<Attrs extends object>(
  contract: KernelContract<Attrs>,
  form: HostForm<Attrs>,
  access: HostAccess,
): (call: KernelCall) => TensorInfo[] {
  return (call) => {
    const backend = call.backend as KernelBackend;
    const attrs = call.attrs as Attrs;
    const named = Object.entries(call.inputs);
    const shapes = contract.outputShapes(
      Object.fromEntries(named.map(([k, t]) => [k, t.shape])),
      attrs,
    );
    const inputs = (pool: HostPool): HostCall<Attrs>["inputs"] =>
      Object.fromEntries(named.map(([k, t]) => [k, hostInput(pool, access, backend, t)]));
    return hostOutputs(form, inputs, attrs, shapes, (shape, values) =>
      access.make(backend, shape, values),
    );
  };
}

/** Registers the host form of a kernel for every backend whose tensors lie in host memory. */
export function defineHostKernel<Attrs extends object>(
  contract: KernelContract<Attrs>,
  form: HostForm<Attrs>,
): void {
  for (const backendName of HOST_BACKENDS) {
    refuseSecond(contract.name, tf.getKernel(contract.name, backendName));
    const kernelFunc = hostKernelFunc(contract, form, hostAccess[backendName]);
    tf.registerKernel({ kernelName: contract.name, backendName, kernelFunc: kernelFunc as never });
  }
}

/**
 * Registers the gradient of a kernel, for all backends. Inputs only are saved: a saved output would lose its
 * dependence on them at second order. `gradFunc` computes shared work in its body, the thunks only pick.
 */
export function defineGradient<Attrs extends object>(
  contract: KernelContract<Attrs>,
  gradFunc: GradFunc,
): void {
  refuseSecond(contract.name, tf.getGradient(contract.name));
  tf.registerGradient({ kernelName: contract.name, inputsToSave: [...contract.inputs], gradFunc });
}

/** Makes differentiating a first-order-only kernel an error that names the way out, instead of a wrong number. */
export function defineGuard<Attrs extends object>(
  contract: KernelContract<Attrs>,
  message: string,
): void {
  defineGradient(contract, () => {
    throw new Error(message);
  });
}

/** Runs a kernel on the tape. */
export function runKernel<Attrs extends object>(
  contract: KernelContract<Attrs>,
  inputs: Readonly<Record<string, Tensor>>,
  attrs: Attrs,
): Tensor[] {
  return tf.engine().runKernel(contract.name, inputs, attrs as never);
}

/** Throws if `existing` is one already. */
export function refuseSecond(name: string, existing: unknown): void {
  // tfjs only warns, or says nothing, and one of the two forms would silently win.
  if (existing !== null && existing !== undefined) {
    throw new Error(
      `zenoflow: kernel ${name} is registered already. Load one copy of zenoflow per process.`,
    );
  }
}
