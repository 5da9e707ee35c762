// Jacobians as a device would give them: the methods that need values alone, with values from shots.

import * as tf from "@tensorflow/tfjs";
import { checkChoice } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { estimate, type ShotOptions } from "../run/shots.js";
import { flatten, inputsOf, type By } from "../run/flat.js";
import { combined, planOf, type Plan, type StepOptions } from "./jacobian.js";
import { symbolCount } from "./occurrences.js";
import type { CircuitData } from "../circuit.js";
import type { Observable } from "../observables.js";
import type { ReadoutError } from "../noise/readout.js";
import type { Inputs } from "../run/inputs.js";
import type { RunOptions } from "../run/path.js";
import type { Tensor } from "@tensorflow/tfjs";

/** The methods that need values alone. */
export type ShotMethod = "parameterShift" | "finiteDifference" | "spsa";

/** Options of {@link estimateJacobian}. */
export type EstimateJacobianOptions = Inputs &
  Pick<RunOptions, "maxBytes"> &
  Omit<StepOptions, "seed"> &
  ShotOptions & {
    readonly observables: readonly Observable[];
    /** Default `parameterShift`. Finite steps must be large beside the noise of shots: the default step is 0.3 here. */
    readonly method?: ShotMethod;
    readonly by?: By;
    readonly readout?: ReadoutError;
  };

/** A Jacobian from shots. */
export type JacobianEstimate = {
  /** `[P?, ...batch, m, count]` */
  readonly mean: Tensor;
  /** Standard errors from the spread of the shots; those of SPSA do not have the spread of its directions. */
  readonly standardError: Tensor;
  /** Shots of all runs, settings and samples. */
  readonly shots: number;
};

const METHODS: readonly ShotMethod[] = ["parameterShift", "finiteDifference", "spsa"];
const SHOT_STEP = 0.3;

type Column = { readonly mean: Tensor; readonly error2: Tensor; readonly shots: number };

/** `Σ w² e²`: runs have shots of their own. A chain of angles that share runs counts them once for each. */
function errorsOf(plan: Plan, error2: Tensor, P: number): Tensor {
  const { chain, weights } = plan;
  if (chain === null) {
    return combined(error2, P, weights.map((row) => row.map((w) => w * w))); // prettier-ignore
  }
  // Of one run its weight in a derivative is Σ_K w_K J_K.
  const [R, , count] = chain.shape as [number, number, number];
  const S = weights.length;
  const K = weights[0]!.length;
  const table = tf.tile(tf.tensor3d([weights as number[][]], [1, S, K]), [R, 1, 1]);
  const whole = tf.square(tf.matMul(table, chain));
  const [, B, m] = error2.shape as [number, number, number];
  const last = tf.transpose(tf.reshape(error2, [P, S, B * m]), [0, 2, 1]);
  return tf.reshape(tf.matMul(tf.reshape(last, [R, m, S]), whole), [R, m, count]);
}

async function column(
  { plan, P }: Made,
  inputs: Inputs,
  observable: Observable,
  options: EstimateJacobianOptions,
  event: number,
): Promise<Column> {
  const { shots, seed, readout, maxBytes } = options;
  const { mean, standardError, settings } = await estimate(plan.flat.circuit, {
    ...inputs,
    ...(readout && { readout }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...{ observable, shots, seed, event },
  });
  const [found, error2] = tf.tidy(() => {
    const shape = [plan.flat.P, plan.flat.B, 1];
    const square = tf.square(tf.reshape(standardError, shape));
    return [plan.combine(tf.reshape(mean, shape)), errorsOf(plan, square, P)] as [Tensor, Tensor];
  });
  const all = shots * settings.length * mean.size;
  tf.dispose([mean, standardError]);
  return { mean: found, error2, shots: all };
}

/** The runs of a call, and the shape of its results. */
type Made = { readonly plan: Plan; readonly P: number; readonly lead: readonly number[] };

/**
 * First derivatives of expectation values from shots: each shifted run has shots of its own, from streams of its own.
 *
 * @throws ShapeError, ArgumentError
 */
export async function estimateJacobian(
  circuit: CircuitData,
  options: EstimateJacobianOptions,
): Promise<JacobianEstimate> {
  const where = "estimateJacobian";
  const { observables, method = "parameterShift", by = "parameters", event = 0 } = options;
  checkChoice(where, "method", method, METHODS);
  checkChoice(where, "by", by, ["parameters", "features"]);
  const count = symbolCount(circuit, by);
  const made = tf.tidy(() => {
    const flat = flatten(where, circuit, options);
    const plan = planOf(where, circuit, flat, by, method, { step: SHOT_STEP, ...options });
    if (plan === null) {
      throw new ArgumentError(
        `${where}: argument \`circuit\` must depend on its ${by}, but does not.`,
      );
    }
    // tidy keeps the tensors that it finds in the plan.
    return { plan, P: flat.P, lead: flat.lead } as never;
  }) as Made;
  const inputs = inputsOf(made.plan.flat);
  const columns: Column[] = [];
  try {
    for (const [k, observable] of observables.entries()) {
      columns.push(await column(made, inputs, observable, options, event * observables.length + k));
    }
    const shape = [...made.lead, observables.length, count];
    const [mean, standardError] = tf.tidy(() => {
      const joined = (part: "mean" | "error2"): Tensor =>
        tf.reshape(tf.concat(columns.map((own) => own[part]), 1), shape); // prettier-ignore
      return [joined("mean"), tf.sqrt(joined("error2"))] as [Tensor, Tensor];
    });
    return { mean, standardError, shots: columns.reduce((sum, own) => sum + own.shots, 0) };
  } finally {
    tf.dispose([made, inputs, columns] as never);
  }
}
