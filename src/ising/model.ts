// An Ising model: biases and couplings on a graph, one set or a population of P. Energies and fields are in energies.ts.
// Arrays are kept in float64; tensors are kept as they are, so that gradients reach them.

import * as tf from "@tensorflow/tfjs";
import { checkFloat, shapeText } from "../checks.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { edgeCount } from "./graph.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { IsingGraph } from "./graph.js";

/** A number for all, one number an entry, or one list a replica of the population. */
export type ParameterArray = number | ArrayLike<number> | readonly ArrayLike<number>[];

/** What {@link model} takes. What is left out is 0. */
export type ModelParameters<V = ParameterArray | Tensor> = {
  /** bᵢ: a number, `[n]` or `[P, n]`. Positive biases pull up. */
  readonly biases?: V;
  /** J_e in the order of the graph's edges: a number, `[E]` or `[P, E]`. Positive couplings align. */
  readonly couplings?: V;
  /** A constant energy, a number or `[P]`, kept through conversions. */
  readonly offset?: number | ArrayLike<number>;
};

/**
 * A model, `E(s) = offset − Σᵢ bᵢ sᵢ − Σ_e J_e s_u s_v`, `p(s) ∝ exp(−β E(s))`. Temperature is not a part of it.
 */
export type IsingModel = {
  readonly graph: IsingGraph;
  /** P, the number of replicas; 1 without a population axis. */
  readonly population: number;
  /** Whether the parameters have a population axis; results then have one too. */
  readonly batched: boolean;
  /** `[P]`. */
  readonly offset: Float64Array;
  /** An array `[P, n]`, flat; or the tensor given, `[]`, `[n]` or `[P or 1, n]`. */
  readonly biases: Float64Array | Tensor;
  /** An array `[P, E]`, flat; or the tensor given, `[]`, `[E]` or `[P or 1, E]`. */
  readonly couplings: Float64Array | Tensor;
};

/** A model whose parameters are arrays: what samplers and exact methods compute with. */
export type HostModel = IsingModel & {
  readonly biases: Float64Array;
  readonly couplings: Float64Array;
};

type Given = { readonly rows: number | undefined; fill(population: number): Float64Array | Tensor };

/**
 * A model on a graph.
 *
 * @param graph - its nodes carry the spins
 * @param parameters - biases, couplings and offset; the population axes have one size or are 1 or absent
 * @returns a model of arrays if only arrays are given; tensors stay tensors, for gradients
 * @throws ShapeError for lengths that do not fit the graph or one another
 * @throws ArgumentError for entries that are not finite (tensors: at {@link hostModel}) or not float32
 */
export function model(graph: IsingGraph, parameters?: ModelParameters<ParameterArray>): HostModel;
/** The same with tensors. */
export function model(graph: IsingGraph, parameters: ModelParameters): IsingModel;
export function model(graph: IsingGraph, parameters: ModelParameters = {}): IsingModel {
  const { biases = 0, couplings = 0, offset = 0 } = parameters;
  const given = {
    biases: readParameter("biases", biases, graph.n),
    couplings: readParameter("couplings", couplings, edgeCount(graph)),
    offset: readOffset(offset),
  };
  const rows = Object.values(given).flatMap((part) => part.rows ?? []);
  const population = commonPopulation(rows);
  return {
    ...{ graph, population, batched: rows.length > 0 },
    offset: given.offset.fill(population) as Float64Array,
    biases: given.biases.fill(population),
    couplings: given.couplings.fill(population),
  };
}

/**
 * The model with its parameters read into arrays; a model of arrays as it is.
 *
 * @throws ArgumentError for entries that are not finite
 */
export async function hostModel(of: IsingModel): Promise<HostModel> {
  if (isHostModel(of)) return of;
  const { graph, population } = of;
  return {
    ...of,
    biases: await fetched("biases", of.biases, graph.n, population),
    couplings: await fetched("couplings", of.couplings, edgeCount(graph), population),
  };
}

