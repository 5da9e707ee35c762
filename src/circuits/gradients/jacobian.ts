// Jacobians of expectation values and variances by any of the methods, sample by sample. Estimates from shots stand in
// estimates.ts, second derivatives in hessian.ts.

import * as tf from "@tensorflow/tfjs";
import { checkChoice, checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { hasChannels } from "../derived.js";
import { squared, termsOf, traceless, type Observable, type WholeTerm } from "../observables.js";
import { measured } from "../run/expectation.js";
import { angleJacobian, checkAngles, occurrences, symbolCount, type Occurrences } from "./occurrences.js"; // prettier-ignore
import { flatten, inputsOf, moved, separated, type Flat, type By } from "../run/flat.js";
import { firstOrder, type ShiftPlan } from "./shift-plan.js";
import { directions } from "./directions.js";
import type { CircuitData } from "../circuit.js";
import type { Inputs } from "../run/inputs.js";
import type { RunOptions } from "../run/path.js";
import type { Tensor } from "@tensorflow/tfjs";

/**
 * `adjoint`: the fused kernel, backwards. `backprop`: through tf operations; with channels the only one of the two.
 * `parameterShift`: exact, from shifted runs alone. `finiteDifference`: central, error about step². `spsa`: an unbiased
 * estimate to second order in the step from two runs a direction.
 */
export type GradientMethod = "adjoint" | "backprop" | "parameterShift" | "finiteDifference" | "spsa"; // prettier-ignore

/** The methods in the order of this file. */
export const GRADIENT_METHODS: readonly GradientMethod[] = ["adjoint", "backprop", "parameterShift", "finiteDifference", "spsa"]; // prettier-ignore

/** Options of the methods that take finite steps. */
export type StepOptions = {
  /** Of finite differences and SPSA, in radians. Default 5e-3: float32. */
  readonly step?: number;
  /** Random directions of SPSA that are averaged. Default 1. */
  readonly directions?: number;
  /** Seed of these directions, needed for SPSA. */
  readonly seed?: number;
  /** Which use of the seed. Default 0. */
  readonly event?: number;
};

/** Options of {@link jacobian}. */
export type JacobianOptions = Inputs &
  Pick<RunOptions, "maxBytes"> &
  StepOptions & {
    readonly observables: readonly Observable[];
    /** Default `adjoint`; with channels `backprop`. */
    readonly method?: GradientMethod;
    /** What is differentiated by. Default `parameters`. */
    readonly by?: By;
    /** What is differentiated. Default `expectation`. */
    readonly of?: "expectation" | "variance";
  };

/** Weighted words of each value. */
export type Sums = readonly (readonly WholeTerm[])[];

/** Values of sums, `[P, B, sums]`. */
export function valuesAt(where: string, flat: Flat, sums: Sums, run: RunOptions): Tensor {
  const values = measured(where, flat.circuit, { ...inputsOf(flat), ...run }, sums);
  return tf.reshape(values, [flat.P, flat.B, sums.length]);
}

/** `[P S, B, m]` → `[P, B, m, S]` times weights `[S, K]`: `[P B, m, K]`. */
export function combined(
  values: Tensor,
  P: number,
  weights: readonly (readonly number[])[],
): Tensor {
  const S = weights.length;
  const [, B, m] = values.shape as [number, number, number];
  const last = tf.transpose(tf.reshape(values, [P, S, B * m]), [0, 2, 1]);
  const matrix = tf.tensor2d(weights as number[][]);
  const sums = tf.matMul(tf.reshape(last, [P * B * m, S]), matrix);
  return tf.reshape(sums, [P * B, m, weights[0]!.length]);
}

/** Rows as a tensor; tfjs cannot tell the width of no rows. */
export function rowsTensor(rows: readonly (readonly number[])[], width: number): Tensor {
  return rows.length === 0 ? tf.zeros([0, width]) : tf.tensor2d(rows as number[][], [rows.length, width]); // prettier-ignore
}

/** The circuit and inputs in which occurrences can be shifted, `[P, count + occurrences]`. */
export function shiftable(flat: Flat, { list, circuit }: Occurrences): Flat {
  const shape = [flat.parameters.shape[1]! + list.length];
  const zeros = tf.zeros([flat.P, list.length]);
  return {
    ...flat,
    circuit: { ...circuit, parameters: [{ name: "all", shape }] },
    parameters: list.length === 0 ? flat.parameters : tf.concat([flat.parameters, zeros], 1),
  };
}

/** Shifts behind the columns of the parameters themselves. */
export function shiftDeltas(flat: Flat, { shifts }: ShiftPlan): Tensor {
  const own = flat.parameters.shape[1]!;
  const rows = shifts.map((row) => [...new Array<number>(own).fill(0), ...row]);
  return rowsTensor(rows, own + (shifts[0]?.length ?? 0));
}

/** `∂ occurrence / ∂ symbol` for each sample, `[P B, occurrences, symbols]`. */
export function chainOf(flat: Flat, found: Occurrences, by: By, count: number): Tensor {
  const { parameters, features, P, B } = flat;
  const chain = angleJacobian(found, by, count, { parameters, features });
  const tiled = tf.tile(chain, [P / chain.shape[0], 1, 1, 1]);
  return tf.reshape(tiled, [P * B, found.list.length, count]);
}

/** One evaluation of a method: all changed copies, and what is done with their values. */
export type Plan = {
  readonly flat: Flat;
  /** `[P S, B, m]` → `[P B, m, symbols]` */
  readonly combine: (values: Tensor) => Tensor;
  /** Weights of the runs in each derivative by what is moved, for standard errors: `[S][K]`. */
  readonly weights: readonly (readonly number[])[];
  /** `[P B, K, symbols]`, or null where K are the symbols themselves. */
  readonly chain: Tensor | null;
};

function shiftPlan(circuit: CircuitData, flat: Flat, by: By): Plan | null {
  const found = occurrences({ ...circuit, parameters: flat.circuit.parameters }, by);
  if (found.list.length === 0) return null;
  const plan = firstOrder(found.list);
  const chain = chainOf(flat, found, by, symbolCount(circuit, by));
  const combine = (values: Tensor): Tensor => tf.matMul(combined(values, flat.P, plan.weights), chain); // prettier-ignore
  const shifted = moved(shiftable(flat, found), shiftDeltas(flat, plan), "parameters");
  return { flat: shifted, combine, weights: plan.weights, chain };
}

function differencePlan(flat: Flat, by: By, count: number, step: number): Plan {
  const at = (i: number, h: number): number[] => Array.from({ length: count }, (_, j) => (i === j ? h : 0)); // prettier-ignore
  const all = Array.from({ length: count }, (_, i) => i);
  const deltas = all.flatMap((i) => [at(i, step), at(i, -step)]);
  const weights = all.flatMap((i) => [at(i, 0.5 / step), at(i, -0.5 / step)]);
  return stepPlan(flat, by, deltas, weights, count);
}

function stepPlan(
  flat: Flat,
  by: By,
  deltas: readonly (readonly number[])[],
  weights: readonly (readonly number[])[],
  count: number,
): Plan {
  const combine = (values: Tensor): Tensor => combined(values, flat.P, weights);
  return { flat: moved(flat, rowsTensor(deltas, count), by), combine, weights, chain: null };
}

function spsaPlan(flat: Flat, by: By, count: number, options: StepOptions, where: string): Plan {
  const { step = DEFAULT_STEP, directions: K = 1, seed, event = 0 } = options;
  if (seed === undefined) {
    throw new ArgumentError(`${where}: argument \`seed\` must be given for method "spsa", whose directions are random.`); // prettier-ignore
  }
  const signs = directions(seed, event, K, count);
  const deltas = signs.flatMap((row) => [row.map((d) => step * d), row.map((d) => -step * d)]);
  const weights = signs.flatMap((row) =>
    [1, -1].map((side) => row.map((d) => (side * d) / (2 * step * K))),
  );
  return stepPlan(flat, by, deltas, weights, count);
}

/** In float32 the error of a central difference is about 2e-5 at this step. */
export const DEFAULT_STEP = 5e-3;

/** The runs that a method needs, or null where nothing depends on the symbols. */
export function planOf(
  where: string,
  circuit: CircuitData,
  flat: Flat,
  by: By,
  method: "parameterShift" | "finiteDifference" | "spsa",
  options: StepOptions,
): Plan | null {
  const count = symbolCount(circuit, by);
  if (count === 0) return null;
  if (method === "parameterShift") {
    checkAngles(where, circuit, by);
    return shiftPlan(circuit, flat, by);
  }
  const { step = DEFAULT_STEP, directions: K = 1 } = options;
  if (!(step > 0)) {
    throw new ArgumentError(`${where}: argument \`step\` must be positive, but is ${step}.`);
  }
  checkInteger(where, "directions", K, 1, 2 ** 20);
  if (method === "finiteDifference") return differencePlan(flat, by, count, step);
  return spsaPlan(flat, by, count, options, where);
}

/** By autodiff: one backward pass for each value, all samples at once. */
function autodiff(where: string, flat: Flat, by: By, sums: Sums, run: RunOptions): Tensor {
  const own = separated(flat);
  const { parameters, features } = own;
  const at = by === "parameters" ? parameters : features;
  const value =
    (k: number) =>
    (x: Tensor): Tensor =>
      valuesAt(where, { ...own, [by]: x }, [sums[k]!], run);
  const rows = sums.map((_, k) => tf.reshape(tf.grad((x: Tensor) => tf.sum(value(k)(x)))(at), [own.P, 1, -1])); // prettier-ignore
  return tf.concat(rows, 1);
}

/** `[P B, sums, symbols]`. */
function slopes(
  where: string,
  circuit: CircuitData,
  flat: Flat,
  options: JacobianOptions,
  sums: Sums,
): Tensor {
  // prettier-ignore
  const { by = "parameters", maxBytes } = options;
  const method = options.method ?? (hasChannels(circuit) ? "backprop" : "adjoint");
  checkChoice(where, "method", method, GRADIENT_METHODS);
  const run = maxBytes === undefined ? {} : { maxBytes };
  const count = symbolCount(circuit, by);
  const none = (): Tensor => tf.zeros([flat.P * flat.B, sums.length, count]);
  if (count === 0 || flat.P * flat.B === 0) return none();
  if (method === "adjoint") return autodiff(where, flat, by, sums, { ...run, path: "fused" });
  if (method === "backprop") {
    const path = hasChannels(circuit) ? "density" : "composed";
    return autodiff(where, flat, by, sums, { ...run, path });
  }
  const plan = planOf(where, circuit, flat, by, method, options);
  return plan === null ? none() : plan.combine(valuesAt(where, plan.flat, sums, run));
}

/** `d var = d⟨O²⟩ − 2⟨O⟩ d⟨O⟩`: a variance has no shift rule of its own. */
function varianceSlopes(
  where: string,
  circuit: CircuitData,
  flat: Flat,
  options: JacobianOptions,
  sums: Sums,
): Tensor {
  const { wires } = circuit;
  const centred = sums.map((own) => traceless(own, wires));
  const squares = centred.map((own) => squared(own, wires));
  const both = slopes(where, circuit, flat, options, [...centred, ...squares]);
  const { maxBytes } = options;
  const mean = valuesAt(where, flat, centred, maxBytes === undefined ? {} : { maxBytes });
  const [first, second] = tf.split(both, 2, 1) as [Tensor, Tensor];
  const means = tf.reshape(mean, [flat.P * flat.B, sums.length, 1]);
  return tf.sub(second, tf.mul(tf.mul(2, means), first));
}

/**
 * First derivatives of expectation values or variances, for each sample.
 *
 * @param circuit - with or without channels
 * @param options - as for `expectation`, with the method; parameters of several blocks are counted one after the other
 * @returns `[P?, ...batch, m, count]` for m observables and all parameters, flat, or all features
 * @throws ShapeError, ArgumentError
 * @see Phys. Rev. A 99, 032331 and arXiv:2107.12390 for shift rules, arXiv:2009.02823 for the adjoint method
 */
export function jacobian(circuit: CircuitData, options: JacobianOptions): Tensor {
  const { observables, by = "parameters", of = "expectation" } = options;
  checkChoice("jacobian", "by", by, ["parameters", "features"]);
  checkChoice("jacobian", "of", of, ["expectation", "variance"]);
  const sums = observables.map((own) => termsOf("jacobian", own, circuit.wires));
  return tf.tidy(() => {
    const flat = flatten("jacobian", circuit, options);
    const make = of === "expectation" ? slopes : varianceSlopes;
    const found = make("jacobian", circuit, flat, options, sums);
    return tf.reshape(found, [...flat.lead, sums.length, symbolCount(circuit, by)]);
  });
}
