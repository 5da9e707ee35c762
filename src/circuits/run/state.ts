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
  checkPath,
  checkWiresOfRun,
  DEFAULT_MAX_BYTES,
  type RunOptions,
} from "./path.js";
import { finalStates } from "./states.js";
import { sizeOf } from "../source.js";
import type { CircuitData } from "../circuit.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Options of what is read off states. Paths: `auto` and `fused` run the kernel, `composed` tf operations. */
export type StateOptions = Inputs & RunOptions;

/** Options with the wires that are kept, by default all. */
export type WiresOptions = StateOptions & { readonly wires?: readonly number[] };

/** A state in canonical shape, with what it was made of. */
type Run = { readonly psi: Complex; readonly inputs: Canonical };

function run(where: string, circuit: CircuitData, options: StateOptions): Run {
  const { path = "auto", maxBytes = DEFAULT_MAX_BYTES } = options;
  checkPath(where, path);
  checkWiresOfRun(where, circuit.wires);
  if (path === "heisenberg" || path === "dense") {
    throw new ArgumentError(
      `${where}: argument \`path\` must be "auto", "fused" or "composed" for a state, but is "${path}".`,
    );
  }
  const inputs = canonical(where, circuit, options);
  const rows = (inputs.population ?? 1) * sizeOf(inputs.batch);
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

/** Axes `[R, N]` with the listed wires in front, `[R, 2^k, 2^(n − k)]`. */
export function wiresFirst(part: Tensor, wires: readonly number[], n: number): Tensor {
  const rows = part.shape[0];
  const order = Array.from({ length: n }, (_, q) => q);
  let moved = part;
  for (const wire of [...wires].reverse()) {
    const at = order.indexOf(wire);
    if (at > 0) {
      const split = tf.reshape(moved, [rows, 2 ** at, 2, 2 ** (n - at - 1)]);
      moved = tf.transpose(split, [0, 2, 1, 3]);
    }
    order.splice(at, 1);
    order.unshift(wire);
  }
  return tf.reshape(moved, [rows, 2 ** wires.length, 2 ** (n - wires.length)]);
}

/** States as rows with the listed wires in front. */
function rowsOf({ psi }: Run, wires: readonly number[], n: number): Complex {
  return mapParts(psi, (part) => wiresFirst(tf.reshape(part, [-1, 2 ** n]), wires, n));
}

/**
 * Probabilities of the basis states of some wires.
 *
 * @returns `[P?, ...batch, 2^k]`, wires in the listed order, the first the most significant
 * @throws ShapeError, ArgumentError
 */
export function probabilities(circuit: CircuitData, options: WiresOptions = {}): Tensor {
  const wires = kept("probabilities", circuit, options.wires);
  return tf.tidy(() => {
    const own = run("probabilities", circuit, options);
    const squares = tf.sum(squaredModulus(rowsOf(own, wires, circuit.wires)), -1);
    return tf.reshape(squares, [...own.inputs.lead, 2 ** wires.length]);
  });
}

/** Most wires of a density matrix: it has 4^k entries. */
const MOST_DENSITY_WIRES = 10;

function reducedMatrix(
  where: string,
  circuit: CircuitData,
  options: WiresOptions,
): Run & { readonly rho: Complex } {
  const wires = kept(where, circuit, options.wires);
  if (wires.length > MOST_DENSITY_WIRES) {
    throw new ArgumentError(`${where}: argument \`wires\` must be at most ${MOST_DENSITY_WIRES} wires, but are ${wires.length}.`); // prettier-ignore
  }
  const own = run(where, circuit, options);
  const A = rowsOf(own, wires, circuit.wires);
  return { ...own, rho: matMul(A, A, { adjointB: true }) };
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

/** `|ψ⟩⟨ψ|` of all wires, `[P?, ...batch, N, N]`. */
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
    const nats =
      kind === "renyi2"
        ? tf.neg(tf.log(tf.sum(squaredModulus(rho), [-2, -1])))
        : shannon(rho.re.shape.at(-1) === 2 ? qubitPopulations(rho) : eigenvalues(rho));
    return tf.reshape(tf.div(nats, Math.log(base)), [...inputs.lead]);
  });
}
