// The dissipative network: strongly damped input qubits drive output qubits into steady states.

export { steadyState } from "./steady-state.js";
export { validity } from "./validity.js";
export type { NetworkProblem } from "./canonical.js";
export type { SteadyStateOptions } from "./steady-state.js";
export type { Validity } from "./validity.js";
