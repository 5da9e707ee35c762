// From arguments with any leading axes to the canonical shapes of the network kernels, and back.
// Leading axes are aligned at the left: a shape with fewer of them is shared over the axes it lacks.

import * as tf from "@tensorflow/tfjs";
import { commonLead } from "../../complex/broadcasting.js";
import { checkFloat, checkTail, shapeText } from "../../checks.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import type { Tensor } from "@tensorflow/tfjs";

/** A dissipative network: N strongly damped inputs, M independent outputs (conventions: docs/conventions.md). */
export type NetworkProblem = {
  /** Polar angles of the encoded states, `[...batch, N]`, radians. */
  readonly theta: Tensor;
  /** Azimuths, as `theta`; default 0, the network of the paper. */
  readonly phi?: Tensor;
  /** Couplings `[...population, M, N, 3, 3]`: J[m][n][k][l] multiplies σ_k of input n and σ_l of output m. */
  readonly J: Tensor;
  /** Dissipation rate Γ > 0 in units of J: a number, or a tensor of leading axes only. Not used by the limit. */
  readonly gamma?: number | Tensor;
  /** Polarization z of the inputs in [-1, 1]: a number, or a tensor of leading axes only. Default 1. */
  readonly polarization?: number | Tensor;
};

/** Inputs of the kernels, plain numbers as attributes, and the leading axes of the result. */
export type CanonicalNetwork = {
  readonly inputs: {
    readonly theta: Tensor;
    readonly phi?: Tensor | undefined;
    readonly J: Tensor;
    readonly gamma?: Tensor | undefined;
    readonly polarization?: Tensor | undefined;
  };
  readonly gamma: number | null;
  readonly polarization: number | null;
  readonly lead: readonly number[];
  /** Leading axes to which each argument was broadcast. */
  readonly spans: Spans;
  readonly outputs: number;
};

type Spans = Readonly<Record<"theta" | "phi" | "J" | "gamma" | "polarization", readonly number[]>>;

type Layout = {
  readonly lead: readonly number[];
  readonly P: number;
  readonly B: number;
  /** J has a batch axis in canonical shape. */
  readonly perSample: boolean;
  readonly spans: Spans;
};

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Pads with axes of size 1 at the right. */
function padded(shape: readonly number[], rank: number): number[] {
  return [...shape, ...new Array<number>(rank - shape.length).fill(1)];
}

/** `[...lead, ...tail]` with its leading axes broadcast to those of `to` and merged into the axes `merged`. */
function spread(
  tensor: Tensor,
  tail: readonly number[],
  to: readonly number[],
  merged: readonly number[],
): Tensor {
  const lead = padded(tensor.shape.slice(0, tensor.rank - tail.length), to.length);
  if (lead.every((size, axis) => size === to[axis]))
    return tf.reshape(tensor, [...merged, ...tail]);
  // The gradients of stock tfjs end at rank 4 (broadcastTo) or fail on an empty axis (mul).
  const broadcast = tf.customGrad((x) => {
    const flat = tf.reshape(x as Tensor, [...lead, product(tail)]);
    const value = tf.reshape(tf.mul(flat, tf.ones([...to, 1])), [...merged, ...tail]);
    return { value, gradFunc: (dy) => gathered(dy, tensor.shape, tail.length, to) };
  });
  return broadcast(tensor);
}

/**
 * The reverse of the broadcasting in {@link canonical}, for a gradient.
 *
 * @param gradient - in canonical shape
 * @param shape - of the argument that was brought to it
 * @param tail - number of axes that are not leading ones
 * @param to - leading axes to which it was broadcast
 */
export function gathered(
  gradient: Tensor,
  shape: readonly number[],
  tail: number,
  to: readonly number[],
): Tensor {
  const split = shape.length - tail;
  const own = padded(shape.slice(0, split), to.length);
  const full = tf.reshape(gradient, [...to, ...shape.slice(split)]);
  const axes = own.flatMap((size, axis) => (size === to[axis] ? [] : [axis]));
  return tf.reshape(axes.length > 0 ? tf.sum(full, axes) : full, [...shape]);
}

