// A circuit and its inputs with one block of parameters, one population axis and one batch axis, and the same with
// numbers added to what is differentiated by: all changed copies run at once, on the population axis.

import * as tf from "@tensorflow/tfjs";
import { parameterCount, type CircuitData } from "../circuit.js";
import { canonical, type Canonical, type Inputs } from "./inputs.js";
import { sizeOf } from "../source.js";
import type { Complex } from "../../complex/index.js";

import type { Tensor } from "@tensorflow/tfjs";

/** What is differentiated by, or changed. */
export type By = "parameters" | "features";

/** Inputs in flat shapes, for a circuit of one block. */
export type Flat = {
  readonly circuit: CircuitData;
  /** `[P, count]`, at least one column. */
  readonly parameters: Tensor;
  /** `[P or 1, B, f]` */
  readonly features: Tensor;
  /** `[P or 1, B, N]`, where states are given. */
  readonly initial?: Complex;
  readonly P: number;
  readonly B: number;
  /** Leading axes of results. */
  readonly lead: readonly number[];
};

/** The circuit with all its parameters in one block; one more where there are none, so that there is a population. */
function oneBlock(circuit: CircuitData): CircuitData {
  const shape = [Math.max(1, parameterCount(circuit))];
  return { ...circuit, parameters: [{ name: "all", shape }] };
}

function tiled(tensor: Tensor, rows: number): Tensor {
  return tensor.shape[0] === rows ? tensor : tf.tile(tensor, [rows, 1, 1]);
}

/** The inputs of a run, flat. */
export function flatten(where: string, circuit: CircuitData, given: Inputs): Flat {
  const inputs = canonical(where, circuit, given);
  const { parameters, features } = inputs.symbols;
  const P = inputs.population ?? 1;
  const B = sizeOf(inputs.batch);
  const { initialState } = given;
  const initial = initialState && ownStates(inputs, B);
  const rows = Math.max(features.shape[0], initial?.re.shape[0] ?? 1);
  return {
    circuit: oneBlock(circuit),
    parameters: parameters.shape[1] === 0 ? tf.zeros([P, 1]) : parameters,
    features: tiled(features, rows),
    ...(initial && { initial: { re: tiled(initial.re, rows), im: tiled(initial.im, rows) } }),
    P,
    B,
    lead: inputs.lead,
  };
}

function ownStates({ initial }: Canonical, B: number): Complex {
  const { re, im } = initial!;
  const each = (part: Tensor): Tensor =>
    part.shape[1] === B ? part : tf.tile(part, [1, B, 1]); // prettier-ignore
  return { re: each(re), im: each(im) };
}

/** Flat inputs as those of the public functions. */
export function inputsOf({ parameters, features, initial }: Flat): Inputs {
  const replicated = features.shape[0] > 1;
  const own = (part: Tensor): Tensor => (replicated ? part : tf.reshape(part, part.shape.slice(1)));
  return {
    parameters,
    features: own(features),
    replicated,
    ...(initial && { initialState: { re: own(initial.re), im: own(initial.im) } }),
  };
}

/** Each row of the first axis S times in a row. */
function repeated(tensor: Tensor, S: number): Tensor {
  const [rows, ...rest] = tensor.shape;
  const many = tf.tile(tf.expandDims(tensor, 1), [1, S, ...rest.map(() => 1)]);
  return tf.reshape(many, [rows * S, ...rest]);
}

/**
 * Copies with numbers added: row `p S + s` is replica p with `deltas[s]`.
 *
 * @param deltas - `[S, columns]` of what is changed
 */
export function moved(flat: Flat, deltas: Tensor, by: By): Flat {
  const S = deltas.shape[0];
  const { parameters, features, initial, P } = flat;
  const many = P * S;
  if (by === "parameters") {
    const own = tf.add(repeated(parameters, S), tf.tile(deltas, [P, 1]));
    const shared = features.shape[0] === 1;
    return {
      ...flat,
      P: many,
      parameters: own,
      features: shared ? features : repeated(features, S),
      ...(initial && { initial: shared ? initial : repeatedStates(initial, S) }),
    };
  }
  const steps = tf.tile(tf.expandDims(deltas, 1), [P, 1, 1]);
  return {
    ...flat,
    P: many,
    parameters: repeated(parameters, S),
    features: tf.add(repeated(tiled(features, P), S), steps),
    ...(initial && {
      initial: repeatedStates({ re: tiled(initial.re, P), im: tiled(initial.im, P) }, S),
    }),
  };
}

function repeatedStates({ re, im }: Complex, S: number): Complex {
  return { re: repeated(re, S), im: repeated(im, S) };
}

/** The same with every sample a replica of its own: derivatives by parameters come sample by sample. */
export function separated(flat: Flat): Flat {
  const { parameters, features, initial, P, B } = flat;
  const apart = (part: Tensor): Tensor => {
    const width = part.shape.at(-1)!;
    return tf.reshape(tiled(part, P), [P * B, 1, width]);
  };
  return {
    ...flat,
    P: P * B,
    B: 1,
    parameters: repeated(parameters, B),
    features: apart(features),
    ...(initial && { initial: { re: apart(initial.re), im: apart(initial.im) } }),
  };
}

/** Every sample several times in a row. */
export function withSamples(flat: Flat, count: number): Flat {
  const many = (part: Tensor): Tensor => {
    const [rows, B, width] = part.shape as [number, number, number];
    if (part.size === 0) return tf.zeros([rows, B * count, width]);
    const each = tf.tile(tf.reshape(part, [rows, B, 1, width]), [1, 1, count, 1]);
    return tf.reshape(each, [rows, B * count, width]);
  };
  const { features, initial, B } = flat;
  return {
    ...flat,
    B: B * count,
    features: many(features),
    ...(initial && { initial: { re: many(initial.re), im: many(initial.im) } }),
  };
}
