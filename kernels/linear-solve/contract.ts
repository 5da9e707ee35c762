// What the linear solve takes and gives.

import type { KernelContract } from "../runtime/define.js";

/** Attributes of the kernel. */
export type LinearSolveAttrs = {
  /** Solve `Aᵀ x = b`. */
  readonly transpose: boolean;
  /** Whether the condition is wanted; else that output is empty. */
  readonly condition: boolean;
};

/** `ZenoLinearSolve`: a `[B, n, n]`, b `[B, n, m]` → x `[B, n, m]`, rcond `[B]` or `[0]`. */
export const linearSolveContract: KernelContract<LinearSolveAttrs> = {
  name: "ZenoLinearSolve",
  inputs: ["a", "b"],
  outputShapes: ({ a, b }, { condition }) => [b!, condition ? [a![0]!] : [0]],
};
