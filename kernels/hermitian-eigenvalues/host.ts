// The fused forms for host memory.

import type { HostCall, HostForm } from "../runtime/define.js";
import type { EigenvaluesAttrs } from "./contract.js";

/** Floating-point operations above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 60_000;

type Call = HostCall<EigenvaluesAttrs>;

function runMatrices({ pool, inputs }: Call, kernel: string, args: readonly number[]): void {
  const [B, , n] = inputs["a"]!.shape as [number, 2, number, number];
  // Some six sweeps of n²/2 rotations of 40 n operations.
  const alone = B * n ** 3 * 120 < SPLIT_ABOVE;
  pool.run(kernel, args, B, { scratch: 32 * n * n + 4 * n, ...(alone && { chunk: B }) });
}

/** Host form of `ZenoHermitianEigenvalues`. */
export const eigenvaluesHost: HostForm<EigenvaluesAttrs> = (call) => {
  const { pool, inputs } = call;
  const [B, , n] = inputs["a"]!.shape as [number, 2, number, number];
  const [a, values] = [inputs["a"]!.load(), pool.alloc(4 * B * n)];
  runMatrices(call, "hermitianEigenvalues", [a, values, n]);
  return [pool.f32(values, B * n)];
};

/** Host form of `ZenoHermitianEigenvaluesGrad`. */
export const eigenvaluesGradHost: HostForm<EigenvaluesAttrs> = (call) => {
  const { pool, inputs } = call;
  const [B, , n] = inputs["a"]!.shape as [number, 2, number, number];
  const [a, bar] = [inputs["a"]!.load(), inputs["dvalues"]!.load()];
  const out = pool.alloc(8 * B * n * n);
  runMatrices(call, "hermitianEigenvaluesGradient", [a, 0, n, bar, out]);
  return [pool.f32(out, 2 * B * n * n)];
};

/** Host form of `ZenoHermitianEigenvectors`. */
export const eigenvectorsHost: HostForm<EigenvaluesAttrs> = (call) => {
  const { pool, inputs } = call;
  const [B, , n] = inputs["a"]!.shape as [number, 2, number, number];
  const [a, values] = [inputs["a"]!.load(), pool.alloc(4 * B * n)];
  const vectors = pool.alloc(8 * B * n * n);
  runMatrices(call, "hermitianEigenvectors", [a, values, n, 0, vectors]);
  return [pool.f32(values, B * n), pool.f32(vectors, 2 * B * n * n)];
};
