// The third order in 1/Γ: golden values, its gradients by differences, and how far it is from the full steady state.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { exactSteadyState as reference } from "../../kernels/exact-steady-state/reference.js";
import { thirdOrder } from "../../kernels/exact-steady-state/index.js";
import { effectiveSteadyState } from "../../kernels/effective-steady-state/reference.js";
import { philoxNormals, philoxUniforms } from "../../kernels/philox/reference.js";
import { onEachBackend } from "../support/backends.js";
import { closeWithin } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import { exactCases, inputsOf, RATES, tensorsOf } from "./exact-golden.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ExactProblem } from "../../kernels/exact-steady-state/reference.js";

function solve(tensors: readonly Tensor[]): Tensor {
  return thirdOrder(inputsOf(tensors), RATES);
}

onEachBackend("thirdOrder()", () => {
  for (const one of exactCases)
    it(`agrees with ${one.name}`, async () => {
      // Beyond its validity r may be large: float32 holds a fraction of it.
      const size = Math.max(1, ...one.r_third.map(Math.abs));
      const allowed = (one.kappa < 0.5 ? 2e-6 : 1e-4) * size;
      closeWithin(await read(() => solve(tensorsOf(one))), one.r_third, allowed, "r");
    });

  it("has gradients by composition: those of differences in a direction", async () => {
    const one = exactCases.find(({ name }) => name === "n2-z0.5-gamma100")!;
    const cotangent = [[[0.3, -0.8, 0.5]]];
    const gradients = await readAll(() =>
      tf.grads((...xs: Tensor[]) => solve(xs))(tensorsOf(one), tf.tensor([cotangent])),
    );
    const values = await readAll(() => tensorsOf(one));
    const moved = async (step: number): Promise<number> => {
      const r = await read(() =>
        solve(
          tensorsOf(one).map((t, i) =>
            tf.add(t, tf.mul(step, tf.reshape(direction(values, i), t.shape))),
          ),
        ),
      );
      return r.reduce((sum, x, i) => sum + x * cotangent[0]![0]![i]!, 0);
    };
    const slope = ((await moved(0.02)) - (await moved(-0.02))) / 0.04;
    const along = gradients.reduce(
      (sum, gradient, i) =>
        sum + gradient.reduce((part, x, at) => part + x * Math.cos(i + 2 * at), 0),
      0,
    );
    closeWithin([along], [slope], 2e-3 * Math.abs(slope), "slope");
  });

  it("is closer to the full steady state than the effective equation by an order in 1/Γ", async () => {
    const [angles, J] = [philoxUniforms(51, 2, 40), philoxNormals(52, 2, 360)];
    const distances = async (gamma: number): Promise<number[]> => {
      const r = await read(() =>
        thirdOrder(
          {
            theta: tf.tensor(
              Float32Array.from(angles, (u) => Math.PI * u),
              [1, 20, 2],
            ),
            J: tf.tensor(Float32Array.from(J), [1, 20, 1, 2, 3, 3]),
          },
          { gamma, polarization: 1, observe: null },
        ),
      );
      const parts = Array.from({ length: 20 }, (_, b) => {
        const problem: ExactProblem = {
          theta: [0, 1].map((n) => Math.PI * angles[2 * b + n]!),
          J: [0, 1].map((n) =>
            [0, 1, 2].map((k) =>
              Array.from(J.subarray(18 * b + 9 * n + 3 * k, 18 * b + 9 * n + 3 * k + 3)),
            ),
          ),
          gamma,
          polarization: 1,
        };
        const exact = reference(problem);
        const effective = effectiveSteadyState(problem);
        const third = exact.map((x, i) => x - r[3 * b + i]!);
        return [
          Math.hypot(...third),
          Math.hypot(...exact.map((x, i) => x - effective[i]!)),
        ] as const;
      });
      const median = (xs: number[]): number => xs.sort((x, y) => x - y)[xs.length >> 1]!;
      return [
        median(parts.map(([third]) => third)),
        median(parts.map(([, effective]) => effective)),
      ];
    };
    const [third, effective] = await distances(300);
    expect(third! / effective!).to.be.below(0.3);
  });
});

function direction(values: readonly Float32Array[], i: number): Tensor {
  return tf.tensor(Float32Array.from(values[i]!, (_, at) => Math.cos(i + 2 * at)));
}
