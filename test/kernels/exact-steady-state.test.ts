// The exact steady state in both forms: golden values and gradients, couplings stronger than the damping, samples that
// the fixed point does not solve beside samples that it does, and what has no answer.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import {
  exactSteadyState,
  exactValueAndGradients,
} from "../../kernels/exact-steady-state/index.js";
import { exactSteadyState as reference } from "../../kernels/exact-steady-state/reference.js";
import { onEachBackend } from "../support/backends.js";
import { closeToGradient } from "../support/close-to-golden.js";
import { closeWithin } from "../support/close-to.js";
import { differences, largest } from "../support/gradcheck.js";
import { exactProblem } from "../../benchmarks/cases/exact-steady-state.js";
import { normals, uniforms } from "../../benchmarks/cases/plain.js";
import { gradientsOf, read, readAll, tensorOf } from "../support/tensors.js";
import { exactCases, exactLayerCase, inputsOf, RATES, tensorsOf } from "./exact-golden.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ExactCase } from "./exact-golden.js";

type Method = "fused" | "composed";

function solve(tensors: readonly Tensor[], method: Method): Tensor {
  return exactSteadyState(inputsOf(tensors), RATES, method);
}

async function hasGoldenGradients(one: ExactCase, method: Method): Promise<void> {
  const { dtheta, dphi, dJ, dgamma, dz } = one.grad_full!;
  const [theta, phi, J, gamma, z] = await readAll(() =>
    tf.grads((...xs: Tensor[]) => solve(xs, method))(
      tensorsOf(one),
      tf.tensor(one.cotangent as number[], [1, 1, 1, 3]),
    ),
  );
  const tolerance = one.tolerance.float32Grad;
  const angles = Math.max(largest(dtheta), largest(dphi));
  closeToGradient(theta!, dtheta, tolerance, "gradient by theta", angles);
  closeToGradient(phi!, dphi, tolerance, "gradient by phi", angles);
  closeToGradient(J!, dJ.flat(2), tolerance, "gradient by J");
  closeToGradient(z!, [dz], 20 * tolerance, "gradient by the polarization");
  // By ln Γ: within 1e-6 of the cotangent. The gradient by Γ itself loses digits as Γ grows.
  const allowed = tolerance * Math.abs(dgamma) + (1e-6 * Math.hypot(...one.cotangent!)) / one.gamma;
  closeWithin(gamma!, [dgamma], allowed, "gradient by gamma");
}

