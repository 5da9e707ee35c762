// The state of a training: tensors by name, how they begin, and to and from snapshots.

import * as tf from "@tensorflow/tfjs";
import { shapeText } from "../../checks.js";
import { DataError } from "../../errors.js";
import { initialDense } from "../../learning/dense.js";
import { stream } from "../../random.js";
import { criticOf } from "./critic.js";
import { generatorOf, initialGenerator } from "./generator.js";
import { perReplica } from "../population.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Optimizer, OptimizerState } from "../../learning/optimizer.js";
import type { Snapshot, SnapshotTensor } from "../model.js";
import type { HybridConfig } from "./config.js";

/** Parameters, optimiser states and the moving average; every tensor is `[P, K]`. */
export type HybridState = {
  readonly generator: Tensor;
  readonly critic: Tensor;
  /** Moving average of the generator; the same values as `generator` where there is none. */
  readonly average: Tensor;
  readonly generatorOptimizer: OptimizerState;
  readonly criticOptimizer: OptimizerState;
};

/** Shapes of the parameters for data of d columns. */
function shapesOf(
  { replicas, model }: HybridConfig,
  d: number,
): { generator: number[]; critic: number[] } {
  return {
    generator: [replicas, generatorOf(model, d).count],
    critic: [replicas, criticOf(model, d).count],
  };
}

/** The state before the first step, each replica from its own seed. */
export function initialState(config: HybridConfig, d: number, optimizer: Optimizer): HybridState {
  const shapes = shapesOf(config, d);
  const streams = (event: number): ReturnType<typeof stream>[] =>
    perReplica(config, (seed) => stream(seed, "initialParameters", event));
  const generator = initialGenerator(generatorOf(config.model, d), streams(0));
  return {
    generator,
    critic: initialDense(streams(1), d, config.model.hidden),
    average: tf.clone(generator),
    generatorOptimizer: optimizer.init(shapes.generator),
    criticOptimizer: optimizer.init(shapes.critic),
  };
}

/** The tensors of a state under the names that snapshots use. */
function named(state: HybridState): Record<string, Tensor> {
  const prefixed = (prefix: string, part: OptimizerState): [string, Tensor][] =>
    Object.entries(part).map(([name, tensor]) => [`${prefix}.${name}`, tensor]);
  return {
    generator: state.generator,
    critic: state.critic,
    average: state.average,
    ...Object.fromEntries(prefixed("generator", state.generatorOptimizer)),
    ...Object.fromEntries(prefixed("critic", state.criticOptimizer)),
  };
}

/** Copies a state to the host. */
export async function takeSnapshot(state: HybridState, step: number): Promise<Snapshot> {
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

/** What is evaluated and sampled: the averages of the generators and the critics, `[P, K]` each. */
export type Trained = { readonly generators: Tensor; readonly critics: Tensor };

/** The generators and critics of a snapshot. Call it inside `tf.tidy`. */
export function restoreTrained(
  where: string,
  snapshot: Snapshot,
  config: HybridConfig,
  d: number,
): Trained {
  const shapes = shapesOf(config, d);
  return {
    generators: restore(where, snapshot, "average", shapes.generator),
    critics: restore(where, snapshot, "critic", shapes.critic),
  };
}

/** The state that a snapshot holds. Call it inside `tf.tidy`: a snapshot may fit in part. */
export function restoreState(
  snapshot: Snapshot,
  config: HybridConfig,
  d: number,
  optimizer: Optimizer,
): HybridState {
  const shapes = shapesOf(config, d);
  const of = (name: string, shape: readonly number[]): Tensor =>
    restore("train", snapshot, name, shape);
  const part = (prefix: "generator" | "critic"): OptimizerState => {
    const names = Object.keys(optimizer.init(shapes[prefix]));
    return Object.fromEntries(names.map((name) => [name, of(`${prefix}.${name}`, shapes[prefix])]));
  };
  return {
    generator: of("generator", shapes.generator),
    critic: of("critic", shapes.critic),
    average: of("average", shapes.generator),
    generatorOptimizer: part("generator"),
    criticOptimizer: part("critic"),
  };
}
