// Where each tfjs backend keeps the values of a tensor, and how it is given new ones. The private members of
// the backends that this relies on are declared here and nowhere else.

import { engine } from "@tensorflow/tfjs";
import type { DataId, KernelBackend, TensorInfo } from "@tensorflow/tfjs";

/** The backends that host kernels serve. Where `tensorflow` computes on a GPU, each call is a round trip. */
export const HOST_BACKENDS = ["cpu", "wasm", "tensorflow"] as const;

/** One of {@link HOST_BACKENDS}. */
export type HostBackend = (typeof HOST_BACKENDS)[number];

/** Values in and out of one backend. */
export type HostAccess = {
  /** The live values: never written to, and on wasm dead after the next allocation there. */
  read(backend: KernelBackend, tensor: TensorInfo): Float32Array;
  /** A tensor that holds a copy of `values`. */
  make(backend: KernelBackend, shape: readonly number[], values: Float32Array): TensorInfo;
};

type CpuBackend = KernelBackend & {
  data: { get(id: DataId): { values: Float32Array } };
  makeTensorInfo(shape: readonly number[], dtype: "float32", values: Float32Array): TensorInfo;
};

type WasmBackend = KernelBackend & {
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  makeOutput(shape: readonly number[], dtype: "float32"): TensorInfo;
};

type TensorflowBackend = Omit<KernelBackend, "readSync"> & {
  readSync(id: DataId): Float32Array;
  binding: object;
};

/** Access to the host values of each backend's tensors. */
export const hostAccess: Readonly<Record<HostBackend, HostAccess>> = {
  cpu: {
    read: (backend, tensor) => (backend as CpuBackend).data.get(tensor.dataId).values,
    // The backend takes ownership of the array.
    make: (backend, shape, values) =>
      (backend as CpuBackend).makeTensorInfo(shape, "float32", values.slice()),
  },
  wasm: {
    read: (backend, tensor) => (backend as WasmBackend).typedArrayFromHeap(tensor),
    make: (backend, shape, values) => {
      const output = (backend as WasmBackend).makeOutput(shape, "float32");
      (backend as WasmBackend).typedArrayFromHeap(output).set(values);
      return output;
    },
  },
  tensorflow: {
    read: (backend, tensor) => (backend as TensorflowBackend).readSync(tensor.dataId),
    // The library may go on using the memory of the array it is given: a copy that nobody else holds.
    make: (backend, shape, values) => {
      const copy = values.slice();
      return engine().makeTensor(copy, [...shape], "float32", backend);
    },
  },
};

const MEMBERS: Readonly<Record<HostBackend, readonly string[]>> = {
  cpu: ["data", "makeTensorInfo"],
  wasm: ["typedArrayFromHeap", "makeOutput"],
  tensorflow: ["readSync", "binding"],
};

/** The private members that `backend` lacks: none with the tfjs version this was written for. */
export function missingMembers(name: HostBackend, backend: KernelBackend): readonly string[] {
  return MEMBERS[name].filter((member) => !(member in backend));
}
