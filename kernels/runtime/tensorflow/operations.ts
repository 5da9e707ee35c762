// Operations of TensorFlow by their own names, on handles, which are numbers of the native library's tensors. tfjs neither
// counts nor frees them: `withOperations` does. The private members of tfjs-node that this relies on are declared here.

import * as tf from "@tensorflow/tfjs";
import type { KernelBackend, Tensor, TensorInfo } from "@tensorflow/tfjs";

/** TensorFlow's numbers of the types of elements. */
export const TYPES = {
  float32: 1,
  float64: 2,
  int32: 3,
  int64: 9,
  complex128: 18,
  uint64: 23,
} as const;

/** A type of elements. */
export type ElementType = keyof typeof TYPES;

/** A tensor of the native library. */
export type Handle = {
  readonly id: number;
  readonly shape: readonly number[];
  /** One of {@link TYPES}. */
  readonly dtype: number;
};

type Attribute = { readonly name: string; readonly type: number; readonly value: unknown };

/** The native library. */
export type Binding = {
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_SHAPE: number;
  executeOp(name: string, attributes: Attribute[], ids: number[], outputs: number): Handle[];
  createTensor(shape: number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array;
  /** Handles that were not deleted. */
  getNumOfTensors(): number;
};

/** The backend `tensorflow`. */
export type TensorflowBackend = KernelBackend & {
  binding: Binding;
  /** Handles of tensors, which stay the tensors'. Values that wait on the host are handed over. */
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  /** A tensor of a handle, whose it is from then on. */
  createOutputTensor(handle: Handle): Tensor;
};

/** Attributes of an operation: types by name, flags, texts and shapes. */
export type Attributes = Readonly<
  Record<
    string,
    ElementType | boolean | { readonly text: string } | { readonly shape: readonly number[] }
  >
>;

function attributesOf(binding: Binding, attributes: Attributes): Attribute[] {
  return Object.entries(attributes).map(([name, value]): Attribute => {
    if (typeof value === "boolean") return { name, type: binding.TF_ATTR_BOOL, value };
    if (typeof value === "string") return { name, type: binding.TF_ATTR_TYPE, value: TYPES[value] };
    return "text" in value
      ? { name, type: binding.TF_ATTR_STRING, value: value.text }
      : { name, type: binding.TF_ATTR_SHAPE, value: value.shape };
  });
}

/** Runs an operation. The handles it returns are the caller's to delete. */
export function execute(
  binding: Binding,
  name: string,
  attributes: Attributes,
  ids: readonly number[],
  outputs = 1,
): Handle[] {
  return binding.executeOp(name, attributesOf(binding, attributes), [...ids], outputs);
}

/** The values of a handle as another type; the handle that it returns is the caller's to delete. */
export function cast(binding: Binding, id: number, from: ElementType, to: ElementType): Handle {
  return execute(binding, "Cast", { SrcT: from, DstT: to, Truncate: false }, [id])[0]!;
}

/** What {@link withOperations} hands to its body. */
export type Operations = {
  /** The handle of a tensor, which stays the tensor's. */
  of(tensor: TensorInfo): number;
  /** Runs an operation. */
  run(name: string, attributes: Attributes, ids: readonly number[], outputs?: number): number[];
  /** Uploads integers; 64-bit ones by halves, the lower one first. */
  upload(type: "int32" | "int64", shape: readonly number[], values: readonly number[]): number;
  /** A tensor of a handle that {@link Operations.run} gave, which it keeps. */
  tensor(id: number): Tensor;
};

/** Runs `body`, and deletes all handles that were made in it and did not become tensors, also where it throws. */
export function withOperations<T>(body: (operations: Operations) => T): T {
  const backend = tf.backend() as TensorflowBackend;
  const { binding } = backend;
  const own = new Map<number, Handle>();
  const run: Operations["run"] = (name, attributes, ids, outputs) => {
    const handles = execute(binding, name, attributes, ids, outputs);
    for (const handle of handles) own.set(handle.id, handle);
    return handles.map(({ id }) => id);
  };
  const upload: Operations["upload"] = (type, shape, values) => {
    const id = binding.createTensor([...shape], TYPES[type], Int32Array.from(values));
    own.set(id, { id, shape, dtype: TYPES[type] });
    return id;
  };
  const tensor: Operations["tensor"] = (id) => {
    const output = backend.createOutputTensor(own.get(id)!);
    own.delete(id);
    return output;
  };
  try {
    return body({ of: (t) => backend.getInputTensorIds([t])[0]!, run, upload, tensor });
  } finally {
    for (const id of own.keys()) binding.deleteTensor(id);
  }
}
