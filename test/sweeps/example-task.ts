// A small task for tests of studies: one key of every kind, static and dynamic, and one rule between keys.

import { z } from "zod";
import type { StudyFacts, Tasks } from "../../src/sweeps/study/index.js";
import { readStudy, studyIdentity } from "../../src/sweeps/study/index.js";
import type { Study, StudyIdentity } from "../../src/sweeps/types.js";

const one = z.number().positive();
const dynamic = { sweep: "dynamic" } as const;

const schema = z
  .strictObject({
    seed: z.int().min(0).default(0),
    replicas: z.int().min(1).default(1),
    model: z
      .strictObject({
        depth: z.int().min(1).max(8).default(2),
        kind: z.enum(["plain", "wide"]).default("plain"),
        gamma: z.number().min(0).max(10).default(1).meta(dynamic),
        bias: z.boolean().default(true),
        layers: z.array(z.int().min(1)).max(3).default([8]),
        extra: z.record(z.string(), z.number()).nullable().default(null),
      })
      .prefault({}),
    train: z
      .strictObject({
        steps: z.int().min(1).default(100),
        lr: z
          .union([one, z.array(one).min(1)])
          .meta(dynamic)
          .default(0.01),
        optimizer: z.enum(["adam", "sgd"]).default("adam"),
        beta1: z.number().min(0).lt(1).meta(dynamic).default(0.5),
        ema: z.number().min(0).lt(1).nullable().default(null).meta(dynamic),
        shift: z.number().default(0).meta(dynamic),
        bits: z.int().min(1).max(1000).default(8).meta(dynamic),
      })
      .prefault({}),
  })
  .superRefine(({ model }, { addIssue }) => {
    if (model.kind === "wide" && model.depth > 4)
      addIssue({ code: "custom", path: ["model", "depth"], message: "must be ≤ 4 with kind wide" });
  });

/** The tasks of these tests. */
export const tasks: Tasks = {
  "toy.train": { schema, presets: { slow: { train: { lr: 0.001 } } }, numericsVersion: 1 },
};

/** Facts of these studies. */
export const facts: StudyFacts = { numericsVersion: 1, datasets: {} };

/** A study from the lines of a file; task and metric are added. */
export async function studyOf(lines: string): Promise<Study> {
  const text = `task: toy.train\nmetric: {name: loss}\n${lines}`;
  return readStudy(text, { file: "study.yaml", form: "yaml" }, tasks);
}

/** A study and its identity. */
export async function identified(lines: string): Promise<readonly [Study, StudyIdentity]> {
  const study = await studyOf(lines);
  return [study, studyIdentity(study, facts)];
}
