// Open quantum systems: operators, states, superoperators, steady states. The dissipative network has a namespace of
// its own.

export {
  add,
  adjoint,
  anticommutator,
  commutator,
  complex,
  conj,
  fromArrays,
  matMul,
  scale,
  sub,
  sum,
  trace,
} from "../complex/index.js";
export type { Coefficient, Complex } from "../complex/index.js";
export {
  create,
  destroy,
  embed,
  identity,
  lower,
  number,
  projector,
  raise,
  sigmaX,
  sigmaY,
  sigmaZ,
  tensor,
} from "./operators.js";
export { basis, coherent, densityMatrix, maximallyMixed, thermal } from "./states.js";
export type { ComplexNumber } from "./states.js";
export {
  dissipator,
  liouvillian,
  spost,
  spre,
  sprepost,
  unvectorize,
  vectorize,
} from "./superoperators.js";
export { fidelity } from "./fidelity.js";
export {
  blochVector,
  entropy,
  expect,
  expectComplex,
  fidelityToPure,
  purity,
  qubitFidelity,
  traceDistance,
} from "./measures.js";
export { eigenvalues } from "../linalg/index.js";
export { partialTrace } from "./partial-trace.js";
export { checkEvolution, evolve, EVOLUTION_METHODS, EVOLUTION_VERDICTS } from "./evolve.js";
export type {
  CoefficientFunction,
  Evolution,
  EvolutionMethod,
  EvolutionStats,
  EvolutionVerdict,
  EvolveOptions,
  Term,
  TimeOperator,
} from "./evolve.js";
export { checkSteadyState, steadyState, VERDICTS } from "./steady-state.js";
export type { SteadyState, SteadyStateOptions, Verdict } from "./steady-state.js";
