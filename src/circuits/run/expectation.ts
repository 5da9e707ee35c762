// Expectation values and variances of observables, over populations and batches, by any of the paths.

import * as tf from "@tensorflow/tfjs";
import { circuitExpectation, pauliWord } from "../../../kernels/circuit/index.js";
import { ArgumentError } from "../../errors.js";
import { readLetters, readoutOf, type ReadoutError } from "../noise/readout.js";
import { collected, squared, termsOf, traceless, type Observable, type WholeTerm } from "../observables.js"; // prettier-ignore
import { compile } from "../program/compile.js";
import { tables } from "../program/tables.js";
import { differentiableExpectation } from "./autograd.js";
import { denseExpectation } from "./dense.js";
import { densityExpectation } from "./density.js";
import { plan } from "./explain.js";
import { heisenbergExpectation } from "./heisenberg.js";
import { canonical, type Canonical, type Inputs } from "./inputs.js";
import { checkBytes, DEFAULT_MAX_BYTES, type Path, type RunOptions } from "./path.js";
import type { CircuitData } from "../circuit.js";
import type { Tensor } from "@tensorflow/tfjs";

/** What {@link expectation} takes: numbers for the circuit, what is measured, and how it is run. */
export type ExpectationOptions = Inputs &
  RunOptions & {
    readonly observables: readonly Observable[];
    /** Errors of reading bits, each word measured in its own basis. Default: none. */
    readonly readout?: ReadoutError;
  };

/** Observables as one product: words, and the weight of each in each observable. */
export type Weighted = {
  readonly words: readonly string[];
  readonly weights: readonly (readonly number[])[];
};

/** Sums as words and weights. */
export function weighted(sums: readonly (readonly WholeTerm[])[]): Weighted {
  const words = [...new Set(sums.flatMap((terms) => terms.map(({ word }) => word)))];
  const weights = words.map((word) =>
    sums.map((terms) => terms.find((term) => term.word === word)?.coefficient ?? 0),
  );
  return { words, weights };
}

function isIdentity(weights: Weighted["weights"]): boolean {
  return weights.every(
    (row, i) => row.length === weights.length && row.every((w, j) => w === (i === j ? 1 : 0)),
  );
}

/** `[P, B, words]` times the weights `[words, m]`. */
export function combined(values: Tensor, weights: Weighted["weights"]): Tensor {
  if (isIdentity(weights)) return values;
  const [P, B, words] = values.shape as [number, number, number];
  const m = weights[0]?.length ?? 0;
  const matrix = tf.tensor2d(weights as number[][], [words, m]);
  return tf.reshape(tf.matMul(tf.reshape(values, [P * B, words]), matrix), [P, B, m]);
}

/** `⟨P_w⟩` for each word by a path, `[P, B, words]`. */
function wordValues(
  circuit: CircuitData,
  inputs: Canonical,
  words: readonly string[],
  path: Path,
): Tensor {
  if (path === "heisenberg") return heisenbergExpectation(circuit, inputs, words);
  if (path === "dense") return denseExpectation(circuit, inputs, words);
  if (path === "density") return densityExpectation(circuit, inputs, words);
  const { program, ...extra } = compile(circuit, { globalPhase: false });
  const given = { ...tables(extra, inputs.symbols), initial: inputs.initial };
  const masks = words.map(pauliWord);
  if (path === "auto") return differentiableExpectation(given, program, masks);
  return circuitExpectation(given, program, masks, path);
}

function checkObservables(where: string, observables: readonly Observable[]): void {
  if (observables.length > 0) return;
  throw new ArgumentError(
    `${where}: argument \`observables\` must have at least one, but is empty. For example ["ZI", "IZ"].`,
  );
}

/** The terms of an observable, as they are read. */
export function readTerms(
  where: string,
  observable: Observable,
  wires: number,
  readout?: ReadoutError,
): readonly WholeTerm[] {
  const terms = termsOf(where, observable, wires);
  if (readout === undefined) return terms;
  const errors = readoutOf(readout, wires);
  return collected(
    terms.flatMap(({ coefficient, word }) =>
      readLetters(word, errors).map((own) => ({
        ...own,
        coefficient: own.coefficient * coefficient,
      })),
    ),
    wires,
  );
}

/** Expectation values of sums, `[P?, ...batch, sums]`. */
export function measured(
  where: string,
  circuit: CircuitData,
  options: Inputs & RunOptions,
  sums: readonly (readonly WholeTerm[])[],
): Tensor {
  const inputs = canonical(where, circuit, options);
  const { words, weights } = weighted(sums);
  const { bytes, path } = plan(where, circuit, inputs, words, options.path ?? "auto");
  checkBytes(where, path, bytes, options.maxBytes ?? DEFAULT_MAX_BYTES);
  const own = path === "fused" && (options.path ?? "auto") === "auto" ? "auto" : path;
  const values = combined(wordValues(circuit, inputs, words, own), weights);
  return tf.reshape(values, [...inputs.lead, sums.length]);
}

/**
 * Expectation values `⟨O⟩` of observables in the state that a circuit makes.
 *
 * @param circuit - n wires
 * @param options - numbers for its parameters and features, the observables, and how it is run
 * @returns `[P?, ...batch, m]` for m observables; derivatives of any order but on path `fused`, which has the first
 * @throws ShapeError, ArgumentError
 * @example
 * const f = expectation(circuit, { parameters, features, observables: ["ZIII", "IZII"] });
 */
export function expectation(circuit: CircuitData, options: ExpectationOptions): Tensor {
  const { observables, readout } = options;
  checkObservables("expectation", observables);
  const sums = observables.map((own) => readTerms("expectation", own, circuit.wires, readout));
  return tf.tidy(() => measured("expectation", circuit, options, sums));
}

/**
 * Variances `⟨O²⟩ − ⟨O⟩²` of observables.
 *
 * @returns `[P?, ...batch, m]`
 * @throws ShapeError, ArgumentError
 */
export function variance(
  circuit: CircuitData,
  options: Omit<ExpectationOptions, "readout">,
): Tensor {
  const { observables } = options;
  const { wires } = circuit;
  checkObservables("variance", observables);
  const sums = observables.map((own) => traceless(termsOf("variance", own, wires), wires));
  const squares = sums.map((own) => squared(own, wires));
  return tf.tidy(() => {
    const both = measured("variance", circuit, options, [...sums, ...squares]);
    const [means, meanSquares] = tf.split(both, 2, -1);
    return tf.sub(meanSquares!, tf.square(means!));
  });
}
