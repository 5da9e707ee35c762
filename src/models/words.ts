// Words that the protocols and figures of several models say alike: counts, replicas, presets.

import { bandWords } from "../figures/quantiles.js";
import type { Evaluation, ModelDefinition } from "./model.js";

/** 20000 → "20,000". */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** "1 column", "2 columns". */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/**
 * Replicas with their band, and how many diverged.
 *
 * @param distance - the measure that is not finite for those
 */
export function replicasWords({ replicas }: Evaluation, distance: string): string {
  const diverged = replicas.filter((row) => !Number.isFinite(row[distance] ?? 0)).length;
  const words = bandWords(replicas.length);
  return diverged === 0 ? words : `${words}, ${String(diverged)} diverged`;
}

/**
 * The preset that a configuration has the settings of.
 *
 * @param settings - those that count, as text
 */
export function presetWords<Config>(
  { schema, presets }: Pick<ModelDefinition<Config>, "schema" | "presets">,
  config: Config,
  settings: (config: Config) => string,
): string {
  const wanted = settings(config);
  const match = Object.entries(presets).find(
    ([, preset]) => settings(schema.parse(preset)) === wanted,
  );
  return match === undefined ? "own settings" : `preset ${match[0]}`;
}
