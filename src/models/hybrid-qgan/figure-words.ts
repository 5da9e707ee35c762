// What the figures of a hybrid QGAN say in words: settings and sample sizes for subtitles. Draws nothing.

import { bandWords } from "../../figures/quantiles.js";
import type { Evaluation } from "../model.js";
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
    replicas: replicasOf(evaluation),
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
  return `${presetOf(config)}: ${circuit} on ${plural(qubits, "qubit")}; ${side} penalty, ${weight}`;
}

/** The preset whose model and training the configuration has, whatever its length. */
function presetOf(config: HybridConfig): string {
  const wanted = comparable(config);
  const match = Object.entries(hybridPresets).find(
    ([, preset]) => comparable(hybridSchema.parse(preset)) === wanted,
  );
  return match === undefined ? "own settings" : `preset ${match[0]}`;
}

function comparable({ model, train }: HybridConfig): string {
  return JSON.stringify([model, { ...train, steps: 0, evaluateEvery: 0 }]);
}

function replicasOf({ replicas }: Evaluation): string {
  const diverged = replicas.filter((row) => !Number.isFinite(row["distance"] ?? 0)).length;
  const words = bandWords(replicas.length);
  return diverged === 0 ? words : `${words}, ${String(diverged)} diverged`;
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}
