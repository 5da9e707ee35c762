// The protocol of an evaluation in sentences: sizes, bins, choice, floors, what was sampled.

import { count, plural } from "../words.js";
import type { AngleSource } from "../../data/source.js";
import type { OfOne } from "../replicas.js";
import type { DqganConfig } from "./config.js";
import type { Distances } from "./distances.js";
import type { Validator } from "./validate.js";

/** What the sentences say. */
export type Protocol = {
  /** With the settings of the best replica. */
  readonly config: OfOne<DqganConfig>;
  readonly source: AngleSource;
  /** Rows of the test, real and generated; and those asked for, of which the data may have fewer. */
  readonly size: number;
  readonly asked: number;
  readonly validation: Pick<Validator, "rows">;
  /** Validation distances of every replica. */
  readonly validated: readonly Distances[];
  readonly best: number;
};

/** Below this polarization the angles out of the generator's reach show in the distances. */
const FULL_REACH = 0.9;

/** The protocol in sentences. */
export function protocol(test: Protocol): string[] {
  const { config, source, size, asked } = test;
  const all = size < asked ? ", all that the data holds out for the test" : "";
  return [
    `${count(size)} generated and ${count(size)} real samples${all}; ${plural(source.columns.length, "column")}.`,
    binsSentence(test),
    ...choiceSentences(test),
    `Floors are the same distances between two real samples of ${count(size)}.`,
    `The generator is ${config.train.ema === null ? "the last one" : `the moving average (decay ${String(config.train.ema)}) over the training`}; its input angles are ${latentWords(config)}.`,
    ...reachSentence(config),
    ...source.report,
  ];
}

function binsSentence({ config: { evaluate }, source }: Protocol): string {
  const { marginalBins, jointBins } = evaluate;
  const joint =
    source.columns.length > 1
      ? `, ${String(jointBins)} × ${String(jointBins)} for each pair of columns`
      : "";
  return `Hellinger distances on [0, π]: ${plural(marginalBins, "bin")} for each column${joint}; outliers count in the edge bins.`;
}

function choiceSentences({ config, source, best, validated, validation }: Protocol): string[] {
  const { replicas } = config;
  const diverged = validated.filter(({ jointDistance }) => Number.isNaN(jointDistance)).length;
  const kind = source.columns.length > 1 ? "joint" : "marginal";
  const choice = `Replica ${String(best)} of ${String(replicas)} (the first is 0) has the smallest ${kind} distance to ${count(validation.rows)} validation samples; the test samples played no part in the choice.`;
  return [
    ...(replicas > 1 && diverged < replicas ? [choice] : []),
    ...(diverged > 0 ? [`${count(diverged)} of ${plural(replicas, "replica")} diverged.`] : []),
  ];
}

function latentWords({ data, model }: OfOne<DqganConfig>): string {
  const { latent, latentMean, latentStd } = model;
  if (latent === "uniform") return "uniform on [0, π]";
  if (latent === "circle") return "uniform on [0, 2π]";
  const isFirstColumn = data.file === null && latentMean === data.mean && latentStd === data.std;
  const law = `N(${String(Number(latentMean.toPrecision(5)))}, ${String(latentStd)})`;
  return isFirstColumn ? `${law}, which is the law of theta_1` : law;
}

function reachSentence({ model: { polarization } }: OfOne<DqganConfig>): string[] {
  if (Math.abs(polarization) >= FULL_REACH) return [];
  return [`At polarization ${String(polarization)} angles near 0 and π are out of reach.`];
}
