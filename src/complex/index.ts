// Complex tensors as pairs of real ones, and the algebra of matrices that physics needs of them.

export { complex, fromArrays, mapParts, shapeOf } from "./complex.js";
export type { Complex } from "./complex.js";
export {
  add,
  adjoint,
  conj,
  mul,
  scale,
  squaredModulus,
  sub,
  sum,
  timesI,
  transpose,
} from "./arithmetic.js";
export type { Coefficient } from "./arithmetic.js";
export { broadcastLead, broadcastTo, commonLead, leadOf, sizeOf } from "./broadcasting.js";
export { anticommutator, commutator, kron, matMul, trace } from "./products.js";
export type { MatMulOptions } from "./products.js";
