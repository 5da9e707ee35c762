// Gradients of a Boltzmann machine: of the likelihood of data, from the moments of both phases; and of the divergence in the
// other direction, which another equation of the literature prints for it.

import * as tf from "@tensorflow/tfjs";
import { ShapeError } from "../errors.js";
import { allStates, distribution } from "../ising/exact/distribution.js";
import { energies } from "../ising/energies.js";
import { edgeCount } from "../ising/graph.js";
import { exactMoments, type ExactOptions } from "../ising/exact/exact.js";
import { checkLength, withParameters, type BoltzmannMachine } from "./machine.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { IsingModel } from "../ising/model.js";
import type { Moments } from "./moments.js";

/** One number a parameter. */
export type Gradient = {
  /** `[P, n]`. */
  readonly biases: Float64Array;
  /** `[P, E]`. */
  readonly couplings: Float64Array;
};

/**
 * `∂⟨ln p⟩_data / ∂J_ij = β(⟨s_i s_j⟩_data − ⟨s_i s_j⟩_model)`, likewise for biases: ascends the likelihood of the data, which
 * descends KL(data‖model).
 *
 * @param machine - whose moments they are
 * @param positive - moments under the data, of each replica or one set for all
 * @param negative - moments of the model
 * @throws ShapeError for moments of another machine
 * @remarks Equations 11-12 of arXiv:1904.10573, whose equation 10 prints KL(model‖data); see {@link reverseGradient} for that.
 */
export function gradient(
  machine: BoltzmannMachine,
  positive: Moments,
  negative: Moments,
): Gradient {
  const { graph, population } = machine.model;
  const difference = (key: keyof Moments, width: number): Float64Array => {
    const [data, model] = [positive[key], negative[key]];
    checkLength("gradient", `negative.${key}`, model, population * width);
    if (data.length !== width) {
      checkLength("gradient", `positive.${key}`, data, population * width);
    }
    return model.map((value, at) => machine.beta * (data[at % data.length]! - value));
  };
  return {
    biases: difference("magnetisations", graph.n),
    couplings: difference("correlations", edgeCount(graph)),
  };
}

/**
 * The gradient with the exact moments of the model.
 *
 * @param machine - on a graph that the exact methods can do
 * @param positive - moments under the data
 * @param options - limits of the exact methods
 * @throws ArgumentError with cost and alternative if the graph is too wide
 */
export function exactGradient(
  machine: BoltzmannMachine,
  positive: Moments,
  options: Omit<ExactOptions, "beta"> = {},
): Gradient {
  const { model, beta } = machine;
  return gradient(machine, positive, exactMoments(model, { ...options, beta }));
}

/**
 * `∂KL(p‖q) / ∂θ = β Cov_p(φ, ln(p/q))`, φ the spin or product that θ multiplies: the gradient of KL(model‖data), by listing
 * all states. Descend it.
 *
 * @param machine - fully visible, up to 24 units
 * @param data - q, probabilities of the 2ⁿ states, all positive: smooth the data
 * @throws ShapeError if they are not one for each state
 */
export function reverseGradient(machine: BoltzmannMachine, data: Float64Array): Gradient {
  const { model, beta } = machine;
  const { n, edges } = model.graph;
  const count = edgeCount(model.graph);
  if (data.length !== 2 ** n) {
    throw new ShapeError(
      `reverseGradient: argument \`data\` must have ${2 ** n} probabilities, one for each state, but has ${data.length}.`,
    );
  }
  const states = allStates(n);
  const probabilities = distribution(model, beta);
  const spin = (x: number, i: number): number => states[x * n + i]!;
  const biases = new Float64Array(model.population * n);
  const couplings = new Float64Array(model.population * count);
  for (let p = 0; p < model.population; p++) {
    const own = probabilities.subarray(p * data.length, (p + 1) * data.length);
    const covariance = covarianceWith(
      own,
      own.map((value, x) => Math.log(value / data[x]!)),
    );
    for (let i = 0; i < n; i++) biases[p * n + i] = beta * covariance((x) => spin(x, i));
    for (let e = 0; e < count; e++) {
      const [u, v] = [edges[2 * e]!, edges[2 * e + 1]!];
      couplings[p * count + e] = beta * covariance((x) => spin(x, u) * spin(x, v));
    }
  }
  return { biases, couplings };
}

function covarianceWith(
  p: Float64Array,
  values: Float64Array,
): (f: (x: number) => number) => number {
  const mean = p.reduce((sum, weight, x) => sum + weight * values[x]!, 0);
  return (f) => p.reduce((sum, weight, x) => sum + weight * f(x) * (values[x]! - mean), 0);
}

/**
 * `β(⟨E⟩_data − ⟨E⟩_model)`, a loss whose gradient by biases and couplings is minus that of the likelihood: for machines whose
 * parameters other tensors make. The samples are constants.
 *
 * @param model - of tensors, fully visible
 * @param data - spins `[rows, n]`, `[P, rows, n]` for a population
 * @param samples - spins drawn from the model, the same axes
 * @param beta - default 1
 * @returns a scalar, `[P]` for a population
 */
export function surrogateLoss(model: IsingModel, data: Tensor, samples: Tensor, beta = 1): Tensor {
  return tf.tidy(() => {
    const mean = (spins: Tensor): Tensor => tf.mean(energies(model, spins), -1);
    return tf.mul(beta, tf.sub(mean(data), mean(samples)));
  });
}

/** How parameters are updated. */
export type AscentOptions = {
  /** Learning rate η, or one for each replica. */
  readonly rate: number | ArrayLike<number>;
  /** Fraction of the last update that is made again, or one for each replica. Default 0. */
  readonly momentum?: number | ArrayLike<number>;
  /** The last update; needed where there is momentum, beginning with none. */
  readonly velocity?: Gradient;
};

/**
 * One step of gradient ascent: `Δ = momentum · last Δ + η · gradient`.
 *
 * @param machine - is not changed
 * @param step - of the likelihood, from {@link gradient}
 * @param options - rate and momentum
 * @returns the new machine, and the update as `velocity` of the next step
 * @throws ShapeError if there is not one rate, or one momentum, for each replica
 */
export function ascend(
  machine: BoltzmannMachine,
  step: Gradient,
  options: AscentOptions,
): { readonly machine: BoltzmannMachine; readonly velocity: Gradient } {
  const { rate, momentum = 0, velocity } = options;
  const { population } = machine.model;
  for (const [name, values] of Object.entries({ rate, momentum })) {
    if (typeof values !== "number") checkLength("ascend", name, values, population);
  }
  const of = (values: number | ArrayLike<number>, p: number): number =>
    typeof values === "number" ? values : values[p]!;
  const update = (key: keyof Gradient): Float64Array => {
    const width = step[key].length / population;
    return step[key].map((slope, at) => {
      const p = Math.floor(at / width);
      return of(rate, p) * slope + of(momentum, p) * (velocity?.[key][at] ?? 0);
    });
  };
  const made = { biases: update("biases"), couplings: update("couplings") };
  const moved = (key: keyof Gradient): Float64Array =>
    machine.model[key].map((value, at) => value + made[key][at]!);
  return {
    machine: withParameters(machine, moved("biases"), moved("couplings")),
    velocity: made,
  };
}
