// The fused forms for host memory.

import { sizeOf } from "../runtime/define.js";
import {
  callSizes,
  FLAGS,
  gradientArguments,
  networkArguments,
  NOT_GIVEN,
  R_ARGUMENT,
} from "./network-arguments.js";
import type { HostForm } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { EffectiveAttrs, EffectiveGradAttrs, EffectiveSizes } from "./contract.js";

/** Samples of one work item, as in host.as.ts. */
const BLOCK = 256;

/** Nanoseconds of one sample, output and input, for the decision to wake the other threads. */
const COST = { value: 4, gradient: 8 };
const WAKE_ABOVE = 50_000;

function runBlocks(
  pool: HostPool,
  kernel: string,
  args: readonly number[],
  { P, B, N, M }: EffectiveSizes,
  cost: number,
): void {
  const items = P * Math.ceil(B / BLOCK);
  const scratch = 64 * N * 96 + 64 * 64 + N * (22 + 9) * 16 + 96;
  const alone = P * B * M * (N + 1) * cost < WAKE_ABOVE;
  pool.run(kernel, args, items, { scratch, ...(alone && { chunk: items }) });
}

const limitFlag = ({ limit }: EffectiveAttrs): number => (limit ? FLAGS.limit : 0);

/** Host form of `ZenoEffectiveSteadyState`. */
export const effectiveHost: HostForm<EffectiveAttrs> = (call) => {
  const sizes = callSizes(call);
  const args = networkArguments(call, sizes, call.shapes[0]!, limitFlag(call.attrs));
  runBlocks(call.pool, "effectiveForward", args, sizes, COST.value);
  return [call.pool.f32(args[R_ARGUMENT]!, sizeOf(call.shapes[0]!))];
};

/** Host form of `ZenoEffectiveSteadyStateGrad`. */
export const effectiveGradHost: HostForm<EffectiveGradAttrs> = (call) => {
  const { pool, attrs } = call;
  const r = call.inputs["dr"]!.shape;
  const sizes = callSizes(call);
  const args = networkArguments(call, sizes, r, limitFlag(attrs));
  const gradients = gradientArguments(call, sizes, BLOCK);
  runBlocks(pool, "effectiveGradient", [...args, ...gradients.args], sizes, COST.gradient);
  return [
    ...gradients.read(),
    attrs.withValue ? pool.f32(args[R_ARGUMENT]!, sizeOf(r)) : NOT_GIVEN,
  ];
};
