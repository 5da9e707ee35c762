// Addressable random streams: every number has an address (seed, substream, index), so that results depend
// neither on the backend nor on threads, batching or the order of calls. Seed 0 is a seed like any other.

import { philox, philoxArray } from "../kernels/philox/index.js";
import { checkChoice, checkInteger } from "./checks.js";
import { ArgumentError } from "./errors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { PhiloxAttrs } from "../kernels/philox/contract.js";

/** One stream of Philox4x32-10: two signed 32-bit integers. */
export type Stream = { readonly seed: number; readonly substream: number };

/** What a stream is for. Two purposes never share numbers; the values are part of the format of seeds. */
export const PURPOSES = {
  initialSpins: 0,
  replicaSwaps: 1,
  voteTies: 2,
  reparameterisation: 3,
  binarisation: 4,
  problemGenerators: 5,
  bootstrap: 6,
  initialParameters: 7,
  data: 8,
  latent: 9,
  evaluation: 10,
  generation: 11,
  shots: 12,
  trajectories: 13,
  perturbations: 14,
} as const;

/** A key of {@link PURPOSES}. */
export type Purpose = keyof typeof PURPOSES;

/** Largest event number of a purpose's streams. */
export const MAX_EVENT: number = 2 ** 27 - 1;

/**
 * The stream of a purpose: substream -1 - (16 event + purpose). Non-negative substreams belong to the sweeps
 * of Ising samplers.
 *
 * @param seed - the user's seed, a signed 32-bit integer
 * @param event - which use of the purpose, for example the training step
 * @throws ArgumentError if a number is out of range
 */
export function stream(seed: number, purpose: Purpose, event = 0): Stream {
  checkChoice("stream", "purpose", purpose, Object.keys(PURPOSES));
  checkInteger("stream", "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  checkInteger("stream", "event", event, 0, MAX_EVENT);
  return { seed, substream: -1 - (16 * event + PURPOSES[purpose]) };
}

/** Options of {@link uniform}. */
export type UniformOptions = {
  /** Lower end, included. Default 0. */
  readonly lo?: number;
  /** Upper end, excluded up to rounding. Default 1. */
  readonly hi?: number;
  /** Index of the first number of each stream, a multiple of 4. Default 0. */
  readonly offset?: number;
};

/** Options of {@link normal}. */
export type NormalOptions = {
  readonly mean?: number;
  /** Standard deviation. Default 1. */
  readonly std?: number;
  /** Index of the first number of each stream, a multiple of 4. Default 0. */
  readonly offset?: number;
};

/**
 * Uniform numbers, `u = (word mod 2²³) 2⁻²³`, the same bits on every backend.
 *
 * @param streams - one stream, or a list of P for a population
 * @param shape - shape drawn from each stream
 * @returns `[...shape]`, or `[P, ...shape]` for a list
 * @throws ArgumentError if `offset` is not a non-negative multiple of 4
 */
export function uniform(
  streams: Stream | readonly Stream[],
  shape: readonly number[],
  options: UniformOptions = {},
): Tensor {
  const { lo = 0, hi = 1, offset = 0 } = options;
  return draw("uniform", streams, shape, { law: "uniform", scale: hi - lo, shift: lo, offset });
}

/**
 * Normal numbers by Box and Muller, the same to 2e-6 on every backend and the same bits on one.
 *
 * @param streams - one stream, or a list of P for a population
 * @param shape - shape drawn from each stream
 * @returns `[...shape]`, or `[P, ...shape]` for a list
 * @throws ArgumentError if `offset` is not a non-negative multiple of 4
 */
export function normal(
  streams: Stream | readonly Stream[],
  shape: readonly number[],
  options: NormalOptions = {},
): Tensor {
  const { mean = 0, std = 1, offset = 0 } = options;
  return draw("normal", streams, shape, { law: "normal", scale: std, shift: mean, offset });
}

/** The first `n` numbers of `uniform(stream, [n])` as an array, without a tensor. */
export function uniformArray(from: Stream, n: number): Float32Array {
  return philoxArray({
    seeds: [pair(from)],
    count: n,
    law: "uniform",
    offset: 0,
    scale: 1,
    shift: 0,
  });
}

/** The first `n` numbers of `normal(stream, [n])` as an array, without a tensor. */
export function normalArray(from: Stream, n: number): Float32Array {
  return philoxArray({
    seeds: [pair(from)],
    count: n,
    law: "normal",
    offset: 0,
    scale: 1,
    shift: 0,
  });
}

function pair({ seed, substream }: Stream): readonly [number, number] {
  return [seed, substream];
}

function isList(streams: Stream | readonly Stream[]): streams is readonly Stream[] {
  return Array.isArray(streams);
}

function draw(
  where: string,
  streams: Stream | readonly Stream[],
  shape: readonly number[],
  attrs: Pick<PhiloxAttrs, "law" | "scale" | "shift" | "offset">,
): Tensor {
  if (!Number.isSafeInteger(attrs.offset) || attrs.offset < 0 || attrs.offset % 4 !== 0) {
    throw new ArgumentError(
      `${where}: argument \`offset\` must be a non-negative multiple of 4, but is ${String(attrs.offset)}.`,
    );
  }
  const list = isList(streams) ? streams : [streams];
  const full = isList(streams) ? [list.length, ...shape] : shape;
  return philox({ seeds: list.map(pair), shape: full, ...attrs });
}
