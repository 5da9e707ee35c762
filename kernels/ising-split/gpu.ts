// How the sums over all states run on the backend `webgpu`: on the host, in float64, which the device does not have.

import { splitHost } from "./host.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { SplitAttrs } from "./contract.js";

/** Form of `ZenoIsingSplit`. */
export const splitGpu: GpuForm<SplitAttrs> = { by: "host", run: splitHost };
