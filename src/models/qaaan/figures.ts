// The figures of a QAAAN run: images, training, prior, walks through the latents, classes, nearest training images, and the law
// of reparameterised spins. Composes panels; computes no measure.

import { ruleMargin } from "../../figures/lines.js";
import { grid, letter, panelWidth } from "../../figures/small-multiples.js";
import { WIDTH } from "../../figures/theme.js";
import { WALK } from "./exhibits.js";
import { array, captioned, has, metricRows, type FigureParts } from "../run-figures.js";
import { populationOf, scoreWords, settingsOf, type Run } from "./figure-data.js";
import {
  classPanel,
  hasManyClasses,
  likelihoodPanel,
  likelihoodRules,
  lossPanel,
  momentPanel,
  nearestPanel,
  sheetPanel,
  stripPanel,
  temperaturePanel,
  temperatureRules,
} from "./figure-panels.js";
import { densityPanel, matrixPanel, momentsPanel } from "./figure-prior.js";
import type { Spec } from "../../figures/spec.js";
import type { Evaluation, Figure, HistoryRow } from "../model.js";
import type { QaaanConfig } from "./config.js";

/**
 * All figures of a run, the images first. Figures whose data are missing are left out.
 *
 * @param config - the resolved configuration
 * @param history - the rows of the metrics file
 * @param evaluation - of the checkpoint that is shown
 */
export function qaaanFigures(
  config: QaaanConfig,
  history: readonly HistoryRow[],
  evaluation: Evaluation,
): readonly Figure[] {
  const run: Run = { config, history, evaluation };
  return [samples, training, prior, walks, classes, nearest, density].flatMap((make) => make(run));
}

function samples(run: Run): Figure[] {
  if (!has(run, "samples", "real")) return [];
  const width = panelWidth(WIDTH.double, 2, 0, 2);
  return compose(run, {
    name: "samples",
    title: "Images",
    details: scoreWords(run),
    says: "(a) Generated images of the best replica and (b) test images, neither selected.",
    body: grid(
      [
        sheetPanel(run, "samples", width, `${letter(0)}generated`),
        sheetPanel(run, "real", width, `${letter(1)}real`),
      ],
      2,
    ),
    width: WIDTH.double,
  });
}

function training(run: Run): Figure[] {
  if (run.history.length === 0) return [];
  const hasPrior = metricRows(run, "pairDistance").length > 0;
  const margin = ruleMargin(likelihoodRules(run)) + ruleMargin(temperatureRules(run));
  const size = { width: panelWidth(WIDTH.double, 2, hasPrior ? margin : 0), height: 140 };
  const alone = { width: panelWidth(WIDTH.single, 1), height: 150 };
  const says =
    "(a) Losses. (b) Mean distance of the pair moments of the features from those of the prior, along the edges of its graph and " +
    "over all pairs, and the mean size of the features' means: near 1 they are dead. (c) Log-likelihood of the features under the prior; " +
    "dashed: free spins. (d) Inverse temperature of the prior's samples by pseudo-likelihood; dashed: what was asked for.";
  return compose(run, {
    name: "training",
    title: "Training",
    details: populationOf(run).replace("; ", ""),
    says: hasPrior ? says : "Losses of discriminator and generator.",
    body: hasPrior
      ? grid(
          [
            lossPanel(run, size, `${letter(0)}Losses`),
            momentPanel(run, size, `${letter(1)}Prior and features`),
            likelihoodPanel(run, size, `${letter(2)}Likelihood of the features`),
            temperaturePanel(run, size, `${letter(3)}Temperature of the samples`),
          ],
          2,
        )
      : lossPanel(run, alone, ""),
    width: hasPrior ? WIDTH.double : WIDTH.single,
  });
}

function prior(run: Run): Figure[] {
  if (!has(run, "couplings", "correlationsFeatures")) return [];
  const size = Math.min(panelWidth(WIDTH.double, 2), 250);
  return compose(run, {
    name: "prior",
    title: "The prior",
    says:
      "(a) Couplings of the prior between its nodes, biases on the diagonal. (b) Pair moments along its edges: of its samples " +
      "against those of the features that it learns; on the line they agree.",
    body: grid(
      [
        matrixPanel(run, size, `${letter(0)}Couplings and biases`),
        momentsPanel(run, size, `${letter(1)}Moments along edges`),
      ],
      2,
    ),
    width: WIDTH.double,
  });
}

