// Models as JSON: dimod's serialised binary quadratic models, and a form of our own that keeps populations and the graph.

import { ArgumentError, DataError } from "../errors.js";
import { checkChoice, checkInteger } from "../checks.js";
import { fromDimod, fromQubo, toDimod, toQubo } from "./conventions.js";
import { graph as graphOf } from "./graph.js";
import { model, replica } from "./model.js";
import type { Lattice } from "./graph.js";
import type { HostModel } from "./model.js";

/** Spins ±1, or binary variables. */
export type Vartype = "SPIN" | "BINARY";

/** What dimod's `bqm.to_serializable()` returns and `BinaryQuadraticModel.from_serializable` reads. */
export type SerializableBqm = {
  readonly type: "BinaryQuadraticModel";
  readonly version: { readonly bqm_schema: "3.0.0" };
  readonly use_bytes: false;
  readonly index_type: string;
  readonly bias_type: string;
  readonly num_variables: number;
  readonly num_interactions: number;
  readonly variable_labels: readonly (number | string)[];
  readonly variable_type: Vartype;
  readonly offset: number;
  readonly info: Readonly<Record<string, unknown>>;
  readonly linear_biases: readonly number[];
  readonly quadratic_biases: readonly number[];
  readonly quadratic_head: readonly number[];
  readonly quadratic_tail: readonly number[];
};

/**
 * One replica as dimod's JSON. Variables are named by the graph's labels.
 *
 * @param of - a model of arrays
 * @param options - replica (default 0) and vartype (default SPIN)
 * @throws ArgumentError
 */
export function toBqm(
  of: HostModel,
  options: { readonly replica?: number; readonly vartype?: Vartype } = {},
): SerializableBqm {
  const { replica: p = 0, vartype = "SPIN" } = options;
  checkInteger("toBqm", "replica", p, 0, of.population - 1);
  checkChoice("toBqm", "vartype", vartype, ["SPIN", "BINARY"]);
  const one = replica(of, p);
  const { n, edges, labels } = of.graph;
  const { linear, quadratic, offset } = vartype === "SPIN" ? spinTerms(one) : toQubo(one);
  return {
    type: "BinaryQuadraticModel",
    version: { bqm_schema: "3.0.0" },
    ...{ use_bytes: false, index_type: "int32", bias_type: "float64" },
    ...{ num_variables: n, num_interactions: edges.length / 2 },
    variable_labels: Array.from({ length: n }, (_, i) => labels?.[i] ?? i),
    ...{ variable_type: vartype, offset: offset[0]!, info: {} },
    linear_biases: Array.from(linear),
    quadratic_biases: Array.from(quadratic),
    quadratic_head: Array.from(edges.filter((_, at) => at % 2 === 0)),
    quadratic_tail: Array.from(edges.filter((_, at) => at % 2 === 1)),
  };
}

function spinTerms(one: HostModel): ReturnType<typeof toQubo> {
  const { h, J, offset } = toDimod(one);
  return { linear: h, quadratic: J, offset };
}

/**
 * A model from dimod's JSON, parsed.
 *
 * @param bqm - what `JSON.parse` gives of dimod's `to_serializable()`
 * @returns the model, and the name of each of its nodes
 * @throws DataError if it is no such object, or packed as bytes
 */
export function fromBqm(bqm: SerializableBqm): {
  readonly model: HostModel;
  readonly variables: readonly (number | string)[];
} {
  checkBqm(bqm);
  const { variable_labels: variables, quadratic_head: head, quadratic_tail: tail } = bqm;
  const integers = variables.every((name) => typeof name === "number" && Number.isInteger(name));
  const own = integers && variables.every((name, i) => name === i);
  const graph = graphOf(
    bqm.num_variables,
    head.map((u, e) => [u, tail[e]!] as const),
    {
      name: `BQM(${bqm.num_variables})`,
      ...(integers && !own && { labels: variables as readonly number[] }),
    },
  );
  const quadratic = inOrder(head, tail, bqm.quadratic_biases, graph.n);
  const [linear, offset] = [bqm.linear_biases, bqm.offset];
  const read =
    bqm.variable_type === "SPIN"
      ? fromDimod(graph, { h: linear, J: quadratic, offset })
      : fromQubo(graph, { linear, quadratic, offset });
  return { model: read, variables };
}

