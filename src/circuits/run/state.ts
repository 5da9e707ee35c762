// States and what is read off them: amplitudes, probabilities, density and reduced density matrices, purity, entropies.

import * as tf from "@tensorflow/tfjs";
import { checkWires } from "../checks.js";
import { checkChoice } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { mapParts, matMul, squaredModulus, type Complex } from "../../complex/index.js";
import { eigenvalues } from "../../linalg/index.js";
import { canonical, type Canonical, type Inputs } from "./inputs.js";
import {
  checkBytes,
  checkPure,
  checkPath,
  checkWiresOfRun,
  DEFAULT_MAX_BYTES,
  type RunOptions,
} from "./path.js";
import { hasChannels } from "../derived.js";
import { misread, readoutOf, type ReadoutError } from "../noise/readout.js";
import { checkDensityWires, densityBytes, pauliVector } from "./density.js";
import {
  vectorMatrix,
  vectorOnWires,
  vectorProbabilities,
  wiresInFront,
} from "./density-readout.js";
import { finalStates } from "./states.js";
import { sizeOf } from "../source.js";
import type { CircuitData } from "../circuit.js";
import type { Tensor } from "@tensorflow/tfjs";

/**
 * Options of what is read off states. Paths: `auto` and `fused` run the kernel, `composed` tf operations, `density`,
 * and with channels `auto`, mixed states.
 */
export type StateOptions = Inputs & RunOptions;

/** Options with the wires that are kept, by default all. */
export type WiresOptions = StateOptions & { readonly wires?: readonly number[] };

/** Options of {@link probabilities}. */
export type ProbabilitiesOptions = WiresOptions & {
  /** Errors of reading bits. Default: none. */
  readonly readout?: ReadoutError;
};

/** A state in canonical shape, with what it was made of. */
type Run = { readonly psi: Complex; readonly inputs: Canonical };

/** Number of states of a run. */
function rowsOf({ population, batch }: Canonical): number {
  return (population ?? 1) * sizeOf(batch);
}

/** Whether a run has mixed states: those of channels, or where they are asked for. */
function isMixed(circuit: CircuitData, { path = "auto" }: StateOptions): boolean {
  return path === "density" || (path === "auto" && hasChannels(circuit));
}

/** Words of some wires of a mixed state `[R, 4^k]`. */
function mixedRun(
  where: string,
  circuit: CircuitData,
  wires: readonly number[],
  options: StateOptions,
): { readonly words: Tensor; readonly inputs: Canonical } {
  checkDensityWires(where, circuit.wires);
  const inputs = canonical(where, circuit, options);
  const rows = rowsOf(inputs);
  checkBytes(where, "density", densityBytes(circuit, rows), options.maxBytes ?? DEFAULT_MAX_BYTES);
  const r = tf.reshape(pauliVector(circuit, inputs), [rows, 4 ** circuit.wires]);
  return { words: vectorOnWires(r, wires, circuit.wires), inputs };
}

function run(where: string, circuit: CircuitData, options: StateOptions): Run {
  const { path = "auto", maxBytes = DEFAULT_MAX_BYTES } = options;
  checkPath(where, path);
  checkPure(where, circuit, path);
  checkWiresOfRun(where, circuit.wires);
  if (path === "heisenberg" || path === "dense" || path === "density") {
    throw new ArgumentError(
      `${where}: argument \`path\` must be "auto", "fused" or "composed" for a state, but is "${path}".`,
    );
  }
  const inputs = canonical(where, circuit, options);
  const rows = rowsOf(inputs);
  checkBytes(where, path, 16 * rows * 2 ** circuit.wires, maxBytes);
  const psi = finalStates(circuit, inputs, path === "composed" ? "composed" : "fused");
  return { psi, inputs };
}

function shaped(x: Complex, lead: readonly number[], tail: readonly number[]): Complex {
  return mapParts(x, (part) => tf.reshape(part, [...lead, ...tail]));
}

