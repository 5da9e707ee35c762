// Checks of the runtime: Node's version, shared memory and threads, versions of the libraries.

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import type { Check } from "./check.js";

const LEAST = [20, 19] as const;
const BELOW = 23;

/** Whether this version of Node is supported; `version` as in `process.versions.node`. */
export function nodeCheck(version: string): Check {
  const name = "node";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const detail = `${version} (supported: ${LEAST.join(".")} to 22)`;
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
    return { name, status: "fail", detail, hint: "install Node 22" };
  }
  if (major < BELOW) return { name, status: "ok", detail };
  const hint =
    "tfjs-node 4.22 does not load in Node 23 and later (tfjs#8609); the wasm backend does";
  return { name, status: "warn", detail, hint };
}

/** Whether host kernels can use all cores. */
export function threadsCheck(): Check {
  const cores = availableParallelism();
  if (typeof SharedArrayBuffer === "undefined") {
    const hint = "start node without --no-harmony-sharedarraybuffer";
    return { name: "threads", status: "warn", detail: "no SharedArrayBuffer: one thread", hint };
  }
  const detail = `${cores.toString()} cores, SharedArrayBuffer present`;
  return { name: "threads", status: "ok", detail };
}

/** Whether a package is installed where this one finds it. Loads nothing. */
export function isInstalled(name: string, from: string = import.meta.dirname): boolean {
  if (existsSync(join(from, "node_modules", name, "package.json"))) return true;
  const parent = dirname(from);
  return parent !== from && isInstalled(name, parent);
}