function checkBqm(bqm: Partial<Record<keyof SerializableBqm, unknown>>): void {
  const lists = [bqm.linear_biases, bqm.quadratic_biases, bqm.quadratic_head, bqm.quadratic_tail];
  const [linear, ...pairs] = lists.map((list) => (Array.isArray(list) ? list.length : -1));
  const fits =
    bqm.type === "BinaryQuadraticModel" &&
    bqm.use_bytes !== true &&
    (bqm.variable_type === "SPIN" || bqm.variable_type === "BINARY") &&
    Array.isArray(bqm.variable_labels) &&
    linear === bqm.num_variables &&
    pairs.every((length) => length === bqm.num_interactions);
  if (fits) return;
  throw new DataError(
    "fromBqm: argument `bqm` must be the JSON of dimod's `bqm.to_serializable(use_bytes=False)`, but is something else.",
  );
}

/** Values of pairs in any order, in the order of the graph's edges. */
function inOrder(
  head: readonly number[],
  tail: readonly number[],
  values: readonly number[],
  n: number,
): number[] {
  const key = (e: number): number =>
    Math.min(head[e]!, tail[e]!) * n + Math.max(head[e]!, tail[e]!);
  const order = values.map((_, e) => e).sort((a, b) => key(a) - key(b));
  return order.map((e) => values[e]!);
}

/** A model with its population and graph as plain data: what `JSON.stringify` takes. */
export type ModelJson = {
  readonly format: "zenoflow ising model 1";
  readonly graph: {
    readonly name: string;
    readonly n: number;
    /** Flat pairs. */
    readonly edges: readonly number[];
    readonly colouring: readonly number[];
    readonly labels?: readonly number[];
    readonly lattice?: Lattice;
  };
  /** `[n]`, or `[P][n]`. */
  readonly biases: readonly number[] | readonly (readonly number[])[];
  readonly couplings: readonly number[] | readonly (readonly number[])[];
  readonly offset: readonly number[];
};

/** A model as plain data, with population, graph, labels, lattice and offset. */
export function toJson(of: HostModel): ModelJson {
  const { name, n, edges, colour, labels, lattice } = of.graph;
  const rows = (values: Float64Array): number[] | number[][] => {
    const width = values.length / of.population;
    const cut = (p: number): number[] => Array.from(values.subarray(p * width, (p + 1) * width));
    return of.batched ? Array.from({ length: of.population }, (_, p) => cut(p)) : cut(0);
  };
  return {
    format: "zenoflow ising model 1",
    graph: {
      ...{ name, n, edges: Array.from(edges), colouring: Array.from(colour) },
      ...(labels !== undefined && { labels: Array.from(labels) }),
      ...(lattice !== undefined && { lattice }),
    },
    ...{ biases: rows(of.biases), couplings: rows(of.couplings), offset: Array.from(of.offset) },
  };
}

/**
 * The model of {@link toJson}'s data.
 *
 * @throws DataError for another format; ArgumentError and ShapeError as {@link model}
 */
export function fromJson(json: ModelJson): HostModel {
  if ((json as { format?: unknown }).format !== "zenoflow ising model 1") {
    throw new DataError(
      'fromJson: argument `json` must have the format "zenoflow ising model 1". Use fromBqm for dimod\'s.',
    );
  }
  const { n, edges, ...options } = json.graph;
  if (!Array.isArray(edges) || !edges.every((node) => Number.isInteger(node))) {
    throw new ArgumentError("fromJson: argument `json.graph.edges` must hold integers.");
  }
  const graph = graphOf(n, Int32Array.from(edges), options);
  const batched = Array.isArray(json.biases[0]) || Array.isArray(json.couplings[0]);
  const { biases, couplings, offset } = json;
  return model(graph, { biases, couplings, offset: batched ? offset : offset[0]! });
}
