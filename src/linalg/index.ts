// Linear algebra on batches of small matrices.

export { eigenvalues } from "./eigenvalues.js";
export type { EigenvaluesOptions } from "./eigenvalues.js";
export { expm } from "./exponential.js";
export type { ExpmOptions } from "./exponential.js";
export { solve } from "./solve.js";
export type { Solution, SolveOptions } from "./solve.js";
