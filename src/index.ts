// The public surface of zenoflow, in reading order. Models: "zenoflow/models".

export { BACKENDS, backendInfo, useBackend } from "./backend.js";
export type { BackendInfo, BackendName, BackendOptions, Work } from "./backend.js";
export * as random from "./random.js";
export * as linalg from "./linalg/index.js";
export * as openSystems from "./open-systems/index.js";
export * as network from "./open-systems/network/index.js";
export * as ising from "./ising/index.js";
export * as boltzmann from "./boltzmann/index.js";
export * as circuits from "./circuits/index.js";
export * as metrics from "./metrics/index.js";
export * as data from "./data/index.js";
export { ArgumentError, BackendError, ConvergenceError, DataError, ShapeError } from "./errors.js";
export { VERSION } from "./version.js";
