// Ising models: graphs, couplings, energies.

export { graph } from "./graph.js";
export type { EdgeList, GraphOptions, IsingGraph, Lattice } from "./graph.js";
export { hostModel, model, replica } from "./model.js";
export type { HostModel, IsingModel, ModelParameters, ParameterArray } from "./model.js";
export { energies, localFields } from "./energies.js";
export type { SpinArray } from "./energies.js";