onEachBackend("exactSteadyState()", (backend) => {
  // The linear solve of the composed form is float32 on webgpu.
  const composedError = backend === "webgpu" ? 4e-6 : 1e-6;

  for (const one of exactCases) {
    it(`agrees with ${one.name}, fused`, async () => {
      closeWithin(await read(() => solve(tensorsOf(one), "fused")), one.r_full, 1e-6, "r");
      if (one.grad_full !== undefined) await hasGoldenGradients(one, "fused");
    });

    // The dense matrices of three inputs take a second in plain JavaScript.
    if (one.N <= 2)
      it(`agrees with ${one.name}, composed`, async () => {
        const r = await read(() => solve(tensorsOf(one), "composed"));
        closeWithin(r, one.r_full, composedError, "r");
        if (one.grad_full !== undefined) await hasGoldenGradients(one, "composed");
      });
  }

  it("agrees with three inputs, composed", async () => {
    const one = exactCases.find(({ name }) => name === "phi-n3-gamma30")!;
    closeWithin(await read(() => solve(tensorsOf(one), "composed")), one.r_full, 1e-6, "r");
  });

  it("agrees with the golden layer of two outputs and three samples", async () => {
    const { theta, J, gamma, z, cotangent, r_full, grad_full, tolerance } = exactLayerCase;
    const attrs = { gamma, polarization: z, observe: null };
    const [r, dtheta, dJ] = await readAll(() => {
      const inputs = {
        theta: tf.tensor([theta as number[][]]),
        J: tf.tensor(J.flat(3), [1, 2, 2, 3, 3]),
      };
      const { value, gradients } = exactValueAndGradients(
        inputs,
        tf.tensor([cotangent as number[][][]]),
        attrs,
      );
      return [value, gradients.theta, gradients.J];
    });
    closeWithin(r!, r_full.flat(2), 1e-6, "r");
    closeToGradient(dtheta!, grad_full.dtheta.flat(), tolerance.float32Grad, "gradient by theta");
    closeToGradient(dJ!, grad_full.dJ.flat(3), tolerance.float32Grad, "gradient by J");
  });

  for (const [N, B] of [
    [1, 200],
    [2, 60],
    [3, 6],
  ] as const)
    for (const gamma of [0.1, 1, 10])
      it(`holds 1e-6 at Γ = ${gamma.toString()} with ${String(N)} inputs, z = 1 and 0.3`, async () => {
        const theta = uniforms([31, 1], [1, B, N], (u) => Math.PI * u);
        const J = normals([31, 2], [1, B, 1, N, 3, 3]);
        for (const z of [1, 0.3]) {
          const attrs = { gamma, polarization: z, observe: null };
          const inputs = () => ({ theta: tensorOf(theta), J: tensorOf(J) });
          const r = await read(() => exactSteadyState(inputs(), attrs, "fused"));
          const expected = Array.from({ length: B }, (_, b) =>
            reference({
              theta: Array.from(theta.values.subarray(b * N, (b + 1) * N)),
              J: Array.from({ length: N }, (__, n) =>
                [0, 1, 2].map((k) => {
                  const from = 9 * (b * N + n) + 3 * k;
                  return Array.from(J.values.subarray(from, from + 3));
                }),
              ),
              gamma: Math.fround(gamma),
              polarization: Math.fround(z),
            }),
          );
          closeWithin(r, expected.flat(), 1e-6, `z = ${String(z)}`);
        }
      });

  it("has the gradient of the reference at couplings stronger than the damping", async () => {
    for (const [gamma, N, B] of [
      [0.1, 1, 20],
      [1, 1, 20],
      [10, 1, 20],
      [1, 2, 3],
      [10, 2, 3],
      [3, 3, 1],
    ] as const) {
      const sizes = { P: 1, B, M: 1, N };
      const options = { J: "shared", phi: true, gamma, polarization: 0.7, observe: null } as const;
      const problem = exactProblem(90, sizes, options);
      const cotangent = normals([91, 1], problem.output.shape);
      const slopes = differences(problem, cotangent.values);
      const actual = await gradientsOf(problem, problem.fused, cotangent);
      const scale = Math.max(...["theta", "phi"].map((name) => largest(slopes[name]!.gradient)));
      for (const name of ["theta", "phi", "J"]) {
        const expected = slopes[name]!.gradient;
        const allowed = 2e-5 * (name === "J" ? largest(expected) : scale);
        closeWithin(
          actual[name]!,
          expected,
          allowed,
          `gradient by ${name} at Γ = ${gamma.toString()}, ${String(N)} inputs`,
        );
      }
    }
  });

  it("is NaN where the couplings are beyond what it can solve, never a number", async () => {
    const theta = uniforms([34, 1], [1, 9, 2], (u) => Math.PI * u);
    const J = normals([34, 2], [1, 1, 2, 3, 3]);
    const attrs = { gamma: 1e-4, polarization: 1, observe: null } as const;
    for (const method of ["fused", "composed"] as const) {
      const r = await read(() =>
        exactSteadyState({ theta: tensorOf(theta), J: tensorOf(J) }, attrs, method),
      );
      expect([...r].every(Number.isNaN), method).to.equal(true);
    }
  });

  it("is NaN, with its gradients, where the steady state is not unique, and only there", async () => {
    for (const method of ["fused", "composed"] as const) {
      const J = normals([33, 2], [1, 3, 1, 2, 3, 3]);
      J.values.fill(0, 18, 36);
      const theta = uniforms([33, 1], [1, 3, 2], (u) => Math.PI * u);
      const attrs = { gamma: 50, polarization: 0.9, observe: "z" } as const;
      const f = (t: Tensor, j: Tensor): Tensor =>
        exactSteadyState({ theta: t, J: j }, attrs, method);
      const [r, dtheta] = await readAll(() => {
        const inputs: [Tensor, Tensor] = [tensorOf(theta), tensorOf(J)];
        return [f(...inputs), ...tf.grads(f)(inputs)];
      });
      expect([...r!].map(Number.isNaN), method).to.deep.equal([false, true, false]);
      if (method === "fused")
        expect([...dtheta!].map(Number.isNaN)).to.deep.equal([
          false,
          false,
          true,
          true,
          false,
          false,
        ]);
    }
  });

  it("is 0 for unpolarized inputs", async () => {
    const one = exactCases.find(({ name }) => name === "zero-polarization")!;
    for (const method of ["fused", "composed"] as const) {
      const r = await read(() => solve(tensorsOf(one), method));
      expect([...r].map(Math.abs), method).to.deep.equal([0, 0, 0]);
    }
  });
});
