// The state of a training: parameters, last update and chains, and to and from snapshots. Parameters are rounded to float32 after
// every update, so that a snapshot holds all of them.

import { persistentChains, withParameters } from "../../boltzmann/index.js";
import { edgeCount } from "../../ising/index.js";
import { valueOf } from "../../learning/per-replica.js";
import { normalArray, stream } from "../../random.js";
import { seedsOf } from "../population.js";
import { storedValues as read } from "../snapshots.js";
import { machineOf, type Layout } from "./topology.js";
import type { BoltzmannMachine, Gradient, PersistentChains } from "../../boltzmann/index.js";
import type { Snapshot, SnapshotTensor } from "../model.js";
import type { BoltzmannConfig } from "./config.js";

/** All that the next update depends on, beside its number. */
export type BoltzmannState = {
  readonly machine: BoltzmannMachine;
  readonly velocity: Gradient;
  /** Null where no chains persist. */
  readonly chains: PersistentChains | null;
};

/** Whether the negative phase has chains that go on from update to update. */
export function hasChains({ train }: BoltzmannConfig): boolean {
  return train.sampler === "gibbs" && train.start === "persistent";
}

/** Parameters 0, chains at random. Hidden units that begin alike would stay alike: their couplings begin at random too. */
export function initialState(config: BoltzmannConfig, layout: Layout): BoltzmannState {
  const zero = machineOf(config, layout);
  const first = layout.hidden.length === 0 ? zero.model.couplings : firstCouplings(config, layout);
  const machine = withParameters(zero, zero.model.biases, first);
  const { biases, couplings } = machine.model;
  const { chains } = config.train;
  return {
    machine,
    velocity: {
      biases: new Float64Array(biases.length),
      couplings: new Float64Array(couplings.length),
    },
    chains: hasChains(config) ? persistentChains(machine, { chains, seed: seedsOf(config) }) : null,
  };
}

function firstCouplings(config: BoltzmannConfig, { graph }: Layout): Float64Array {
  const edges = edgeCount(graph);
  const out = new Float64Array(config.replicas * edges);
  seedsOf(config).forEach((seed, p) => {
    const draws = normalArray(stream(seed, "initialParameters"), edges);
    const std = valueOf(config.model.initialStd, p);
    draws.forEach((draw, e) => (out[p * edges + e] = Math.fround(std * draw)));
  });
  return out;
}

/** The same numbers in float32. */
export function rounded({ machine, velocity, chains }: BoltzmannState): BoltzmannState {
  const round = (values: Float64Array): Float64Array => values.map(Math.fround);
  const { biases, couplings } = machine.model;
  return {
    machine: withParameters(machine, round(biases), round(couplings)),
    velocity: { biases: round(velocity.biases), couplings: round(velocity.couplings) },
    chains,
  };
}

/** The state as named arrays. */
export function takeSnapshot(
  { machine, velocity, chains }: BoltzmannState,
  step: number,
): Snapshot {
  const { graph, population, biases, couplings } = machine.model;
  const tensor = (values: ArrayLike<number>, ...shape: number[]): SnapshotTensor => ({
    shape: [population, ...shape],
    values: Float32Array.from(values),
  });
  const edges = edgeCount(graph);
  return {
    step,
    tensors: {
      biases: tensor(biases, graph.n),
      couplings: tensor(couplings, edges),
      "velocity.biases": tensor(velocity.biases, graph.n),
      "velocity.couplings": tensor(velocity.couplings, edges),
      ...(chains && { chains: tensor(chains.spins, chains.chains, graph.n) }),
    },
  };
}

/** The machines of a snapshot. */
export function restoreMachine(
  where: string,
  snapshot: Snapshot,
  config: BoltzmannConfig,
  layout: Layout,
): BoltzmannMachine {
  const { graph } = layout;
  const { replicas: P } = config;
  const biases = read(where, snapshot, "biases", [P, graph.n]);
  const couplings = read(where, snapshot, "couplings", [P, edgeCount(graph)]);
  return withParameters(
    machineOf(config, layout),
    Float64Array.from(biases),
    Float64Array.from(couplings),
  );
}

/** The state of a snapshot; sweeps are counted from its step. */
export function restoreState(
  snapshot: Snapshot,
  config: BoltzmannConfig,
  layout: Layout,
): BoltzmannState {
  const { graph } = layout;
  const { replicas: P, train } = config;
  const part = (name: string, ...shape: number[]): Float64Array =>
    Float64Array.from(read("train", snapshot, name, [P, ...shape]));
  const spins = (): Int8Array =>
    Int8Array.from(read("train", snapshot, "chains", [P, train.chains, graph.n]));
  return {
    machine: restoreMachine("train", snapshot, config, layout),
    velocity: {
      biases: part("velocity.biases", graph.n),
      couplings: part("velocity.couplings", edgeCount(graph)),
    },
    chains: hasChains(config)
      ? {
          ...{ spins: spins(), chains: train.chains, seeds: seedsOf(config) },
          sweep: snapshot.step * train.sweeps,
        }
      : null,
  };
}
