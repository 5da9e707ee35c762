// What the figures of a hybrid QGAN say in words: settings and sample sizes for subtitles. Draws nothing.

import type { Evaluation } from "../model.js";
import { count, plural, presetWords, replicasWords } from "../words.js";
import { hybridPresets, hybridSchema } from "./config.js";
import type { HybridConfig } from "./config.js";

/** Wording of one run. */
export type RunWords = {
  /** Axis titles of the data columns. */
  readonly axes: readonly string[];
  /** Preset, circuit, penalty. */
  readonly settings: string;
  /** Replicas with their band, and how many diverged. */
  readonly replicas: string;
  /** Sample size and which replica a histogram shows. */
  readonly test: string;
  readonly best: string;
  readonly validation: string;
  readonly bins: string;
  /** What the real histogram shows. */
  readonly real: string;
};

/** The words of a run. */
export function describeRun(config: HybridConfig, evaluation: Evaluation): RunWords {
  const { replicas, best, rows } = evaluation;
  const which = replicas.length === 1 ? "the replica" : `replica ${String(best)} (best of ${String(replicas.length)} by validation)`; // prettier-ignore
  return {
    axes: evaluation.columns.map((name) => (config.data.file === null ? name : `${name} (scaled)`)),
    settings: settingsOf(config),
    replicas: replicasWords(evaluation, "distance"),
    best: which,
    test: `n\u00a0=\u00a0${count(rows.test)} generated samples, ${which}`,
    validation: `n\u00a0=\u00a0${count(rows.validation)}`,
    bins: `${String(config.evaluate.bins)}\u00a0bins`,
    real: config.data.file === null ? `${config.data.law} law` : "real data",
  };
}

function settingsOf(config: HybridConfig): string {
  const { ansatz, qubits, layers, penalty, lambda } = config.model;
  const circuit = ansatz === "notebook" ? "the notebook’s circuit" : `${ansatz}, ${plural(layers, "layer")}`; // prettier-ignore
  const side = penalty === "oneSided" ? "one-sided" : "two-sided";
  const weight =
    typeof lambda === "number" ? `λ\u00a0=\u00a0${String(lambda)}` : "a λ for each replica";
  const preset = presetWords({ schema: hybridSchema, presets: hybridPresets }, config, comparable);
  return `${preset}: ${circuit} on ${plural(qubits, "qubit")}; ${side} penalty, ${weight}`;
}

/** Model and training, whatever length a preset runs with. */
function comparable({ model, train }: HybridConfig): string {
  return JSON.stringify([model, { ...train, steps: 0, evaluateEvery: 0 }]);
}
