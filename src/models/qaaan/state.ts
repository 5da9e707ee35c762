// The state of a training: networks and prior of each replica, how they begin, and to and from snapshots.

import * as tf from "@tensorflow/tfjs";
import { shapeText } from "../../checks.js";
import { withParameters, type Moments } from "../../boltzmann/index.js";
import { DataError } from "../../errors.js";
import { edgeCount, sampleMoments } from "../../ising/index.js";
import { adamVectorState } from "../../learning/adam-vector.js";
import { packTensors, unpackArray, unpackTensors } from "../../learning/packed.js";
import { stream } from "../../random.js";
import { perReplica } from "../population.js";
import { initialParameters, parametersOf, shapesOf, type Network } from "./networks.js";
import { emptyMachine, initialPrior, type Prior } from "./prior.js";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs";
import type { Snapshot, SnapshotTensor } from "../model.js";
import type { QaaanConfig } from "./config.js";
import type { Game, Pair, Trained } from "./step.js";

/** All that the next step of a replica depends on, beside its number. */
export type ReplicaState = {
  readonly pair: Pair;
  /** Null where latents are uniform. */
  readonly prior: Prior | null;
};

/** Whether latents come from a prior. */
export function hasPrior({ model }: QaaanConfig): boolean {
  return model.latent !== "uniform";
}

function trainedOf(network: Network, vector: Tensor1D, adam: Trained["adam"]): Trained {
  return { vector, parameters: unpackTensors(vector, shapesOf(network)), adam };
}

function begin(network: Network, seed: number, event: number): Trained {
  const first = initialParameters(network, stream(seed, "initialParameters", event));
  const vector = packTensors(first);
  return trainedOf(network, vector, adamVectorState(vector.size));
}

/** The replicas before the first step, each from its own seed. */
export function initialState(game: Game): ReplicaState[] {
  const { config, generator, discriminator } = game;
  const pairs = tf.tidy(() =>
    perReplica(config, (seed) => {
      const first = begin(generator, seed, 0);
      return {
        generator: first,
        discriminator: begin(discriminator.layers, seed, 1),
        average: tf.clone(first.vector),
      };
    }),
  );
  return perReplica(config, (seed, p) => ({
    pair: pairs[p]!,
    prior: hasPrior(config) ? initialPrior(config, seed) : null,
  }));
}

/** One replica's arrays by the names of the snapshot. */
type Named<T> = readonly (readonly [name: string, value: T])[];

/** The vectors of a pair, each a network's tensors under the prefix that snapshots use. */
function namedVectors(
  { generator, discriminator }: Game,
  pair: Pair,
): readonly (readonly [prefix: string, network: Network, vector: Tensor1D])[] {
  const trained = (
    prefix: string,
    network: Network,
    { vector, adam }: Trained,
  ): ReturnType<typeof namedVectors> => [
    [prefix, network, vector],
    [`${prefix}.m`, network, adam.m],
    [`${prefix}.v`, network, adam.v],
  ];
  return [
    ...trained("generator", generator, pair.generator),
    ...trained("discriminator", discriminator.layers, pair.discriminator),
    ["average", generator, pair.average],
  ];
}

function namedArrays({ machine, spins, features }: Prior): Named<SnapshotTensor> {
  const { graph, biases, couplings } = machine.model;
  const { n } = graph;
  const array = (values: ArrayLike<number>, ...shape: number[]): SnapshotTensor => ({
    shape,
    values: Float32Array.from(values),
  });
  const edges = edgeCount(graph);
  return [
    ["biases", array(biases, n)],
    ["couplings", array(couplings, edges)],
    ["chains", array(spins, spins.length / n, n)],
    // Before the first step there are none.
    ["features.magnetisations", array(features?.magnetisations ?? new Float32Array(n), n)],
    ["features.correlations", array(features?.correlations ?? new Float32Array(edges), edges)],
  ];
}

