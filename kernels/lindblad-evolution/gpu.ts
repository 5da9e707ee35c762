// How the evolution runs on the backend `webgpu`: by the composed exponential, whatever the scheme, since the others choose
// their steps by numbers that only the host can read. So it takes one step an interval, and none is rejected.

import * as tf from "@tensorflow/tfjs";
import { composedGradients } from "../runtime/gpu/composed.js";
import { evolutionComposed } from "./composed.js";
import { EVOLUTION_INPUTS } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Named } from "../runtime/gpu/composed.js";
import type { ComposedGpuForm } from "../runtime/gpu/define.js";
import type { EvolutionAttrs } from "./contract.js";

/** Largest relative deviation of H from a Hermitian matrix; and of ρ₀ from one, and of its trace from 1. */
const HERMITIAN = 1e-5;
const STATE = 1e-4;

const largest = (x: Tensor): Tensor => tf.max(tf.abs(x), [1, 2, 3]);

/** `[B, 2, n, n]` less its adjoint. */
function defect(x: Tensor): Tensor {
  const swapped = tf.transpose(x, [0, 1, 3, 2]);
  return tf.sub(x, tf.mul(swapped, tf.tensor4d([1, -1], [1, 2, 1, 1])));
}

/** 0, or NaN if anything is not finite, `[B]`. */
function broken(x: Tensor): Tensor {
  return tf.sum(tf.mul(0, tf.reshape(x, [x.shape[0], -1])), 1);
}

/** The verdicts of contract.ts, `[B]`. */
function verdictOf({ H, jumps, rho0 }: Named): Tensor {
  const [B, , n] = H!.shape as [number, 2, number];
  const off = tf.div(largest(defect(H!)), tf.add(largest(H!), 1e-30));
  const real = tf.reshape(tf.slice(tf.reshape(rho0!, [B, 2, n * n]), [0, 0], [B, 1]), [B, n, n]);
  const trace = tf.sum(tf.mul(real, tf.eye(n)), [1, 2]);
  const state = tf.add(largest(defect(rho0!)), tf.abs(tf.sub(trace, 1)));
  const finite = tf.add(broken(H!), tf.add(broken(rho0!), broken(jumps!)));
  // Written so that NaN falls on the bad side.
  const judge = (verdict: Tensor, holds: Tensor, number: number): Tensor =>
    tf.where(holds, verdict, tf.fill([B], number));
  const hermitian = judge(tf.zeros([B]), tf.lessEqual(off, HERMITIAN), 2);
  const proper = judge(hermitian, tf.lessEqual(state, STATE), 3);
  return judge(proper, tf.equal(finite, 0), 4);
}

/** All states, `[B, t, 2 n n]`, NaN where the verdict is not 0. */
function statesOf({ H, jumps, rho0 }: Named, { times }: EvolutionAttrs, trusted: Tensor): Tensor {
  const [B, , n] = H!.shape as [number, 2, number];
  // Without jump operators, one that is 0.
  const some = jumps === undefined ? tf.zeros([B, 1, 2, n, n]) : jumps;
  const states = evolutionComposed(H!, some, rho0!, times);
  return tf.mul(tf.reshape(states, [B, times.length, 2 * n * n]), trusted);
}

/** `Tr(O ρ)` of the Hermitian parts, `[B, M, t]`: the sum of products of all real and imaginary parts. */
function expectationsOf(observables: Tensor, states: Tensor): Tensor {
  const [B, M, , n] = observables.shape as [number, number, 2, number];
  const each = tf.reshape(observables, [B * M, 2, n, n]);
  const hermitian = tf.sub(each, tf.mul(0.5, defect(each)));
  return tf.matMul(tf.reshape(hermitian, [B, M, 2 * n * n]), states, false, true);
}

function trustedOf(inputs: Named): { verdict: Tensor; trusted: Tensor } {
  const verdict = verdictOf(inputs);
  const [B] = verdict.shape as [number];
  const factor = tf.where(tf.equal(verdict, 0), tf.ones([B]), tf.fill([B], NaN));
  return { verdict, trusted: tf.reshape(factor, [B, 1, 1]) };
}

function kept(states: Tensor, { times, store }: EvolutionAttrs): Tensor {
  return store ? states : tf.slice(states, [0, times.length - 1], [states.shape[0], 1]);
}

const without = (inputs: Named, name: string): Named =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== name));

/** The jumps left out where there are none. */
function withJumps(inputs: Named): Named {
  return inputs["jumps"]!.size > 0 ? inputs : without(inputs, "jumps");
}

/** Form of `ZenoLindbladEvolution`. */
export const evolutionGpu: ComposedGpuForm<EvolutionAttrs> = {
  by: "composed",
  run: (inputs, attrs) => {
    const { observables } = inputs;
    const { verdict, trusted } = trustedOf(inputs);
    const states = statesOf(withJumps(inputs), attrs, trusted);
    const taken = tf.fill(verdict.shape, attrs.times.length - 1);
    return [
      kept(states, attrs),
      observables!.size > 0 ? expectationsOf(observables!, states) : tf.zeros([0]),
      tf.stack([taken, tf.zerosLike(taken), verdict], 1),
    ];
  },
};

/** Form of `ZenoLindbladEvolutionGrad`. */
export const evolutionGradGpu: ComposedGpuForm<EvolutionAttrs> = {
  by: "composed",
  run: (inputs, attrs) => {
    const { dstates, dexpectations } = inputs;
    const { trusted } = trustedOf(inputs);
    const flat = tf.reshape(dstates!, [dstates!.shape[0], dstates!.shape[1]!, -1]);
    const product = (given: Named): Tensor => {
      const states = statesOf(given, attrs, trusted);
      const byStates = tf.sum(tf.mul(kept(states, attrs), flat));
      const { observables } = given;
      if (observables === undefined) return byStates;
      return tf.add(byStates, tf.sum(tf.mul(expectationsOf(observables, states), dexpectations!)));
    };
    return composedGradients(product, inputs, EVOLUTION_INPUTS, tf.scalar(1)).gradients;
  },
};
