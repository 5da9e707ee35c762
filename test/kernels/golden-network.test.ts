// All golden cases of the dissipative network through the public door, on every backend and in both forms, with
// the tolerances and conventions of the golden file.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { steadyState, validity } from "../../src/open-systems/network/index.js";
import { onEachBackend } from "../support/backends.js";
import { closeToGolden, closeToGradient } from "../support/close-to-golden.js";
import { closeWithin } from "../support/close-to.js";
import { largest } from "../support/gradcheck.js";
import { read, readAll } from "../support/tensors.js";
import { hessianCase, layerCase, networkCases } from "./golden.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { SteadyStateOptions } from "../../src/open-systems/network/index.js";
import type { NetworkCase } from "./golden.js";

const METHODS = ["fused", "composed"] as const;

/** The arguments as tensors, in the order of `gradientOf`. */
function tensorsOf({ N, theta, phi, J, gamma, z }: NetworkCase): Tensor[] {
  return [
    tf.tensor1d([...theta]),
    tf.tensor1d([...phi]),
    tf.tensor(J.flat(2), [1, N, 3, 3]),
    tf.scalar(gamma),
    tf.scalar(z),
  ];
}

function network(arguments_: Tensor[], options: SteadyStateOptions): Tensor {
  const [theta, phi, J, gamma, polarization] = arguments_ as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  return steadyState({ theta, phi, J, gamma, polarization }, options);
}

/** With plain numbers for the rates, and without azimuths where they are 0: other paths through the kernel. */
function plainNetwork(one: NetworkCase, options: SteadyStateOptions): Tensor {
  const [theta, phi, J] = tensorsOf(one) as [Tensor, Tensor, Tensor];
  const azimuths = one.phi.some((x) => x !== 0) ? { phi } : {};
  return steadyState({ theta, ...azimuths, J, gamma: one.gamma, polarization: one.z }, options);
}

async function hasGoldenGradients(one: NetworkCase, method: "fused" | "composed"): Promise<void> {
  const { dtheta, dphi, dJ, dgamma, dz } = one.grad_effective!;
  const [theta, phi, J, gamma, z] = await readAll(() => {
    const dy = tf.tensor([...one.cotangent!], [1, 3]);
    return tf.grads((...xs: Tensor[]) => network(xs, { method }))(tensorsOf(one), dy);
  });
  const tolerance = one.tolerance.float32Grad;
  closeToGradient(theta!, dtheta, tolerance, "gradient by theta");
  closeToGradient(phi!, dphi, tolerance, "gradient by phi");
  closeToGradient(J!, dJ.flat(2), tolerance, "gradient by J");
  closeToGradient(z!, [dz], 20 * tolerance, "gradient by the polarization");
  if (one.gamma <= 100) closeToGradient(gamma!, [dgamma], tolerance, "gradient by gamma");
}

