// The figures of the acceptance: scores of every row with all seeds, and sheets of the images of one seed side by side.

import {
  COLOR,
  figure,
  grid,
  imagePanel,
  letter,
  panelWidth,
  WIDTH,
  type Spec,
} from "../../src/figures/index.js";
import { channel } from "../../src/figures/spec.js";
import { panel } from "../../src/figures/panel.js";
import { median } from "../harness.js";
import { rowNames } from "./row-names.js";
import { nameOf, TABLED } from "./rows.js";
import { shiftFigures } from "./shifts.js";
import { byRow, find, stepsOf, valuesOf, type RowRecords } from "./series.js";
import type { Figure } from "../../src/models/index.js";
import type { PointRecord } from "../campaign/store.js";

/** All figures for which there are points. */
export function figuresOf(records: readonly PointRecord[]): Figure[] {
  const [headline, main] = [byRow(records, ["headline"]), byRow(records, TABLED)];
  return [
    ...sheets(main),
    ...scores("qaaan-scores", headline),
    ...(main.length > headline.length ? scores("qaaan-table", main) : []),
    ...regime(byRow(records, ["regime"])),
    ...shiftFigures(byRow(records, ["regime"])),
  ];
}

/** The paper's figure 8: classical beside quantum-assisted. */
function sheets(rows: readonly RowRecords[]): Figure[] {
  const chosen = (["gibbs", "annealing"] as const).flatMap((sampler) => {
    const of = find(rows, {
      sampler,
      graph: "chimera",
      latent: "reparam",
      network: "convolutional",
    });
    const shown = of?.records.find(({ record }) => record.samples !== undefined)?.record;
    return shown === undefined ? [] : [{ sampler, samples: shown.samples! }];
  });
  if (chosen.length < 2) return [];
  const words = { gibbs: "classical: Gibbs sampling", annealing: "annealer's stand-in" } as const;
  const width = panelWidth(WIDTH.double, 2, 0, 2);
  const panels = chosen.map(({ sampler, samples }, i) => {
    const [height, across, channels] = samples["imageShape"] as [number, number, number];
    const values = samples["samples"]!.map((byte) => (2 * byte) / 255 - 1);
    const count = values.length / (height * across * channels);
    const shape = [count, height, across, channels] as const;
    const columns = Math.sqrt(count);
    return imagePanel({ values, shape, columns, width, title: `${letter(i)}${words[sampler]}` });
  });
  const says =
    "Images of one seed with a Chimera prior, not selected: (a) classical sampling, (b) annealing. The counterpart of the paper's figure 8.";
  const title = "Generated digits";
  const spec = figure({ title, body: grid(panels, 2), width: WIDTH.double, description: says });
  return [{ name: "qaaan-grids", caption: says, spec }];
}

/** A dot for each seed and a bar at the median, a line for each row. */
function scores(name: string, rows: readonly RowRecords[]): Figure[] {
  // Rows whose trainings are longer were scored on the way.
  const steps = stepsOf(rows).findLast((at) =>
    rows.every((row) => valuesOf(row, at, "inceptionScore").size > 0),
  );
  if (steps === undefined || rows.length < 2) return [];
  const labels = 150;
  const width = Math.floor((panelWidth(WIDTH.double, 2, labels, 2) * 2) / 2);
  const panels = [
    dots(rows, steps, { of: "inceptionScore", title: "Inception Score", width, names: true }),
    dots(rows, steps, { of: "frechetDistance", title: "Fréchet distance", width, names: false }),
  ];
  const says = `Scores after ${String(steps)} steps: a dot for each seed, a line at the median.`;
  const body = grid(panels, 2);
  const spec = figure({
    title: "Scores over seeds",
    subtitle: says,
    body,
    width: WIDTH.double,
    description: says,
  });
  return [{ name, caption: says, spec }];
}

function regime(rows: readonly RowRecords[]): Figure[] {
  return scores("qaaan-regime", rows).map((one) => ({
    ...one,
    caption: `Small latents, few images, short training. ${one.caption}`,
  }));
}

type Dots = {
  readonly of: string;
  readonly title: string;
  readonly width: number;
  readonly names: boolean;
};

const STEP = 15;

/** Labels of a logarithmic axis, 1, 2 and 5 in each decade; distances of collapsed networks are a hundred times the others. */
function ticksOf(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const all = [1, 10, 100, 1000].flatMap((decade) => [1, 2, 5].map((digit) => digit * decade));
  return all.filter((tick) => tick >= least / 2 && tick <= 2 * most);
}

function dots(rows: readonly RowRecords[], steps: number, { of, title, width, names }: Dots): Spec {
  const found = rows.map((row) => [...valuesOf(row, steps, of).values()]);
  const axis =
    of === "frechetDistance"
      ? { title, scale: "log" as const, ticks: ticksOf(found.flat()) }
      : { title, tickCount: 5 };
  const y = { field: "row", type: "ordinal", axis: null, scale: { domain: rows.map((_, i) => i) } };
  const points = found.flatMap((values, row) => values.map((value) => ({ row, value })));
  const medians = found.flatMap((values, row) =>
    values.length === 0 ? [] : [{ row, value: median(values) }],
  );
  const words = rows.map(({ row }, i) => ({ row: i, text: nameOf(row) }));
  return panel({ width, height: STEP * rows.length }, {}, [
    {
      data: { values: points },
      mark: { type: "circle", size: 14, opacity: 0.55, color: COLOR.blue },
      encoding: { x: channel("value", axis), y },
    },
    {
      data: { values: medians },
      mark: { type: "tick", thickness: 1.6, size: 11, color: COLOR.vermillion },
      encoding: { x: channel("value", axis), y },
    },
    ...(names ? [rowNames(words, y)] : []),
  ]);
}
