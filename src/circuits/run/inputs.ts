// Inputs of a run in the shapes of the kernels: a population of flat parameters, features of one batch axis, and the
// state to start from. Shapes are checked here, at the public door.

import * as tf from "@tensorflow/tfjs";
import { checkFloat, shapeText } from "../../checks.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { parameterCount, type CircuitData } from "../circuit.js";
import { sizeOf, type ParameterGroup } from "../source.js";
import { evaluate, type Symbols } from "../program/tables.js";
import type { Complex } from "../../complex/index.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Numbers for a circuit. */
export type Inputs = {
  /**
   * Trainable parameters: of a circuit with one block `[P?, ...shape of the block]`, or a tensor of this shape for
   * each block by its name, or all of them flat, `[count]` or `[P, count]`.
   */
  readonly parameters?: Tensor | Readonly<Record<string, Tensor>>;
  /**
   * `[...batch, f]`, shared by the replicas of a population, or `[P, ...batch, f]`: features of rank 3 or more whose
   * first axis has the size of the population, unless `replicated` says otherwise.
   */
  readonly features?: Tensor;
  /** Whether the first axis of `features` and `initialState` is the population. */
  readonly replicated?: boolean;
  /** Amplitudes `[N]`, or with the leading axes of `features`, that the circuit meets instead of |0…0⟩. */
  readonly initialState?: Complex;
};

/** Inputs in canonical shapes. */
export type Canonical = {
  readonly symbols: Symbols;
  /** `[P or 1, B or 1, N]` each. */
  readonly initial?: Complex;
  /** Replicas, null without a population axis. */
  readonly population: number | null;
  readonly batch: readonly number[];
  /** Leading axes of every result: `[P?, ...batch]`. */
  readonly lead: readonly number[];
};

