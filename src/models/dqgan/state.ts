// The state of a training: tensors by name, how they begin, and to and from snapshots.

import * as tf from "@tensorflow/tfjs";
import { shapeText } from "../../checks.js";
import { DataError } from "../../errors.js";
import { normal, stream } from "../../random.js";
import { perReplica } from "../population.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Optimizer, OptimizerState } from "../../learning/optimizer.js";
import type { Snapshot, SnapshotTensor } from "../model.js";
import type { DqganConfig } from "./config.js";

/** Couplings, optimiser states and the moving average; every tensor starts with the population axis. */
export type DqganState = {
  /** J_G, `[P, d, N, 3, 3]`. */
  readonly generator: Tensor;
  /** J_D, `[P, heads, d, 3, 3]`. */
  readonly discriminator: Tensor;
  /** Moving average of J_G; the same values as `generator` where there is none. */
  readonly average: Tensor;
  readonly generatorOptimizer: OptimizerState;
  readonly discriminatorOptimizer: OptimizerState;
};

/** Shapes of the couplings for data of d columns. */
function couplingShapes(
  config: DqganConfig,
  d: number,
): { generator: number[]; discriminator: number[] } {
  const { inputs, heads } = config.model;
  return {
    generator: [config.replicas, d, inputs, 3, 3],
    discriminator: [config.replicas, heads, d, 3, 3],
  };
}

/** The state before the first step: normal couplings, each replica from its own seed. */
export function initialState(config: DqganConfig, d: number, optimizer: Optimizer): DqganState {
  const shapes = couplingShapes(config, d);
  const draw = (shape: readonly number[], event: number): Tensor => {
    const streams = perReplica(config, (seed) => stream(seed, "initialParameters", event));
    return normal(streams, shape.slice(1), { std: config.model.initialStd });
  };
  const generator = draw(shapes.generator, 0);
  return {
    generator,
    discriminator: draw(shapes.discriminator, 1),
    average: tf.clone(generator),
    generatorOptimizer: optimizer.init(shapes.generator),
    discriminatorOptimizer: optimizer.init(shapes.discriminator),
  };
}

/** The tensors of a state under the names that snapshots use. */
function named(state: DqganState): Record<string, Tensor> {
  const prefixed = (prefix: string, part: OptimizerState): [string, Tensor][] =>
    Object.entries(part).map(([name, tensor]) => [`${prefix}.${name}`, tensor]);
  return {
    generator: state.generator,
    discriminator: state.discriminator,
    average: state.average,
    ...Object.fromEntries(prefixed("generator", state.generatorOptimizer)),
    ...Object.fromEntries(prefixed("discriminator", state.discriminatorOptimizer)),
  };
}

/** Copies a state to the host. */
export async function takeSnapshot(state: DqganState, step: number): Promise<Snapshot> {
  const tensors: Record<string, SnapshotTensor> = {};
  for (const [name, tensor] of Object.entries(named(state))) {
    const values = await tensor.data<"float32">();
    tensors[name] = { shape: tensor.shape, values: values.slice() };
  }
  return { step, tensors };
}

/** A tensor of a snapshot, on the device. */
function restore(
  where: string,
  snapshot: Snapshot,
  name: string,
  shape: readonly number[],
): Tensor {
  const found = snapshot.tensors[name];
  const fits =
    found?.shape.join() === shape.join() &&
    found.values.length === tf.util.sizeFromShape([...shape]);
  if (fits) return tf.tensor(found.values.slice(), [...shape], "float32");
  const kind =
    found === undefined
      ? "it is missing"
      : `it has shape ${shapeText(found.shape)} and ${String(found.values.length)} values`;
  throw new DataError(
    `${where}: tensor \`${name}\` of the snapshot must have shape ${shapeText(shape)}, but ${kind}. The snapshot belongs to another configuration.`,
  );
}

/** The generators that are evaluated and sampled: the moving averages `[P, d, N, 3, 3]` of a snapshot. */
export function restoreGenerators(
  where: string,
  snapshot: Snapshot,
  config: DqganConfig,
  d: number,
): Tensor {
  return restore(where, snapshot, "average", couplingShapes(config, d).generator);
}

/** The state that a snapshot holds. Call it inside `tf.tidy`: a snapshot may fit in part. */
export function restoreState(
  snapshot: Snapshot,
  config: DqganConfig,
  d: number,
  optimizer: Optimizer,
): DqganState {
  const shapes = couplingShapes(config, d);
  const of = (name: string, shape: readonly number[]): Tensor =>
    restore("train", snapshot, name, shape);
  const part = (prefix: "generator" | "discriminator"): OptimizerState => {
    const names = Object.keys(optimizer.init(shapes[prefix]));
    return Object.fromEntries(names.map((name) => [name, of(`${prefix}.${name}`, shapes[prefix])]));
  };
  return {
    generator: of("generator", shapes.generator),
    discriminator: of("discriminator", shapes.discriminator),
    average: of("average", shapes.generator),
    generatorOptimizer: part("generator"),
    discriminatorOptimizer: part("discriminator"),
  };
}
