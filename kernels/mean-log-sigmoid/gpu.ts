// The mean log-sigmoid on the backend `webgpu`: ln S of every value, then sums of sums.

import { EXP, LN } from "../runtime/gpu/functions.js";
import { sumPasses } from "../runtime/gpu/sums.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";
import type { MeanLogSigmoidAttrs } from "./contract.js";

const values: GpuProgram = {
  name: "log sigmoid",
  reads: { x: "f32", slopes: "f32" },
  writes: { each: "f32" },
  numbers: { n: "u32" },
  code: `
${LN} ${EXP}
fn item(index : u32) {
  let y = slopes[index / call.n] * x[index];
  let e = exponential(-abs(y));
  // ln(1 + e), e in (0, 1].
  var log1p = 0.0;
  if (e <= 0.4142) { log1p = lnNearOne(e); } else { log1p = ln(1.0 + e); }
  each[index] = min(y, 0.0) - log1p;
  if (y != y) { each[index] = call.nan; }
}`,
};

const derivatives: GpuProgram = {
  name: "log sigmoid, gradient",
  reads: { x: "f32", dy: "f32", slopes: "f32" },
  writes: { dx: "f32" },
  numbers: { n: "u32" },
  code: `
${EXP}
fn item(index : u32) {
  let slope = slopes[index / call.n];
  let y = slope * x[index];
  let e = exponential(-abs(y));
  dx[index] = dy[index / call.n] * slope * select(1.0, e, y >= 0.0) / (1.0 + e) / f32(call.n);
}`,
};

/** The slope of every row. */
function slopesOf(slope: MeanLogSigmoidAttrs["slope"], rows: number): Float32Array {
  return typeof slope === "number" ? new Float32Array(rows).fill(slope) : Float32Array.from(slope);
}

/** Form of `ZenoMeanLogSigmoid`. */
export const meanLogSigmoidGpu: GpuForm<MeanLogSigmoidAttrs> = {
  by: "wgsl",
  work: ({ inputs, attrs: { slope } }) => {
    const [rows, n] = inputs["x"] as [number, number];
    const sums = sumPasses({
      ...{ from: "each", to: "mean", outer: rows, terms: n, inner: 1 },
      scale: 1 / n,
    });
    const first = { program: values, items: rows * n, numbers: { n } };
    return {
      outputs: ["mean"],
      scratch: { each: rows * n, slopes: slopesOf(slope, rows), ...sums.scratch },
      passes: [first, ...sums.passes],
    };
  },
};

/** Form of `ZenoMeanLogSigmoidGrad`. */
export const meanLogSigmoidGradGpu: GpuForm<MeanLogSigmoidAttrs> = {
  by: "wgsl",
  work: ({ inputs, attrs: { slope } }) => {
    const [rows, n] = inputs["x"] as [number, number];
    return {
      outputs: ["dx"],
      scratch: { slopes: slopesOf(slope, rows) },
      passes: [{ program: derivatives, items: rows * n, numbers: { n } }],
    };
  },
};
