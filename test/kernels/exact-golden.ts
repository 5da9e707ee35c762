// The golden cases of the full equation, typed. They were computed in float64.

import { readFileSync } from "node:fs";
import type { Matrix, NetworkGradients, NetworkSample, Tolerances } from "./golden.js";

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
export type ExactLayerCase = {
  readonly kind: "layer";
  readonly tolerance: Tolerances;
  readonly J: readonly (readonly Matrix[])[];
  readonly theta: Matrix;
  readonly z: number;
  readonly gamma: number;
  readonly cotangent: readonly Matrix[];
  readonly r_full: readonly Matrix[];
  readonly grad_full: {
    readonly dJ: readonly (readonly Matrix[])[];
    readonly dtheta: Matrix;
  };
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
