// Does training with the effective equation end at the same model as training with the exact one, and what does the
// trained model do at the Γ it is given? DQGANs from the same seeds, trained by each path, judged by the full equation.

import { dqgan, dqganConfig, trainDqgan } from "../../src/models/index.js";
import { question } from "../campaign/question.js";
import { round } from "../harness.js";
import { activate, allThreads } from "./backends.js";
import type { DqganConfig, DqganOptions, Snapshot } from "../../src/models/index.js";
import type { Measured, Point, PointOptions, Question } from "../campaign/question.js";
import type { Profile, Row } from "../harness.js";

/** A population trained by one path; Γ does not matter to the limit and is stated as 0 there. */
export type TrainingPoint = {
  readonly trainedWith: "limit" | "effective" | "exact";
  readonly trainedAt: number;
  readonly seeds: number;
  readonly steps: number;
  readonly samples: number;
};

/** Γ at which trained models are judged. */
export const JUDGED_AT: readonly number[] = [10, 30, 100, 300, 1000];
/** Latent points at which models are compared with each other. */
export const COMPARED = 500;

const SIZES = {
  quick: { seeds: 2, steps: 250, samples: 4000 },
  full: { seeds: 8, steps: 2000, samples: 20000 },
} as const;

/** Milliseconds a step and seed. */
const STEP: Readonly<Record<string, number>> = { "exact 100": 13, "exact 30": 25 };

function points(profile: Profile): Point<TrainingPoint>[] {
  const { seeds, steps, samples } = SIZES[profile];
  const point = (trainedWith: TrainingPoint["trainedWith"], trainedAt: number) => {
    const step = STEP[`${trainedWith} ${String(trainedAt)}`] ?? 1.5;
    const judged = 1e-4 * samples * seeds;
    const spec = { trainedWith, trainedAt, seeds, steps, samples };
    return { spec, seconds: (step * seeds * steps) / 1000 + judged };
  };
  const at = (gamma: number) => [point("effective", gamma), point("exact", gamma)];
  return [point("limit", 0), ...at(100), ...at(30)];
}

function optionsOf({ trainedWith, trainedAt, seeds, steps, samples }: TrainingPoint): DqganOptions {
  return {
    replicas: seeds,
    model: { forward: trainedWith, ...(trainedAt > 0 && { gamma: trainedAt }) },
    train: { steps, evaluateEvery: 0 },
    evaluate: { n: samples, validation: Math.max(1000, samples / 4) },
  };
}

async function trained(
  options: DqganOptions,
  { stopping }: PointOptions,
): Promise<{ snapshot: Snapshot; seconds: number }> {
  const start = performance.now();
  for await (const event of trainDqgan(options)) {
    if (stopping()) throw new Error("stopped while training");
    if (event.step < event.steps) continue;
    const snapshot = await event.snapshot();
    return { snapshot, seconds: (performance.now() - start) / 1000 };
  }
  throw new Error("the training gave no last step");
}

/** The same couplings under another equation. */
function judgedBy(config: DqganConfig, forward: "exact" | "effective", gamma: number): DqganConfig {
  return { ...config, model: { ...config.model, forward, gamma } };
}

/** Angles that every replica makes of the same latent points, `seeds × COMPARED × 2`, row-major. */
async function anglesOf(config: DqganConfig, snapshot: Snapshot): Promise<number[]> {
  const angles: number[] = [];
  for (let replica = 0; replica < config.replicas; replica++) {
    const { values } = await dqgan.sample(config, snapshot, { n: COMPARED, replica });
    angles.push(...values);
  }
  return angles;
}

async function measure(spec: TrainingPoint, surroundings: PointOptions): Promise<Measured> {
  await activate("wasm", await allThreads());
  const options = optionsOf(spec);
  const config = dqganConfig(options);
  const { snapshot, seconds } = await trained(options, surroundings);
  const perStep = round((1000 * seconds) / (spec.steps * spec.seeds));
  const rows: Row[] = [];
  const angles: Record<string, number[]> = {};
  for (const gamma of JUDGED_AT) {
    for (const equation of ["exact", "effective"] as const) {
      if (surroundings.stopping()) throw new Error("stopped while evaluating");
      const judged = judgedBy(config, equation, gamma);
      const { replicas, measures } = await dqgan.evaluate(judged, snapshot);
      for (const [seed, one] of replicas.entries())
        rows.push({
          trainedWith: spec.trainedWith,
          trainedAt: spec.trainedAt,
          judgedBy: equation,
          judgedAt: gamma,
          seed,
          D_joint: round(one["jointDistance"]!, 4),
          D_marg: round(one["marginalDistance"]!, 4),
          floor: round(measures[0]!.floor!, 3),
          "ms per seed and step": perStep,
        });
      angles[`${equation} ${String(gamma)}`] = await anglesOf(judged, snapshot);
    }
  }
  return { rows, samples: angles };
}

/** The question of the trained models. */
export const training: Question = question<TrainingPoint>({ name: "training", points, measure });
