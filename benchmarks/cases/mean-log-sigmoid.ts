// The mean log-sigmoid as a case: rows around the lanes and around the runs of 256 values, slopes of both signs.

import { meanLogSigmoidContract } from "../../kernels/mean-log-sigmoid/contract.js";
import { meanLogSigmoid } from "../../kernels/mean-log-sigmoid/index.js";
import { meanLogSigmoidReference } from "../../kernels/mean-log-sigmoid/reference.js";
import { normals, takeAll } from "./plain.js";
import type { ExactInputs, Inputs, KernelCase, Problem, TensorInputs } from "./case.js";

const SIZES = [
  [1, 1],
  [3, 2],
  [0, 3],
  [2, 3],
  [1, 4],
  [3, 5],
  [2, 63],
  [1, 255],
  [3, 256],
  [2, 257],
] as const;

/** The slopes of both classes, and one that takes exp to its ends. */
const SLOPES = [1, -4, 30];

/** One slope, or one for each row. */
type Slope = number | readonly number[];

const slopeOf = (slope: Slope, row: number): number =>
  typeof slope === "number" ? slope : slope[row]!;

function referenceOf({ x }: ExactInputs, slope: Slope): Float64Array {
  const [rows, n] = x!.shape as [number, number];
  const values = Array.from(x!.values);
  return Float64Array.from({ length: rows }, (_, row) =>
    meanLogSigmoidReference(values.slice(row * n, (row + 1) * n), slopeOf(slope, row)),
  );
}

function problemOf(label: string, inputs: Inputs, slope: Slope): Problem {
  const solve = (method: "fused" | "composed") => (tensors: TensorInputs) =>
    meanLogSigmoid(tensors["x"]!, { slope, method });
  return {
    label,
    inputs,
    axes: { x: "Rn" },
    output: { shape: [inputs["x"]!.shape[0]!], axes: "R" },
    reference: (exact) => referenceOf(exact, slope),
    fused: solve("fused"),
    composed: solve("composed"),
    part: (letter, index) =>
      problemOf(
        `${label}, row ${String(index)}`,
        takeAll(inputs, { x: "Rn" }, letter, index),
        letter === "R" ? slopeOf(slope, index) : slope,
      ),
  };
}

/** A problem with normal inputs. */
function problem(seed: number, [rows, n]: readonly [number, number], slope: Slope): Problem {
  const label = `${String(rows)} rows of ${String(n)}, slope ${typeof slope === "number" ? String(slope) : slope.join(" and ")}`;
  return problemOf(label, { x: normals([seed, 1], [rows, n]) }, slope);
}

const timed = [
  [10, 512],
  [16, 65536],
] as const;

/** `kernels/mean-log-sigmoid`. */
export const meanLogSigmoidCase: KernelCase = {
  kernel: "mean-log-sigmoid",
  contract: meanLogSigmoidContract,
  bounds: {
    value: { atol: 1e-6, rtol: 1e-6 },
    gradient: { x: { fraction: 1e-6, of: "entries" } },
    second: 1e-5,
  },
  guard: 'method: "composed"',
  population: "R",
  batch: "R",
  problems: () => [
    ...SLOPES.flatMap((slope, s) => SIZES.map((size, i) => problem(200 + 20 * s + i, size, slope))),
    problem(260, [3, 5], [0.7, -4, 2]),
    problem(261, [2, 257], [1, 3.3]),
  ],
  smooth: () => [
    problem(300, [2, 5], 1),
    problem(301, [3, 4], -4),
    problem(302, [2, 3], [-0.3, 2]),
  ],
  split: () => problem(2, [5, 4099], 2),
  sample: "one value",
  benchmarks: timed.map(([rows, n]) => ({
    label: `${String(rows)} rows of ${String(n)}`,
    samples: rows * n,
    problem: () => problem(8, [rows, n], 2),
  })),
};