function isTensor(value: Tensor | Readonly<Record<string, Tensor>>): value is Tensor {
  return value instanceof tf.Tensor;
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

/** A block flat, and its population. */
function flatBlock(
  where: string,
  { name, shape }: ParameterGroup,
  tensor: Tensor,
): { readonly flat: Tensor; readonly population: number | null } {
  checkFloat(where, `parameters.${name}`, tensor);
  const size = sizeOf(shape);
  const own = tensor.shape;
  if (same(own, shape) || same(own, [size])) {
    return { flat: tf.reshape(tensor, [1, size]), population: null };
  }
  if (same(own.slice(1), shape)) {
    return { flat: tf.reshape(tensor, [own[0], size]), population: own[0] };
  }
  throw new ShapeError(
    `${where}: argument \`parameters\`, block "${name}", must have shape ${shapeText(shape)} or ${shapeText(["P", ...shape])}, but has shape ${shapeText(own)}.`,
  );
}

function onePopulation(where: string, found: readonly (number | null)[]): number | null {
  const sizes = new Set(found.filter((size) => size !== null));
  if (sizes.size > 1) {
    throw new ShapeError(
      `${where}: argument \`parameters\` must have one population in all blocks, but has ${[...sizes].join(" and ")} replicas.`,
    );
  }
  return [...sizes][0] ?? null;
}

function blockOf(
  where: string,
  blocks: Readonly<Record<string, Tensor>>,
  { name }: ParameterGroup,
): Tensor {
  const tensor = blocks[name];
  if (tensor !== undefined) return tensor;
  throw new ArgumentError(`${where}: argument \`parameters\` must have the block "${name}", but has ${Object.keys(blocks).join(", ") || "none"}.`); // prettier-ignore
}

/** All parameters, `[P or 1, count]`. */
function flatParameters(
  where: string,
  circuit: CircuitData,
  given: Inputs["parameters"],
): { readonly flat: Tensor; readonly population: number | null } {
  const { parameters: groups } = circuit;
  const count = parameterCount(circuit);
  if (given === undefined || (isTensor(given) && groups.length === 0)) {
    if (count === 0) return { flat: tf.zeros([1, 0]), population: null };
    throw new ArgumentError(
      `${where}: argument \`parameters\` must be given: the circuit has ${count} in ${groups.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(", ")}.`,
    );
  }
  if (isTensor(given)) {
    const whole = groups.length === 1 ? groups[0]! : { name: "all", shape: [count] };
    return flatBlock(where, whole, given);
  }
  const blocks = groups.map((group) => flatBlock(where, group, blockOf(where, given, group)));
  const population = onePopulation(where, blocks.map((block) => block.population)); // prettier-ignore
  const rows = blocks.map(({ flat }) =>
    population === null || flat.shape[0] === population ? flat : tf.tile(flat, [population, 1]),
  );
  return { flat: rows.length === 1 ? rows[0]! : tf.concat(rows, 1), population };
}

/** A tensor `[...lead, last]` as `[1 or P, B, last]`, and its batch axes. */
function samples(
  where: string,
  name: string,
  tensor: Tensor,
  last: number,
  population: number | null,
  replicated: boolean | undefined,
): { readonly flat: Tensor; readonly batch: readonly number[] } {
  checkFloat(where, name, tensor);
  const lead = tensor.shape.slice(0, -1);
  if (tensor.rank < 1 || tensor.shape.at(-1) !== last) {
    throw new ShapeError(
      `${where}: argument \`${name}\` must have shape ${shapeText(["...batch", last])}, but has shape ${shapeText(tensor.shape)}.`,
    );
  }
  const own = replicated ?? (population !== null && lead.length >= 2 && lead[0] === population);
  if (own && (population === null || lead[0] !== population)) {
    throw new ShapeError(
      `${where}: argument \`${name}\` must have shape ${shapeText([population ?? "P", "...batch", last])} with \`replicated\`, but has shape ${shapeText(tensor.shape)}.`,
    );
  }
  const batch = own ? lead.slice(1) : lead;
  const flat = tf.reshape(tensor, [own ? population! : 1, sizeOf(batch), last]);
  return { flat, batch };
}

function checkBatches(where: string, batch: readonly number[], other: readonly number[]): void {
  if (other.length === 0 || batch.length === 0 || same(batch, other)) return;
  throw new ShapeError(
    `${where}: arguments \`features\` and \`initialState\` must have the same batch axes, but have ${shapeText(batch)} and ${shapeText(other)}.`,
  );
}

/**
 * The inputs of a run in canonical shapes.
 *
 * @throws ShapeError, ArgumentError in the user's words
 */
export function canonical(where: string, circuit: CircuitData, inputs: Inputs): Canonical {
  const { features, replicated, initialState } = inputs;
  const { flat: parameters, population } = flatParameters(where, circuit, inputs.parameters);
  if (features === undefined && circuit.features > 0) {
    throw new ArgumentError(
      `${where}: argument \`features\` must be given: the circuit has ${circuit.features}.`,
    );
  }
  const N = 2 ** circuit.wires;
  const ofSamples = (name: string, tensor: Tensor, last: number): ReturnType<typeof samples> =>
    samples(where, name, tensor, last, population, replicated);
  const x = features && ofSamples("features", features, circuit.features || features.shape.at(-1)!);
  const re = initialState && ofSamples("initialState", initialState.re, N);
  const im = initialState && ofSamples("initialState", initialState.im, N);
  if (initialState && circuit.preparation) {
    throw new ArgumentError(`${where}: argument \`initialState\` must be left out: the circuit prepares amplitudes.`); // prettier-ignore
  }
  checkBatches(where, x?.batch ?? [], re?.batch ?? []);
  const batch = x !== undefined && x.batch.length > 0 ? x.batch : (re?.batch ?? []);
  const B = sizeOf(batch);
  const rows = x?.flat ?? tf.zeros([1, B, 0]);
  const symbols = { parameters, features: rows.shape[1] === B ? rows : tf.tile(rows, [1, B, 1]) };
  const initial = re && im ? { re: re.flat, im: im.flat } : prepared(circuit, symbols);
  const lead = population === null ? batch : [population, ...batch];
  return { symbols, population, batch, lead, ...(initial && { initial }) };
}

/** How far a squared norm may be off 1. */
export const NORM_TOLERANCE = 1e-5;

/** The amplitudes that a circuit prepares; NaN where they have no norm, or another than 1 and are not normalised. */
function prepared({ preparation }: CircuitData, symbols: Symbols): Complex | undefined {
  if (preparation === undefined) return undefined;
  const [re, im] = [preparation.re, preparation.im].map(
    (part) => part && evaluate(part, symbols, "sample"),
  );
  const squares = im === undefined ? tf.square(re!) : tf.add(tf.square(re!), tf.square(im));
  const norm2 = tf.sum(squares, -1, true);
  const factor = preparation.normalize
    ? tf.div(1, tf.sqrt(norm2))
    : tf.where(tf.greater(tf.abs(tf.sub(norm2, 1)), NORM_TOLERANCE), NaN, tf.onesLike(norm2));
  const scaled = tf.mul(re!, factor);
  return { re: scaled, im: im === undefined ? tf.zerosLike(scaled) : tf.mul(im, factor) };
}
