// The fused forms for host memory.

import type { HostCall, HostForm } from "../runtime/define.js";
import type { MeanLogSigmoidAttrs } from "./contract.js";

/** Above this many values the other threads are woken. */
const SPLIT_ABOVE = 16384;

function runRows(
  { pool, inputs, attrs }: HostCall<MeanLogSigmoidAttrs>,
  kernel: string,
  at: { readonly mean?: number; readonly dy?: number; readonly dx?: number },
): void {
  const [rows, n] = inputs["x"]!.shape as [number, number];
  const slopes = pool.alloc(4 * rows);
  const view = pool.f32(slopes, rows);
  if (typeof attrs.slope === "number") view.fill(attrs.slope);
  else view.set(attrs.slope);
  const args = [inputs["x"]!.load(), n, slopes, at.mean ?? 0, at.dy ?? 0, at.dx ?? 0];
  pool.run(kernel, args, rows, { scratch: 32, ...(rows * n < SPLIT_ABOVE && { chunk: rows }) });
}

/** Host form of `ZenoMeanLogSigmoid`. */
export const meanLogSigmoidHost: HostForm<MeanLogSigmoidAttrs> = (call) => {
  const rows = call.inputs["x"]!.shape[0]!;
  const mean = call.pool.alloc(4 * rows);
  runRows(call, "meanLogSigmoid", { mean });
  return [call.pool.f32(mean, rows)];
};

/** Host form of `ZenoMeanLogSigmoidGrad`. */
export const meanLogSigmoidGradHost: HostForm<MeanLogSigmoidAttrs> = (call) => {
  const [rows, n] = call.inputs["x"]!.shape as [number, number];
  const dx = call.pool.alloc(4 * rows * n);
  runRows(call, "meanLogSigmoidGradient", { dy: call.inputs["dy"]!.load(), dx });
  return [call.pool.f32(dx, rows * n)];
};
