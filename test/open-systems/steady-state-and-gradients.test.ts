// Value and gradients in one pass: the same as steadyState and tf.grads.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { network, ShapeError, useBackend } from "../../src/index.js";
import { closeTo } from "../support/close-to.js";
import { normals, uniforms } from "../support/network-reference.js";
import { readAll } from "../support/tensors.js";
import type { Plain } from "../support/network-reference.js";

const tensor = ({ shape, values }: Plain): tf.Tensor =>
  tf.tensor(Float32Array.from(values), [...shape], "float32");

type Leads = Readonly<Record<"theta" | "phi" | "J" | "gamma" | "polarization", number[]>>;

const LAYOUTS: { name: string; leads: Leads; lead: number[] }[] = [
  {
    name: "a population",
    leads: { theta: [3, 5], phi: [3, 5], J: [3], gamma: [3], polarization: [] },
    lead: [3, 5],
  },
  {
    name: "shared angles, rates per sample",
    leads: { theta: [1, 5], phi: [], J: [3], gamma: [3, 5], polarization: [1, 5] },
    lead: [3, 5],
  },
  {
    name: "everything per sample",
    leads: { theta: [6], phi: [6], J: [6], gamma: [6], polarization: [6] },
    lead: [6],
  },
  {
    name: "an empty batch",
    leads: { theta: [3, 0], phi: [], J: [3], gamma: [], polarization: [3] },
    lead: [3, 0],
  },
];

const make = ({ theta, phi, J, gamma, polarization }: Leads): Record<keyof Leads, tf.Tensor> => ({
  theta: tensor(uniforms([...theta, 2], 1, 0, Math.PI)),
  phi: tensor(uniforms([...phi, 2], 2, -Math.PI, Math.PI)),
  J: tensor(normals([...J, 2, 2, 3, 3], 3)),
  gamma: tensor(uniforms(gamma, 4, 2, 50)),
  polarization: tensor(uniforms(polarization, 5, 0.3, 1)),
});

const NAMES = ["theta", "phi", "J", "gamma", "polarization"] as const;

describe("network.steadyStateAndGradients()", () => {
  before(() => useBackend("wasm"));

  for (const { name, leads, lead } of LAYOUTS) {
    for (const options of [{}, { path: "limit" }, { observe: "y" }] as const) {
      it(`agrees with steadyState and tf.grads: ${name}, ${JSON.stringify(options)}`, async () => {
        const problem = make(leads);
        const shape = [...lead, 2, ...("observe" in options ? [] : [3])];
        const cotangent = tensor(normals(shape, 6));
        const fused = await readAll(() => {
          const { value, gradients } = network.steadyStateAndGradients(problem, cotangent, options);
          return [value, ...NAMES.map((key) => gradients[key]!)];
        });
        // The limit does not depend on Γ, which tf.grads would call an error.
        const names = NAMES.filter((key) => !("path" in options && key === "gamma"));
        const usual = await readAll(() => {
          const f = (...xs: tf.Tensor[]): tf.Tensor => {
            const given = Object.fromEntries(names.map((key, i) => [key, xs[i]!]));
            return network.steadyState({ ...problem, ...given }, options);
          };
          const given = names.map((key) => problem[key]);
          return [f(...given), ...tf.grads(f)(given, cotangent)];
        });
        if ("path" in options) usual.splice(4, 0, new Float32Array(problem.gamma.size));
        ["value", ...NAMES].forEach((key, i) => {
          closeTo(fused[i]!, usual[i]!, { rtol: 1e-6, atol: 1e-6 }, key);
        });
        tf.dispose([problem, cotangent]);
      });
    }
  }

  it("has gradients of tensors only, of their shapes", () => {
    tf.tidy(() => {
      const { theta, J } = make(LAYOUTS[0]!.leads);
      const problem = { theta, J, gamma: 10, polarization: 1 };
      const { gradients } = network.steadyStateAndGradients(problem, tf.ones([3, 5, 2, 3]));
      expect(Object.keys(gradients)).to.have.members(["theta", "J"]);
      expect(gradients.theta.shape).to.deep.equal(theta.shape);
      expect(gradients.J.shape).to.deep.equal(J.shape);
    });
  });

  it("refuses a cotangent of another shape", () => {
    const { theta, J } = make(LAYOUTS[0]!.leads);
    const call = (): unknown =>
      tf.tidy(
        () => network.steadyStateAndGradients({ theta, J, gamma: 10 }, tf.ones([3, 5, 2])).value,
      );
    expect(call).to.throw(
      ShapeError,
      "network.steadyStateAndGradients: argument `cotangent` must have shape [3, 5, 2, 3], but has shape [3, 5, 2].",
    );
    tf.dispose([theta, J]);
  });

  it("names itself in the errors of the door", () => {
    const { theta, J } = make(LAYOUTS[0]!.leads);
    const call = (): unknown =>
      tf.tidy(() => network.steadyStateAndGradients({ theta, J }, tf.ones([3, 5, 2, 3])).value);
    expect(call).to.throw("network.steadyStateAndGradients: argument `gamma` must be given");
    tf.dispose([theta, J]);
  });

  it("leaves nothing but its results", () => {
    const problem = make(LAYOUTS[1]!.leads);
    const cotangent = tf.ones([3, 5, 2, 3]);
    const before = tf.memory().numTensors;
    const { value, gradients } = network.steadyStateAndGradients(problem, cotangent);
    expect(tf.memory().numTensors).to.equal(before + 6);
    tf.dispose([value, gradients]);
    expect(tf.memory().numTensors).to.equal(before);
    tf.dispose([problem, cotangent]);
  });
});