onEachBackend("network.steadyState()", () => {
  for (const one of networkCases)
    for (const method of METHODS)
      it(`agrees with ${one.name}, ${method}`, async () => {
        const tolerance = one.tolerance.float32;
        for (const form of [
          plainNetwork,
          (_: NetworkCase, o: SteadyStateOptions) => network(tensorsOf(one), o),
        ]) {
          closeToGolden(await read(() => form(one, { method })), one.r_effective, tolerance, "r");
          if (one.r_limit === undefined) continue;
          const limit = await read(() => form(one, { method, path: "limit" }));
          closeToGolden(limit, one.r_limit, tolerance, "limit");
        }
        if (one.grad_effective !== undefined) await hasGoldenGradients(one, method);
      });

  for (const method of METHODS) {
    it(`agrees with the golden layer of two outputs and three samples, ${method}`, async () => {
      const { theta, J, gamma, z, cotangent, tolerance, grad_effective } = layerCase;
      const inputs = (): [Tensor, Tensor] => [
        tf.tensor(theta.flat(), [3, 2]),
        tf.tensor(J.flat(3), [2, 2, 3, 3]),
      ];
      const layer = (t: Tensor, j: Tensor): Tensor =>
        steadyState({ theta: t, J: j, gamma, polarization: z }, { method });
      const r = await read(() => layer(...inputs()));
      closeToGolden(r, layerCase.r_effective.flat(2), tolerance.float32, "r");
      const [dtheta, dJ] = await readAll(() =>
        tf.grads(layer)(inputs(), tf.tensor(cotangent.flat(2), [3, 2, 3])),
      );
      closeToGradient(
        dtheta!,
        grad_effective.dtheta.flat(),
        tolerance.float32Grad,
        "gradient by theta",
      );
      closeToGradient(dJ!, grad_effective.dJ.flat(3), tolerance.float32Grad, "gradient by J");
    });

    it(`is 0 for unpolarized inputs, ${method}`, async () => {
      const one = networkCases.find(({ name }) => name === "zero-polarization")!;
      const r = await read(() => plainNetwork(one, { method }));
      expect([...r].map(Math.abs)).to.deep.equal([0, 0, 0]);
    });
  }

  it("has the golden Hessian in its composed form", async () => {
    const { theta, J, gamma, z, d2sz_dtheta2, tolerance } = hessianCase;
    const sz = (t: Tensor): Tensor => {
      const couplings = tf.tensor(J.flat(2), [1, 2, 3, 3]);
      const options = { method: "composed", observe: "z" } as const;
      return tf.sum(steadyState({ theta: t, J: couplings, gamma, polarization: z }, options));
    };
    const rows = await readAll(() =>
      [0, 1].map((i) =>
        tf.grad((t: Tensor) => tf.sum(tf.slice(tf.grad(sz)(t), [i], [1])))(tf.tensor1d([...theta])),
      ),
    );
    rows.forEach((row, i) => {
      const allowed = tolerance.float32 * largest(d2sz_dtheta2.flat());
      closeWithin(row, d2sz_dtheta2[i]!, allowed, `row ${String(i)}`);
    });
  });
});

onEachBackend("network.validity()", () => {
  it("has the golden kappa and chi", async () => {
    for (const one of networkCases) {
      const [theta, phi, J] = tensorsOf(one) as [Tensor, Tensor, Tensor];
      const verdicts = validity({ theta, phi, J, gamma: one.gamma, polarization: one.z });
      const { float32 } = one.tolerance;
      closeToGolden(await verdicts.kappa.data(), [one.kappa], float32, `kappa of ${one.name}`);
      closeToGolden(await verdicts.chi.data(), [one.chi], float32, `chi of ${one.name}`);
      expect([...(await verdicts.unique.data())], one.name).to.deep.equal([1]);
      tf.dispose([theta, phi, J, ...Object.values(verdicts)]);
    }
  });

  const theta = [0.3, 1.1];
  const commonRow = [0.5, -1, 2];
  const rankOne = [
    [1, 2, 3],
    [-1, 0.5, 2],
  ].map((u) => u.map((x) => commonRow.map((y) => x * y)));
  const degenerate = {
    "all couplings are 0": new Array<number>(18).fill(0),
    "all couplings have one row direction": rankOne.flat(2),
  };
  for (const [title, J] of Object.entries(degenerate))
    it(`says that the steady state is not unique when ${title}, and it is NaN`, async () => {
      const problem = {
        theta: tf.tensor1d(theta),
        J: tf.tensor(J, [1, 2, 3, 3]),
        gamma: 100,
        polarization: 0.9,
      };
      for (const method of METHODS)
        for (const path of ["effective", "limit"] as const) {
          const r = await read(() => steadyState(problem, { method, path }));
          expect([...r], `${method} ${path}`).to.deep.equal([NaN, NaN, NaN]);
        }
      const verdicts = validity(problem);
      expect([...(await verdicts.unique.data())]).to.deep.equal([0]);
      tf.dispose([...Object.values(verdicts), problem.theta, problem.J]);
    });
});
