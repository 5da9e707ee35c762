// The fused forms for host memory.

import { KINDS } from "./contract.js";
import type { HostCall, HostForm } from "../runtime/define.js";
import type { CriticLossAttrs, CriticLossGradAttrs } from "./contract.js";

/** Samples of each kind that are worked on together: their activations stay in the second-level cache. */
const BLOCK = 64;
/** Multiplications above which the other threads are woken. */
const SPLIT_ABOVE = 200_000;
/** Packed panels of a product, `PRODUCT_SCRATCH` of product.as.ts. */
const PANELS = 24_576;

type Outputs = {
  readonly values: number;
  readonly dy?: number;
  readonly byParameters?: number;
  readonly byPoints?: number;
};

/** Numbers in a row whose length is rounded up to whole vectors. */
const padded = (width: number): number => 4 * Math.ceil(width / 4);

function runReplicas(call: HostCall<CriticLossAttrs>, kernel: string, at: Outputs): void {
  const { pool, inputs, attrs } = call;
  const [P, , B, d] = inputs["points"]!.shape as [number, number, number, number];
  const K = inputs["parameters"]!.shape[1]!;
  const widths = [d, ...attrs.hidden];
  const list = pool.alloc(4 * widths.length);
  const args = [
    inputs["parameters"]!.load(),
    inputs["points"]!.load(),
    at.values,
    at.dy ?? 0,
    at.byParameters ?? 0,
    at.byPoints ?? 0,
    B,
    K,
    attrs.hidden.length,
    list,
    attrs.penalty === "oneSided" ? 1 : 0,
    BLOCK,
  ];
  pool.u32(list, widths.length).set(widths);
  const rows = KINDS * Math.min(B, BLOCK);
  const row = widths.reduce((sum, width) => sum + padded(width), 0);
  const widest = Math.max(...widths.map(padded));
  const last = padded(widths.at(-1)! * widths.at(-2)!);
  pool.run(kernel, args, P, {
    scratch: PANELS + 4 * (last + 2 * rows * row + rows * widest),
    ...(P * B * K * KINDS < SPLIT_ABOVE ? { chunk: P } : { chunk: 1 }),
  });
}

/** Host form of `ZenoCriticLoss`. */
export const criticLossHost: HostForm<CriticLossAttrs> = (call) => {
  const count = KINDS * call.inputs["points"]!.shape[0]!;
  const values = call.pool.alloc(4 * count);
  runReplicas(call, "criticLoss", { values });
  return [call.pool.f32(values, count)];
};

/** Host form of `ZenoCriticLossGrad`. */
export const criticLossGradHost: HostForm<CriticLossGradAttrs> = (call) => {
  const { pool, inputs, shapes } = call;
  const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b, 1)) as [number, number, number];
  const [byParameters, points, values] = sizes.map((size) => pool.alloc(4 * size)) as [number, number, number]; // prettier-ignore
  const dy = inputs["dy"]!.load();
  // Address 0 says that nobody asks for the gradient by the points.
  const byPoints = call.attrs.byPoints ? points : 0;
  runReplicas(call, "criticLossGradient", { values, dy, byParameters, byPoints });
  return [byParameters, points, values].map((at, i) => pool.f32(at, sizes[i]!));
};
