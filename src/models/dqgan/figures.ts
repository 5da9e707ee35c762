// The figures of a DQGAN run: an overview, losses, marginals, joint histograms, distances over steps, samples.
// Composes panels and words; computes no measure.

import { ruleMargin } from "../../figures/lines.js";
import { grid, letter, panelWidth } from "../../figures/small-multiples.js";
import type { Spec } from "../../figures/spec.js";
import { WIDTH } from "../../figures/theme.js";
import type { Evaluation, Figure, HistoryRow } from "../model.js";
import { captioned, has, shownPairs } from "../run-figures.js";
import type { FigureParts } from "../run-figures.js";
import type { DqganConfig } from "./config.js";
import { distanceRows, measureWords, pairsOf } from "./figure-data.js";
import type { Distance, Run } from "./figure-data.js";
import {
  COLOR_BAR,
  distancePanel,
  distanceRules,
  equilibria,
  jointPanels,
  lossPanel,
  marginalPanels,
  samplePanel,
} from "./figure-panels.js";
import { describeRun } from "./figure-words.js";

const MOST_PAIRS = 3;
const LARGEST_SQUARE = 215;
const EQUILIBRIUM = {
  1: "the discriminator's equilibrium, 1 (the generator's is not fixed)",
  2: "the equilibrium, −2 ln 2 and −ln 2",
} as const;
const KIND_WORDS = {
  joint: "of the joint histograms",
  marginal: "of the marginal histograms, their mean",
} as const;
const KINDS = ["joint", "marginal"] as const;
const DISTANCES = { joint: "Joint", marginal: "Mean over marginals" } as const;

/**
 * All figures of a run, the overview first. Figures whose data are missing are left out.
 * @param config - the resolved configuration
 * @param history - the rows of the metrics file
 * @param evaluation - of the checkpoint that is shown
 */
export function dqganFigures(
  config: DqganConfig,
  history: readonly HistoryRow[],
  evaluation: Evaluation,
): readonly Figure[] {
  const run: Run = { config, history, evaluation, words: describeRun(config, evaluation) };
  return [overview, losses, marginals, joint, distance, samples].flatMap((make) => make(run));
}

function overview(run: Run): Figure[] {
  const [pair] = pairsOf(run);
  if (pair === undefined || distanceRows(run, "joint").length === 0) return [];
  const size = panelWidth(WIDTH.double, 3, COLOR_BAR + ruleMargin(distanceRules(run, "joint")), 1);
  const square = { width: size, height: size };
  const curve = distancePanel(
    run,
    "joint",
    square,
    `${letter(2)}Distance while training`,
    "top-right",
  );
  return compose(run, {
    name: "overview",
    title: `DQGAN: joint ${measureWords(run, "jointDistance") ?? "distribution"}`,
    details: [run.words.test, run.words.jointBins, `(c) ${run.words.replicas}`],
    says:
      "Joint distribution of (a) real and (b) generated data; (c) Hellinger distance of their histograms on " +
      `validation data while training. ${ruleWords(run)}`,
    body: grid([...jointPanels(run, pair, size, 0), curve], 3),
    width: WIDTH.double,
  });
}

function losses(run: Run): Figure[] {
  if (run.history.length === 0) return [];
  const { algorithm } = run.config.model;
  const rules = equilibria(algorithm);
  return compose(run, {
    name: "losses",
    title: "Losses",
    details: [run.words.replicas],
    says:
      `Losses of discriminator and generator against the training step. Dashed: ${EQUILIBRIUM[algorithm]}. ` +
      "Reaching it does not prove a fit; the distances do.",
    body: lossPanel(run, panelWidth(WIDTH.single, 1, ruleMargin(rules)), 150),
    width: WIDTH.single,
  });
}

