// Loading the optional packages behind the backend `webgpu`: an adapter, a device with all its limits, the faults of the
// device in words. In Node the device is Dawn's, in a browser the browser's own.

import * as tf from "@tensorflow/tfjs";
import { refuseReadsAtOnce } from "../kernels/runtime/host/read-now.js";
import { BackendError } from "./errors.js";
import type { KernelBackend } from "@tensorflow/tfjs";

/** The package that makes devices in Node. A variable, so that bundlers for browsers do not look for it. */
const DAWN: string = "webgpu";

const INSTALL = "npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0";

/** How a software adapter is asked for. */
const SOFTWARE =
  "A software adapter, which is for tests, is used only where ZENOFLOW_WEBGPU_SOFTWARE=1 asks for it (Debian: apt-get install chromium libvulkan1).";

/** Where Debian's Chromium keeps its software Vulkan driver. */
const SOFTWARE_DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Limits that large batches meet; all that the adapter has is asked for. */
const LIMITS = [
  "maxStorageBuffersPerShaderStage",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** What runs behind the backend. */
export type WebgpuDevice = {
  /** Name of the adapter. */
  readonly device: string;
  /** Whether it computes on the processor. */
  readonly software: boolean;
  readonly limits: Readonly<Record<string, number>>;
};

type Backend = KernelBackend & {
  device: GPUDevice;
  tensorMap: { get(id: object): { values?: unknown } };
  read(id: object): Promise<unknown>;
};

type Package = { WebGPUBackend: new (device: GPUDevice, info: GPUAdapterInfo) => Backend };

/** The device of this process, once there is one. */
let current: (WebgpuDevice & { readonly forget: () => void }) | undefined;

/** Node's process, where there is one. */
function runtime(): NodeJS.Process | undefined {
  return (globalThis as { process?: NodeJS.Process }).process;
}

function refused(why: string, cause?: unknown): BackendError {
  return new BackendError(`useBackend: backend \`webgpu\` ${why}`, { cause });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}

function absent(name: string, error: unknown): BackendError {
  const { code, message } = error as NodeJS.ErrnoException;
  const missing = code === "ERR_MODULE_NOT_FOUND" && message.includes(name);
  if (missing) return refused(`needs the package ${name}. ${INSTALL}`, error);
  return refused(`does not load: ${name}: ${firstLine(error)}. ${INSTALL}`, error);
}

async function load<T>(name: string, loading: Promise<unknown>): Promise<T> {
  try {
    const loaded = (await loading) as { default?: T };
    // Of CommonJS modules the names may be on the default export alone.
    return { ...loaded.default, ...loaded } as T;
  } catch (error) {
    throw absent(name, error);
  }
}

type Dawn = { create(options: readonly string[]): GPU; globals: object };

/** What the Vulkan loader reads when an adapter is asked for, unless the user's environment says otherwise. */
function setEnvironment({ env }: NodeJS.Process, software: boolean): void {
  if (software) env["VK_ICD_FILENAMES"] ??= SOFTWARE_DRIVER;
  // Without one the loader complains on the standard error; nothing is written there.
  env["XDG_RUNTIME_DIR"] ??= "/tmp";
}

/** `navigator.gpu`: the browser's, or Dawn's put in its place. */
async function gpuOf(software: boolean): Promise<GPU> {
  const node = runtime();
  const versions = node?.versions as { node?: string } | undefined;
  if (node === undefined || versions?.node === undefined) {
    const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
    if (navigator?.gpu !== undefined) return navigator.gpu;
    throw refused(
      'is not offered by this browser, or not to pages that are not secure. Use useBackend("wasm").',
    );
  }
  setEnvironment(node, software);
  const { create, globals } = await load<Dawn>(
    DAWN,
    import(/* @vite-ignore */ /* webpackIgnore: true */ DAWN),
  );
  // GPUBuffer and the like, which tfjs's backend names.
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const own = globalThis as { navigator?: object };
  const value = { value: gpu, configurable: true };
  if (own.navigator !== undefined) Object.defineProperty(own.navigator, "gpu", value);
  else Object.defineProperty(own, "navigator", { value: { gpu }, configurable: true });
  return gpu;
}

function isSoftware({ architecture, vendor, isFallbackAdapter }: GPUAdapterInfo): boolean {
  return isFallbackAdapter || architecture === "swiftshader" || vendor === "mesa";
}

async function adapterOf(software: boolean): Promise<GPUAdapter> {
  const gpu = await gpuOf(software);
  const adapter = await gpu.requestAdapter(
    software ? { forceFallbackAdapter: true } : { powerPreference: "high-performance" },
  );
  if (adapter === null) {
    const kind = software ? "software adapter" : "adapter of a GPU";
    throw refused(
      `finds no ${kind} on this machine. It needs a driver for Vulkan, Metal or Direct3D 12. ${SOFTWARE}`,
    );
  }
  if (software || !isSoftware(adapter.info)) return adapter;
  throw refused(
    `finds a software adapter only (${nameOf(adapter.info)}), slower than useBackend("wasm"). ${SOFTWARE}`,
  );
}

function nameOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const words = [vendor, architecture, description === "" ? device : description];
  return words.filter((word) => word !== "").join(" ");
}

