// The network as a general open system: Hamiltonian and jump operators of N inputs and one output, as somebody would
// write them who does not know the effective equation.

import * as tf from "@tensorflow/tfjs";
import { openSystems as os } from "../../src/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { NetworkTensors } from "./problems.js";

type Complex = os.Complex;

/** Operators of a batch of networks, `[B, 2^(N+1), 2^(N+1)]`. */
export type LindbladProblem = {
  readonly H: Complex;
  readonly jumpOps: readonly Complex[];
  /** Pauli operators of the output qubit, which comes last. */
  readonly last: readonly Complex[];
};

const paulis = (): Complex[] => [os.sigmaX(), os.sigmaY(), os.sigmaZ()];

/** σ_k of input n times σ_l of the output, as one real and one imaginary stack `[9 N, n²]`. */
function couplingOperators(N: number): Complex {
  const dims = new Array<number>(N + 1).fill(2);
  const products = Array.from({ length: N }, (_, n) =>
    paulis().flatMap((a) =>
      paulis().map((b) => os.matMul(os.embed(a, n, dims), os.embed(b, N, dims))),
    ),
  ).flat();
  const stack = (parts: Tensor[]): Tensor => tf.stack(parts.map((part) => tf.reshape(part, [-1])));
  return { re: stack(products.map(({ re }) => re)), im: stack(products.map(({ im }) => im)) };
}

/** |s⟩⟨s⊥| = (sin θ σ_z - cos θ σ_x - i σ_y)/2 of an input, `[B, 2, 2]`; `up` false gives its adjoint. */
function flip(theta: Tensor, up: boolean): Complex {
  const [x, y, z] = [os.sigmaX(), os.sigmaY(), os.sigmaZ()];
  const turned = os.add(
    os.scale(z, tf.mul(0.5, tf.sin(theta))),
    os.scale(x, tf.mul(-0.5, tf.cos(theta))),
  );
  // -i σ_y is real.
  const minusIY: Complex = { re: y.im, im: tf.neg(y.re) };
  return os.add(turned, os.scale(minusIY, up ? 0.5 : -0.5));
}

/** Hamiltonian and jump operators at rate Γ and polarization z; differentiable by angles and couplings. */
export function lindbladOf(
  { theta, J }: NetworkTensors,
  gamma: number,
  z: number,
): LindbladProblem {
  const [B, N] = theta.shape as [number, number];
  const dims = new Array<number>(N + 1).fill(2);
  const n = 2 ** (N + 1);
  const basis = couplingOperators(N);
  const flat = tf.reshape(J, [B, 9 * N]);
  const sum = (part: Tensor): Tensor => tf.reshape(tf.matMul(flat, part), [B, n, n]);
  const rates = [1 + z, 1 - z].map((share) => Math.sqrt((gamma * share) / 2));
  const jumpOps = Array.from({ length: N }, (_, input) => {
    const angle = tf.reshape(tf.slice(theta, [0, input], [B, 1]), [B]);
    return rates.flatMap((rate, down) =>
      rate === 0 ? [] : [os.scale(os.embed(flip(angle, down === 0), input, dims), rate)],
    );
  }).flat();
  return {
    H: { re: sum(basis.re), im: sum(basis.im) },
    jumpOps,
    last: paulis().map((P) => os.embed(P, N, dims)),
  };
}

/** The states from which integration starts: inputs at rest in their own state, output in |0⟩. */
export function initialStates(theta: Tensor, z: number): Complex {
  const [B, N] = theta.shape as [number, number];
  const one = tf.ones([B]);
  const input = (at: number): Complex => {
    const angle = tf.reshape(tf.slice(theta, [0, at], [B, 1]), [B]);
    const turned = os.add(
      os.scale(os.sigmaZ(), tf.mul(z / 2, tf.cos(angle))),
      os.scale(os.sigmaX(), tf.mul(z / 2, tf.sin(angle))),
    );
    return os.add(turned, os.scale(os.identity(2), 0.5));
  };
  const inputs = Array.from({ length: N }, (_, at) => input(at));
  return os.tensor(os.scale(os.identity(1), one), ...inputs, os.projector(2, 0));
}
