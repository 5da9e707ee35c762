// The figures of a Boltzmann machine: an overview, norms and likelihood while training, learned couplings, images, covariances.
// Composes panels; computes no measure.

import { grid, panelWidth } from "../../figures/small-multiples.js";
import { bandWords } from "../../figures/quantiles.js";
import { ruleMargin } from "../../figures/lines.js";
import { WIDTH } from "../../figures/theme.js";
import {
  covariancePanel,
  graphPanel,
  imagePanel,
  likelihoodPanel,
  likelihoodRules,
  meanPanel,
  normPanel,
  normRules,
  type Run,
} from "./figure-panels.js";
import { captioned, has, type FigureParts } from "../run-figures.js";
import { count } from "../words.js";
import type { Evaluation, Figure, HistoryRow } from "../model.js";
import type { BoltzmannConfig } from "./config.js";

/**
 * All figures of a run, the overview first. Figures whose data are missing are left out.
 *
 * @param config - the resolved configuration
 * @param history - the rows of the metrics file
 * @param evaluation - of the checkpoint that is shown
 */
export function boltzmannFigures(
  config: BoltzmannConfig,
  history: readonly HistoryRow[],
  evaluation: Evaluation,
): readonly Figure[] {
  const run: Run = { config, history, evaluation };
  return [overview, couplings, images, covariances].flatMap((make) => make(run));
}

function overview(run: Run): Figure[] {
  if (!run.history.some(({ metrics }) => metrics !== undefined)) return [];
  const margin = ruleMargin(normRules(run)) + ruleMargin(likelihoodRules(run));
  const size = { width: panelWidth(WIDTH.double, 2, margin), height: 165 };
  return compose(run, {
    name: "overview",
    title: "Boltzmann machine: correlations and likelihood while training",
    says:
      "(a) L1 norm between the correlations of data and model over all pairs: of the samples of the training, and " +
      "with little noise (exact, or of conditional means); dashed: what as many samples of a perfect model score. (b) Mean " +
      "log-likelihood of the training data; dashed: the best machine without couplings.",
    body: grid([normPanel(run, size, "(a) "), likelihoodPanel(run, size, "(b) ")], 2),
    ...{ width: WIDTH.double, population: true },
  });
}

function couplings(run: Run): Figure[] {
  return compose(run, {
    name: "couplings",
    title: "Learned fields and couplings",
    says:
      "Learned parameters of the best replica on its graph: fields as discs, couplings as lines, blue for positive and red for " +
      "negative ones, as strong as large.",
    body: graphPanel(run, WIDTH.single - 40),
    width: WIDTH.single,
  });
}

function images(run: Run): Figure[] {
  if (!has(run, "imagesData")) return [];
  const size = panelWidth(WIDTH.double, 2, 0, 2);
  const small = 110;
  return compose(run, {
    name: "images",
    title: "Data and samples",
    says: "Binarised rows of the data, samples of the best replica, and the mean of both.",
    body: grid(
      [
        imagePanel(run, "imagesData", size, "(a) data"),
        imagePanel(run, "imagesModel", size, "(b) samples"),
        meanPanel(run, "meanData", small, "(c) mean of the data"),
        meanPanel(run, "meanModel", small, "(d) mean of the model"),
      ],
      2,
    ),
    width: WIDTH.double,
  });
}

function covariances(run: Run): Figure[] {
  if (!has(run, "covarianceData")) return [];
  return compose(run, {
    name: "covariances",
    title: "Covariances of all pairs",
    says:
      "Covariance of every pair of visible units: of the model against that of the data. On the line they agree; fields alone " +
      "would put all of them at 0.",
    body: covariancePanel(run, panelWidth(WIDTH.single, 1)),
    width: WIDTH.single,
  });
}

/** One figure, whose subtitle says all settings. */
function compose(
  run: Run,
  {
    population = false,
    ...parts
  }: FigureParts & {
    /** Whether all replicas are shown, or the best. */
    readonly population?: boolean;
  },
): Figure[] {
  const { model, train, replicas } = run.config;
  const { best } = run.evaluation;
  const which = population ? bandWords(replicas) : `replica ${best} (best of ${replicas})`;
  const rate = typeof train.rate === "number" ? `η = ${train.rate}` : "a rate for each replica";
  const subtitle = `${model.topology}, ${train.sampler} sampling, ${rate}, ${count(train.chains)} samples an update; ${which}`;
  return [captioned(parts, subtitle)];
}
