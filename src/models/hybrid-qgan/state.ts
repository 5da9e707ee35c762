// The state of a training: tensors by name, how they begin, and from snapshots.

import * as tf from "@tensorflow/tfjs";
import { initialDense } from "../../learning/dense.js";
import { stream } from "../../random.js";
import { criticOf } from "./critic.js";
import { generatorOf, initialGenerator } from "./generator.js";
import { perReplica } from "../population.js";
import { namedOptimizer, restore, restoreOptimizer } from "../snapshots.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Optimizer, OptimizerState } from "../../learning/optimizer.js";
import type { Snapshot } from "../model.js";
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
export function named(state: HybridState): Record<string, Tensor> {
  return {
    generator: state.generator,
    critic: state.critic,
    average: state.average,
    ...namedOptimizer("generator", state.generatorOptimizer),
    ...namedOptimizer("critic", state.criticOptimizer),
  };
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
  const part = (prefix: "generator" | "critic"): OptimizerState =>
    restoreOptimizer("train", snapshot, prefix, optimizer, shapes[prefix]);
  return {
    generator: of("generator", shapes.generator),
    critic: of("critic", shapes.critic),
    average: of("average", shapes.generator),
    generatorOptimizer: part("generator"),
    criticOptimizer: part("critic"),
  };
}
