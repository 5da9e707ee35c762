// How the matrix exponential runs on the backend `tensorflow` where tensors lie on a GPU: the composed form in float64, with a
// polynomial that is as good, and squared as often as the largest norm needs, which is read.

import { exponentialComposed, halvingsOf } from "./composed.js";
import { readRounded } from "../runtime/tensorflow/double.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { ExponentialAttrs } from "./contract.js";

/** Degree of the polynomial: 0.5¹⁴/14! is below the rounding of float64. */
const DEGREE = 13;
/** As the host: norms up to 2⁶⁰. */
const MOST_SQUARINGS = 61;

/** The most squarings that a matrix of the batch needs; none for those that are not finite. */
function squaringsOf(a: Tensor): number {
  const finite = readRounded(halvingsOf(a)).filter((x) => x <= MOST_SQUARINGS);
  return finite.reduce((most, x) => Math.max(most, x), 0);
}

/** Form of `ZenoMatrixExponential`. */
export const exponentialNative: NativeForm<ExponentialAttrs> = {
  by: "composed",
  double: true,
  run: ({ a }) => [exponentialComposed(a!, { degree: DEGREE, squarings: squaringsOf(a!) })],
};
