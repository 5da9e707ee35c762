// The fused forms for host memory.

import {
  callSizes,
  gradientArguments,
  networkArguments,
  NOT_GIVEN,
  R_ARGUMENT,
} from "../effective-steady-state/index.js";
import { sizeOf } from "../runtime/define.js";
import { halfSystem } from "./half-system.js";
import type { EffectiveSizes } from "../effective-steady-state/contract.js";
import type { HostForm } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { ExactAttrs, ExactGradAttrs } from "./contract.js";

/** Samples of one work item, as in host.as.ts. */
const BLOCK = 64;

/** Nanoseconds of one sample and output over 4^N, for the decision to wake the other threads. */
const COST = { value: 25, gradient: 70 };
const WAKE_ABOVE = 50_000;

/** Basis vectors of GMRES, as in krylov.as.ts. */
const BASIS = 250;

/** Scratch of a thread: what host.as.ts, system.as.ts and krylov.as.ts lay out. */
function scratchBytes({ N, M }: EffectiveSizes): number {
  const state = 64 * 4 ** N;
  const system = 528 + 2 * 144 * N + 16 * 4 ** N + 3 * state + 64;
  const solver = N === 1 ? 16 * 15 : N < 4 ? halfBytes(N) : krylovBytes(state);
  return N * 96 + 96 + M * N * 144 + 2 * system + solver;
}

/** The matrix of the half system, the values of its entries, and a vector. */
function halfBytes(N: number): number {
  const { kept, values } = halfSystem(N);
  const columns = kept + 4;
  return 16 * (columns * (columns - 1) + values + columns) + 16;
}

function krylovBytes(state: number): number {
  return (BASIS + 1) * state + 16 * (BASIS * (BASIS + 1) + 3 * (BASIS + 1)) + 64;
}

/** Address of the words of the half system; 0 where there is a closed form, or GMRES takes its place. */
function halfWords(pool: HostPool, { N }: EffectiveSizes): number {
  if (N === 1 || N > 3) return 0;
  const { words } = halfSystem(N);
  const at = pool.alloc(4 * words.length);
  pool.u32(at, words.length).set(words);
  return at;
}

function runBlocks(
  pool: HostPool,
  kernel: string,
  args: readonly number[],
  sizes: EffectiveSizes,
  cost: number,
): void {
  const { P, B, N, M } = sizes;
  const items = P * Math.ceil(B / BLOCK);
  const alone = P * B * M * 4 ** N * cost < WAKE_ABOVE;
  pool.run(kernel, args, items, {
    scratch: scratchBytes(sizes),
    ...(alone && { chunk: items }),
  });
}

/** Host form of `ZenoExactSteadyState`. */
export const exactHost: HostForm<ExactAttrs> = (call) => {
  const sizes = callSizes(call);
  const args = networkArguments(call, sizes, call.shapes[0]!);
  const words = halfWords(call.pool, sizes);
  runBlocks(call.pool, "exactForward", [...args, words], sizes, COST.value);
  return [call.pool.f32(args[R_ARGUMENT]!, sizeOf(call.shapes[0]!))];
};

/** Host form of `ZenoExactSteadyStateGrad`. */
export const exactGradHost: HostForm<ExactGradAttrs> = (call) => {
  const { pool, attrs } = call;
  const r = call.inputs["dr"]!.shape;
  const sizes = callSizes(call);
  const args = networkArguments(call, sizes, r);
  const gradients = gradientArguments(call, sizes, BLOCK);
  const all = [...args, ...gradients.args, halfWords(pool, sizes)];
  runBlocks(pool, "exactGradient", all, sizes, COST.gradient);
  return [
    ...gradients.read(),
    attrs.withValue ? pool.f32(args[R_ARGUMENT]!, sizeOf(r)) : NOT_GIVEN,
  ];
};
