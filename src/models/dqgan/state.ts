// The state of a training: tensors by name, how they begin, and from snapshots.

import * as tf from "@tensorflow/tfjs";
import { factor } from "../../learning/per-replica.js";
import { normal, stream } from "../../random.js";
import { perReplica } from "../population.js";
import { namedOptimizer, restore, restoreOptimizer } from "../snapshots.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Optimizer, OptimizerState } from "../../learning/optimizer.js";
import type { Snapshot } from "../model.js";
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
    const std = config.model.initialStd;
    if (typeof std === "number") return normal(streams, shape.slice(1), { std });
    return tf.mul(normal(streams, shape.slice(1)), factor(std, shape.length));
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
export function named(state: DqganState): Record<string, Tensor> {
  return {
    generator: state.generator,
    discriminator: state.discriminator,
    average: state.average,
    ...namedOptimizer("generator", state.generatorOptimizer),
    ...namedOptimizer("discriminator", state.discriminatorOptimizer),
  };
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
  const part = (prefix: "generator" | "discriminator"): OptimizerState =>
    restoreOptimizer("train", snapshot, prefix, optimizer, shapes[prefix]);
  return {
    generator: of("generator", shapes.generator),
    discriminator: of("discriminator", shapes.discriminator),
    average: of("average", shapes.generator),
    generatorOptimizer: part("generator"),
    discriminatorOptimizer: part("discriminator"),
  };
}
