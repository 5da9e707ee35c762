// The acceptance run of the DQGAN on the active backend: its distances, a number a seed.

import { dqgan, dqganConfig, trainDqgan, type Snapshot } from "../../src/models/index.js";
import type { Started } from "./serve.js";

/** Size of the run. */
export type DistancesOptions = { readonly replicas: number; readonly steps: number };

/** What was reached, by seed. */
export type Distances = {
  readonly joint: readonly number[];
  readonly marginal: readonly number[];
  readonly seconds: number;
  readonly device: string;
};

/** Trains the preset `robust` and evaluates the last snapshot by its own protocol. */
export async function dqganDistances(
  { replicas, steps }: DistancesOptions,
  { info }: Started,
): Promise<Distances> {
  const options = { preset: "robust", replicas, train: { steps, evaluateEvery: 0 } } as const;
  const start = performance.now();
  let last: Snapshot | undefined;
  for await (const event of trainDqgan(options)) {
    if (event.step === steps) last = await event.snapshot();
  }
  const seconds = (performance.now() - start) / 1000;
  const { replicas: rows } = await dqgan.evaluate(dqganConfig(options), last!);
  const column = (name: string): number[] => rows.map((row) => row[name]!);
  return {
    joint: column("jointDistance"),
    marginal: column("marginalDistance"),
    seconds,
    device: info.device,
  };
}
