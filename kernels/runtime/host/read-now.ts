// Values of a tensor at once, for decisions on the host: the length of an adaptive step. Only where tensors lie in host
// memory is that cheap; src/ has no other synchronous read. On a GPU it is refused.

import type { KernelBackend, Tensor } from "@tensorflow/tfjs";

/** The values of `t`, now. */
export function readNow(t: Tensor): Float32Array {
  return t.dataSync<"float32">();
}

type DeviceBackend = KernelBackend & {
  tensorMap: { get(id: object): { values?: unknown } };
  readSync(id: object): unknown;
};

/**
 * Makes reads at once an error that says so on a backend whose values are on a device, unless they are known: stock tfjs
 * fails for want of a canvas in Node, and stops the program for milliseconds in a browser.
 */
export function refuseReadsAtOnce(given: object): void {
  const backend = given as DeviceBackend;
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (id) => {
    const { values } = backend.tensorMap.get(id);
    if (values !== undefined && values !== null) return readSync(id);
    throw new Error(
      "webgpu: values on the device cannot be read at once. Read tensors with `await t.data()`; methods that choose their steps by numbers need another backend.",
    );
  };
}
