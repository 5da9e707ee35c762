// The measures of a tested replica, each beside its floor.

import { modeCoverage } from "../../metrics/index.js";
import { column, distanceTo, isFiniteSample, moments } from "./distances.js";
import type { Device } from "./generation.js";
import type { RowSource } from "../../data/row-source.js";
import type { Measure } from "../model.js";
import type { Distances, Moments } from "./distances.js";

/** Samples from shots, exact samples of the same latent numbers, and what both are compared with. */
export type Shots = {
  readonly shots: number;
  readonly device: Device;
  readonly n: number;
  readonly target: Float32Array;
  readonly exact: Float32Array;
  readonly noisy: Float32Array;
};

/** A test of the best replica. */
export type Test = {
  readonly source: RowSource;
  readonly target: Float32Array;
  readonly generated: Float32Array;
  readonly distances: Distances;
  readonly floor: Distances;
  readonly shots: Shots | undefined;
};

/** All measures: distances, moments of every column, modes of a mixture, and what shots give. */
export function measures(test: Test): Measure[] {
  const { source } = test;
  return [
    ...(source.columns.length > 1 ? [slicedMeasure(test)] : []),
    ...source.columns.flatMap((_, c) => columnMeasures(test, c)),
    ...modeMeasures(test),
    ...shotMeasures(test),
  ];
}

function slicedMeasure({ distances, floor }: Test): Measure {
  return {
    name: "distance",
    label: "sliced Wasserstein-1",
    value: distances.distance,
    floor: floor.distance,
  };
}

function columnMeasures(test: Test, c: number): Measure[] {
  const { source, distances, floor } = test;
  const of = (name: "w1" | "ks" | "overlap", label: string): Measure => ({
    name: `${name}.${String(c)}`,
    label: labelled(source, c, label),
    value: distances[name][c]!,
    floor: floor[name][c]!,
  });
  return [
    of("w1", "Wasserstein-1"),
    of("ks", "Kolmogorov-Smirnov"),
    of("overlap", "overlap of histograms"),
    ...momentMeasures(test, c),
  ];
}

function labelled({ columns }: RowSource, c: number, label: string): string {
  return columns.length === 1 ? label : `${label}, ${columns[c]!}`;
}

const MOMENTS: readonly (readonly [keyof Moments, string])[] = [
  ["mean", "mean"],
  ["std", "standard deviation"],
  ["skewness", "skewness"],
  ["kurtosis", "excess kurtosis"],
];

/** What the real samples have is no floor, so it goes into the note. */
function momentMeasures({ source, target, generated }: Test, c: number): Measure[] {
  const d = source.columns.length;
  const [wanted, got] = [target, generated].map((rows) => moments(column(rows, c, d)));
  return MOMENTS.map(([name, label]) => ({
    name: `${name}.${String(c)}`,
    label: labelled(source, c, label),
    value: got![name],
    note: `real: ${shortened(wanted![name])}`,
  }));
}

/** Four digits; what is 0 but for rounding reads as 0. */
function shortened(x: number): string {
  return Math.abs(x) < 1e-6 ? "0" : x.toPrecision(4);
}

/** A mode counts from a tenth of the samples that it would have if all had equally many. */
const COUNTED = 0.1;

function modeMeasures({ source, target, generated }: Test): Measure[] {
  const { modes, columns } = source;
  if (modes === undefined || !isFiniteSample(generated)) return [];
  const width = columns.length;
  const centres = { values: modes.centres.flat(), width };
  const count = modes.centres.length;
  const coverage = (values: Float32Array): ReturnType<typeof modeCoverage> =>
    modeCoverage({ values, width }, centres, {
      std: modes.std,
      minCount: Math.max(1, Math.round((COUNTED * values.length) / width / count)),
    });
  const [real, got] = [coverage(target), coverage(generated)];
  return [
    {
      name: "modes",
      label: `modes reached, of ${String(count)}`,
      value: got.modesCovered,
      note: `real: ${String(real.modesCovered)}`,
    },
    {
      name: "highQuality",
      label: "within 3 standard deviations of a mode",
      value: got.highQualityFraction,
      note: `real: ${real.highQualityFraction.toPrecision(4)}`,
    },
  ];
}

/** The errors of a device that is not perfect, behind a comma. */
function faultsOf({ gateError, readoutError }: Device): string {
  if (gateError === 0 && readoutError === 0) return "";
  return `, with gate error ${String(gateError)} and readout error ${String(readoutError)}`;
}

function shotMeasures({ source, shots: test }: Test): Measure[] {
  if (test === undefined) return [];
  const { shots, device, n, target, exact, noisy } = test;
  const d = source.columns.length;
  const at = `${n.toLocaleString("en-US")} samples`;
  return [
    {
      name: "distanceShots",
      label: `${d === 1 ? "Wasserstein-1" : "sliced Wasserstein-1"}, ${shots.toLocaleString("en-US")} shots a sample`,
      value: distanceTo(target, noisy, d),
      note: `without shot noise: ${shortened(distanceTo(target, exact, d))}, ${at}${faultsOf(device)}`,
    },
  ];
}
