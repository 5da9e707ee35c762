// What a step of training a DQGAN costs on the active backend.

import { trainDqgan } from "../../src/models/index.js";
import { requireError } from "../harness.js";
import { cpuTime } from "./cpu-time.js";
import type { Started } from "./serve.js";

/** Size of the population, and how long to measure. */
export type DqganStepOptions = {
  readonly replicas: number;
  readonly steps: number;
  readonly turns: number;
};

/** The fastest turn, and what the process needed for its first result. */
export type DqganStep = { readonly milliseconds: number; readonly firstResult: number };

async function train(replicas: number, steps: number): Promise<void> {
  let loss = NaN;
  const events = trainDqgan({
    preset: "robust",
    replicas,
    train: { steps, evaluateEvery: 0 },
    evaluate: { validation: 100 },
  });
  for await (const event of events) loss = event.losses["discriminator"]![0]!;
  // At the equilibrium and far from it alike, L_D lies between a coin's and a perfect judge's.
  requireError("discriminator loss", Math.abs(loss + 1), 1);
}

/** Milliseconds of the processor a step of the whole population, of the fastest turn after one that warms up. */
export async function dqganStep(
  { replicas, steps, turns }: DqganStepOptions,
  { firstResult }: Started,
): Promise<DqganStep> {
  await train(replicas, Math.ceil(steps / 4));
  const times: number[] = [];
  for (let i = 0; i < turns; i++) times.push(await cpuTime(() => train(replicas, steps)));
  return { milliseconds: Math.min(...times) / steps, firstResult };
}