function marginals(run: Run): Figure[] {
  if (!has(run, "marginalReal.0")) return [];
  const count = run.words.columns.length;
  const columns = Math.min(count, 3);
  const width = count === 1 ? WIDTH.single : WIDTH.double;
  return compose(run, {
    name: "marginals",
    title: "Marginal distributions",
    details: [run.words.test, run.words.marginalBins],
    says:
      "Marginal distribution of each column, real (filled) and generated (line). The floor is the distance " +
      "between two independent real samples.",
    body: grid(marginalPanels(run, panelWidth(width, columns), 140), columns, {
      sharedLegend: true,
    }),
    width,
  });
}

function joint(run: Run): Figure[] {
  const pairs = pairsOf(run).slice(0, MOST_PAIRS);
  if (pairs.length === 0) return [];
  const widest = panelWidth(WIDTH.double, 2, COLOR_BAR, 1);
  const size = pairs.length === 1 ? Math.min(widest, LARGEST_SQUARE) : 150;
  const measured = measureWords(run, "jointDistance");
  return compose(run, {
    name: "joint",
    title: `Joint distribution${measured === undefined ? "" : `: ${measured}`}`,
    details: [run.words.test, run.words.jointBins, ...shownPairs(pairs, pairsOf(run))],
    says: "Joint histograms of real and generated data with a common colour scale.",
    body: grid(
      pairs.flatMap((pair, row) => jointPanels(run, pair, size, 2 * row)),
      2,
    ),
    width: WIDTH.double - 2 * (widest - size),
  });
}

function distance(run: Run): Figure[] {
  // Of a single column, the joint histogram is the marginal one.
  const all = run.words.columns.length === 1 ? (["marginal"] as const) : KINDS;
  const kinds = all.filter((kind) => distanceRows(run, kind).length > 0);
  if (kinds.length === 0) return [];
  const labels = kinds.map((kind) => ruleMargin(distanceRules(run, kind)));
  const margin = labels.reduce((sum, label) => sum + label, 0);
  const width = kinds.length === 1 ? WIDTH.single : WIDTH.double;
  const size = { width: panelWidth(width, kinds.length, margin), height: 150 };
  const panels = kinds.map((kind, k) =>
    distancePanel(run, kind, size, headingOf(kind, k, kinds.length), "top"),
  );
  const what = kinds.map((kind) => KIND_WORDS[kind]).join("; ");
  return compose(run, {
    name: "distance",
    title: "Distance while training",
    details: [run.words.validation, run.words.replicas],
    says:
      `Hellinger distance on validation data against the training step: ${what}. ` +
      ruleWords(run, kinds[0]),
    body: grid(panels, 2, { sharedLegend: true }),
    width,
  });
}

function samples(run: Run): Figure[] {
  const pairs = pairsOf(run).slice(0, MOST_PAIRS);
  if (pairs.length === 0 || !has(run, "scatterReal")) return [];
  const width = pairs.length === 1 ? WIDTH.single : WIDTH.double;
  const size = panelWidth(width, pairs.length);
  const panels: Spec[] = pairs.map((pair, k) =>
    samplePanel(run, pair, size, pairs.length === 1 ? undefined : letter(k)),
  );
  return compose(run, {
    name: "samples",
    title: "Samples",
    details: ["up to 750 samples each", ...shownPairs(pairs, pairsOf(run))],
    says: "Real and generated samples.",
    body: grid(panels, pairs.length, { sharedLegend: true }),
    width,
  });
}

function headingOf(kind: Distance, index: number, count: number): string | undefined {
  return count === 1 ? undefined : `${letter(index)}${DISTANCES[kind]}`;
}

/** What the reference lines of a distance are. */
function ruleWords(run: Run, kind: Distance = "joint"): string {
  const dotted = distanceRules(run, kind).some((rule) => rule.dash === "dotted");
  const floor = "Dashed: floor, the distance between two independent real samples.";
  return dotted ? `${floor} Dotted: the published value.` : floor;
}

/** One figure, whose subtitle says all settings. */
function compose(
  run: Run,
  { details, ...parts }: FigureParts & { readonly details: readonly string[] },
): Figure[] {
  return [captioned(parts, [run.words.settings, ...details].join("; "))];
}
