// How a step of Adam runs on the backend `tensorflow` where tensors lie on a GPU.

import { adamStepComposed } from "./composed.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { AdamStepAttrs } from "./contract.js";

/** Form of `ZenoAdamStep`. */
export const adamStepNative: NativeForm<AdamStepAttrs> = {
  by: "composed",
  double: false,
  run: adamStepComposed,
};
