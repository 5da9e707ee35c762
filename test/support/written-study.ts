// A study as a user writes it, and the folder that its sweep makes.

import { expect } from "chai";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A study of the swarm: 64 trials of 40 steps. */
export const STUDY_TEXT = `format: 1
name: first
task: swarm.train
metric: {name: distance, goal: minimize}
seed: 7
trials: 64
parameters:
  model.rate: {min: 3.9, max: 3.999}
  model.size: {values: [1, 3]}
budget: {max: 40}
`;

/** Writes a study where a call in `cwd` finds it. */
export function writeStudy(cwd: string, text: string = STUDY_TEXT, name = "study.yaml"): void {
  writeFileSync(join(cwd, name), text);
}

/** The folder of the only sweep under a root. */
export function sweepFolder(cwd: string, root = "runs"): string {
  const names = readdirSync(join(cwd, root)).filter((name) => !name.startsWith("."));
  expect(names, names.join()).to.have.length(1);
  return join(cwd, root, names[0]!);
}
