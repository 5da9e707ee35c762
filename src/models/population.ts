// What all models have in common about populations: values by replica, and snapshots of some replicas or of several
// populations. Knows no model.

import { checkInteger, shapeText } from "../checks.js";
import { ArgumentError, DataError } from "../errors.js";
import { MAX_SEED, seedOf, type PopulationConfig } from "./replicas.js";
import type { Snapshot, SnapshotTensor } from "./model.js";

export { seedOf } from "./replicas.js";

/** One value per replica. */
export function perReplica<T>(
  population: PopulationConfig,
  f: (seed: number, p: number) => T,
): T[] {
  return Array.from({ length: population.replicas }, (_, p) => f(seedOf(population, p), p));
}

/** The seeds of a population. */
export function seedsOf(population: PopulationConfig): number[] {
  return perReplica(population, (seed) => seed);
}

/** The largest number that may be added to every seed of a population. */
export function seedRoom(population: PopulationConfig): number {
  return MAX_SEED - Math.max(...seedsOf(population));
}

/** Index of the smallest number; the first one if none is a number. */
export function smallest(values: readonly number[]): number {
  const score = (value: number): number => (Number.isNaN(value) ? Infinity : value);
  return values.reduce((best, value, p) => (score(value) < score(values[best]!) ? p : best), 0);
}

/** How many replicas a snapshot holds: the first axis of each of its tensors. */
function replicasOf(where: string, { tensors }: Snapshot): number {
  const entries = Object.entries(tensors);
  const counts = entries.map(([, { shape }]) => shape[0] ?? 0);
  const odd = entries.findIndex(([, { shape, values }], i) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return counts[i] !== counts[0] || shape.length === 0 || values.length !== size;
  });
  if (odd < 0) return counts[0] ?? 0;
  const [name, { shape, values }] = entries[odd]!;
  throw new DataError(
    `${where}: every tensor of a snapshot must begin with the axis of its ${String(counts[0])} replicas, but \`${name}\` has shape ${shapeText(shape)} and ${String(values.length)} values.`,
  );
}

/**
 * The snapshot of some replicas of a population, in this order. Continue it with the configuration of these replicas
 * (`selectConfig`): each goes on as it would have among the others, bit for bit on cpu and wasm.
 *
 * @param indices - replicas from 0, each at most once
 * @throws ArgumentError for replicas that there are not, or for none; DataError for a snapshot without a population axis
 */
export function selectReplicas(snapshot: Snapshot, indices: readonly number[]): Snapshot {
  const count = replicasOf("selectReplicas", snapshot);
  if (indices.length === 0 || new Set(indices).size !== indices.length) {
    throw new ArgumentError(
      `selectReplicas: argument \`indices\` must name at least one replica and none twice, but is [${indices.join(", ")}].`,
    );
  }
  for (const p of indices) checkInteger("selectReplicas", "indices", p, 0, count - 1);
  const entries = Object.entries(snapshot.tensors).map(([name, { shape, values }]) => {
    const size = values.length / count;
    const own = new Float32Array(indices.length * size);
    indices.forEach((p, i) => {
      own.set(values.subarray(p * size, (p + 1) * size), i * size);
    });
    return [name, { shape: [indices.length, ...shape.slice(1)], values: own }] as const;
  });
  return { step: snapshot.step, tensors: Object.fromEntries(entries) };
}

/**
 * The snapshot of the replicas of several populations, one population after the other: the reverse of
 * {@link selectReplicas}.
 *
 * @param snapshots - of the same step, with the same tensors of the same shapes but for the number of replicas
 * @throws ArgumentError without snapshots or for those of different steps; DataError for tensors that do not fit
 */
export function joinReplicas(snapshots: readonly Snapshot[]): Snapshot {
  const [first] = snapshots;
  if (first === undefined) {
    throw new ArgumentError(
      "joinReplicas: argument `snapshots` must have at least one entry, but is empty.",
    );
  }
  const odd = snapshots.find(({ step }) => step !== first.step);
  if (odd !== undefined) {
    throw new ArgumentError(
      `joinReplicas: argument \`snapshots\` must be of one step, but there are those of steps ${String(first.step)} and ${String(odd.step)}.`,
    );
  }
  for (const snapshot of snapshots) replicasOf("joinReplicas", snapshot);
  const names = Object.keys(first.tensors);
  const entries = names.map((name) => [name, joined(name, snapshots)] as const);
  return { step: first.step, tensors: Object.fromEntries(entries) };
}

/** One tensor of several snapshots. */
function joined(name: string, snapshots: readonly Snapshot[]): SnapshotTensor {
  const parts = snapshots.map(({ tensors }) => tensors[name]);
  const [, ...tail] = parts[0]!.shape;
  snapshots.forEach(({ tensors }, i) => {
    const names = Object.keys(tensors).length;
    const fits = parts[i]?.shape.slice(1).join() === tail.join();
    if (fits && names === Object.keys(snapshots[0]!.tensors).length) return;
    throw new DataError(
      `joinReplicas: all snapshots must have the same tensors, \`${name}\` of shape ${shapeText(["P", ...tail])} among them, but number ${String(i)} has ${
        names === 0
          ? "none"
          : Object.entries(tensors)
              .map(([key, { shape }]) => `\`${key}\` ${shapeText(shape)}`)
              .join(", ")
      }.`,
    );
  });
  const all = parts.map((part) => part!);
  const values = new Float32Array(all.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of all) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { shape: [all.reduce((sum, { shape }) => sum + shape[0]!, 0), ...tail], values };
}
