// Studies of the swarm for the tests of sweeps.

import { studyIdentity } from "../../src/sweeps/study/identity.js";
import type { StudyLock } from "../../src/sweeps/store/index.js";
import type { Parameter, Study, StudyIdentity } from "../../src/sweeps/types.js";

const real = (min: number, max: number): Parameter => ({
  kind: "real",
  scale: "linear",
  min,
  max,
  isStatic: false,
});

/** A choice among values. */
export const choice = (values: readonly number[], isStatic = false): Parameter => ({
  kind: "choice",
  values,
  isStatic,
});

/** A random study of 40 steps over a rate, a shift and two sizes. */
export function swarmStudy(change: Partial<Study> = {}): Study {
  return {
    format: 1,
    name: "swarm",
    task: "swarm.train",
    config: {},
    metrics: [{ name: "distance", goal: "minimize" }],
    method: "random",
    seed: 7,
    trials: 64,
    replicates: 1,
    parameters: {
      "model.rate": real(3.9, 3.999),
      "model.shift": real(0, 1),
      "model.size": choice([1, 3], true),
    },
    budget: { unit: "step", min: 40, max: 40 },
    halving: null,
    limits: {},
    ...change,
  };
}

/** The identity of a swarm study. */
export function swarmIdentity(study: Study): StudyIdentity {
  return studyIdentity(study, { numericsVersion: 3, datasets: {} });
}

/** The lock file of a swarm study. */
export function swarmLock(study: Study, blockSize = 1024): StudyLock {
  return {
    schema: "zenoflow.study-lock/1",
    study,
    identity: swarmIdentity(study),
    numericsVersion: 3,
    datasets: {},
    blockSize,
    origins: {},
  };
}
