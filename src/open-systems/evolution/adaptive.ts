// The steps of the adaptive method in tf operations. They are found off the tape and then taken as fixed ones: the
// gradient is that of the steps, as it should be, and coefficients of time are evaluated on the tape.

import * as tf from "@tensorflow/tfjs";
import { constantOf } from "../../../kernels/runtime/constant.js";
import { readNow } from "../../../kernels/runtime/host/read-now.js";
import { dopri5, stagesOf } from "./methods.js";
import { coefficientsAt, generatorAt } from "./terms.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Problem } from "./problem.js";
import type { Step } from "./segments.js";
import type { System } from "./terms.js";

/** Steps by interval, and how the search for them went; steps are shared by the batch. */
export type FoundSteps = {
  readonly intervals: readonly (readonly Step[])[];
  readonly rejected: number;
  /** False where `maxSteps` ended it: the last intervals have too few steps. */
  readonly finished: boolean;
};

/** `Σ w k h`. */
function weighted(ks: readonly Tensor[], weights: readonly number[], h: number): Tensor {
  return ks.map((k, i) => tf.mul(weights[i]! * h, k)).reduce((a, b) => tf.add(a, b));
}

/** A trial step: the new state, and its error in units of what is allowed, the largest of the batch. */
function trial(
  system: System,
  { t, h }: Step,
  rho: Tensor,
  { rtol, atol }: Problem,
): [next: Tensor, error: number] {
  const [next, size] = tf.tidy((): [Tensor, Tensor] => {
    const moving = system.varying !== undefined;
    const table = moving
      ? coefficientsAt(
          system,
          dopri5.nodes.map((c) => t + c * h),
        )
      : undefined;
    const at = dopri5.nodes.map((_, s) =>
      generatorAt(
        system.constant,
        table && { varying: system.varying!, places: system.places!, table },
        s,
      ),
    );
    const ks = stagesOf(dopri5, at, h, rho);
    const y = tf.add(rho, weighted(ks, dopri5.weights, h));
    const allowed = tf.add(atol, tf.mul(rtol, tf.maximum(tf.abs(rho), tf.abs(y))));
    const ratio = tf.div(weighted(ks, dopri5.error, h), allowed);
    const worst = tf.max(tf.sqrt(tf.mean(tf.square(ratio), [1, 2])));
    // A maximum forgets NaN.
    return [y, tf.add(worst, tf.sum(tf.mul(0, ratio)))];
  });
  const [error] = readNow(size);
  size.dispose();
  return [next, error!];
}

/** By how much the step may grow, or must shrink. */
function factor(error: number): number {
  return error < Infinity ? Math.min(5, Math.max(0.2, 0.9 * Math.max(error, 1e-8) ** -0.2)) : 0.2;
}

/** A first step, from the size of the operators. */
function firstStep(system: System): number {
  const size = tf.tidy(() => tf.max(tf.sum(tf.abs(generatorAt(system.constant).A), 2)));
  const [norm] = readNow(size);
  size.dispose();
  return 0.3 / Math.max(norm!, 1e-6);
}

/** What `f` says, with nothing of it on the tape; x is any tensor at hand. */
export function offTape<T>(x: Tensor, f: () => T): T {
  let result: T | undefined;
  constantOf(x, (t) => {
    result = f();
    return tf.zerosLike(t);
  });
  return result!;
}

/** The steps that the tolerances ask for. */
export function findSteps(system: System, problem: Problem, rho0: Tensor): FoundSteps {
  const { times, maxSteps } = problem;
  let [rho, h, tried, rejected] = [tf.clone(rho0), firstStep(system), 0, 0];
  const intervals = times.slice(1).map((end, i) => {
    const steps: Step[] = [];
    for (let t = times[i]!; t < end && tried < maxSteps; tried++) {
      const last = t + 1.000001 * h >= end;
      const step = { t, h: last ? end - t : h };
      const [next, error] = trial(system, step, rho, problem);
      const good = error <= 1;
      (good ? rho : next).dispose();
      if (good) {
        rho = next;
        steps.push(step);
        t = last ? end : t + h;
      } else rejected++;
      const wanted = step.h * factor(error);
      // A step that the end cut short says nothing against longer ones.
      h = good && last ? Math.max(h, wanted) : wanted;
    }
    return steps;
  });
  rho.dispose();
  const reached = intervals.at(-1)?.at(-1);
  const finished = reached === undefined ? times.length === 1 : isEnd(reached, times.at(-1)!);
  return { intervals, rejected, finished };
}

function isEnd({ t, h }: Step, end: number): boolean {
  return Math.abs(t + h - end) <= 1e-9 * Math.max(1, end);
}
