// Tensors to and from snapshots. Knows no model.

import * as tf from "@tensorflow/tfjs";
import { shapeText } from "../checks.js";
import { DataError } from "../errors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Optimizer, OptimizerState } from "../learning/optimizer.js";
import type { Snapshot, SnapshotTensor } from "./model.js";

/** Copies named tensors to the host. */
export async function takeSnapshot(
  named: Readonly<Record<string, Tensor>>,
  step: number,
): Promise<Snapshot> {
  const tensors: Record<string, SnapshotTensor> = {};
  for (const [name, tensor] of Object.entries(named)) {
    const values = await tensor.data<"float32">();
    tensors[name] = { shape: tensor.shape, values: values.slice() };
  }
  return { step, tensors };
}

/**
 * The values of a tensor of a snapshot, which are not copied.
 *
 * @param where - the function that was called, for errors
 * @throws DataError if it is missing or has another shape
 */
export function storedValues(
  where: string,
  snapshot: Snapshot,
  name: string,
  shape: readonly number[],
): Float32Array {
  const found = snapshot.tensors[name];
  const size = shape.reduce((a, b) => a * b, 1);
  if (found?.shape.join() === shape.join() && found.values.length === size) return found.values;
  const kind =
    found === undefined
      ? "it is missing"
      : `it has shape ${shapeText(found.shape)} and ${String(found.values.length)} values`;
  throw new DataError(
    `${where}: tensor \`${name}\` of the snapshot must have shape ${shapeText(shape)}, but ${kind}. The snapshot belongs to another configuration.`,
  );
}

/** A tensor of a snapshot, on the device. */
export function restore(
  where: string,
  snapshot: Snapshot,
  name: string,
  shape: readonly number[],
): Tensor {
  return tf.tensor(storedValues(where, snapshot, name, shape).slice(), [...shape], "float32");
}

/** The tensors of an optimiser's state under the names that snapshots use. */
export function namedOptimizer(prefix: string, state: OptimizerState): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => [`${prefix}.${name}`, tensor]),
  );
}

/** The state of an optimiser of parameters of a shape, from a snapshot. */
export function restoreOptimizer(
  where: string,
  snapshot: Snapshot,
  prefix: string,
  optimizer: Optimizer,
  shape: readonly number[],
): OptimizerState {
  const names = Object.keys(optimizer.init(shape));
  return Object.fromEntries(
    names.map((name) => [name, restore(where, snapshot, `${prefix}.${name}`, shape)]),
  );
}
