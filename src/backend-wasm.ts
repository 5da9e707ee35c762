// Where a browser finds the WebAssembly file of tfjs's backend `wasm`: inside this package, or at an address of the
// page's choice. Node finds the file beside the code and needs nothing of this.

import * as tf from "@tensorflow/tfjs";
import { BackendError } from "./errors.js";

type Setting = { setWasmPaths(paths: Record<string, string>): void };

const NAME = "tfjs-backend-wasm-simd.wasm";

/** The builds that tfjs chooses from; one only is ever asked for. */
const BUILDS = ["tfjs-backend-wasm.wasm", NAME, "tfjs-backend-wasm-threaded-simd.wasm"];

/** The first bytes of every WebAssembly file. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

let found: string | undefined;

function refused(why: string, cause?: unknown): BackendError {
  return new BackendError(`useBackend: backend \`wasm\` ${why}`, { cause });
}

async function embedded(): Promise<ArrayBuffer> {
  const { TFJS_WASM } = await import("./backend-wasm.generated.js");
  const packed = Uint8Array.from(atob(TFJS_WASM), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

async function fetched(url: string): Promise<ArrayBuffer> {
  const hint = `Serve ${NAME} of @tensorflow/tfjs-backend-wasm 4.22.0 there, or leave \`wasmUrl\` out.`;
  const response = await fetch(url).catch((cause: unknown) => {
    throw refused(`cannot fetch ${url} (${String(cause)}). ${hint}`, cause);
  });
  if (!response.ok) {
    throw refused(`cannot fetch ${url} (status ${String(response.status)}). ${hint}`);
  }
  const binary = await response.arrayBuffer();
  const start = new Uint8Array(binary, 0, Math.min(4, binary.byteLength));
  if (MAGIC.every((byte, i) => start[i] === byte)) return binary;
  throw refused(`finds no WebAssembly at ${url}. ${hint}`);
}

/**
 * Tells tfjs where its file is. One build everywhere, the one that Node runs: the same bits with and without
 * cross-origin isolation. Threads are those of the host kernels.
 *
 * @param wasmUrl - address of the file; default: the copy inside this package
 * @throws BackendError where there is no such file
 */
export async function locateWasm(tfjs: Setting, wasmUrl?: string): Promise<void> {
  if (found !== undefined) return;
  const binary = await (wasmUrl === undefined ? embedded() : fetched(wasmUrl));
  found = URL.createObjectURL(new Blob([binary], { type: "application/wasm" }));
  const url = found;
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  tfjs.setWasmPaths(Object.fromEntries(BUILDS.map((build) => [build, url])));
}
