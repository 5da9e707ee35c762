// Final states of programs in canonical shapes, and the shared part of a circuit as a matrix.

import * as tf from "@tensorflow/tfjs";
import { circuitState } from "../../../kernels/circuit/index.js";
import { compile } from "../program/compile.js";
import { tables } from "../program/tables.js";
import type { CircuitData } from "../circuit.js";
import type { Complex } from "../../complex/index.js";
import type { Canonical } from "./inputs.js";

/** Final states, `[P, B, N]`. */
export function finalStates(
  circuit: CircuitData,
  { symbols, initial }: Pick<Canonical, "symbols" | "initial">,
  method: "fused" | "composed",
  globalPhase = true,
): Complex {
  const { program, ...extra } = compile(circuit, { globalPhase });
  return circuitState({ ...tables(extra, symbols), initial }, program, method);
}

/**
 * The unitary of operations without features, as the states that the basis states become.
 *
 * @returns `[P, N, N]`: row k is the image of basis state k, so this is the transpose of the matrix
 */
export function basisImages(
  circuit: CircuitData,
  parameters: tf.Tensor,
  method: "fused" | "composed",
): Complex {
  const N = 2 ** circuit.wires;
  const eye = tf.reshape(tf.eye(N), [1, N, N]);
  const initial = { re: eye, im: tf.zerosLike(eye) };
  const symbols = { parameters, features: tf.zeros([1, N, circuit.features]) };
  return finalStates(circuit, { symbols, initial }, method, false);
}
