// Steps in segments that keep only their first state for the gradient: a segment is computed again when its gradient is
// asked for. Segments are as long as there are of them, so that memory grows as the root of the steps.

import * as tf from "@tensorflow/tfjs";
import { nestedGradients } from "../../../kernels/runtime/nested-gradient.js";
import { coefficientsAt, generatorAt } from "./terms.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Method, Prepared } from "./methods.js";
import type { System } from "./terms.js";

/** A step from t to t + h. */
export type Step = { readonly t: number; readonly h: number };

/** `f(inputs)`, of whose computation nothing but the inputs is kept for the gradient. */
function recomputed(f: (inputs: readonly Tensor[]) => Tensor, inputs: readonly Tensor[]): Tensor {
  const g = tf.customGrad((...args) => {
    const given = args.slice(0, inputs.length) as Tensor[];
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
    save(given);
    return {
      value: f(given),
      gradFunc: (dy: Tensor, saved: Tensor[]) => nestedGradients(f, saved, dy),
    };
  });
  return g(...inputs);
}

/** A constant generator: one preparation for each length of step. */
function constantRunner(system: System, method: Method) {
  const generator = generatorAt(system.constant);
  const known = new Map<number, Prepared>();
  const prepared = (h: number): Prepared => {
    const found =
      known.get(h) ??
      method.prepare(
        method.nodes.map(() => generator),
        h,
      );
    known.set(h, found);
    return found;
  };
  return (rho: Tensor, steps: readonly Step[]): Tensor => {
    // Steps of one segment that differ in length belong to methods that need the generator alone.
    const { tensors } = prepared(steps[0]!.h);
    return recomputed(
      ([state, ...rest]) =>
        steps.reduce((x, { h }) => tf.tidy(() => prepared(h).step(rest, x)), state!),
      [rho, ...tensors],
    );
  };
}

/** A generator of time: the coefficients of a segment are inputs of it. */
function movingRunner(system: System, method: Method) {
  const S = method.nodes.length;
  return (rho: Tensor, steps: readonly Step[]): Tensor => {
    const times = steps.flatMap(({ t, h }) => method.nodes.map((c) => t + c * h));
    const table = coefficientsAt(system, times);
    // All tensors are inputs: what is only closed over may be gone when the gradient is asked for.
    const inputs = [rho, system.constant, system.varying!, system.places!, table];
    return recomputed((given) => {
      const [state, constant, varying, places, coefficients] = given as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const one = (x: Tensor, { h }: Step, i: number): Tensor =>
        tf.tidy(() => {
          const at = method.nodes.map((_, s) =>
            generatorAt(constant, { varying, places, table: coefficients }, i * S + s),
          );
          const { tensors, step } = method.prepare(at, h);
          return step(tensors, x);
        });
      return steps.reduce(one, state);
    }, inputs);
  };
}

/**
 * The states at the end of each interval.
 *
 * @param intervals - the steps of each interval, one after the other in time; within a segment all have one length
 */
export function integrate(
  system: System,
  method: Method,
  rho0: Tensor,
  intervals: readonly (readonly Step[])[],
): Tensor[] {
  const runner = system.varying === undefined ? constantRunner : movingRunner;
  const run = runner(system, method);
  const total = intervals.reduce((count, steps) => count + steps.length, 0);
  const length = Math.max(1, Math.ceil(Math.sqrt(total)));
  const states: Tensor[] = [];
  let rho = rho0;
  for (const steps of intervals) {
    for (let i = 0; i < steps.length; i += length) rho = run(rho, steps.slice(i, i + length));
    states.push(rho);
  }
  return states;
}
