// The panels of a QAAAN's figures: curves of the training, sheets of images, classes, distances. The prior's are in
// figure-prior.ts, titles and captions in figures.ts.

import { stepAxis } from "../../figures/axes.js";
import { imagePanel } from "../../figures/image-panel.js";
import { lines, type Rule, type Series } from "../../figures/lines.js";
import { legendAt, panel } from "../../figures/panel.js";
import { channel, compact, type Spec } from "../../figures/spec.js";
import { COLOR, GENERATED_COLOR, REAL_COLOR, REAL_FILL } from "../../figures/theme.js";
import { array, lastStep, lossRows, metricRows } from "../run-figures.js";
import { imageForm, pixels, type Run } from "./figure-data.js";

/** Width and height of a panel. */
export type Size = { readonly width: number; readonly height: number };

/** Both losses over the steps. */
export function lossPanel(run: Run, size: Size, title: string): Spec {
  return lines({
    series: [
      { name: "discriminator", rows: lossRows(run, "discriminator"), color: COLOR.blue },
      { name: "generator", rows: lossRows(run, "generator"), color: COLOR.vermillion },
    ],
    x: stepAxis(lastStep(run)),
    y: { title: "cross-entropy (nats)", zero: true, tickCount: 5 },
    ...size,
    ...{ title, legend: "top-right" },
  });
}

/** How far the prior's pair moments are from the features'. */
export function momentPanel(run: Run, size: Size, title: string): Spec {
  const along = lossRows(run, "momentError");
  const series: Series[] = [
    ...(along.length > 0 ? [{ name: "along edges", rows: along, color: COLOR.sky }] : []),
    { name: "all pairs", rows: metricRows(run, "pairDistance"), color: COLOR.blue },
    { name: "features' means", rows: metricRows(run, "featureMean"), color: COLOR.orange },
  ];
  return lines({
    series,
    x: stepAxis(lastStep(run)),
    y: { title: "distance of moments", zero: true, tickCount: 5 },
    ...size,
    ...{ title, legend: "bottom-left" },
  });
}

/** Likelihood of the features under the prior; free spins have −n ln 2. */
export function likelihoodPanel(run: Run, size: Size, title: string): Spec {
  return lines({
    series: [
      { name: "log-likelihood", rows: metricRows(run, "priorLikelihood"), color: COLOR.green },
    ],
    rules: likelihoodRules(run),
    x: stepAxis(lastStep(run)),
    y: { title: "log-likelihood (nats)", tickCount: 5 },
    ...{ ...size, title },
  });
}

/** The likelihood of free spins. */
export function likelihoodRules({ config }: Run): readonly Rule[] {
  return [{ y: -config.model.features * Math.LN2, label: ["free", "spins"], dash: "dashed" }];
}

/** The temperature that the prior's samples have. */
export function temperaturePanel(run: Run, size: Size, title: string): Spec {
  return lines({
    series: [{ name: "β", rows: metricRows(run, "effectiveBeta"), color: COLOR.purple }],
    rules: temperatureRules(run),
    x: stepAxis(lastStep(run)),
    y: { title: "inverse temperature", tickCount: 5 },
    ...{ ...size, title },
  });
}

/** The temperature asked for. */
export function temperatureRules({ config: { prior } }: Run): readonly Rule[] {
  return [{ y: prior.beta, label: ["asked", "for"], dash: "dashed" }];
}

/** A sheet of images, square. */
export function sheetPanel(run: Run, name: string, width: number, title: string): Spec {
  const form = imageForm(run);
  const values = pixels(run, name);
  const count = values.length / (form[0] * form[1] * form[2]);
  const columns = Math.round(Math.sqrt(count));
  return imagePanel({ values, shape: [count, ...form], columns, width, title });
}

/** Some of the images of an array in rows of `columns`. */
export function stripPanel(
  run: Run,
  name: string,
  place: { readonly from: number; readonly count: number; readonly columns: number },
  words: {
    readonly width: number;
    readonly title?: string;
    readonly rowLabels?: readonly string[];
    readonly labels?: readonly string[];
  },
): Spec {
  const form = imageForm(run);
  const size = form[0] * form[1] * form[2];
  const { from, count, columns } = place;
  const values = pixels(run, name).subarray(from * size, (from + count) * size);
  return imagePanel({ values, shape: [count, ...form], columns, ...words });
}

/** More classes than fit side by side. */
const MANY_CLASSES = 12;

/** Whether classes stand one below the other, so that their panel grows with their number. */
export function hasManyClasses(run: Run): boolean {
  return array(run, "classes").length > MANY_CLASSES;
}

/** How images spread over the classes. */
export function classPanel(run: Run, { width, height }: Size): Spec {
  const of = (name: string): readonly number[] => array(run, name);
  const [real, generated] = [of("classesReal"), of("classes")];
  const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const labels = run.evaluation.columns;
  const rows = [
    ...real.map((count, k) => ({ k, set: "real", part: compact((100 * count) / total(real)) })),
    ...generated.map((count, k) => ({
      ...{ k, set: "generated" },
      part: compact((100 * count) / total(generated)),
    })),
  ].map((row) => ({ ...row, name: labels[row.k] ?? String(row.k) }));
  const parts = channel("part", { title: "images (%)", zero: true, tickCount: 5 });
  const names = {
    ...{ field: "name", type: "nominal", sort: null },
    scale: { paddingInner: 0.25 },
  };
  const sets = { field: "set", sort: null, scale: { domain: ["real", "generated"] } };
  // Names of many classes are long: one below the other they can be read.
  const places = hasManyClasses(run)
    ? {
        x: parts,
        y: { ...names, axis: { title: null, labelLimit: 300, ticks: false } },
        yOffset: sets,
      }
    : {
        x: { ...names, title: "class, by the classifier", axis: { labelAngle: 0, ticks: false } },
        ...{ y: parts, xOffset: sets },
      };
  return panel({ width, height }, {}, [
    {
      data: { values: rows },
      mark: { type: "bar" },
      encoding: {
        ...places,
        color: {
          ...{ field: "set", type: "nominal" },
          scale: { domain: ["real", "generated"], range: [REAL_FILL, GENERATED_COLOR] },
          legend: legendAt("top", "square"),
        },
      },
    },
  ]);
}

/** Distances to the nearest training image: of generated images and of test images, as distribution functions. */
export function nearestPanel(run: Run, size: Size, title: string): Spec {
  const curve = (name: string): Series["rows"] =>
    [...array(run, name)]
      .sort((a, b) => a - b)
      .map((x, i, all) => ({ x, values: [(100 * (i + 1)) / all.length] }));
  return lines({
    series: [
      { name: "generated", rows: curve("neighbourDistances"), color: GENERATED_COLOR },
      { name: "test images", rows: curve("neighbourFloor"), color: REAL_COLOR },
    ],
    x: { title: "root mean square distance of pixels", zero: true, tickCount: 5 },
    y: { title: "images nearer than that (%)", domain: [0, 100], tickCount: 5 },
    ...size,
    ...{ title, legend: "bottom-right" },
  });
}
