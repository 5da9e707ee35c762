// The protocol of an evaluation in sentences: sizes, distances, choice, floors, what was sampled and what is out of reach.

import { count, plural } from "../words.js";
import { generatorOf } from "./generator.js";
import type { RowSource } from "../../data/row-source.js";
import type { OfOne } from "../replicas.js";
import type { HybridConfig } from "./config.js";
import type { HistogramBins } from "./distances.js";
import type { Validator } from "./validate.js";

/** What the sentences say. */
export type Protocol = {
  /** With the settings of the best replica. */
  readonly config: OfOne<HybridConfig>;
  readonly source: RowSource;
  /** Rows of the test; and those asked for, of which the data may have fewer. */
  readonly size: number;
  readonly asked: number;
  readonly validation: Pick<Validator, "rows">;
  /** Validation distances of every replica. */
  readonly validated: readonly number[];
  readonly best: number;
  readonly bins: HistogramBins;
};

/** The protocol in sentences. */
export function protocol(test: Protocol): string[] {
  const { config, source, bins } = test;
  return [
    targetSentence(test),
    `Overlap is that of histograms of ${plural(bins.bins, "bin")} on [${short(bins.lo)}, ${short(bins.hi)}]; outliers count in the edge bins.`,
    ...choiceSentences(test),
    `The generator is ${config.train.ema === null ? "the last one" : `the moving average (decay ${String(config.train.ema)}) over the training`}: ${circuitWords(config, source.columns.length)}.`,
    ...reachSentences(test),
    ...source.report,
  ];
}

function targetSentence({ source, size, asked }: Protocol): string {
  const all = size < asked ? ", all that the data hold out for the test" : "";
  const target = source.hasQuantiles
    ? `the ${count(size)} quantiles of the law, which have no sampling noise; floors are the distances of a real sample of ${count(size)}`
    : `${count(size)} real ones${all}; floors are the distances of another real sample`;
  return `${count(size)} generated samples against ${target}.`;
}

function choiceSentences({ config, best, validated, validation }: Protocol): string[] {
  const { replicas } = config;
  const diverged = validated.filter((distance) => Number.isNaN(distance)).length;
  const choice = `Replica ${String(best)} of ${String(replicas)} (the first is 0) has the smallest distance in validation (${count(validation.rows)} samples); the test samples played no part in the choice.`;
  return [
    ...(replicas > 1 && diverged < replicas ? [choice] : []),
    ...(diverged > 0 ? [`${count(diverged)} of ${plural(replicas, "replica")} diverged.`] : []),
  ];
}

function circuitWords({ model }: HybridConfig, d: number): string {
  const { ansatz, qubits, layers, inputs, latent } = model;
  const { count: trained } = generatorOf(model, d);
  const circuit = ansatz === "notebook" ? "the notebook's circuit" : `${ansatz} of ${plural(layers, "layer")}`; // prettier-ignore
  return `${circuit} on ${plural(qubits, "qubit")}, ${plural(inputs, `${latent} latent number`)}, ${plural(trained, "trained parameter")}`;
}

/** Largest |⟨Z⟩| of the notebook's circuit: of its first qubit, and of its second. */
const NOTEBOOK_REACH = [Math.sqrt(3) / 2, 0.5];

/** Says so where the output cannot reach all of the data. */
function reachSentences({ config: { model, data }, source }: Protocol): string[] {
  if (model.output === "trained" || data.file !== null) return [];
  const reaches = source.columns.map(
    (_, c) => model.outputScale * (model.ansatz === "notebook" ? NOTEBOOK_REACH[c]! : 1),
  );
  const reach = Math.min(...reaches);
  const furthest = Math.max(...source.range.map(Math.abs));
  if (furthest <= reach * 1.2) return [];
  return [
    `Samples stay within ±${short(reach)}, and the data reach to about ±${short(furthest)}: raise model.outputScale, or set model.output=trained.`,
  ];
}

function short(x: number): string {
  return String(Number(x.toPrecision(3)));
}
