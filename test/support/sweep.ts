// A small study and its rows for tests of the store: every kind of parameter, every status, every awkward number.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rangesText } from "../../src/sweeps/store/ranges.js";
import { openStore, type Store } from "../../src/sweeps/store/store.js";
import { STUDY_LOCK_SCHEMA, type StudyLock } from "../../src/sweeps/store/study-lock.js";
import type { BatchHeader, Row, Study } from "../../src/sweeps/types.js";
import { sha256 } from "../../src/runs/files.js";

/** A study with a parameter of every kind. */
export const STUDY: Study = {
  format: 1,
  name: "toy",
  task: "toy.train",
  config: { model: { qubits: 2 } },
  metrics: [{ name: "loss", goal: "minimize" }],
  method: "random",
  seed: 7,
  trials: 64,
  replicates: 1,
  parameters: {
    "model.depth": { kind: "integer", scale: "linear", min: 1, max: 8, isStatic: true },
    "model.layers": {
      kind: "choice",
      values: [[64, 64], [128], { units: 3, 'a "b"': [null, "c,d"] }],
      isStatic: true,
    },
    "train.lr": { kind: "real", scale: "log", min: 1e-4, max: 1e-1, isStatic: false },
    "train.beta1": {
      kind: "real",
      scale: "linear",
      min: 0,
      max: 0.99,
      when: { "train.optimizer": ["adam"] },
      isStatic: false,
    },
    "train.noise": { kind: "normal", mu: 0, sigma: 1, isStatic: false },
    "train.optimizer": { kind: "choice", values: ["adam", "NaN", true, null], isStatic: true },
  },
  budget: { unit: "step", min: 10, max: 160 },
  halving: { eta: 4, cohort: 64, scope: "group" },
  limits: {},
};

const LAYERS = STUDY.parameters["model.layers"];

/** Hash of the study of tests; any 64 digits will do for a store. */
export const HASH: string = sha256("study of tests");

/** A lock file of a study. */
export function studyLock(changes: Partial<StudyLock> = {}): StudyLock {
  return {
    schema: STUDY_LOCK_SCHEMA,
    study: STUDY,
    identity: { hash: HASH, key: [1, 2] },
    numericsVersion: 1,
    datasets: {},
    blockSize: 16,
    origins: {},
    ...changes,
  };
}

/** A sweep folder in `folder` that holds nothing yet. */
export function emptySweep(folder: string, changes: Partial<StudyLock> = {}): Store {
  mkdirSync(join(folder, "batches"), { recursive: true });
  writeFileSync(join(folder, "study.lock.json"), JSON.stringify(studyLock(changes)));
  return openStore(folder);
}

/** Row of trial `t`: a fixed function of it, with numbers that are hard to write down. */
export function rowOf(t: number, changes: Partial<Row> = {}): Row {
  const v = Math.sin(t + 1) ** 2;
  return {
    t,
    s: "ok",
    v,
    m: { loss: v, "losses.generator": [0, -0, 0][t - 2] ?? Math.exp(-t) / 3 },
    n: 10,
    probe: 1 / (t + 3),
    p: {
      "model.depth": 1 + (t % 8),
      "model.layers": LAYERS?.kind === "choice" ? LAYERS.values[(t % 8) % 3]! : null,
      "train.beta1": t % 4 === 0 ? (t % 7) / 7 : null,
      "train.lr": 1e-4 * 1000 ** ((t % 10) / 10),
      "train.noise": Math.cos(t),
      "train.optimizer": ["adam", "NaN", true, null][t % 4]!,
    },
    ...changes,
  };
}

/** Header of a block of trials. */
export function headerOf(
  trials: readonly number[],
  changes: Partial<BatchHeader> = {},
): BatchHeader {
  const rung = changes.rung ?? 0;
  const generation = changes.generation ?? 0;
  const id = sha256(`${HASH}|${String(rung)}|${String(generation)}|${rangesText(trials)}`);
  return {
    format: 1,
    study: HASH,
    batch: `b-${id.slice(0, 12)}`,
    rung,
    generation,
    rows: trials.length,
    backend: "wasm",
    device: "cpu",
    numerics: 1,
    host: "here",
    started: "2026-01-02T03:04:05.000Z",
    seconds: 1.5,
    ...changes,
  };
}

/** The integers from `from` up to but not including `to`. */
export function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Commits the rows of these trials. */
export function commitTrials(
  store: Store,
  trials: readonly number[],
  header: Partial<BatchHeader> = {},
  row: Partial<Row> = {},
): BatchHeader {
  const full = headerOf(trials, header);
  store.commit(
    full,
    trials.map((t) => rowOf(t, row)),
  );
  return full;
}
