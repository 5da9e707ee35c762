// What a device would give: outcomes of single runs, drawn from addressable streams, their counts, and estimates of
// observables from them.

import { checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { MAX_EVENT, stream, uniformArray } from "../../random.js";
import { gate, type Operation } from "../operation.js";
import { groupTerms, termsOf, type MeasurementGroup, type Observable } from "../observables.js";
import { popcount } from "../pauli.js";
import { withOperations } from "./prefix.js";
import { probabilities, type ProbabilitiesOptions } from "./state.js";
import type { ReadoutError } from "../noise/readout.js";
import { canonical, type Inputs } from "./inputs.js";
import * as tf from "@tensorflow/tfjs";
import type { CircuitData } from "../circuit.js";
import type { RunOptions } from "./path.js";
import type { Tensor } from "@tensorflow/tfjs";

/** How outcomes are drawn. */
export type ShotOptions = {
  /** Outcomes of each sample. */
  readonly shots: number;
  /** Seed of the streams; replica p draws from `seed + p`. */
  readonly seed: number;
  /** Which use of the seed, for example the training step. Default 0. */
  readonly event?: number;
};

/** Options of {@link samples} and {@link counts}. */
export type SampleOptions = ProbabilitiesOptions & ShotOptions;

/** How often each outcome was seen, by its bits, first listed wire first. */
export type Counts = Readonly<Record<string, number>>;

function checkShots(where: string, { shots, seed, event = 0 }: ShotOptions): void {
  checkInteger(where, "shots", shots, 1, 2 ** 31 - 1);
  checkInteger(where, "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  checkInteger(where, "event", event, 0, MAX_EVENT);
}

/** The first place whose cumulative probability is above u; the last one counts as 1. */
function place(cumulative: Float64Array, u: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

function cumulated(p: Float32Array): Float64Array {
  const sums = new Float64Array(p.length);
  let total = 0;
  p.forEach((x, k) => (sums[k] = total += x));
  // Probabilities in float32 do not add up to 1 exactly.
  return sums.map((x) => x / total);
}

/** Outcomes of all samples as basis indices, row after row; replica p of `replicas` uses the stream of `seed + p`. */
function draw(
  p: Float32Array,
  outcomes: number,
  replicas: number,
  { shots, seed, event = 0 }: ShotOptions,
): Int32Array {
  const rows = p.length / outcomes;
  const perReplica = rows / replicas;
  const out = new Int32Array(rows * shots);
  for (let replica = 0; replica < replicas; replica++) {
    const u = uniformArray(stream(seed + replica, "shots", event), perReplica * shots);
    for (let row = 0; row < perReplica; row++) {
      const at = replica * perReplica + row;
      const cumulative = cumulated(p.subarray(at * outcomes, (at + 1) * outcomes));
      for (let s = 0; s < shots; s++) {
        out[at * shots + s] = place(cumulative, u[row * shots + s]!);
      }
    }
  }
  return out;
}

type Drawn = {
  readonly indices: Int32Array;
  readonly lead: readonly number[];
  readonly wires: number;
};

async function drawn(where: string, circuit: CircuitData, options: SampleOptions): Promise<Drawn> {
  checkShots(where, options);
  const p = probabilities(circuit, options);
  try {
    const lead = p.shape.slice(0, -1);
    const outcomes = p.shape.at(-1)!;
    const values = (await p.data()) as Float32Array;
    const indices = draw(values, outcomes, replicasOf(where, circuit, options), options);
    return { indices, lead, wires: Math.log2(outcomes) };
  } finally {
    p.dispose();
  }
}

function replicasOf(where: string, circuit: CircuitData, inputs: Inputs): number {
  const found = { replicas: 1 };
  tf.tidy(() => {
    found.replicas = canonical(where, circuit, inputs).population ?? 1;
  });
  return found.replicas;
}

/**
 * Outcomes of measuring wires in the basis of Z.
 *
 * @returns int32 `[P?, ...batch, shots, k]`, bits in the order of the listed wires
 * @throws ShapeError, ArgumentError
 */
export async function samples(circuit: CircuitData, options: SampleOptions): Promise<Tensor> {
  const { indices, lead, wires } = await drawn("samples", circuit, options);
  const bits = new Int32Array(indices.length * wires);
  indices.forEach((index, i) => {
    for (let q = 0; q < wires; q++) bits[i * wires + q] = (index >> (wires - 1 - q)) & 1;
  });
  return tf.tensor(bits, [...lead, options.shots, wires], "int32");
}

/**
 * How often each outcome was seen, for each sample: the numbers of {@link samples} with the same seed.
 *
 * @returns a list over all samples, row by row of `[P?, ...batch]`
 * @throws ShapeError, ArgumentError
 */
export async function counts(circuit: CircuitData, options: SampleOptions): Promise<Counts[]> {
  const { indices, wires } = await drawn("counts", circuit, options);
  const rows = indices.length / options.shots;
  return Array.from({ length: rows }, (_, row) => {
    const seen: Record<string, number> = {};
    const own = indices.subarray(row * options.shots, (row + 1) * options.shots);
    for (const index of own) {
      const bits = index.toString(2).padStart(wires, "0");
      seen[bits] = (seen[bits] ?? 0) + 1;
    }
    return seen;
  });
}

/** Options of {@link estimate}. */
export type EstimateOptions = Inputs &
  RunOptions &
  ShotOptions & {
    readonly observable: Observable;
    /** Errors of reading bits. Default: none. */
    readonly readout?: ReadoutError;
  };

/** An observable as shots show it. */
export type Estimate = {
  /** `[P?, ...batch]` */
  readonly mean: Tensor;
  /** Standard error of the mean, from the spread of the shots, `[P?, ...batch]`. */
  readonly standardError: Tensor;
  /** Settings that were measured, with the given number of shots each. */
  readonly settings: readonly string[];
};

/** The gates that turn the letters of a basis into Z: H for X, Sdg and H for Y. */
function basisChange(basis: string): readonly Operation[] {
  return [...basis].flatMap((letter, wire) => {
    if (letter === "X") return [gate("H", wire)];
    return letter === "Y" ? [gate("Sdg", wire), gate("H", wire)] : [];
  });
}

function supportOf(word: string): number {
  return [...word].reduce((bits, letter) => 2 * bits + (letter === "I" ? 0 : 1), 0);
}

/** Mean and squared standard error of a group's sum, for each row of outcomes. */
function statistics(
  indices: Int32Array,
  shots: number,
  { terms }: MeasurementGroup,
): readonly (readonly [mean: number, error2: number])[] {
  const masks = terms.map(({ word, coefficient }) => [supportOf(word), coefficient] as const);
  const value = (index: number): number =>
    masks.reduce((sum, [mask, c]) => sum + (popcount(index & mask) % 2 === 0 ? c : -c), 0);
  return Array.from({ length: indices.length / shots }, (_, row) => {
    let [sum, squares] = [0, 0];
    for (const index of indices.subarray(row * shots, (row + 1) * shots)) {
      const x = value(index);
      sum += x;
      squares += x * x;
    }
    const mean = sum / shots;
    return [mean, Math.max(0, squares / shots - mean * mean) / Math.max(1, shots - 1)];
  });
}

/**
 * An observable from shots: one setting for each group of terms that commute wire by wire, each with its own shots.
 *
 * @throws ShapeError, ArgumentError
 */
export async function estimate(circuit: CircuitData, options: EstimateOptions): Promise<Estimate> {
  checkShots("estimate", options);
  const groups = groupTerms(termsOf("estimate", options.observable, circuit.wires));
  const { event = 0 } = options;
  const totals: [number, number][] = [];
  let lead: readonly number[] = [];
  for (const [g, group] of groups.entries()) {
    const operations = [...circuit.operations, ...basisChange(group.basis)];
    const turned = { ...circuit, ...withOperations(circuit, operations) };
    const own = await drawn("estimate", turned, { ...options, event: event * groups.length + g });
    lead = own.lead;
    statistics(own.indices, options.shots, group).forEach(([mean, error2], row) => {
      const [m, e] = totals[row] ?? [0, 0];
      totals[row] = [m + mean, e + error2];
    });
  }
  const tensor = (values: number[]): Tensor => tf.tensor(values, [...lead], "float32");
  return {
    mean: tensor(totals.map(([mean]) => mean)),
    standardError: tensor(totals.map(([, error2]) => Math.sqrt(error2))),
    settings: groups.map(({ basis }) => basis),
  };
}

/**
 * Throws where amplitudes that a circuit prepares have no norm, or another than 1 and are not normalised. Runs cannot
 * read tensors: they answer NaN there.
 *
 * @throws ArgumentError that names the sample
 */
export async function checkAmplitudes(circuit: CircuitData, inputs: Inputs): Promise<void> {
  const { preparation } = circuit;
  if (preparation === undefined) return;
  const norms = tf.tidy(() => {
    const { initial } = canonical("checkAmplitudes", circuit, inputs);
    return tf.sum(tf.add(tf.square(initial!.re), tf.square(initial!.im)), -1);
  });
  const row = (await norms.data()).findIndex((norm) => !Number.isFinite(norm));
  norms.dispose();
  if (row < 0) return;
  const want = preparation.normalize ? "a norm above 0" : "a squared norm of 1 to 1e-5";
  throw new ArgumentError(
    `checkAmplitudes: argument \`features\` must be amplitudes with ${want}, but sample ${row} has not. ${preparation.normalize ? "" : "Use `amplitudeEmbedding({ normalize: true })`."}`.trim(),
  );
}
