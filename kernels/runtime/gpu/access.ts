// What the GPU forms need of tfjs's WebGPU backend: buffers behind tensors, the queue. The private members that this relies
// on are declared here and nowhere else.

import type { DataId, KernelBackend, TensorInfo } from "@tensorflow/tfjs";

/** The WebGPU backend as far as it is used here. */
export type WebgpuBackend = KernelBackend & {
  readonly device: GPUDevice;
  readonly tensorMap: { get(id: DataId): { readonly resource?: GPUBuffer } };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer): void;
  };
  makeTensorInfo(shape: readonly number[], dtype: "float32", values?: Float32Array): TensorInfo;
  uploadToGPU(id: DataId): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
};

const MEMBERS = [
  "device",
  "tensorMap",
  "bufferManager",
  "makeTensorInfo",
  "uploadToGPU",
  "ensureCommandEncoderReady",
  "endComputePassEncoder",
  "submitQueue",
] as const;

/** The private members that `backend` lacks: none with the tfjs version this was written for. */
export function missingGpuMembers(backend: object): readonly string[] {
  return MEMBERS.filter((member) => !(member in backend));
}

/** Where the values of a tensor that has some lie on the device; they are brought there if need be. */
export function bufferOf(backend: WebgpuBackend, { dataId }: TensorInfo): GPUBuffer {
  backend.uploadToGPU(dataId);
  return backend.tensorMap.get(dataId).resource!;
}

/** Hands what tfjs has recorded, uploads included, to the queue, so that what is submitted next comes after it. */
export function flush(backend: WebgpuBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}