function walks(run: Run): Figure[] {
  if (!has(run, "walks", "walkNodes")) return [];
  const nodes = array(run, "walkNodes");
  const labels = nodes.map((node) => `node ${node}`);
  const count = (array(run, "walks").length / imageSize(run) / WALK - nodes.length) * WALK;
  const room = 46;
  const width = WIDTH.single - room;
  const place = { columns: WALK };
  return compose(run, {
    name: "walks",
    title: "Walks through the latents",
    says:
      "(a) From one latent of the prior to another on straight lines, a row each. (b) One latent, of which one variable goes " +
      "from −1 to 1: the nodes that change the images most.",
    body: column([
      stripPanel(
        run,
        "walks",
        { from: 0, count, ...place },
        { width, title: "(a) between latents" },
      ),
      stripPanel(
        run,
        "walks",
        { from: count, count: nodes.length * WALK, ...place },
        { width, title: "(b) along one variable", rowLabels: labels },
      ),
    ]),
    width: WIDTH.single,
  });
}

/** Panels one above the other, with room for their titles. */
function column(panels: readonly Spec[]): Spec {
  return { ...grid(panels, 1), spacing: 28 };
}

function imageSize(run: Run): number {
  return array(run, "imageShape").reduce((a, b) => a * b, 1);
}

/** Room for the names of many classes, and the height of one. */
const CLASS_LABELS = 130;
const CLASS_ROW = 11;

function classes(run: Run): Figure[] {
  if (!has(run, "classes", "classesReal")) return [];
  const count = array(run, "classes").length;
  const many = hasManyClasses(run);
  const width = many ? WIDTH.double : WIDTH.single;
  const labels = many ? CLASS_LABELS : 0;
  return compose(run, {
    name: "classes",
    title: "Classes",
    says: "How generated and training images spread over the classes, both by the classifier.",
    body: classPanel(run, {
      width: panelWidth(width, 1, labels),
      height: many ? CLASS_ROW * count : 140,
    }),
    width,
  });
}

function nearest(run: Run): Figure[] {
  if (!has(run, "neighbours", "neighbourDistances")) return [];
  const count = array(run, "neighbours").length / imageSize(run) / 2;
  const width = panelWidth(WIDTH.double, 1);
  const rowLabels = ["generated", "nearest"];
  return compose(run, {
    name: "nearest",
    title: "Nearest training images",
    says:
      "(a) Generated images above the training images that are nearest to them, pixel by pixel. (b) How near the nearest " +
      "training image is, for generated and for test images: a generator that repeats training images would stand far left.",
    body: column([
      stripPanel(
        run,
        "neighbours",
        { from: 0, count: 2 * count, columns: count },
        { width, title: `${letter(0)}Pairs`, rowLabels },
      ),
      nearestPanel(run, { width, height: 120 }, `${letter(1)}Distances`),
    ]),
    width: WIDTH.double,
  });
}

function density(run: Run): Figure[] {
  if (run.config.model.latent !== "reparam" || !has(run, "latents")) return [];
  const { alpha } = run.config.model;
  return compose(run, {
    name: "reparameterisation",
    title: "Reparameterised spins",
    details: `α = ${alpha} in this run`,
    says:
      "Density of the latent variable of a spin that is up for several α (lines), and the values of this run (filled): the " +
      "paper's figure 5. A spin that is down stays −1.",
    body: densityPanel(run, { width: panelWidth(WIDTH.single, 1), height: 150 }),
    width: WIDTH.single,
  });
}

/** One figure, whose subtitle says all settings. */
function compose(
  run: Run,
  { details, ...parts }: FigureParts & { readonly details?: string | undefined },
): Figure[] {
  return [captioned(parts, [settingsOf(run), ...(details ? [details] : [])].join("; "))];
}
