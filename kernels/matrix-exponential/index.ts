// Exponentials of batches of real matrices. The checked door is src/linalg/exponential.ts.

export { exponentialComposed } from "./composed.js";
