// What the acceptance of the QAAAN trains: rows of its tables as configurations, in the order in which they are worth having.

import { merge } from "../../src/models/merge.js";
import { qaaanPresets, qaaanSchema, type QaaanConfig } from "../../src/models/qaaan/config.js";

/** The parts of the campaign, in order. */
export const PARTS = ["headline", "baselines", "table", "path-integral", "regime"] as const;

/** One of {@link PARTS}. */
export type Part = (typeof PARTS)[number];

/** The parts whose rows stand in one table of scores. */
export const TABLED: readonly Part[] = ["headline", "baselines", "table", "path-integral"];

/** One training: a row of a table and a seed. Plain fields, because points are stored by them. */
export type Training = {
  readonly part: Part;
  readonly graph: "chimera" | "bipartite" | "complete" | "none";
  readonly sampler: "gibbs" | "annealing" | "path-integral" | "none";
  readonly latent: "reparam" | "binary" | "uniform";
  /** `trained`, kept at 0 (`frozen`), or `none` for uniform latents. */
  readonly prior: "trained" | "frozen" | "none";
  readonly network: "convolutional" | "dense";
  readonly nodes: number;
  /** Learning rate of the prior. */
  readonly rate: number;
  /** Training images; 0: all. */
  readonly images: number;
  /** Steps of the longest training; scores are also taken on the way. */
  readonly steps: number;
  readonly seed: number;
};

/** A row without its seed. */
export type TrainingRow = Omit<Training, "seed">;

const NODES = 100;
const RATE = 0.002;

function rowOf(part: Part, steps: number, own: Partial<TrainingRow>): TrainingRow {
  return {
    ...{ part, graph: "chimera", sampler: "gibbs", latent: "reparam", prior: "trained" },
    ...{ network: "convolutional", nodes: NODES, rate: RATE, images: 0, steps },
    ...own,
  };
}

/** No Boltzmann machine: uniform numbers. */
const UNIFORM: Partial<TrainingRow> = {
  graph: "none",
  sampler: "none",
  latent: "uniform",
  prior: "none",
  rate: 0,
};
const FROZEN: Partial<TrainingRow> = { prior: "frozen", rate: 0 };

function headline(steps: number): TrainingRow[] {
  return [rowOf("headline", steps, {}), rowOf("headline", steps, { sampler: "annealing" })];
}

/** Every graph with every latent and these samplers. */
function combined(
  part: Part,
  steps: number,
  samplers: readonly TrainingRow["sampler"][],
): TrainingRow[] {
  const graphs = ["chimera", "bipartite", "complete"] as const;
  return (["reparam", "binary"] as const).flatMap((latent) =>
    graphs.flatMap((graph) =>
      samplers.map((sampler) => rowOf(part, steps, { graph, sampler, latent })),
    ),
  );
}

/** What the headline is held against: without a prior, and with one that learns nothing. */
function baselines(steps: number): TrainingRow[] {
  return [UNIFORM, FROZEN].map((own) => rowOf("baselines", steps, own));
}

/** Other baselines first: they say whether anything below them matters. */
function table(steps: number): TrainingRow[] {
  const row = (own: Partial<TrainingRow>): TrainingRow => rowOf("table", steps, own);
  const inHeadline = ({ graph, latent }: TrainingRow): boolean =>
    graph === "chimera" && latent === "reparam";
  return [
    row({ ...FROZEN, latent: "binary" }),
    row({ ...UNIFORM, network: "dense" }),
    row({ network: "dense" }),
    ...combined("table", steps, ["gibbs", "annealing"]).filter((one) => !inHeadline(one)),
  ];
}

/** Small latents, few images, short training: where a prior that knows the features could pay. */
function regime(steps: number): TrainingRow[] {
  const priors: readonly Partial<TrainingRow>[] = [
    {},
    { rate: 0.02 },
    { graph: "complete", rate: 0.02 },
    FROZEN,
    UNIFORM,
  ];
  return [16, 32].flatMap((nodes) =>
    [0, 500].flatMap((images) =>
      priors.map((own) => rowOf("regime", steps, { ...own, nodes, images })),
    ),
  );
}

/** How much is trained. */
export type Size = {
  /** Steps of headline and table, and of the regime. */
  readonly steps: number;
  readonly shortSteps: number;
  /** The first and the last. */
  readonly seeds: readonly [number, number];
};

/** All trainings of some parts; seeds outside rows, so that an interrupted campaign has the same seeds of all rows. */
export function trainings(parts: readonly Part[], { steps, shortSteps, seeds }: Size): Training[] {
  const [first, last] = seeds;
  const rows = {
    headline: headline(steps),
    baselines: baselines(steps),
    table: table(steps),
    // Apart, since an anneal of many slices a step costs more than both networks.
    "path-integral": combined("path-integral", steps, ["path-integral"]),
    regime: regime(shortSteps),
  };
  return PARTS.filter((part) => parts.includes(part)).flatMap((part) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i).flatMap((seed) =>
      rows[part].map((row): Training => ({ ...row, seed })),
    ),
  );
}

/** Cells of the smallest Chimera graph with so many nodes. */
function cellsOf(nodes: number): number[] {
  if (nodes <= 16) return [2, 2, 2];
  return nodes <= 32 ? [2, 2, 4] : [4, 4, 4];
}

/**
 * The configuration of a training: the preset `small` with what the row changes.
 *
 * @param file - the key of the images among the files; null for synthetic digits
 * @param every - steps between scores
 */
export function configOf(
  { graph, sampler, latent, prior, network, nodes, rate, steps, seed }: Training,
  file: string | null,
  every: number,
): QaaanConfig {
  return qaaanSchema.parse(
    merge("qaaan-acceptance", qaaanPresets, "small", {
      ...{ seed, data: { file } },
      model: { latent, network, features: nodes },
      prior: {
        graph: graph === "none" ? "chimera" : graph,
        sampler: sampler === "none" ? "gibbs" : sampler,
        ...{ cells: cellsOf(nodes), frozen: prior === "frozen", rate },
      },
      train: { steps, evaluateEvery: every },
    }),
  );
}

/** A row in a few words. */
export function nameOf({
  graph,
  sampler,
  latent,
  prior,
  network,
  nodes,
  rate,
  images,
}: TrainingRow): string {
  const what =
    prior === "none"
      ? "uniform latents"
      : prior === "frozen"
        ? `frozen prior, ${latent}`
        : `${graph}, ${sampler}, ${latent}`;
  return [
    what,
    ...(network === "dense" ? ["dense"] : []),
    ...(nodes === NODES ? [] : [`${String(nodes)} nodes`]),
    ...(prior === "trained" && rate !== RATE ? [`η ${String(rate)}`] : []),
    ...(images === 0 ? [] : [`${String(images)} images`]),
  ].join(", ");
}
