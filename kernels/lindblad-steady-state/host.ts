// The fused forms for host memory.

import { REPORT, sizesOf } from "./contract.js";
import type { HostCall, HostForm } from "../runtime/define.js";
import type { LindbladAttrs, LindbladSizes } from "./contract.js";

/** Floating-point operations above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 150_000;

/** Bytes of what a SIMD instruction takes. */
const VECTOR = 16;

type Call = HostCall<LindbladAttrs>;

function sizes({ inputs }: Call): LindbladSizes {
  return sizesOf({ jumps: inputs["jumps"]!.shape });
}

function runItems(call: Call, kernel: string, args: readonly number[]): void {
  const { B, n, K } = sizes(call);
  const d = n * n;
  const items = Math.ceil(B / 4);
  // The factorisation, and the assembly entry by entry.
  const alone = B * d * d * ((2 / 3) * d + 4 * K + 8) < SPLIT_ABOVE;
  // Operators, vectors and matrices of a frame, and its factors (frame.as.ts).
  const [frame, factors] = [2 * d * (K + 1) + 13 * d, d + d * d];
  call.pool.run(kernel, args, items, {
    scratch: VECTOR * (frame + factors + Math.max(d * d, 2 * frame)),
    ...(alone && { chunk: items }),
  });
}

/** Host form of `ZenoLindbladSteadyState`. */
export const lindbladHost: HostForm<LindbladAttrs> = (call) => {
  const { pool, inputs } = call;
  const { B, n, K } = sizes(call);
  const [H, jumps] = [inputs["H"]!.load(), inputs["jumps"]!.load()];
  const [rho, report] = [pool.alloc(8 * B * n * n), pool.alloc(4 * REPORT.length * B)];
  runItems(call, "lindbladSteadyState", [H, jumps, rho, report, n, K, B]);
  return [pool.f32(rho, 2 * B * n * n), pool.f32(report, REPORT.length * B)];
};

/** Host form of `ZenoLindbladSteadyStateGrad`. */
export const lindbladGradHost: HostForm<LindbladAttrs> = (call) => {
  const { pool, inputs } = call;
  const { B, n, K } = sizes(call);
  const [H, jumps, drho] = [inputs["H"]!.load(), inputs["jumps"]!.load(), inputs["drho"]!.load()];
  const [HBar, jumpsBar] = [pool.alloc(8 * B * n * n), pool.alloc(8 * B * K * n * n)];
  const args = [H, jumps, 0, 0, n, K, B, drho, HBar, jumpsBar];
  runItems(call, "lindbladSteadyStateGradient", args);
  return [pool.f32(HBar, 2 * B * n * n), pool.f32(jumpsBar, 2 * B * K * n * n)];
};
