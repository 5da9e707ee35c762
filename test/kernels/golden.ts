// The golden cases of the dissipative network, typed. They were computed in float64.

import { readFileSync } from "node:fs";

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** Allowed errors of values and gradients. */
export type Tolerances = Readonly<
  Record<"float64" | "float32" | "float64Grad" | "float32Grad", number>
>;

/** Gradients of one sample and one output. */
export type NetworkGradients = {
  readonly dJ: readonly Matrix[];
  readonly dtheta: readonly number[];
  readonly dphi: readonly number[];
  readonly dz: number;
  readonly dgamma: number;
};

/** One sample and one output: the problem, and its effective steady state. */
export type NetworkSample = {
  readonly kind: "network";
  readonly name: string;
  readonly tolerance: Tolerances;
  readonly N: number;
  readonly J: readonly Matrix[];
  readonly theta: readonly number[];
  readonly phi: readonly number[];
  readonly z: number;
  readonly gamma: number;
  readonly kappa: number;
  readonly r_effective: readonly number[];
  readonly cotangent?: readonly number[];
};

/** The effective equation of a sample and what follows from it. */
export type NetworkCase = NetworkSample & {
  /** Absent where h = 0. */
  readonly r_limit?: readonly number[];
  readonly h: readonly number[];
  readonly M: Matrix;
  readonly beta: readonly number[];
  readonly chi: number;
  readonly grad_effective?: NetworkGradients;
};

/** Samples that share couplings, M outputs. */
export type Layer = {
  readonly kind: "layer";
  readonly tolerance: Tolerances;
  readonly J: readonly (readonly Matrix[])[];
  readonly theta: Matrix;
  readonly z: number;
  readonly gamma: number;
  readonly cotangent: readonly Matrix[];
};

/** Gradients of a layer. */
export type LayerGradients = {
  readonly dJ: readonly (readonly Matrix[])[];
  readonly dtheta: Matrix;
};

/** A layer, and its effective steady states. */
export type LayerCase = Layer & {
  readonly r_effective: readonly Matrix[];
  readonly grad_effective: LayerGradients;
};

/** Second derivatives of the z component by the angles. */
export type HessianCase = {
  readonly kind: "hessian";
  readonly tolerance: Tolerances;
  readonly J: readonly Matrix[];
  readonly theta: readonly number[];
  readonly z: number;
  readonly gamma: number;
  readonly d2sz_dtheta2: Matrix;
};

const { cases } = JSON.parse(
  readFileSync(new URL("../golden/open-systems.json", import.meta.url), "utf8"),
) as { readonly cases: readonly (NetworkCase | LayerCase | HessianCase)[] };

/** All network cases. */
export const networkCases: readonly NetworkCase[] = cases.filter((one) => one.kind === "network");
/** The layer. */
export const layerCase: LayerCase = cases.find((one) => one.kind === "layer")!;
/** The Hessian. */
export const hessianCase: HessianCase = cases.find((one) => one.kind === "hessian")!;
