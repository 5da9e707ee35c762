// The threads that work beside the calling one: Node's worker threads, or Web Workers where a page is cross-origin
// isolated. Knows nothing of jobs.

import { KERNEL_NAMES, WORKER_SOURCE } from "./module.generated.js";

/** What every thread instantiates: the module over the one memory. */
export type Program = { readonly memory: WebAssembly.Memory; readonly module: WebAssembly.Module };

/** What a browser has besides the globals of Node. */
type Browser = {
  readonly process?: Partial<NodeJS.Process>;
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly Worker?: new (url: string) => WebWorker;
};

type WebWorker = { postMessage(data: object): void; terminate(): void };

/** Ends the threads that were started. */
export type EndThreads = () => void;

/** Most threads taken unless more are asked for: a page shares its machine with others, and the gain levels off. */
const MOST_IN_BROWSER = 16;

/** The rest of a thread's program, once its data are in `data`. */
const LIFE = `const { memory, module, thread, spin, names } = data;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const control = new Int32Array(memory.buffer, 0, HEAP / 4);
workForever(control, names.map((name) => exports[name]), thread, spin);`;

/** Node's worker threads, or undefined where there are none. */
function nodeThreads(): typeof import("node:worker_threads") | undefined {
  return (globalThis as Browser).process?.getBuiltinModule?.("node:worker_threads");
}

/** The browser's workers, or undefined where there are none or memory cannot be shared with them. */
function webWorkers(): Browser["Worker"] {
  const { crossOriginIsolated, Worker } = globalThis as Browser;
  return crossOriginIsolated === true ? Worker : undefined;
}

/** Whether memory can be shared with other threads here. */
export function sharesMemory(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return nodeThreads() !== undefined || webWorkers() !== undefined;
}

/** Processors this process or page may use. */
export function availableThreads(): number {
  if (!sharesMemory()) return 1;
  if (nodeThreads() !== undefined)
    return process.getBuiltinModule("node:os").availableParallelism();
  const { navigator } = globalThis as Browser;
  return Math.min(navigator?.hardwareConcurrency ?? 1, MOST_IN_BROWSER);
}

/** Whether this thread may sleep until it is notified: not the one that draws a page. */
export function maySleep(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

/** In Node: usable at once, never keeps the process alive and inherits no loader. */
function startInNode(
  node: typeof import("node:worker_threads"),
  data: readonly object[],
): EndThreads {
  const source = `${WORKER_SOURCE}\nconst data = require("node:worker_threads").workerData;\n${LIFE}`;
  const workers = data.map((workerData) => {
    const worker = new node.Worker(source, { eval: true, execArgv: [], workerData });
    worker.unref();
    return worker;
  });
  return () => {
    for (const worker of workers) void worker.terminate();
  };
}

/** In a browser threads begin when the page's scheduler lets them; until then the calling one does all the work. */
function startInBrowser(
  Worker: NonNullable<Browser["Worker"]>,
  data: readonly object[],
): EndThreads {
  const source = `${WORKER_SOURCE}\nonmessage = ({ data }) => {\n${LIFE}\n};`;
  // Not revoked: a worker fetches its program later.
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const workers = data.map((each) => {
    const worker = new Worker(url);
    worker.postMessage(each);
    return worker;
  });
  return () => {
    for (const worker of workers) worker.terminate();
  };
}

/**
 * Starts `threads - 1` threads, which serve the control words of the memory for ever.
 *
 * @param spin - polls before a waiting thread sleeps
 */
export function startThreads(program: Program, threads: number, spin: number): EndThreads {
  const data = Array.from({ length: threads - 1 }, (_, i) => {
    const { memory, module } = program;
    return { memory, module, thread: i + 1, spin, names: KERNEL_NAMES };
  });
  const [node, web] = [nodeThreads(), webWorkers()];
  if (node !== undefined) return startInNode(node, data);
  if (web !== undefined) return startInBrowser(web, data);
  return () => undefined;
}
