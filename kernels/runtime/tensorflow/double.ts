// float64 inside of a kernel of the backend `tensorflow`. tfjs has no such type: while a function runs, the backend asks the
// native library for float64 wherever tfjs says float32, so that the same tf operations, and gradients of them, compute with it.

import * as tf from "@tensorflow/tfjs";
import { readNow } from "../host/read-now.js";
import { cast, TYPES } from "./operations.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Named } from "../gpu/composed.js";
import type { Binding, TensorflowBackend } from "./operations.js";

/** The native library as it is, while it is asked for float64. */
let stock: Binding | null = null;

/** The native library, asked for float64: what tfjs gives to it as float32 is converted. */
function doubling(binding: Binding): Binding {
  const { float32, float64 } = TYPES;
  const executeOp: Binding["executeOp"] = (name, attributes, ids, outputs) => {
    const asked = attributes.map((attribute) =>
      attribute.type === binding.TF_ATTR_TYPE && attribute.value === float32
        ? { ...attribute, value: float64 }
        : attribute,
    );
    return binding.executeOp(name, asked, ids, outputs);
  };
  const createTensor: Binding["createTensor"] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    if (dtype !== float32) return id;
    try {
      return cast(binding, id, "float32", "float64").id;
    } finally {
      binding.deleteTensor(id);
    }
  };
  // Its constants, which cannot be listed, are inherited; its functions cannot be assigned to.
  return Object.create(binding, {
    executeOp: { value: executeOp },
    createTensor: { value: createTensor },
  }) as Binding;
}

/** Has the backend compute in float64, until what is returned is called. */
function enter(backend: TensorflowBackend): () => void {
  const { binding } = backend;
  const make = backend.createOutputTensor.bind(backend);
  backend.binding = doubling(binding);
  stock = binding;
  backend.createOutputTensor = (handle) =>
    make(handle.dtype === TYPES.float64 ? { ...handle, dtype: TYPES.float32 } : handle);
  return () => {
    stock = null;
    backend.binding = binding;
    // The method of the class is behind it.
    delete (backend as Partial<TensorflowBackend>).createOutputTensor;
  };
}

/**
 * What `f` returns, rounded to float32, where everything in `f` is computed in float64: tf operations on float32 tensors,
 * kernels made of them and gradients. Constants are rounded to float32 on their way in, as tfjs has them. Inside of itself
 * it does nothing.
 *
 * @param inputs - all tensors that `f` uses: others are not float64, and the native library refuses them
 */
export function inDouble(inputs: Named, f: (inputs: Named) => readonly Tensor[]): Tensor[] {
  if (stock !== null) return [...f(inputs)];
  const backend = tf.backend() as TensorflowBackend;
  const { binding } = backend;
  return tf.tidy(() => {
    // Before: values that wait on the host are float32.
    const ids = backend.getInputTensorIds(Object.values(inputs));
    const leave = enter(backend);
    try {
      const doubles = ids.map((id) =>
        backend.createOutputTensor(cast(binding, id, "float32", "float64")),
      );
      const outputs = f(
        Object.fromEntries(Object.keys(inputs).map((name, i) => [name, doubles[i]!])),
      );
      return backend
        .getInputTensorIds(outputs)
        .map((id) => backend.createOutputTensor(cast(binding, id, "float64", "float32")));
    } finally {
      leave();
    }
  });
}

/** The values of a tensor at once, rounded to float32 where they are float64: the device is waited for. */
export function readRounded(tensor: Tensor): Float32Array {
  if (stock === null) return readNow(tensor);
  const [id] = (tf.backend() as TensorflowBackend).getInputTensorIds([tensor]);
  const rounded = cast(stock, id!, "float64", "float32");
  try {
    return stock.tensorDataSync(rounded.id);
  } finally {
    stock.deleteTensor(rounded.id);
  }
}
