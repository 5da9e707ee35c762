// How sweeps whose spins are wanted as a tensor run on the backend `webgpu`.

import { composedSweeps } from "./composed.js";
import { prepareSweeps } from "./prepare.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { SweepAttrs } from "./contract.js";

/** Form of `ZenoIsingSweeps`. */
export const sweepsGpu: GpuForm<SweepAttrs> = {
  by: "composed",
  run: (_, { model, mode, call }) => [composedSweeps(prepareSweeps(model, mode), call)],
};
