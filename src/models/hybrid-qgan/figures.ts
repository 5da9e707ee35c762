// The figures of a hybrid QGAN run: an overview, histograms (the paper's Figure 2), losses, distance over steps, the
// critic's landscape, samples. Composes panels and words; computes no measure.

import { ruleMargin } from "../../figures/lines.js";
import { grid, letter, panelWidth } from "../../figures/small-multiples.js";
import type { Spec } from "../../figures/spec.js";
import { WIDTH } from "../../figures/theme.js";
import type { Evaluation, Figure, HistoryRow } from "../model.js";
import { captioned, columnPairs, has, shownPairs } from "../run-figures.js";
import type { FigureParts } from "../run-figures.js";
import type { HybridConfig } from "./config.js";
import {
  distancePanel,
  distanceRows,
  distanceRules,
  hasLandscape,
  heading,
  landscapePanel,
  lossPanel,
  marginalPanel,
  measureWords,
  penaltyPanel,
  samplePanel,
} from "./figure-panels.js";
import type { Run } from "./figure-panels.js";
import { describeRun } from "./figure-words.js";

const MOST_PAIRS = 3;
const MOST_COLUMNS = 6;
const HEIGHT = 150;
/** How far the labels at both ends of panels side by side reach. */
const LAST_LABEL = 9;
/** How far the label of the last step reaches beyond that of other axes. */
const STEP_LABEL = 10;
/** Room right of a panel for a colour bar. */
const COLOR_BAR = 46;
const FLOOR = "Dashed: floor, the distance of a real sample of the same size.";

/**
 * All figures of a run, the overview first. Figures whose data are missing are left out.
 * @param config - the resolved configuration
 * @param history - the rows of the metrics file
 * @param evaluation - of the checkpoint that is shown
 */
export function hybridFigures(
  config: HybridConfig,
  history: readonly HistoryRow[],
  evaluation: Evaluation,
): readonly Figure[] {
  const run: Run = { config, history, evaluation, words: describeRun(config, evaluation) };
  return [overview, histograms, losses, distance, landscape, samples].flatMap((make) => make(run));
}

const isLine = (run: Run): boolean => run.words.axes.length === 1;

function overview(run: Run): Figure[] {
  if (!has(run, "marginalReal.0") || distanceRows(run).length === 0) return [];
  const width = panelWidth(WIDTH.double, 2, ruleMargin(distanceRules(run)));
  const size = { width, height: isLine(run) ? HEIGHT : width };
  const sample = isLine(run)
    ? marginalPanel(run, 0, size, `${letter(0)}Histograms`, "top-right")
    : samplePanel(run, [0, 1], width);
  const curve = distancePanel(run, size, `${letter(1)}Distance while training`, "top-right");
  const name = isLine(run) ? "w1.0" : "distance";
  return compose(run, {
    name: "overview",
    title: `Hybrid QGAN: ${isLine(run) ? "" : "sliced "}Wasserstein-1 ${measureWords(run, name) ?? "distance"}`,
    details: [run.words.test, `(b) ${run.words.replicas}`],
    says: `(a) Real and generated ${isLine(run) ? "distribution" : "samples"}; (b) ${isLine(run) ? "" : "sliced "}Wasserstein-1 distance on validation data while training. ${FLOOR}`,
    body: grid([sample, curve], 2),
    width: WIDTH.double,
  });
}

function histograms(run: Run): Figure[] {
  if (!has(run, "marginalReal.0")) return [];
  const count = Math.min(run.words.axes.length, MOST_COLUMNS);
  const columns = Math.min(count, 3);
  const width = count === 1 ? WIDTH.single : WIDTH.double;
  const size = { width: panelWidth(width, columns, LAST_LABEL), height: 140 };
  const panels = Array.from({ length: count }, (_, c) =>
    marginalPanel(run, c, size, heading(c, run.evaluation.columns[c]!, count)),
  );
  return compose(run, {
    name: "histograms",
    title: "Histograms",
    details: [run.words.test, run.words.bins],
    says: "Distribution of each column, real (filled) and generated (line), as in Figure 2 of the paper. The floor is the distance of a real sample of the same size.",
    body: grid(panels, columns, { sharedLegend: true }),
    width,
  });
}

function losses(run: Run): Figure[] {
  if (run.history.length === 0) return [];
  const size = { width: panelWidth(WIDTH.double, 2, STEP_LABEL), height: HEIGHT };
  return compose(run, {
    name: "losses",
    title: "Losses",
    details: [run.words.replicas],
    says: "(a) Losses of critic, ⟨D(generated)⟩ − ⟨D(real)⟩ + λ penalty, and generator, −⟨D(generated)⟩, against the training step; (b) what the gradient penalty adds to the critic's loss. A critic is defined up to a constant, so the generator's loss has no absolute meaning.",
    body: grid(
      [lossPanel(run, size, `${letter(0)}Losses`), penaltyPanel(run, size, `${letter(1)}Penalty`)],
      2,
    ),
    width: WIDTH.double,
  });
}

function distance(run: Run): Figure[] {
  if (distanceRows(run).length === 0) return [];
  const width = panelWidth(WIDTH.single, 1, ruleMargin(distanceRules(run)));
  return compose(run, {
    name: "distance",
    title: "Distance while training",
    details: [run.words.validation, run.words.replicas],
    says: `Wasserstein-1 distance on validation data against the training step. ${FLOOR}`,
    body: distancePanel(run, { width, height: HEIGHT }),
    width: WIDTH.single,
  });
}

function landscape(run: Run): Figure[] {
  if (!hasLandscape(run)) return [];
  const width = isLine(run) ? panelWidth(WIDTH.single, 1) : panelWidth(WIDTH.single, 1, COLOR_BAR);
  return compose(run, {
    name: "landscape",
    title: "Landscape of the critic",
    details: [run.words.best],
    says: "The critic after training over the range of the data: the generator's samples move uphill. Between equal distributions it is flat up to what the last batches taught it.",
    body: landscapePanel(run, { width, height: isLine(run) ? HEIGHT : width }),
    width: WIDTH.single,
  });
}

function samples(run: Run): Figure[] {
  const all = columnPairs(run);
  const pairs = all.slice(0, MOST_PAIRS);
  if (pairs.length === 0 || !has(run, "scatterReal")) return [];
  const width = pairs.length === 1 ? WIDTH.single : WIDTH.double;
  const size = panelWidth(width, pairs.length, pairs.length === 1 ? 0 : LAST_LABEL);
  const panels: Spec[] = pairs.map((pair, k) =>
    samplePanel(run, pair, size, pairs.length === 1 ? undefined : letter(k)),
  );
  return compose(run, {
    name: "samples",
    title: "Samples",
    details: ["up to 750 samples each", run.words.best, ...shownPairs(pairs, all)],
    says: "Real and generated samples.",
    body: grid(panels, pairs.length, { sharedLegend: true }),
    width,
  });
}

/** One figure, whose subtitle says all settings. */
function compose(
  run: Run,
  { details, ...parts }: FigureParts & { readonly details: readonly string[] },
): Figure[] {
  return [captioned(parts, [run.words.settings, ...details].join("; "))];
}