async function deviceOf(adapter: GPUAdapter): Promise<GPUDevice> {
  const limits = LIMITS.map((name) => [name, adapter.limits[name]] as const);
  try {
    return await adapter.requestDevice({ requiredLimits: Object.fromEntries(limits) });
  } catch (error) {
    throw refused(`does not start: ${firstLine(error)}`, error);
  }
}

/**
 * Makes faults of the device errors of whoever reads a tensor next: a program or an allocation that failed leaves numbers
 * behind that mean nothing, and WebGPU says so elsewhere, later.
 *
 * @returns what forgets a fault; a lost device stays lost
 */
function watch(backend: Backend): () => void {
  const { device } = backend;
  let [fault, lost]: (BackendError | undefined)[] = [];
  device.addEventListener("uncapturederror", ({ error }) => {
    const memory = error instanceof GPUOutOfMemoryError;
    const hint = memory ? " Use a smaller batch, or dispose tensors." : "";
    const what = memory ? "the device is out of memory" : "the device refused a command";
    fault ??= new BackendError(`webgpu: ${what}: ${error.message}.${hint}`, { cause: error });
  });
  void device.lost.then(({ reason, message }) => {
    if (reason === "destroyed") return;
    lost = new BackendError(
      `webgpu: the device was lost (${message}). Its tensors are gone: start a new process.`,
    );
  });
  const read = backend.read.bind(backend);
  backend.read = async (id) => {
    const values = await read(id).catch((error: unknown) => {
      throw lost ?? fault ?? (error as Error);
    });
    const known = lost ?? fault;
    if (known !== undefined) throw known;
    return values;
  };
  return () => (fault = undefined);
}

/** Whether the environment asks for a software adapter. */
function softwareVariable(): boolean {
  return runtime()?.env["ZENOFLOW_WEBGPU_SOFTWARE"] === "1";
}

/**
 * Registers the backend on a device of its own, once.
 *
 * @param software - whether a software adapter is wanted; default: where ZENOFLOW_WEBGPU_SOFTWARE is 1
 * @throws BackendError where a package, an adapter or a device is missing, with the way to get it
 */
export async function loadWebgpu(software: boolean = softwareVariable()): Promise<void> {
  if (current !== undefined && current.software === software) {
    current.forget();
    return;
  }
  const adapter = await adapterOf(software);
  const name = "@tensorflow/tfjs-backend-webgpu";
  const { WebGPUBackend } = await load<Package>(name, import("@tensorflow/tfjs-backend-webgpu"));
  const device = await deviceOf(adapter);
  const backend = new WebGPUBackend(device, adapter.info);
  const forget = watch(backend);
  refuseReadsAtOnce(backend);
  // The package registers a backend with the smallest limits.
  const registered = tf.findBackendFactory("webgpu") as unknown;
  if (registered !== null) tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => backend, 0);
  current = {
    forget,
    device: nameOf(adapter.info),
    software: isSoftware(adapter.info),
    limits: Object.fromEntries(LIMITS.map((limit) => [limit, device.limits[limit]])),
  };
}

/** What runs behind the active backend. */
export function webgpuDevice(): WebgpuDevice {
  const { device, software, limits } = current!;
  return { device, software, limits };
}
