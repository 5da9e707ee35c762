// The results store of a sweep: its folder, commits, scans, repair, locks, checkpoints. Node only.

export * from "./batch-text.js";
export * from "./best.js";
export * from "./check.js";
export * from "./collect.js";
export * from "./committed.js";
export * from "./create.js";
export * from "./desired.js";
export * from "./draw-rows.js";
export * from "./exclusive.js";
export * from "./holder.js";
export * from "./journal.js";
export * from "./judged.js";
export * from "./layout.js";
export * from "./ranges.js";
export * from "./repair.js";
export * from "./scan.js";
export * from "./store.js";
export * from "./study-lock.js";
export * from "./supervisor-lock.js";
export * from "./sweep-manifest.js";
