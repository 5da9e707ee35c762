// The host kernels: one WebAssembly module over one shared memory, run by the calling thread and a pool of
// worker threads. Dispatch is synchronous. Knows nothing of tensors.

import { KERNEL_NAMES, MODULE_BASE64 } from "./module.generated.js";
import * as protocol from "./protocol.js";
import { availableThreads, maySleep, sharesMemory, startThreads } from "./threads.js";
import type { HostKernel } from "./protocol.js";

const PAGE = 65536;
const MAX_PAGES = 65536;

/** Below this much work a job stays on the calling thread: waking the others costs as much. */
const WAKE_WORTH = 2;

/** How one call of a kernel is split. */
export type RunOptions = {
  /** Items per chunk; the default makes about four chunks per thread. */
  readonly chunk?: number;
  /** Bytes of scratch memory per thread. */
  readonly scratch?: number;
};

/** The module, its memory and its threads. */
export type HostPool = {
  readonly threads: number;
  /** Address of `bytes` bytes, 16-byte aligned, valid until `release()`. */
  alloc(bytes: number): number;
  /** Forgets everything allocated. */
  release(): void;
  /** Views are made fresh at each use: growing the memory makes older ones too short. */
  i8(at: number, length: number): Int8Array;
  f32(at: number, length: number): Float32Array;
  f64(at: number, length: number): Float64Array;
  u32(at: number, length: number): Uint32Array;
  /** Runs a kernel over `items` items and returns when all are done. */
  run(kernel: string, args: readonly number[], items: number, options?: RunOptions): void;
  /** Ends the worker threads; the pool must not be used afterwards. */
  close(): void;
};

type Handles = {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly kernels: readonly HostKernel[];
  readonly index: ReadonlyMap<string, number>;
};

/** Not with `& ~15`: addresses above 2 GiB do not fit a signed 32-bit integer. */
function roundUp(x: number, to: number): number {
  return Math.ceil(x / to) * to;
}

function decodeModule(): Uint8Array<ArrayBuffer> {
  const text = atob(MODULE_BASE64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function instantiate(): Handles {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: MAX_PAGES, shared: true });
  const module = new WebAssembly.Module(decodeModule());
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return {
    memory,
    module,
    kernels: KERNEL_NAMES.map((name) => exports[name] as HostKernel),
    index: new Map(KERNEL_NAMES.map((name, i) => [name, i])),
  };
}

/**
 * Starts a pool.
 *
 * @param options.threads - calling thread included; one where memory cannot be shared
 * @param options.spin - polls before a waiting thread sleeps
 */
export function startPool(
  options: { readonly threads?: number; readonly spin?: number } = {},
): HostPool {
  const { spin = 2000 } = options;
  const threads = sharesMemory() ? (options.threads ?? availableThreads()) : 1;
  const handles = instantiate();
  const { memory } = handles;
  const control = new Int32Array(memory.buffer, 0, protocol.HEAP / 4);
  const endThreads = startThreads(handles, threads, spin);
  // The thread that draws a page must not sleep; what it waits for is the rest of a job it took part in.
  const patience = maySleep() ? spin : Infinity;
  let top = protocol.HEAP;

  const reserve = (end: number): void => {
    if (end > MAX_PAGES * PAGE) {
      throw new RangeError(
        `host kernels: a call needs ${String(end)} bytes, more than the ${String(MAX_PAGES * PAGE)} of a 32-bit memory. Use a smaller batch.`,
      );
    }
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
  };

  const describe = (
    kernel: number,
    args: readonly number[],
    items: number,
    chunk: number,
    scratch: number,
  ): void => {
    // A cache line between the scratch areas: two threads never write to the same one.
    const stride = roundUp(scratch, 64) + 64;
    const base = roundUp(top, 64);
    reserve(base + threads * stride);
    control[protocol.SCRATCH] = base;
    control[protocol.STRIDE] = stride;
    control[protocol.KERNEL] = kernel;
    control[protocol.CHUNK] = chunk;
    control[protocol.ITEMS] = items;
    control.set(args, protocol.ARGS);
  };

  const dispatch = (chunks: number): void => {
    Atomics.store(control, protocol.FAILED, 0);
    Atomics.store(control, protocol.BUSY, chunks);
    Atomics.store(control, protocol.LEFT, chunks);
    if (threads > 1 && chunks >= WAKE_WORTH) {
      Atomics.add(control, protocol.EPOCH, 1);
      Atomics.notify(control, protocol.EPOCH);
    }
    protocol.takeChunks(control, handles.kernels, 0);
    for (let busy; (busy = Atomics.load(control, protocol.BUSY)) > 0;) {
      protocol.waitWhile(control, protocol.BUSY, busy, patience);
    }
  };

  return {
    threads,
    alloc(bytes) {
      const at = top;
      top = roundUp(top + bytes, 16);
      reserve(top);
      return at;
    },
    release() {
      top = protocol.HEAP;
    },
    i8: (at, length) => new Int8Array(memory.buffer, at, length),
    f32: (at, length) => new Float32Array(memory.buffer, at, length),
    f64: (at, length) => new Float64Array(memory.buffer, at, length),
    u32: (at, length) => new Uint32Array(memory.buffer, at, length),
    run(kernel, args, items, { chunk = Math.ceil(items / (4 * threads)), scratch = 0 } = {}) {
      const index = handles.index.get(kernel);
      if (index === undefined) throw new Error(`host kernels: no kernel named "${kernel}".`);
      if (args.length > protocol.MAX_ARGS)
        throw new Error(`host kernels: "${kernel}" has too many arguments.`);
      if (items === 0) return;
      describe(index, args, items, chunk, scratch);
      dispatch(Math.ceil(items / chunk));
      if (control[protocol.FAILED] !== 0) throw new Error(`host kernels: "${kernel}" trapped.`);
    },
    close() {
      endThreads();
    },
  };
}

let pool: HostPool | undefined;

/** The pool of this process, started at first use with all processors or `ZENOFLOW_THREADS` of them. */
export function hostPool(): HostPool {
  pool ??= startPool(threadOptions());
  return pool;
}

/** Replaces the pool of this process by one with this many threads. */
export function setThreads(threads: number): void {
  if (pool?.threads === threads) return;
  pool?.close();
  pool = startPool({ threads });
}

function threadOptions(): { threads?: number } {
  const text = (globalThis as { process?: NodeJS.Process }).process?.env["ZENOFLOW_THREADS"];
  return text === undefined || !/^[1-9]\d*$/.test(text) ? {} : { threads: Number(text) };
}
