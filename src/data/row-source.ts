// Sources of rows in the units in which a bounded generator speaks: laws as they are, CSV columns scaled to [-1, 1].

import * as tf from "@tensorflow/tfjs";
import { checkCount } from "./checks.js";
import { csvSource, type CsvSourceOptions } from "./csv-source.js";
import { stream, uniformArray, type Stream } from "../random.js";
import type { Tensor3D } from "@tensorflow/tfjs";
import type { Law } from "./laws.js";
import type { Split } from "./source.js";

/** Rows of d numbers. Training rows and the held-out splits never share a row. */
export type RowSource = {
  /** Names of the d columns. */
  readonly columns: readonly string[];
  /** A training batch `[P, n, d]` from one stream a replica; the caller's to dispose. */
  batch(streams: readonly Stream[], n: number): Tensor3D;
  /** Real rows that training never draws, `k × d` row-major: the same for the same split, n and seed; k ≤ n. */
  held(split: Split, n: number, seed: number): Float32Array;
  /**
   * What generated rows are compared with, `k × d` row-major: the quantiles (i + ½)/n of the law where they are
   * known, which have no sampling noise; else the held-out rows of the split.
   */
  target(split: Split, n: number, seed: number): Float32Array;
  /** Whether `target` gives quantiles. */
  readonly hasQuantiles: boolean;
  /** Rows in the units of the data. */
  toUnits(values: Float32Array): Float32Array;
  /** The interval on which histograms show every column. */
  readonly range: readonly [number, number];
  readonly modes?: Law["modes"];
  /** What the data are, and what was dropped, scaled and clipped, in sentences. */
  readonly report: readonly string[];
  dispose(): void;
};

/** Half a step of the 23-bit uniforms: puts them into (0, 1). */
const HALF_STEP = 2 ** -24;

/** Events of the purpose "evaluation" that the held-out splits use. */
const EVENTS: Readonly<Record<Split, number>> = { validation: 0, test: 1, floor: 2 };

/** n rows of a law from a stream, row-major. */
function draw(law: Law, from: Stream, n: number): Float32Array {
  const u = uniformArray(from, n * law.uniforms);
  const { quantile } = law;
  if (quantile !== undefined) return u.map((x) => quantile(x + HALF_STEP));
  const rows = new Float32Array(n * law.columns.length);
  for (let i = 0; i < n; i++) {
    const own = Array.from(
      u.subarray(i * law.uniforms, (i + 1) * law.uniforms),
      (x) => x + HALF_STEP,
    );
    rows.set(law.row(own), i * law.columns.length);
  }
  return rows;
}

/** A law as a source: every batch is a fresh draw. */
export function lawSource(law: Law): RowSource {
  const d = law.columns.length;
  const { quantile, modes } = law;
  const held: RowSource["held"] = (split, n, seed) => {
    checkCount("held", "n", n, 1);
    return draw(law, stream(seed, "evaluation", EVENTS[split]), n);
  };
  return {
    columns: law.columns,
    batch(streams, n) {
      const values = new Float32Array(streams.length * n * d);
      streams.forEach((from, p) => {
        values.set(draw(law, from, n), p * n * d);
      });
      return tf.tensor3d(values, [streams.length, n, d]);
    },
    held,
    target: (split, n, seed) =>
      quantile === undefined
        ? held(split, n, seed)
        : Float32Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n)),
    hasQuantiles: quantile !== undefined,
    toUnits: (values) => values.slice(),
    range: law.range,
    ...(modes && { modes }),
    report: [`The data are a ${law.words}; every training batch is a fresh draw.`],
    dispose: () => undefined,
  };
}

/** Columns of a CSV file, scaled so that the training rows fill [-(1 - 2 m), 1 - 2 m], m the margin. */
export function csvRowSource(text: string, options: CsvSourceOptions = {}): RowSource {
  const angles = csvSource(text, options);
  const toRows = (values: Float32Array): Float32Array =>
    values.map((angle) => (2 * angle) / Math.PI - 1);
  const held: RowSource["held"] = (split, n, seed) => toRows(angles.held(split, n, seed));
  return {
    columns: angles.columns,
    batch: (streams, n) =>
      tf.tidy(() => tf.sub<Tensor3D>(tf.mul(angles.batch(streams, n), 2 / Math.PI), 1)),
    held,
    target: held,
    hasQuantiles: false,
    toUnits: (values) => angles.toUnits(values.map((x) => (Math.PI / 2) * (x + 1))),
    range: [-1, 1],
    report: angles.report,
    dispose: angles.dispose,
  };
}
