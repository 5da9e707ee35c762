// The results store of a sweep: its folder, commits, scans, repair, locks, checkpoints. Node only.

export * from "./batch-text.js";
export * from "./committed.js";
export * from "./desired.js";
export * from "./exclusive.js";
export * from "./layout.js";
export * from "./ranges.js";
export * from "./repair.js";
export * from "./scan.js";
export * from "./store.js";
export * from "./study-lock.js";
