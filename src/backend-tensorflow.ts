// Loading the optional package behind the backend `tensorflow`: its environment, its absence in words, its device, and the
// choice between host and native forms of kernels.

import { nativeUse, useNativeForms } from "../kernels/runtime/tensorflow/define.js";
import { ArgumentError, BackendError } from "./errors.js";
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

/** The variable that overrules the choice of {@link chooseForms}. */
const NATIVE = "ZENOFLOW_TENSORFLOW_NATIVE";

/**
 * Chooses how kernels run on the active backend: natively where tensors live on a GPU, on the host where they live there. The
 * variable `ZENOFLOW_TENSORFLOW_NATIVE` overrules it: 1 for native forms, for tests without a GPU; 0 for those of the host.
 *
 * @throws ArgumentError where the variable is something else
 */
export function chooseForms(backend: KernelBackend): void {
  const asked = runtime()?.env[NATIVE] ?? "";
  if (!["", "0", "1"].includes(asked))
    throw new ArgumentError(
      `useBackend: the variable ${NATIVE} must be 1, 0 or empty, but is "${asked}".`,
    );
  const { isUsingGpuDevice } = backend as TensorflowBackend;
  if (isUsingGpuDevice && asked !== "0") useNativeForms("gpu");
  else useNativeForms(asked === "1" ? "asked" : "host");
}

/** Where tensors live, and where kernels do not run as that suggests. */
function deviceText(gpu: boolean): string {
  const native = nativeUse();
  if (gpu)
    return native === "host" ? "GPU memory (CUDA), kernels on the host" : "GPU memory (CUDA)";
  return native === "host" ? "host memory" : `host memory, native kernels (${NATIVE}=1)`;
}

/** Where the active backend's tensors live, whether kernels are native there, and the version of the library. */
export function tensorflowDevice(backend: KernelBackend): {
  device: string;
  gpu: boolean;
  native: boolean;
  version: string;
} {
  const { binding, isUsingGpuDevice } = backend as TensorflowBackend;
  return {
    device: deviceText(isUsingGpuDevice),
    gpu: isUsingGpuDevice,
    native: nativeUse() !== "host",
    version: binding.TF_Version,
  };
}
