// The circuits of the generator: from angles of each sample, and trainable ones, to ⟨Z⟩ of the first d qubits.

import * as tf from "@tensorflow/tfjs";
import * as qc from "../../circuits/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Circuit } from "../../circuits/index.js";
import type { ModelConfig } from "./config.js";

/**
 * The circuit of the author's notebook, without a trainable gate:
 * `⟨Z₀⟩ = sin(a)/√2 − cos(a) cos(b)/2`, `⟨Z₁⟩ = −cos(a) sin(b)/2` for the angles a, b.
 */
function notebook(): Circuit {
  return qc
    .circuit(2)
    .append(qc.angleEmbedding("X"), qc.features(0, 2))
    .append([
      qc.gate("RY", 0, Math.PI / 4),
      qc.gate("RX", 1, Math.PI / 2),
      qc.gate("CNOT", [0, 1]),
      qc.gate("RY", 1, Math.PI / 4),
      qc.gate("RX", 0, Math.PI / 2),
      qc.gate("CNOT", [1, 0]),
    ]);
}

/** The generator's circuit: one feature a qubit, trainable angles in one or more blocks. */
export function circuitOf({ ansatz, qubits, layers }: ModelConfig): Circuit {
  if (ansatz === "notebook") return notebook();
  const angles = qc.features(0, qubits);
  if (ansatz === "reuploading")
    return qc
      .circuit(qubits)
      .append(qc.dataReuploading({ layers }), angles, qc.parameters("scale"), qc.parameters());
  const trainable = {
    rotations: qc.rotationsAndRing,
    stronglyEntangling: qc.stronglyEntangling,
    hardwareEfficient: qc.hardwareEfficient,
  }[ansatz];
  return qc
    .circuit(qubits)
    .append(qc.angleEmbedding("X"), angles)
    .append(trainable({ layers }), qc.parameters());
}

/** The words whose expectation values are the columns: Z on each of the first d qubits. */
export function observables(qubits: number, d: number): string[] {
  return Array.from({ length: d }, (_, c) => "I".repeat(c) + "Z" + "I".repeat(qubits - c - 1));
}

/** Trainable angles `[P, count]` by the blocks of a circuit; none for a circuit without. */
export function blocksOf(circuit: Circuit, angles: Tensor): Record<string, Tensor> | undefined {
  if (circuit.parameters.length === 0) return undefined;
  let at = 0;
  const blocks = circuit.parameters.map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const cut = tf.slice(angles, [0, at], [angles.shape[0], size]);
    at += size;
    return [name, tf.reshape(cut, [angles.shape[0], ...shape])] as const;
  });
  return Object.fromEntries(blocks);
}
