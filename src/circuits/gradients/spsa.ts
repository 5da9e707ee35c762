// Simultaneous perturbation: gradients from two values in a random direction, and the optimiser that follows them.
// Source: Spall, IEEE Trans. Autom. Control 37, 332 (1992).

import * as tf from "@tensorflow/tfjs";
import { checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { directions } from "./directions.js";
import type { Tensor } from "@tensorflow/tfjs";

/** What is minimised: values `[2]` of the parameters `[2, ...shape]`, at once or from shots. */
export type SpsaLoss = (parameters: Tensor) => Tensor | Promise<Tensor>;

/** Options of {@link spsa}: `a_k = a/(A + k + 1)^0.602`, `c_k = c/(k + 1)^0.101`. */
export type SpsaOptions = {
  readonly steps: number;
  readonly seed: number;
  /** Default 0.2. */
  readonly a?: number;
  /** Default a tenth of the steps. */
  readonly A?: number;
  /** Default 0.1. */
  readonly c?: number;
  /** Called after each step with the mean of its two values. */
  readonly onStep?: (step: number, loss: number) => void;
};

/** What {@link spsa} returns. */
export type SpsaResult = {
  readonly parameters: Tensor;
  /** The mean of both values of each step. */
  readonly losses: readonly number[];
};

function checkPositive(name: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new ArgumentError(`spsa: argument \`${name}\` must be at least ${least}, but is ${value}.`);
}

async function values(loss: SpsaLoss, pair: Tensor): Promise<readonly [number, number]> {
  const found = await loss(pair);
  const [up, down] = await found.data();
  const wrong = found.size !== 2;
  tf.dispose([found, pair]);
  if (wrong || up === undefined || down === undefined) {
    throw new ArgumentError("spsa: argument `loss` must return 2 values for parameters [2, ...shape], but does not."); // prettier-ignore
  }
  return [up, down];
}

/**
 * Minimises a loss by its values alone: `w ← w − a_k (f(w + c_k D) − f(w − c_k D)) / (2 c_k) D`, D = ±1 at random.
 *
 * @param loss - evaluates two sets of parameters at once, as a population: `expectation` takes them so
 * @param start - `[...shape]`
 * @throws ArgumentError
 * @example
 * const best = await spsa((w) => tf.tidy(() => tf.squeeze(expectation(circuit, { parameters: w, observables: ["ZI"] }), [-1])),
 *   start, { steps: 200, seed: 1 });
 */
export async function spsa(
  loss: SpsaLoss,
  start: Tensor,
  options: SpsaOptions,
): Promise<SpsaResult> {
  const { steps, seed, a = 0.2, A = options.steps / 10, c = 0.1, onStep } = options;
  checkInteger("spsa", "steps", steps, 1, 2 ** 26);
  checkInteger("spsa", "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  checkPositive("a", a, 0);
  checkPositive("A", A, 0);
  checkPositive("c", c, 1e-6);
  const w = Float64Array.from(await start.data());
  const losses: number[] = [];
  for (let k = 0; k < steps; k++) {
    const [D] = directions(seed, k, 1, w.length);
    const [ak, ck] = [a / (A + k + 1) ** 0.602, c / (k + 1) ** 0.101];
    const at = (side: number): number[] => [...w].map((x, i) => x + side * ck * D![i]!);
    const pair = tf.tensor([...at(1), ...at(-1)], [2, ...start.shape]);
    const [up, down] = await values(loss, pair);
    const slope = (up - down) / (2 * ck);
    w.forEach((x, i) => (w[i] = x - ak * slope * D![i]!));
    losses.push((up + down) / 2);
    onStep?.(k, (up + down) / 2);
  }
  return { parameters: tf.tensor([...w], start.shape), losses };
}