/** Number of leading axes over which a tensor varies: trailing ones of size 1 do not count. */
function varying(lead: readonly number[]): number {
  return lead.reduce((count, size, axis) => (size === 1 ? count : axis + 1), 0);
}

function checkNumber(
  where: string,
  name: string,
  value: number | Tensor | undefined,
  ok: (x: number) => boolean,
  must: string,
): void {
  if (typeof value !== "number" || ok(value)) return;
  throw new ArgumentError(
    `${where}: argument \`${name}\` must be ${must}, but is ${String(value)}.`,
  );
}

function check(where: string, { theta, phi, J, gamma, polarization }: NetworkProblem): void {
  checkTail(where, "theta", theta.shape, ["N"]);
  checkTail(where, "J", J.shape, ["M", "N", 3, 3]);
  if (theta.shape.at(-1) !== J.shape.at(-3)) {
    throw new ShapeError(
      `${where}: arguments \`theta\` and \`J\` must have the same number of inputs N, but have shapes ${shapeText(theta.shape)} and ${shapeText(J.shape)}.`,
    );
  }
  if (phi !== undefined) checkTail(where, "phi", phi.shape, [theta.shape.at(-1)!]);
  for (const [name, value] of Object.entries({ theta, phi, J, gamma, polarization })) {
    if (value !== undefined && typeof value !== "number") checkFloat(where, name, value);
  }
  checkNumber(where, "gamma", gamma, (x) => x > 0, "positive");
  checkNumber(where, "polarization", polarization, (z) => Math.abs(z) <= 1, "between -1 and 1");
}

/** Leading axes of an argument, `tail` being the number of its other ones. */
function leadOf(value: number | Tensor, tail: number): number[] {
  return typeof value === "number" ? [] : value.shape.slice(0, value.rank - tail);
}

/** How the leading axes of the arguments become those of the kernels. */
function layoutOf(
  where: string,
  { theta, phi, J, gamma = 1, polarization = 1 }: NetworkProblem,
): Layout {
  const leads = {
    theta: leadOf(theta, 1),
    ...(phi && { phi: leadOf(phi, 1) }),
    J: leadOf(J, 4),
    gamma: leadOf(gamma, 0),
    polarization: leadOf(polarization, 0),
  };
  const lead = commonLead(where, leads, "left");
  const shared = varying(leads.J);
  // Where no two samples share couplings, samples of different rows fill the lanes of the kernel together. Not
  // for few samples: a network alone, whose J does not vary, would not get the same bits as in a population.
  const perSample = product(lead.slice(shared)) === 1;
  const split = perSample ? 0 : shared;
  const population = [...lead.slice(0, split), ...lead.slice(split).map(() => 1)];
  const rate = (own: readonly number[]): number[] => (varying(own) > split ? lead : population);
  return {
    lead,
    P: product(lead.slice(0, split)),
    B: product(lead.slice(split)),
    perSample,
    spans: {
      theta: lead,
      phi: lead,
      J: perSample ? lead : population,
      gamma: rate(leads.gamma),
      polarization: rate(leads.polarization),
    },
  };
}

/** Checks the arguments and brings them to canonical shapes. */
export function canonical(where: string, problem: NetworkProblem): CanonicalNetwork {
  check(where, problem);
  const { theta, phi, J, gamma = 1, polarization = 1 } = problem;
  const { lead, P, B, perSample, spans } = layoutOf(where, problem);
  const [M, N] = J.shape.slice(-4) as [number, number];
  const rate = (value: number | Tensor, span: readonly number[]): Tensor | undefined =>
    typeof value === "number" ? undefined : spread(value, [], span, [P, span === lead ? B : 1]);
  return {
    inputs: {
      theta: spread(theta, [N], lead, [P, B]),
      phi: phi && spread(phi, [N], lead, [P, B]),
      J: spread(J, [M, N, 3, 3], spans.J, perSample ? [P, B] : [P]),
      gamma: rate(gamma, spans.gamma),
      polarization: rate(polarization, spans.polarization),
    },
    gamma: typeof gamma === "number" ? gamma : null,
    polarization: typeof polarization === "number" ? polarization : null,
    lead,
    spans,
    outputs: M,
  };
}
