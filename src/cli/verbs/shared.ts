// Flags that several verbs share.

import { Option } from "commander";

/** `--backend`. */
export function backendOption(): Option {
  return new Option("--backend <name>", "where tensors live: auto, wasm, webgpu, tensorflow, cpu");
}

/** `--threads`. */
export function threadsOption(): Option {
  return new Option("--threads <n>", "threads of the backend (default: one per core)");
}

/** `--runs`. */
export function runsOption(): Option {
  return new Option("--runs <folder>", "where run folders are made and looked for (default: runs)");
}

/** `--output` of the verbs of sweeps. */
export function sweepsOption(): Option {
  return new Option(
    "-o, --output <folder>",
    "where sweep folders are made and looked for (default: runs)",
  );
}

/** `--redis`. */
export function redisOption(): Option {
  return new Option(
    "--redis <address>",
    "bullmq: redis://host:port or the path of a socket (default: $ZENOFLOW_REDIS, redis://127.0.0.1:6379)",
  );
}
