// What the panels of a QAAAN's figures are drawn from: its images, and words about a run.

import { bandWords } from "../../figures/quantiles.js";
import { array, type ShownRun } from "../run-figures.js";
import type { QaaanConfig } from "./config.js";

/** All that is known of a run. */
export type Run = ShownRun & { readonly config: QaaanConfig };

/** Height, width and channels of the images. */
export type ImageForm = readonly [height: number, width: number, channels: number];

/** The form of the images. */
export function imageForm(run: Run): ImageForm {
  return array(run, "imageShape") as unknown as ImageForm;
}

/** An array of bytes as pixels in [−1, 1]. */
export function pixels(run: Run, name: string): Float32Array {
  return Float32Array.from(array(run, name), (byte) => (2 * byte) / 255 - 1);
}

/** What was trained, in a few words: data, latents, prior. */
export function settingsOf({ config, evaluation }: Run): string {
  const { model, prior, data } = config;
  const images = data.file ?? `synthetic ${data.source}`;
  const learned = prior.frozen
    ? "prior kept at 0"
    : `${prior.graph} prior, ${prior.sampler} sampling`;
  const latents =
    model.latent === "uniform"
      ? `${model.features} uniform latents`
      : `${model.features} nodes, ${model.latent} latents, ${learned}`;
  const net = model.network === "dense" ? ["dense networks"] : [];
  const best = config.replicas > 1 ? [`replica ${evaluation.best} of ${config.replicas}`] : [];
  return [images, latents, ...net, ...best].join("; ");
}

/** What curves of all replicas show. */
export function populationOf({ config: { replicas } }: Run): string {
  return replicas > 1 ? `; ${bandWords(replicas)}` : "";
}

/** A score with what real images have, for a subtitle. */
export function scoreWords({ evaluation: { measures } }: Run): string | undefined {
  const of = (name: string, words: string): string[] => {
    const found = measures.find((one) => one.name === name);
    if (found === undefined || Number.isNaN(found.value)) return [];
    const floor = found.floor === undefined ? "" : ` (real ${found.floor.toPrecision(3)})`;
    return [`${words} ${found.value.toPrecision(3)}${floor}`];
  };
  const words = [
    ...of("inceptionScore", "Inception Score"),
    ...of("frechetDistance", "Fréchet distance"),
  ];
  return words.length === 0 ? undefined : words.join(", ");
}
