// The two pictures of a run: the graph with its magnetisations, and how energies are distributed.

import { join } from "node:path";
import { figure } from "../../figures/figure.js";
import { histogramArea } from "../../figures/histogram.js";
import { WIDTH } from "../../figures/theme.js";
import { BackendError } from "../../errors.js";
import { draw } from "../../ising/index.js";
import { histogram, probabilities } from "../../metrics/index.js";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import type { Spec } from "../../figures/spec.js";
import type { HostModel, SampleSet } from "../../ising/index.js";

const MOST_BINS = 60;

/** What is drawn. */
export type Pictured = {
  readonly model: HostModel;
  /** `[n]`, of the first model. */
  readonly magnetisations: Float64Array;
  readonly set: SampleSet;
  readonly title: string;
};

/**
 * Draws `graph.svg` and `energies.svg` into a folder.
 *
 * @param tell - told where the drawing packages are missing; `graph.svg` needs none
 * @returns paths of what was drawn
 */
export async function drawRun(
  folder: string,
  { model, magnetisations, set, title }: Pictured,
  tell: (error: BackendError) => void,
): Promise<readonly string[]> {
  makeFolder(folder);
  const graph = join(folder, "graph.svg");
  writeAtomically(graph, draw(model.graph, { biases: magnetisations }));
  if (set.rows === 0) return [graph];
  try {
    const { renderSvg } = await import("../../figures/render.js");
    const file = join(folder, "energies.svg");
    writeAtomically(file, await renderSvg(energyFigure(set, title)));
    return [graph, file];
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    tell(error);
    return [graph];
  }
}

function energyFigure(set: SampleSet, title: string): Spec {
  const { low, high, bins } = binsOf(set.energies);
  const counts = histogram(set.energies, { lo: low, hi: high, bins });
  const width = WIDTH.single;
  const body = histogramArea({
    edges: Array.from({ length: bins + 1 }, (_, k) => low + ((high - low) * k) / bins),
    probabilities: Array.from(probabilities(counts)),
    x: { title: "energy" },
    y: { title: "probability density" },
    ...{ width: width - 70, height: 200 },
  });
  const subtitle = `${String(set.rows)} rows`;
  const description = `Histogram of the energies of ${title}, ${subtitle}.`;
  return figure({ title, subtitle, body, width, description });
}

/** Bins between the extremes; of width 1 where all energies are equal. Where energies are levels, bins hold whole ones. */
function binsOf(energies: Float64Array): { low: number; high: number; bins: number } {
  const levels = [...new Set(energies)].sort((a, b) => a - b);
  const [low, high] = [levels[0]!, levels.at(-1)!];
  if (low === high) return { low: low - 0.5, high: high + 0.5, bins: 1 };
  const gap = gapOf(levels);
  if (gap !== undefined) {
    const width = gap * Math.ceil((high - low) / gap / MOST_BINS);
    const bins = Math.floor((high - low) / width) + 1;
    return { low: low - gap / 2, high: low - gap / 2 + bins * width, bins };
  }
  return { low, high, bins: Math.min(MOST_BINS, Math.ceil(Math.sqrt(energies.length))) };
}

/** The distance of which all distances between levels are multiples; undefined where there is none. */
function gapOf(levels: readonly number[]): number | undefined {
  const gap = levels.reduce(
    (least, E, k) => (k === 0 ? least : Math.min(least, E - levels[k - 1]!)),
    Infinity,
  );
  const isMultiple = (E: number): boolean => {
    const steps = (E - levels[0]!) / gap;
    return Math.abs(steps - Math.round(steps)) < 1e-6;
  };
  return levels.length < 4096 && levels.every(isMultiple) ? gap : undefined;
}
