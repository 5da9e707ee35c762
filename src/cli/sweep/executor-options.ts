// How this program starts an executor: the call, and an environment in which devices are shared and numbers are float32.

import type { EngineOptions } from "../../sweeps/engines/engine.js";
import { EXECUTOR } from "../executor-call.js";
import type { Io } from "../io.js";

const EXECUTOR_ENV = {
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
  NVIDIA_TF32_OVERRIDE: "0",
  TF_CPP_MIN_LOG_LEVEL: "2",
};

/** The call of an executor. */
export function executorCall({
  program,
  env,
  cwd,
}: Pick<Io, "program" | "env" | "cwd">): Pick<EngineOptions, "executor" | "env" | "cwd"> {
  return { executor: [...(program ?? []), EXECUTOR], env: { ...EXECUTOR_ENV, ...env }, cwd };
}
