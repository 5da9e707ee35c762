// Choosing the tfjs backend of this process, and saying what it runs on. Nothing else is global.

import * as tf from "@tensorflow/tfjs";
import { missingGpuMembers } from "../kernels/runtime/gpu/access.js";
import {
  patchCpu,
  patchTensorflow,
  patchWasm,
  patchWebgpu,
} from "../kernels/runtime/patches/index.js";
import { HOST_BACKENDS, missingMembers, type HostBackend } from "../kernels/runtime/host/access.js";
import { hostPool, setThreads } from "../kernels/runtime/host/pool.js";
import { candidatesHere, WORKS, type Candidate, type Work } from "./backend-auto.js";
import { chooseForms, loadTensorflowPackage, tensorflowDevice } from "./backend-tensorflow.js";
import { locateWasm } from "./backend-wasm.js";
import { loadWebgpu, webgpuDevice } from "./backend-webgpu.js";
import { checkChoice } from "./checks.js";
import { ArgumentError, BackendError } from "./errors.js";
import { VERSION } from "./version.js";
import type { WebgpuBackend } from "../kernels/runtime/gpu/access.js";

/** The backends, in the words of `useBackend`. */
export const BACKENDS = ["auto", "wasm", "webgpu", "tensorflow", "cpu"] as const;

/** One of {@link BACKENDS}. */
export type BackendName = (typeof BACKENDS)[number];

export type { Work } from "./backend-auto.js";

/** What the process runs on. */
export type BackendInfo = {
  readonly name: string;
  /** Where `auto` was asked for: why it is this one. */
  readonly why?: string;
  /** Where tensors live: host memory, or the name of the GPU. */
  readonly device: string;
  /** Backend `webgpu`: whether the device is emulated on the processor, which is for tests only. */
  readonly software?: boolean;
  /** Backend `webgpu`: what the device allows at most, by the names of WebGPU. */
  readonly limits?: Readonly<Record<string, number>>;
  /**
   * Backend `tensorflow`: whether kernels run as operations of TensorFlow. They do where tensors live on a GPU, and where the
   * variable `ZENOFLOW_TENSORFLOW_NATIVE` is 1, which is for tests.
   */
  readonly native?: boolean;
  /** Threads of the host kernels, the calling one included. */
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  /** What is computed in which precision, in a sentence. */
  readonly precision: string;
};

/** Options of {@link useBackend}. */
export type BackendOptions = {
  /** Threads of the host kernels; default `ZENOFLOW_THREADS` or all processors. Use 1 in process-parallel sweeps. */
  readonly threads?: number;
  /** `auto`: what is computed mostly; left out, it takes a GPU that it knows how to use, else `wasm`. */
  readonly for?: Work;
  /**
   * Backend `webgpu`: use a software adapter, and no other, for tests on machines without a GPU. Default: where the
   * variable `ZENOFLOW_WEBGPU_SOFTWARE` is 1.
   */
  readonly software?: boolean;
  /**
   * Browsers, backend `wasm`: address of `tfjs-backend-wasm-simd.wasm` of `@tensorflow/tfjs-backend-wasm`. Default: the
   * copy inside this package, so that a bundle needs no file beside it.
   */
  readonly wasmUrl?: string;
};

const PRECISION = "float32 tensors; long sums inside host kernels in float64";
const NATIVE_PRECISION =
  "float32 tensors; solves, exponentials, eigenvalues and exact steady states in float64";
const GPU_PRECISION = "float32 throughout: the device has no float64";

/** The backends whose state is known here. */
const SERVED: readonly string[] = [...HOST_BACKENDS, "webgpu"];

type Loader = (options: BackendOptions) => Promise<void>;

function missingOf(name: HostBackend | "webgpu"): readonly string[] {
  const backend = tf.backend();
  return name === "webgpu" ? missingGpuMembers(backend) : missingMembers(name, backend);
}

async function activate(name: HostBackend | "webgpu"): Promise<void> {
  let ok = false;
  try {
    ok = await tf.setBackend(name);
  } catch (cause) {
    throw new BackendError(`useBackend: backend \`${name}\` does not start: ${String(cause)}`, {
      cause,
    });
  }
  if (!ok)
    throw new BackendError(`useBackend: backend \`${name}\` does not start on this machine.`);
  const missing = missingOf(name);
  if (missing.length > 0) {
    throw new BackendError(
      `useBackend: backend \`${name}\` of tfjs ${tf.version_core} lacks ${missing.join(", ")}. Install @tensorflow/tfjs@4.22.0.`,
    );
  }
}

const PROCESS_EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Runs `load` and removes the process-wide error handlers it installs: those of the wasm backend rethrow every
 * uncaught error of the program from inside a file that is one line of 100 kB, which Node then prints.
 */
async function withoutNewHandlers(load: () => Promise<void>): Promise<void> {
  const runtime = (globalThis as { process?: NodeJS.Process }).process;
  const before = PROCESS_EVENTS.map((event) => runtime?.listeners(event as never) ?? []);
  await load();
  PROCESS_EVENTS.forEach((event, i) => {
    const added = runtime?.listeners(event as never).filter((f) => !before[i]!.includes(f)) ?? [];
    for (const listener of added) runtime!.removeListener(event, listener);
  });
}

