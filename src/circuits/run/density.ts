// The density path: mixed states as vectors of Pauli expectation values `r_P = tr(P ρ)`, `[P, B, 4^n]`, real, in tf
// operations, differentiable to any order. Words are indices with wire 0 slowest and letters I X Y Z.

import * as tf from "@tensorflow/tfjs";
import type { Angle } from "../../../kernels/circuit/index.js";
import { ArgumentError } from "../../errors.js";
import { matMul, type Complex } from "../../complex/index.js";
import { lettersIndex, type Summand } from "../noise/transfer.js";
import { select, tables } from "../program/tables.js";
import { wordCoefficients } from "./heisenberg.js";
import { bytesText } from "./path.js";
import { sections, type PauliMap } from "./pauli-maps.js";
import type { CircuitData } from "../circuit.js";
import type { Canonical } from "./inputs.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Most wires of the path: one state of 8 is 256 KiB, and every map makes some. */
export const MOST_DENSITY_PATH_WIRES = 8;

/** Throws where the register is too large for the path. */
export function checkDensityWires(where: string, wires: number): void {
  if (wires <= MOST_DENSITY_PATH_WIRES) return;
  throw new ArgumentError(
    `${where}: argument \`circuit\` must have at most ${MOST_DENSITY_PATH_WIRES} wires on path "density", but has ${wires}: one state takes ${bytesText(4 * 4 ** wires)}, and every gate makes several. Use \`trajectories\`.`,
  );
}

/** Bytes of a run on this path with all that a backward pass keeps. */
export function densityBytes(circuit: CircuitData, rows: number): number {
  const copies = sections(circuit)
    .flatMap(({ maps }) => maps)
    .reduce((sum, own) => sum + (own.kind === "rotation" ? 4 : 2 * own.summands.length), 4);
  return 4 * 4 ** circuit.wires * rows * copies;
}

/** Entry `i ^ offset` in the place of i, on the last axis. */
function exchanged(r: Tensor, offset: number): Tensor {
  const [P, B, size] = r.shape as [number, number, number];
  let out = r;
  for (let rest = offset; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    out = tf.reverse(tf.reshape(out, [P * B, size / (2 * bit), 2, bit]), 2);
  }
  return tf.reshape(out, [P, B, size]);
}

function weighted(r: Tensor, { offset, weights }: Summand): Tensor {
  return tf.mul(exchanged(r, offset), tf.tensor1d(weights));
}

type Tables = ReturnType<typeof tables>;

function angleValue({ shared, sample }: Tables, angle: Angle): Tensor {
  const { table, column, factor, offset } = angle;
  if (table === "none") return tf.scalar(offset);
  const one =
    table === "shared"
      ? tf.expandDims(tf.slice(shared, [0, column], [-1, 1]), 1)
      : tf.slice(sample, [0, 0, column], [-1, -1, 1]);
  return tf.add(tf.mul(one, factor), offset);
}

function applied(r: Tensor, map: PauliMap, given: Tables): Tensor {
  if (map.kind === "constant") {
    return map.summands.map((own) => weighted(r, own)).reduce((a, b) => tf.add(a, b));
  }
  const { signs, angle } = map;
  const t = angleValue(given, angle);
  const turning = tf.tensor1d(Float32Array.from(signs.weights, Math.abs));
  const along = tf.mul(tf.mul(r, turning), tf.sub(tf.cos(t), 1));
  return tf.add(r, tf.add(along, tf.mul(weighted(r, signs), tf.sin(t))));
}

/** All words of |0…0⟩: 1 where there are I and Z alone. */
function vacuum(n: number): Tensor {
  let values = [1];
  for (let q = 0; q < n; q++) values = values.flatMap((x) => [x, 0, 0, x]);
  return tf.reshape(tf.tensor1d(values), [1, 1, 4 ** n]);
}

/** All words of pure states `[P or 1, B or 1, N]`. */
function pureVector({ re, im }: Complex, n: number): Tensor {
  const [P, B, N] = re.shape as [number, number, number];
  const column = (part: Tensor): Tensor => tf.reshape(part, [P * B, N, 1]);
  const psi = { re: column(re), im: column(im) };
  const words = wordCoefficients(matMul(psi, psi, { adjointB: true }), n);
  return tf.reshape(tf.mul(words, N), [P, B, 4 ** n]);
}

/** All Pauli expectation values of the final states, `[P, B, 4^n]`. */
export function pauliVector(circuit: CircuitData, inputs: Canonical): Tensor {
  const { symbols, initial } = inputs;
  const [P, B] = [
    Math.max(symbols.parameters.shape[0], symbols.features.shape[0]),
    symbols.features.shape[1]!,
  ];
  const shape = [P, B, 4 ** circuit.wires];
  // Without samples there is nothing to compose, and tfjs fails on axes of size 0.
  if (P * B === 0) return tf.zeros(shape);
  let r = initial === undefined ? vacuum(circuit.wires) : pureVector(initial, circuit.wires);
  for (const { maps, ...extra } of sections(circuit)) {
    const given = tables(extra, symbols);
    for (const map of maps) {
      const before = r;
      r = tf.tidy(() => applied(before, map, given));
      // The tape keeps clones of what it needs.
      before.dispose();
    }
  }
  return r.shape.join() === shape.join() ? r : tf.mul(r, tf.ones(shape));
}

/** `⟨P_w⟩`, `[P, B, words]`. */
export function densityExpectation(
  circuit: CircuitData,
  inputs: Canonical,
  words: readonly string[],
): Tensor {
  return select(pauliVector(circuit, inputs), words.map(lettersIndex));
}
