// Linear algebra on batches of small matrices.

export { eigenvalues } from "./eigenvalues.js";
export type { EigenvaluesOptions } from "./eigenvalues.js";
export { eigh } from "./eigenvectors.js";
export type { Eigensystem } from "./eigenvectors.js";
export { expm } from "./exponential.js";
export type { ExpmOptions } from "./exponential.js";
export { sqrtm } from "./square-root.js";
export { solve } from "./solve.js";
export type { Solution, SolveOptions } from "./solve.js";
