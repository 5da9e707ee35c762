// A Boltzmann machine: an Ising model some of whose spins are given by data, or a population of them. Only its parameters and
// their update; where gradients come from is in the other files of the folder.

import { checkInteger } from "../checks.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { edgeCount, type IsingGraph } from "../ising/graph.js";
import { model as isingModel, type HostModel, type ParameterArray } from "../ising/model.js";
import { bipartite } from "../ising/topologies/simple.js";

/** `p(s) ∝ exp(β(Σ b s + Σ J s s))` over visible and hidden spins. Never changed: training makes new ones. */
export type BoltzmannMachine = {
  /** Always with a population axis: biases `[P, n]`, couplings `[P, E]`. */
  readonly model: HostModel;
  /** Nodes that data give, in the order of the data's columns. */
  readonly visible: Int32Array;
  /** The other nodes, ascending. */
  readonly hidden: Int32Array;
  readonly beta: number;
};

/** Options of {@link boltzmannMachine}. */
export type MachineOptions = {
  /** P; taken from the parameters where they have an axis. Default 1. */
  readonly population?: number;
  /** A number, `[n]` or `[P, n]`. Default 0. */
  readonly biases?: ParameterArray;
  /** In the order of the graph's edges: a number, `[E]` or `[P, E]`. Default 0. */
  readonly couplings?: ParameterArray;
  /** Nodes that data do not give. Default none: fully visible. */
  readonly hidden?: ArrayLike<number>;
  /** Inverse temperature. Default 1. */
  readonly beta?: number;
};

/**
 * A machine on any graph.
 *
 * @param graph - its nodes are the units, its edges the couplings that are learned
 * @param options - parameters, hidden units, β
 * @throws ShapeError or ArgumentError for parameters that do not fit the graph, hidden units that are none, β that is not
 * positive and finite
 */
export function boltzmannMachine(
  graph: IsingGraph,
  options: MachineOptions = {},
): BoltzmannMachine {
  const { population = 1, biases = 0, couplings = 0, hidden = [], beta = 1 } = options;
  checkInteger("boltzmannMachine", "population", population, 1, 2 ** 20);
  if (!(beta > 0 && Number.isFinite(beta))) {
    throw new ArgumentError(
      `boltzmannMachine: argument \`beta\` must be positive and finite, but is ${beta}.`,
    );
  }
  const isHidden = hiddenMask(graph.n, hidden);
  const nodes = Int32Array.from({ length: graph.n }, (_, i) => i);
  const offset = new Float64Array(population);
  return {
    model: isingModel(graph, { biases, couplings, offset }),
    visible: nodes.filter((i) => isHidden[i] === 0),
    hidden: nodes.filter((i) => isHidden[i] === 1),
    beta,
  };
}

/** Options of {@link restrictedMachine}. */
export type RestrictedOptions = {
  readonly population?: number;
  /** `W[i, j]` of visible i and hidden j, row-major `[nᵥ · nₕ]`, or `[P][nᵥ · nₕ]`. Default 0. */
  readonly weights?: ParameterArray;
  /** `[nᵥ + nₕ]`, visible units first, or one such list for each replica. Default 0. */
  readonly biases?: ParameterArray;
  readonly beta?: number;
};

/**
 * A restricted machine: units 0 … nᵥ − 1 are visible, the others hidden, and edges join the two kinds only.
 *
 * @param visible - nᵥ
 * @param hidden - nₕ
 * @param options - parameters and β
 * @throws ShapeError or ArgumentError as {@link boltzmannMachine}
 */
export function restrictedMachine(
  visible: number,
  hidden: number,
  { weights = 0, ...others }: RestrictedOptions = {},
): BoltzmannMachine {
  const units = Int32Array.from({ length: hidden }, (_, j) => visible + j);
  const graph = bipartite(visible, hidden);
  return boltzmannMachine(graph, { ...others, couplings: weights, hidden: units });
}

/** Whether hidden units are independent of one another given the visible ones, so that they are summed out exactly. */
export function isRestricted({ model, hidden }: BoltzmannMachine): boolean {
  const isHidden = hiddenMask(model.graph.n, hidden);
  const { edges } = model.graph;
  for (let at = 0; at < edges.length; at += 2) {
    if (isHidden[edges[at]!] === 1 && isHidden[edges[at + 1]!] === 1) return false;
  }
  return true;
}

/**
 * The machine with other parameters, which are kept, not copied.
 *
 * @param of - the machine
 * @param biases - `[P, n]`, flat
 * @param couplings - `[P, E]`, flat
 * @throws ShapeError if they do not have the machine's sizes
 */
export function withParameters(
  of: BoltzmannMachine,
  biases: Float64Array,
  couplings: Float64Array,
): BoltzmannMachine {
  const { graph, population } = of.model;
  checkLength("withParameters", "biases", biases, population * graph.n);
  checkLength("withParameters", "couplings", couplings, population * edgeCount(graph));
  return { ...of, model: { ...of.model, biases, couplings } };
}

/** Throws unless an array has the length that the machine asks for. */
export function checkLength(
  where: string,
  name: string,
  values: ArrayLike<number>,
  length: number,
): void {
  if (values.length === length) return;
  throw new ShapeError(
    `${where}: argument \`${name}\` must have ${length} entries, but has ${values.length}.`,
  );
}

function hiddenMask(n: number, hidden: ArrayLike<number>): Uint8Array {
  const mask = new Uint8Array(n);
  for (const node of Array.from(hidden)) {
    checkInteger("boltzmannMachine", "hidden", node, 0, n - 1);
    mask[node] = 1;
  }
  if (mask.every((flag) => flag === 1)) {
    throw new ArgumentError(
      "boltzmannMachine: argument `hidden` must leave at least one visible unit, but leaves none.",
    );
  }
  return mask;
}
