// The dissipative network: strongly damped input qubits drive output qubits into steady states.

export { steadyState, steadyStateAndGradients } from "./steady-state.js";
export { validity } from "./validity.js";
export type { NetworkProblem } from "./canonical.js";
export type { GradientOptions, NetworkGradients, SteadyStateOptions } from "./steady-state.js";
export type { Validity } from "./validity.js";
