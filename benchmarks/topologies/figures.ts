// The figures of the topology study: an image at each stage (figure 4 of the paper), the norms of figures 6 and 7 with their
// floor, and the likelihood beside them. Trains nothing.

import { existsSync } from "node:fs";
import { stepAxis } from "../../src/figures/axes.js";
import { figure, grid, letter, lines, panelWidth, WIDTH } from "../../src/figures/index.js";
import { ruleMargin, type Rule, type Series } from "../../src/figures/lines.js";
import { panel } from "../../src/figures/panel.js";
import { COLOR } from "../../src/figures/theme.js";
import { areaAverage, binarize, syntheticDigits, type Images } from "../../src/data/index.js";
import { DATA_SETS, dataSetFolder, readMnist } from "../../src/data/files/index.js";
import { stream } from "../../src/random.js";
import { TOPOLOGIES, type Topology, type Trained } from "./study.js";
import type { Spec } from "../../src/figures/spec.js";

/** A figure and the name of its file. */
export type StudyFigure = { readonly name: string; readonly spec: Spec };

const COLORS: Readonly<Record<Topology, string>> = {
  complete: COLOR.blue,
  bipartite: COLOR.vermillion,
  chimera: COLOR.green,
};

/** All figures of a study. */
export function studyFigures(
  trained: readonly Trained[],
  env: Readonly<Record<string, string | undefined>>,
): StudyFigure[] {
  const of = (part: Trained["line"]["part"]): Trained[] =>
    trained.filter((one) => one.line.part === part);
  const replicas = trained[0]?.results[0]?.evaluation.replicas.length ?? 0;
  const says = `1,000 samples an update; median, quartiles and range of ${replicas} repetitions. Dashed: what 1,000 samples of a perfect model score (left), fields alone (right); 36 pixels`;
  const both = (name: string, title: string, part: Trained["line"]["part"]): StudyFigure => ({
    name,
    spec: curves(of(part), title, says),
  });
  return [
    { name: "topologies-images", spec: stages(imagesOf(env)) },
    both("topologies-figure6", "Path-integral sampling, η = 0.03", "figure 6"),
    both("topologies-figure6-gibbs", "Gibbs sampling, η = 0.03", "figure 6 by Gibbs sampling"),
    both("topologies-figure7", "Gibbs sampling, η = 0.001", "figure 7"),
  ].filter(({ spec }) => spec["concat"] !== undefined);
}

function curves(trained: readonly Trained[], title: string, subtitle: string): Spec {
  if (trained.length === 0) return {};
  const [floors, fields] = [
    rules(trained, "l1Floor", "floor"),
    rules(trained, "fieldLikelihood", "fields"),
  ];
  const size = {
    width: panelWidth(WIDTH.double, 2, ruleMargin(floors) + ruleMargin(fields)),
    height: 170,
  };
  const steps = Math.max(...trained.map(({ line }) => line.steps));
  const x = stepAxis(steps, "update");
  // What lies beyond the axis is left out: a curve would run through the title.
  const series = (name: string, [low, high]: readonly [number, number]): Series[] =>
    TOPOLOGIES.flatMap((topology) => {
      const one = trained.find(({ line }) => line.topology === topology);
      return one === undefined
        ? []
        : [
            {
              name: topology,
              rows: rowsOf(one, name).filter(({ values }) =>
                values.every((y) => y >= low && y <= high),
              ),
              color: COLORS[topology],
            },
          ];
    });
  const norms = [0, 60] as const;
  const nats = likelihoodRange(trained);
  const last = trained.flatMap((one) => rowsOf(one, "logLikelihood").at(-1)?.values ?? []);
  const body = grid(
    [
      lines({
        series: series("l1Distance", norms),
        rules: floors,
        ...{ x, y: { title: "L1 norm", domain: norms, tickCount: 5 }, ...size },
        title: `${letter(0)}L1 norm of the samples`,
        legend: "top-right",
      }),
      lines({
        series: series("logLikelihood", nats),
        rules: fields,
        ...{
          x,
          y: { title: "log-likelihood (nats)", domain: nats, tickCount: 5 },
          ...size,
        },
        title: `${letter(1)}Log-likelihood of the data at β = 1`,
        // Machines that end below the fields alone leave the room above them.
        legend: last.every((one) => one < fields[0]!.y - 1) ? "top-right" : "bottom-right",
      }),
    ],
    2,
  );
  return figure({
    title,
    subtitle,
    body,
    width: WIDTH.double,
    description: `${title}. ${subtitle}.`,
  });
}

