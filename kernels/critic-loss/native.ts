// How the losses of critics run on the backend `tensorflow` where tensors lie on a GPU: its batched products.

import * as tf from "@tensorflow/tfjs";
import { composedGradients } from "../runtime/gpu/composed.js";
import { criticLossComposed } from "./composed.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { CriticLossAttrs, CriticLossGradAttrs } from "./contract.js";

/** Form of `ZenoCriticLoss`. */
export const criticLossNative: NativeForm<CriticLossAttrs> = {
  by: "composed",
  double: false,
  run: ({ parameters, points }, attrs) => [criticLossComposed(parameters!, points!, attrs)],
};

/** Form of `ZenoCriticLossGrad`. */
export const criticLossGradNative: NativeForm<CriticLossGradAttrs> = {
  by: "composed",
  double: false,
  run: (inputs, { byPoints, ...attrs }) => {
    const { value, gradients } = composedGradients(
      ({ parameters, points = inputs["points"]! }) =>
        criticLossComposed(parameters!, points, attrs),
      inputs,
      byPoints ? ["parameters", "points"] : ["parameters"],
      inputs["dy"]!,
    );
    return [gradients[0]!, gradients[1] ?? tf.zeros([0]), value];
  },
};
