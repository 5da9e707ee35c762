// How the linear solve runs on the backend `webgpu`.

import * as tf from "@tensorflow/tfjs";
import { conditionComposed, linearSolveComposed } from "./composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { LinearSolveAttrs } from "./contract.js";

/** Form of `ZenoLinearSolve`. */
export const linearSolveGpu: GpuForm<LinearSolveAttrs> = {
  by: "composed",
  run: ({ a, b }, { transpose, condition }) => [
    b!.size === 0 ? tf.zeros(b!.shape) : linearSolveComposed(a!, b!, transpose),
    condition ? conditionComposed(a!) : tf.zeros([0]),
  ],
};
