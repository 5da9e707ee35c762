// The golden cases of the full equation, typed, and as tensors. They were computed in float64.

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import type { EffectiveInputs } from "../../kernels/effective-steady-state/index.js";
import type { ExactAttrs } from "../../kernels/exact-steady-state/contract.js";
import type { Layer, LayerGradients, Matrix, NetworkGradients, NetworkSample } from "./golden.js";

/** The full steady state of a sample. */
export type ExactCase = NetworkSample & {
  readonly r_full: readonly number[];
  /** One order in 1/Γ more than the effective equation. */
  readonly r_third: readonly number[];
  readonly grad_full?: NetworkGradients;
};

/** Every step of the derivation, for one input. */
export type StepsCase = Pick<ExactCase, "tolerance" | "J" | "theta" | "phi" | "z" | "gamma"> & {
  readonly kind: "networkSteps";
  readonly c: readonly Matrix[];
  readonly C: readonly Matrix[];
  readonly A: readonly Matrix[];
  readonly K: Matrix;
  readonly rates: readonly number[];
  readonly X: Matrix;
  readonly Msym: Matrix;
  readonly w: readonly number[];
  readonly beta: readonly number[];
  readonly r: readonly number[];
  readonly rhoQ: readonly number[];
};

/** Samples that share couplings, two outputs. */
export type ExactLayerCase = Layer & {
  readonly r_full: readonly Matrix[];
  readonly grad_full: LayerGradients;
};

const { cases } = JSON.parse(
  readFileSync(new URL("../golden/exact-steady-state.json", import.meta.url), "utf8"),
) as { readonly cases: readonly (ExactCase | StepsCase | ExactLayerCase)[] };

/** All network cases. */
export const exactCases: readonly ExactCase[] = cases.filter((one) => one.kind === "network");
/** The derivation. */
export const stepsCase: StepsCase = cases.find((one) => one.kind === "networkSteps")!;
/** The layer. */
export const exactLayerCase: ExactLayerCase = cases.find((one) => one.kind === "layer")!;

/** Rates are tensors, and all components are wanted: the attributes with which {@link tensorsOf} are solved. */
export const RATES: ExactAttrs = { gamma: null, polarization: null, observe: null };

/** theta, phi, J, Γ and the polarization of a case in canonical shapes. */
export function tensorsOf({ N, theta, phi, J, gamma, z }: ExactCase): Tensor[] {
  return [
    tf.tensor([...theta], [1, 1, N]),
    tf.tensor([...phi], [1, 1, N]),
    tf.tensor(J.flat(2), [1, 1, N, 3, 3]),
    tf.tensor([gamma], [1, 1]),
    tf.tensor([z], [1, 1]),
  ];
}

/** The inputs of a kernel, in the order of {@link tensorsOf}. */
export function inputsOf(tensors: readonly Tensor[]): EffectiveInputs {
  const [theta, phi, J, gamma, polarization] = tensors;
  return { theta, phi, J, gamma, polarization } as EffectiveInputs;
}
