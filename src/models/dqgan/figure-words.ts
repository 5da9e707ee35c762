// What the figures of a DQGAN say in words: column labels, settings and sample sizes for subtitles.
// Draws nothing.

import type { Evaluation } from "../model.js";
import { count, plural, presetWords, replicasWords } from "../words.js";
import { dqganPresets, dqganSchema } from "./config.js";
import type { DqganConfig } from "./config.js";

/** Wording of one run. */
export type RunWords = {
  /** Axis titles of the data columns. */
  readonly axes: readonly string[];
  /** Names of the data columns for panel titles. */
  readonly columns: readonly string[];
  /** Preset, algorithm, heads and latent law. */
  readonly settings: string;
  /** Replicas with their band, and how many diverged. */
  readonly replicas: string;
  /** Sample size and which replica a histogram shows. */
  readonly test: string;
  /** Sample size of the validation. */
  readonly validation: string;
  readonly marginalBins: string;
  readonly jointBins: string;
};

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** The words of a run. */
export function describeRun(config: DqganConfig, evaluation: Evaluation): RunWords {
  const columns = evaluation.columns.map(pretty);
  const scaled = config.data.file !== null;
  return {
    columns,
    axes: columns.map((name) => (scaled ? `${name} (scaled, rad)` : `${name} (rad)`)),
    settings: settingsOf(config),
    replicas: replicasWords(evaluation, "jointDistance"),
    test: testOf(evaluation),
    validation: `n\u00a0=\u00a0${count(evaluation.rows.validation)}`,
    marginalBins: `${String(config.evaluate.marginalBins)}\u00a0bins`,
    jointBins: `${String(config.evaluate.jointBins)}\u00a0×\u00a0${String(config.evaluate.jointBins)}\u00a0bins`,
  };
}

/** `theta_12` → `θ₁₂`; other names stay as the user wrote them. */
function pretty(name: string): string {
  const number = /^theta_(\d+)$/u.exec(name)?.[1];
  if (number === undefined) return name;
  return `θ${Array.from(number, (digit) => SUBSCRIPTS[Number(digit)] ?? digit).join("")}`;
}

function settingsOf(config: DqganConfig): string {
  const { algorithm, heads, latent, inputs } = config.model;
  const networks = `algorithm ${String(algorithm)}, ${plural(heads, "head")}`;
  const preset = presetWords({ schema: dqganSchema, presets: dqganPresets }, config, comparable);
  return `${preset}: ${networks}, ${latent} latent of ${plural(inputs, "angle")}`;
}

/** Model and training, whatever algorithm and length a preset runs with. */
function comparable({ model, train }: DqganConfig): string {
  return JSON.stringify([
    { ...model, algorithm: 0 },
    { ...train, steps: 0, evaluateEvery: 0 },
  ]);
}

function testOf({ replicas, best, rows }: Evaluation): string {
  const n = `n\u00a0=\u00a0${count(rows.test)} generated samples`;
  if (replicas.length === 1) return n;
  return `${n}, replica ${String(best)} (best of ${String(replicas.length)} by validation)`;
}
