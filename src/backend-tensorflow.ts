// Loading the optional package behind the backend `tensorflow`: its environment, its absence in words, its device.

import { BackendError } from "./errors.js";
import type { KernelBackend } from "@tensorflow/tfjs";

/** The optional package. A variable, so that bundlers for browsers do not look for it. */
const PACKAGE: string = "@tensorflow/tfjs-node-gpu";

/** How to get the backend, in words for an error. */
const SETUP =
  "In a project: npm install --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0 && npx zenoflow-setup-tensorflow; in a checkout: npm run setup:tensorflow (add -- --gpu for an NVIDIA GPU).";

/** What the native library reads when it is loaded, unless the user's environment says otherwise. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  // Full float32 in matrix products: TF32 keeps 10 bits of the mantissa.
  NVIDIA_TF32_OVERRIDE: "0",
  // Memory as it is needed, not all of the card at the start.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
  // One device per process; a sweep gives each of its processes another one.
  CUDA_VISIBLE_DEVICES: "0",
  TF_CPP_MIN_LOG_LEVEL: "2",
};

/** The private members of tfjs-node's backend that this package relies on. */
type TensorflowBackend = KernelBackend & {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
};

/** Node's process, where there is one. */
function runtime(): NodeJS.Process | undefined {
  return (globalThis as { process?: NodeJS.Process }).process;
}

function setEnvironment({ env }: NodeJS.Process, threads: number | undefined): void {
  for (const [name, value] of Object.entries(ENVIRONMENT)) env[name] ??= value;
  if (threads !== undefined) env["TF_NUM_INTRAOP_THREADS"] ??= String(threads);
}

function absent(error: unknown): BackendError {
  const { code, message } = error as NodeJS.ErrnoException;
  const missing = code === "ERR_MODULE_NOT_FOUND" && message.includes(PACKAGE);
  const why = missing
    ? "is not installed"
    : `is installed but does not load (${message.split("\n")[0]!})`;
  return new BackendError(`useBackend: backend \`tensorflow\` ${why}. ${SETUP}`, { cause: error });
}

/**
 * Loads the package, which registers the backend.
 *
 * @param threads - of one operation of the library; default: all processors
 * @throws BackendError where it is missing, with the way to get it
 */
export async function loadTensorflowPackage(threads: number | undefined): Promise<void> {
  const node = runtime();
  if (node === undefined) {
    throw new BackendError('useBackend: backend `tensorflow` needs Node. Use useBackend("wasm").');
  }
  setEnvironment(node, threads);
  try {
    await import(/* @vite-ignore */ /* webpackIgnore: true */ PACKAGE);
  } catch (error) {
    throw absent(error);
  }
}

/** Where the active backend's tensors live, and the version of the library. */
export function tensorflowDevice(backend: KernelBackend): {
  device: string;
  gpu: boolean;
  version: string;
} {
  const { binding, isUsingGpuDevice } = backend as TensorflowBackend;
  return {
    device: isUsingGpuDevice ? "GPU memory (CUDA)" : "host memory",
    gpu: isUsingGpuDevice,
    version: binding.TF_Version,
  };
}