async function loadWasm({ wasmUrl }: BackendOptions): Promise<void> {
  const tfjs = await import("@tensorflow/tfjs-backend-wasm");
  if (!isNode()) await locateWasm(tfjs, wasmUrl);
  await withoutNewHandlers(() => activate("wasm"));
  patchWasm();
}

async function loadCpu(): Promise<void> {
  await activate("cpu");
  // Silences the advice to install tfjs-node, which this package gives in its own words.
  (tf.backend() as { firstUse?: boolean }).firstUse = false;
  patchCpu();
}

async function loadTensorflow({ threads }: BackendOptions): Promise<void> {
  await loadTensorflowPackage(threads);
  await activate("tensorflow");
  patchTensorflow();
  chooseForms(tf.backend());
}

async function loadGpu({ software }: BackendOptions): Promise<void> {
  await loadWebgpu(software);
  await activate("webgpu");
  patchWebgpu(tf.backend() as WebgpuBackend);
}

const loaders: Readonly<Record<Exclude<BackendName, "auto">, Loader>> = {
  wasm: loadWasm,
  cpu: loadCpu,
  tensorflow: loadTensorflow,
  webgpu: loadGpu,
};

/** Why `auto` took the active backend. */
let why: string | undefined;

/** Starts a candidate, or finds it not to be there. */
async function isStarted(candidate: Candidate, options: BackendOptions): Promise<boolean> {
  try {
    // What `auto` takes by itself is never emulated.
    await loaders[candidate.name]({ ...options, software: false });
  } catch (error) {
    if (error instanceof BackendError) return false;
    throw error;
  }
  return candidate.gpu !== true || tensorflowDevice(tf.backend()).gpu;
}

async function loadBest(options: BackendOptions): Promise<void> {
  const tried = [...(await candidatesHere(options.for))];
  const last = tried.pop()!;
  for (const candidate of tried) {
    if (!(await isStarted(candidate, options))) continue;
    why = candidate.why;
    return;
  }
  await loaders[last.name](options);
  why = last.why;
}

const MAX_THREADS = 256;

/** Left out or empty: all processors. */
function threadsVariable(): number | string | undefined {
  const text = runtime()?.env["ZENOFLOW_THREADS"];
  if (text === undefined || text === "") return undefined;
  return /^[1-9]\d*$/.test(text) ? Number(text) : `"${text}"`;
}

function checkThreads(what: string, threads: number | string | undefined): void {
  if (threads === undefined) return;
  if (Number.isInteger(threads) && Number(threads) >= 1 && Number(threads) <= MAX_THREADS) return;
  throw new ArgumentError(
    `useBackend: ${what} must be an integer from 1 to ${String(MAX_THREADS)}, but is ${String(threads)}.`,
  );
}

/** Whether this is Node, and not a page into which a bundler has put a `process`. */
function isNode(): boolean {
  const versions = runtime()?.versions as { readonly node?: string } | undefined;
  return versions?.node !== undefined;
}

/** Node's process, where there is one. */
function runtime(): NodeJS.Process | undefined {
  return (globalThis as { process?: NodeJS.Process }).process;
}

/**
 * Makes `name` the backend of this process. Tensors made before on another backend are not carried over.
 *
 * @param name - `auto` takes the one that suits the work and this machine, by a rule or by what `zenoflow doctor
 *   --calibrate` measured, and says why; see docs/backends.md
 * @returns what is used now
 * @throws ArgumentError for an unknown name or thread count
 * @throws BackendError where the backend is missing, with the way to get it; never falls back
 */
export async function useBackend(
  name: BackendName = "auto",
  options: BackendOptions = {},
): Promise<BackendInfo> {
  checkChoice("useBackend", "name", name, BACKENDS);
  const { threads } = options;
  if (threads !== undefined) checkThreads("argument `threads`", threads);
  else checkThreads("the variable ZENOFLOW_THREADS", threadsVariable());
  if (options.for !== undefined) checkChoice("useBackend", "for", options.for, WORKS);
  why = undefined;
  await (name === "auto" ? loadBest(options) : loaders[name](options));
  if (threads !== undefined) setThreads(threads);
  return backendInfo();
}

function precisionOf(gpu: boolean, native: boolean): string {
  if (gpu) return GPU_PRECISION;
  return native ? NATIVE_PRECISION : PRECISION;
}

/**
 * What the process runs on.
 *
 * @throws BackendError before a backend was chosen
 */
export function backendInfo(): BackendInfo {
  const name = tf.getBackend() as string | undefined;
  if (name === undefined || !SERVED.includes(name)) {
    throw new BackendError(
      'backendInfo: no backend of zenoflow is active. Call await useBackend("auto") first.',
    );
  }
  const node = runtime()?.version;
  const library = name === "tensorflow" ? tensorflowDevice(tf.backend()) : undefined;
  const gpu = name === "webgpu" ? webgpuDevice() : undefined;
  return {
    name,
    ...(why !== undefined && { why }),
    device: library?.device ?? "host memory",
    ...gpu,
    ...(library !== undefined && { native: library.native }),
    threads: hostPool().threads,
    versions: {
      zenoflow: VERSION,
      tfjs: tf.version_core,
      ...(library !== undefined && { tensorflow: library.version }),
      ...(node !== undefined && { node }),
    },
    precision: precisionOf(gpu !== undefined, library?.native === true),
  };
}