/**
 * The final states, global phase included.
 *
 * @returns `[P?, ...batch, N]`, wire 0 the most significant bit of the index
 * @throws ShapeError, ArgumentError
 */
export function state(circuit: CircuitData, options: StateOptions = {}): Complex {
  return tf.tidy(() => {
    const { psi, inputs } = run("state", circuit, options);
    return shaped(psi, inputs.lead, [2 ** circuit.wires]);
  });
}

/** The listed wires, checked. */
function kept(where: string, circuit: CircuitData, wires?: readonly number[]): readonly number[] {
  const all = Array.from({ length: circuit.wires }, (_, q) => q);
  if (wires === undefined) return all;
  checkWires(where, "argument `wires`", wires, circuit.wires);
  return wires;
}

/** States as rows with the listed wires in front. */
function arranged({ psi }: Run, wires: readonly number[], n: number): Complex {
  return mapParts(psi, (part) => wiresInFront(tf.reshape(part, [-1, 2 ** n]), wires, n, 2));
}

/**
 * Probabilities of the basis states of some wires.
 *
 * @returns `[P?, ...batch, 2^k]`, wires in the listed order, the first the most significant
 * @throws ShapeError, ArgumentError
 */
export function probabilities(circuit: CircuitData, options: ProbabilitiesOptions = {}): Tensor {
  const wires = kept("probabilities", circuit, options.wires);
  const errors = options.readout && readoutOf(options.readout, circuit.wires);
  return tf.tidy(() => {
    const { p, inputs } = rowProbabilities(circuit, wires, options);
    const onWires = errors && wires.map((wire) => errors[wire]!);
    const read = onWires === undefined || p.size === 0 ? p : misread(p, onWires);
    return tf.reshape(read, [...inputs.lead, 2 ** wires.length]);
  });
}

/** The inputs of a run that has no samples, or null: tfjs fails on axes of size 0. */
function emptyRun(where: string, circuit: CircuitData, options: StateOptions): Canonical | null {
  const inputs = canonical(where, circuit, options);
  return rowsOf(inputs) === 0 ? inputs : null;
}

/** Probabilities of some wires, `[R, 2^k]`. */
function rowProbabilities(
  circuit: CircuitData,
  wires: readonly number[],
  options: StateOptions,
): { readonly p: Tensor; readonly inputs: Canonical } {
  const empty = emptyRun("probabilities", circuit, options);
  if (empty !== null) return { p: tf.zeros([0, 2 ** wires.length]), inputs: empty };
  if (isMixed(circuit, options)) {
    const { words, inputs } = mixedRun("probabilities", circuit, wires, options);
    return { p: vectorProbabilities(words, wires.length), inputs };
  }
  const own = run("probabilities", circuit, options);
  const p = tf.sum(squaredModulus(arranged(own, wires, circuit.wires)), -1);
  return { p, inputs: own.inputs };
}

/** Most wires of a density matrix: it has 4^k entries. */
const MOST_DENSITY_WIRES = 10;

function emptyMatrices(size: number): Complex {
  return { re: tf.zeros([0, size, size]), im: tf.zeros([0, size, size]) };
}

function reducedMatrix(
  where: string,
  circuit: CircuitData,
  options: WiresOptions,
): { readonly rho: Complex; readonly inputs: Canonical } {
  const wires = kept(where, circuit, options.wires);
  if (wires.length > MOST_DENSITY_WIRES) {
    throw new ArgumentError(`${where}: argument \`wires\` must be at most ${MOST_DENSITY_WIRES} wires, but are ${wires.length}.`); // prettier-ignore
  }
  const empty = emptyRun(where, circuit, options);
  if (empty !== null) return { rho: emptyMatrices(2 ** wires.length), inputs: empty };
  if (isMixed(circuit, options)) {
    const { words, inputs } = mixedRun(where, circuit, wires, options);
    return { rho: vectorMatrix(words, wires.length), inputs };
  }
  const own = run(where, circuit, options);
  const A = arranged(own, wires, circuit.wires);
  return { inputs: own.inputs, rho: matMul(A, A, { adjointB: true }) };
}

