// Ising models: graphs, couplings, energies.

export { graph } from "./graph.js";
export type { EdgeList, GraphOptions, IsingGraph, Lattice } from "./graph.js";
export { bipartite, complete } from "./topologies/simple.js";
export { chimera } from "./topologies/chimera.js";
export { grid, torus } from "./topologies/lattices.js";
export { hostModel, model, replica } from "./model.js";
export type { HostModel, IsingModel, ModelParameters, ParameterArray } from "./model.js";
export { energies, localFields } from "./energies.js";
export type { SpinArray } from "./energies.js";