/** Whether the parameters are arrays. */
export function isHostModel(of: IsingModel): of is HostModel {
  return of.biases instanceof Float64Array && of.couplings instanceof Float64Array;
}

/** One replica of a population as a model of its own, without a population axis. */
export function replica(of: HostModel, p: number): HostModel {
  const cut = (values: Float64Array): Float64Array => {
    const width = values.length / of.population;
    return values.slice(p * width, (p + 1) * width);
  };
  return {
    ...{ graph: of.graph, population: 1, batched: false },
    ...{ offset: cut(of.offset), biases: cut(of.biases), couplings: cut(of.couplings) },
  };
}

function commonPopulation(rows: readonly number[]): number {
  const population = rows.reduce((a, b) => (a === 1 ? b : a), 1);
  const odd = rows.find((size) => size !== 1 && size !== population);
  if (odd === undefined) return population;
  throw new ShapeError(
    `model: the population axes of \`biases\`, \`couplings\` and \`offset\` must agree or be 1, but are ${shapeText(rows)}.`,
  );
}

function readOffset(offset: number | ArrayLike<number>): Given {
  const rows = typeof offset === "number" ? offset : Array.from(offset, (value) => [value]);
  return readArray("offset", rows, 1);
}

function readParameter(name: string, value: ParameterArray | Tensor, width: number): Given {
  return value instanceof tf.Tensor
    ? readTensor(name, value, width)
    : readArray(name, value, width);
}

function readTensor(name: string, value: Tensor, width: number): Given {
  checkFloat("model", name, value);
  const axes = value.rank <= 2 && value.shape.at(-1) === width && value.shape[0] !== 0;
  const fits = value.rank === 0 || axes || (value.rank === 1 && value.shape[0] === width);
  if (!fits) throw wrongShape(name, width, value.shape);
  return { rows: value.rank === 2 ? value.shape[0] : undefined, fill: () => value };
}

function readArray(name: string, value: ParameterArray, width: number): Given {
  if (typeof value === "number") {
    checkFinite(name, [value]);
    return {
      rows: undefined,
      fill: (population) => new Float64Array(population * width).fill(value),
    };
  }
  if (!isNested(value)) {
    if (value.length !== width) throw wrongShape(name, width, [value.length]);
    checkFinite(name, value);
    const row = Float64Array.from(value);
    return { rows: undefined, fill: (population) => repeated(row, population) };
  }
  const flat = new Float64Array(value.length * width);
  value.forEach((row, p) => {
    if (row.length !== width) throw wrongShape(`${name}[${p}]`, width, [row.length]);
    flat.set(Float64Array.from(row), p * width);
  });
  checkFinite(name, flat);
  return {
    rows: value.length,
    fill: (population) => (value.length === population ? flat : repeated(flat, population)),
  };
}

function isNested(value: ParameterArray): value is readonly ArrayLike<number>[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] !== "number";
}

/** One row for each replica, if there is one row for all. */
function repeated(row: Float64Array, population: number): Float64Array {
  const rows = new Float64Array(row.length * population);
  for (let p = 0; p < population; p++) rows.set(row, p * row.length);
  return rows;
}

async function fetched(
  name: string,
  values: Float64Array | Tensor,
  width: number,
  population: number,
): Promise<Float64Array> {
  if (values instanceof Float64Array) return values;
  const data = Float64Array.from(await values.data());
  checkFinite(name, data);
  if (values.rank === 0) return new Float64Array(population * width).fill(data[0]!);
  return data.length === population * width ? data : repeated(data, population);
}

function checkFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value)) continue;
    throw new ArgumentError(
      `model: argument \`${name}\` must be finite, but entry ${i} is ${String(value)}.`,
    );
  }
}

function wrongShape(name: string, width: number, shape: readonly number[]): ShapeError {
  const what = name.startsWith("biases") ? "nodes" : "edges";
  return new ShapeError(
    `model: argument \`${name}\` must be a number or have one entry for each of the ${width} ${what}, with at most a population axis before, but has shape ${shapeText(shape)}.`,
  );
}