/** From a nat below the fields alone, before which all machines are alike, or from where the worst one ends, to above the best. */
function likelihoodRange(trained: readonly Trained[]): readonly [number, number] {
  const rows = trained.map((one) => rowsOf(one, "logLikelihood"));
  const values = rows.flatMap((own) => own.flatMap((row) => row.values));
  const last = rows.flatMap((own) => own.at(-1)?.values ?? []);
  const fields = trained.map((one) => rowsOf(one, "fieldLikelihood")[0]!.values[0]!);
  const low = Math.min(...fields.map((one) => one - 1), ...last.map((one) => one - 0.1));
  return [low, Math.max(...values, ...fields) + 0.1];
}

function rowsOf({ history }: Trained, name: string): Series["rows"] {
  return history.map(({ step, metrics }) => ({ x: step, values: metrics?.[name] ?? [] }));
}

/** Of the complete graph, whose 36 pixels bipartite machines share. */
function rules(trained: readonly Trained[], name: string, label: string): Rule[] {
  const one = trained.find(({ line }) => line.topology === "complete") ?? trained[0]!;
  const y = rowsOf(one, name).at(-1)?.values[0];
  return y === undefined ? [] : [{ y, label: [label], dash: "dashed" }];
}

/** Images of MNIST where they are, else synthetic digits. */
function imagesOf(env: Readonly<Record<string, string | undefined>>): Images {
  const path = dataSetFolder(DATA_SETS["mnist"]!, env);
  return existsSync(path)
    ? readMnist("test", { path }).images
    : syntheticDigits(stream(0, "data"), 3);
}

/** One image: as it is, at 6 × 6 pixels, and binarised. */
function stages(images: Images): Spec {
  const whole = first(images);
  const small = areaAverage(whole, 6);
  const spins = binarize({ values: small.values, width: 36 }, stream(1, "binarisation"));
  const size = panelWidth(WIDTH.double, 3, 0, 3) - 40;
  const grey = (of: Images): number[] => Array.from(of.values, (value) => value / of.white);
  const body = grid(
    [
      raster(grey(whole), whole.width, size, `${letter(0)}28 × 28, continuous`),
      raster(grey(small), 6, size, `${letter(1)}6 × 6, continuous`),
      raster(
        Array.from(spins, (spin) => (spin + 1) / 2),
        6,
        size,
        `${letter(2)}6 × 6, binarised at random`,
      ),
    ],
    3,
  );
  return figure({
    title: "One image on its way to spins",
    body,
    width: WIDTH.double,
    description:
      "One digit at 28 × 28 pixels, at 6 × 6 pixels, and binarised at random with its intensities as probabilities.",
  });
}

function first({ height, width, values, white }: Images): Images {
  const pixels = Float64Array.from(values.subarray(0, height * width));
  return { rows: 1, height, width, values: pixels, white, labels: new Uint8Array(1) };
}

function raster(values: readonly number[], side: number, size: number, title: string): Spec {
  const cells = values.map((value, at) => ({
    ...{ x: at % side, x2: (at % side) + 1 },
    ...{ y: Math.floor(at / side), y2: Math.floor(at / side) + 1 },
    value: Number(value.toFixed(3)),
  }));
  const scale = { domain: [0, side], nice: false, zero: false };
  return panel({ width: size, height: size }, { title }, [
    {
      data: { values: cells },
      mark: { type: "rect" },
      encoding: {
        x: { field: "x", type: "quantitative", axis: null, scale },
        x2: { field: "x2" },
        y: { field: "y", type: "quantitative", axis: null, scale: { ...scale, domain: [side, 0] } },
        y2: { field: "y2" },
        color: {
          field: "value",
          type: "quantitative",
          scale: { domain: [0, 1], range: ["#f2f2f2", "#222222"] },
          legend: null,
        },
      },
    },
  ]);
}