/**
 * The density matrices of some wires, the others traced out.
 *
 * @returns `[P?, ...batch, 2^k, 2^k]`, wires in the listed order
 * @throws ShapeError, ArgumentError
 */
export function reduced(circuit: CircuitData, options: WiresOptions = {}): Complex {
  return tf.tidy(() => {
    const { rho, inputs } = reducedMatrix("reduced", circuit, options);
    return shaped(rho, inputs.lead, rho.re.shape.slice(-2));
  });
}

/** `ρ` of all wires, `|ψ⟩⟨ψ|` without channels, `[P?, ...batch, N, N]`. */
export function density(circuit: CircuitData, options: StateOptions = {}): Complex {
  return reduced(circuit, options);
}

/**
 * `Tr ρ² = Σ |ρ_ij|²` of some wires; derivatives of any order on path `composed`.
 *
 * @returns `[P?, ...batch]`
 * @throws ShapeError, ArgumentError
 */
export function purity(circuit: CircuitData, options: WiresOptions = {}): Tensor {
  return tf.tidy(() => {
    const { rho, inputs } = reducedMatrix("purity", circuit, options);
    if (rho.re.size === 0) return tf.zeros([...inputs.lead]);
    return tf.reshape(tf.sum(squaredModulus(rho), [-2, -1]), [...inputs.lead]);
  });
}

/** Options of {@link entropy}. */
export type EntropyOptions = WiresOptions & {
  /** Of the logarithm. Default e. */
  readonly base?: number;
  /** `vonNeumann`: first derivatives; `renyi2`: −log purity, derivatives of any order. Default `vonNeumann`. */
  readonly kind?: "vonNeumann" | "renyi2";
};

/** Populations below this count as this: the slope of x log x is infinite at 0. */
const LEAST_POPULATION = 1e-12;

/** `−Σ p log p`. */
function shannon(p: Tensor): Tensor {
  const safe = tf.maximum(p, LEAST_POPULATION);
  return tf.neg(tf.sum(tf.mul(safe, tf.log(safe)), -1));
}

/** Eigenvalues of matrices of one wire by the length of the Bloch vector. */
function qubitPopulations(rho: Complex): Tensor {
  const entry = (part: Tensor, i: number, j: number): Tensor =>
    tf.reshape(tf.slice(part, [0, i, j], [part.shape[0], 1, 1]), [-1, 1]);
  const z = tf.sub(entry(rho.re, 0, 0), entry(rho.re, 1, 1));
  const across = tf.add(tf.square(entry(rho.re, 0, 1)), tf.square(entry(rho.im, 0, 1)));
  const r = tf.sqrt(tf.add(tf.square(z), tf.add(tf.mul(4, across), LEAST_POPULATION)));
  return tf.mul(0.5, tf.concat([tf.add(1, r), tf.sub(1, r)], 1));
}

/**
 * The entropy of some wires: how entangled they are with the others.
 *
 * @returns `[P?, ...batch]`, from 0 for products to k log 2, in nats unless `base` says otherwise
 * @throws ShapeError, ArgumentError
 */
export function entropy(circuit: CircuitData, options: EntropyOptions = {}): Tensor {
  const { base = Math.E, kind = "vonNeumann" } = options;
  checkChoice("entropy", "kind", kind, ["vonNeumann", "renyi2"]);
  if (!(base > 1)) {
    throw new ArgumentError(`entropy: argument \`base\` must be above 1, but is ${base}.`);
  }
  return tf.tidy(() => {
    const { rho, inputs } = reducedMatrix("entropy", circuit, options);
    if (rho.re.size === 0) return tf.zeros([...inputs.lead]);
    const nats =
      kind === "renyi2"
        ? tf.neg(tf.log(tf.sum(squaredModulus(rho), [-2, -1])))
        : shannon(rho.re.shape.at(-1) === 2 ? qubitPopulations(rho) : eigenvalues(rho));
    return tf.reshape(tf.div(nats, Math.log(base)), [...inputs.lead]);
  });
}
