// Run folders: identity, manifest, metrics, checkpoints, lock, and finding runs again. Node only.

export * from "./checkpoint.js";
export * from "./document.js";
export * from "./files.js";
export * from "./find.js";
export * from "./folder.js";
export * from "./history.js";
export * from "./identity.js";
export * from "./json.js";
export * from "./lock.js";
export * from "./manifest.js";
export * from "./output-error.js";
export * from "./provenance.js";
export * from "./safetensors.js";
export * from "./train.js";