/** Copies a state to the host; every array leads with the population axis. */
export async function takeSnapshot(
  game: Game,
  states: readonly ReplicaState[],
  step: number,
): Promise<Snapshot> {
  const each: Record<string, SnapshotTensor>[] = [];
  for (const { pair, prior } of states) {
    const own: Record<string, SnapshotTensor> = {};
    for (const [prefix, network, vector] of namedVectors(game, pair)) {
      const parts = unpackArray(await vector.data<"float32">(), shapesOf(network));
      for (const [i, { path, shape }] of parametersOf(network).entries()) {
        own[`${prefix}.${path}`] = { shape: [...shape], values: parts[i]! };
      }
    }
    each.push({ ...own, ...(prior && Object.fromEntries(namedArrays(prior))) });
  }
  return { step, tensors: joined(each) };
}

function joined(each: readonly Record<string, SnapshotTensor>[]): Record<string, SnapshotTensor> {
  const entries = Object.entries(each[0]!).map(([name, { shape, values }]) => {
    const all = new Float32Array(each.length * values.length);
    each.forEach((own, p) => {
      all.set(own[name]!.values, p * values.length);
    });
    return [name, { shape: [each.length, ...shape], values: all }] as const;
  });
  return Object.fromEntries(entries);
}

/** Reads one replica's part of the tensors of a snapshot, by name and shape. */
export type Reader = (name: string, ...shape: number[]) => Float32Array;

/**
 * The reader of replica p.
 *
 * @param where - the function that was called, for errors
 */
export function readerOf(
  where: string,
  snapshot: Snapshot,
  { replicas }: QaaanConfig,
  p: number,
): Reader {
  return (name, ...own) => {
    const shape = [replicas, ...own];
    const found = snapshot.tensors[name];
    const size = own.reduce((a, b) => a * b, 1);
    if (found?.shape.join() === shape.join() && found.values.length === replicas * size)
      return found.values.slice(p * size, (p + 1) * size);
    const kind =
      found === undefined
        ? "it is missing"
        : `it has shape ${shapeText(found.shape)} and ${found.values.length} values`;
    throw new DataError(
      `${where}: tensor \`${name}\` of the snapshot must have shape ${shapeText(shape)}, but ${kind}. The snapshot belongs to another configuration.`,
    );
  };
}

/** The tensors of a network from a snapshot: `average.dense0.weights`, …. */
export function restoreTensors(read: Reader, prefix: string, network: Network): Tensor[] {
  return parametersOf(network).map(({ path, shape }) =>
    tf.tensor(read(`${prefix}.${path}`, ...shape), [...shape], "float32"),
  );
}

/** The prior from a snapshot of step `step`. */
export function restorePrior(read: Reader, config: QaaanConfig, step: number): Prior {
  const empty = emptyMachine(config);
  const { n } = empty.model.graph;
  const edges = edgeCount(empty.model.graph);
  const double = (name: string, size: number): Float64Array => Float64Array.from(read(name, size));
  const machine = withParameters(empty, double("biases", n), double("couplings", edges));
  const spins = Int8Array.from(read("chains", config.prior.chains, n));
  const features: Moments = {
    magnetisations: double("features.magnetisations", n),
    correlations: double("features.correlations", edges),
  };
  const moments = sampleMoments(machine.model, spins);
  return { machine, spins, moments, features: step === 0 ? null : features };
}

/** The state that a snapshot holds. */
export function restoreState(game: Game, snapshot: Snapshot): ReplicaState[] {
  const { config, generator, discriminator } = game;
  const readers = perReplica(config, (_, p) => readerOf("train", snapshot, config, p));
  const priors = readers.map((read) =>
    hasPrior(config) ? restorePrior(read, config, snapshot.step) : null,
  );
  const pairOf = (read: Reader): Pair => {
    const vector = (prefix: string, network: Network): Tensor1D =>
      tf.tidy(() => packTensors(restoreTensors(read, prefix, network)));
    const trained = (prefix: string, network: Network): Trained =>
      trainedOf(network, vector(prefix, network), {
        m: vector(`${prefix}.m`, network),
        v: vector(`${prefix}.v`, network),
      });
    return {
      generator: trained("generator", generator),
      discriminator: trained("discriminator", discriminator.layers),
      average: vector("average", generator),
    };
  };
  // A snapshot may fit in part: what was made before the fault is disposed.
  const pairs = tf.tidy(() => readers.map(pairOf));
  return pairs.map((pair, p) => ({ pair, prior: priors[p]! }));
}
