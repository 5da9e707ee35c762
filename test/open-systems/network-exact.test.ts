// Path "exact" of the network's door: layouts, symmetries, its distance from the effective equation, company, memory,
// errors. The numbers of the kernel behind it are tested beside the kernel.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { hostPool, setThreads } from "../../kernels/runtime/host/pool.js";
import { ArgumentError, network, useBackend } from "../../src/index.js";
import { dqganConfig } from "../../src/models/index.js";
import { measure } from "../../src/models/dqgan/networks.js";
import { closeTo } from "../support/close-to.js";
import { normals, uniforms } from "../support/network-reference.js";
import { sameBits } from "../support/same-bits.js";
import { read, readAll } from "../support/tensors.js";
import { exactCases } from "../kernels/exact-golden.js";
import type { Plain } from "../support/network-reference.js";

type Options = NonNullable<Parameters<typeof network.steadyState>[1]>;

const EXACT = { path: "exact" } as const;
const tensor = ({ shape, values }: Plain): tf.Tensor =>
  tf.tensor(Float32Array.from(values), [...shape], "float32");

const theta = (shape: readonly number[]): Plain => uniforms([...shape], 1, 0, Math.PI);
const couplings = (shape: readonly number[]): Plain => normals([...shape], 2);

const steady = (
  given: { readonly theta: Plain; readonly J: Plain; readonly gamma?: number; readonly z?: number },
  options: Options = EXACT,
): Promise<Float32Array> =>
  read(() =>
    network.steadyState(
      {
        theta: tensor(given.theta),
        J: tensor(given.J),
        gamma: given.gamma ?? 20,
        polarization: given.z ?? 0.8,
      },
      options,
    ),
  );

/** Every number times `factor`. */
const times = ({ shape, values }: Plain, factor: number): Plain => ({
  shape,
  values: Float32Array.from(values, (x) => factor * x),
});

/** Every row of three times Rᵀ. */
function rotated(rows: ArrayLike<number>, R: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from(rows, (_, i) => {
    const from = i - (i % 3);
    return R[i % 3]!.reduce((sum, x, l) => sum + x * rows[from + l]!, 0);
  });
}

const ROTATION = [
  [0.36, 0.48, -0.8],
  [-0.8, 0.6, 0],
  [0.48, 0.64, 0.6],
];

describe('network.steadyState() with { path: "exact" }', () => {
  before(() => useBackend("wasm"));

  for (const N of [1, 2, 3]) {
    const given = { theta: theta([12, N]), J: couplings([2, N, 3, 3]) };

    it(`does not change when J and Γ are scaled together, ${String(N)} inputs`, async () => {
      const scaled = { ...given, J: times(given.J, 1e-3), gamma: 20e-3 };
      closeTo(await steady(scaled), await steady(given), { atol: 1e-6 });
    });

    it(`turns with the output's axes, ${String(N)} inputs`, async () => {
      const J = { shape: given.J.shape, values: rotated(given.J.values, ROTATION) };
      const turned = rotated(await steady(given), ROTATION);
      closeTo(await steady({ ...given, J }), turned, { atol: 2e-6 });
    });

    it(`is 0 for unpolarized inputs and never longer than 1, ${String(N)} inputs`, async () => {
      const zero = await steady({ ...given, z: 0 });
      expect([...zero].every((x) => x === 0)).to.equal(true);
      for (const gamma of [0.5, 5, 500]) {
        const r = await steady({ ...given, gamma, z: 1 });
        for (let i = 0; i < r.length; i += 3)
          expect(Math.hypot(...r.subarray(i, i + 3))).to.be.at.most(1 + 1e-6);
      }
    });
  }

  it("is what the effective equation comes to as Γ grows", async () => {
    for (const N of [1, 2, 3]) {
      const given = { theta: theta([50, N]), J: couplings([50, 1, N, 3, 3]), z: 1, gamma: 1e5 };
      closeTo(await steady(given, { path: "effective" }), await steady(given), { atol: 3e-4 });
    }
  });

  it("has in a batch and in a population the bits of every sample alone", async () => {
    const [P, B, N] = [2, 7, 2];
    const given = { theta: theta([P, B, N]), J: couplings([P, 1, N, 3, 3]), gamma: 12 };
    const whole = await steady(given);
    for (let p = 0; p < P; p++)
      for (let b = 0; b < B; b++) {
        const row = p * B + b;
        const J = {
          shape: [1, N, 3, 3],
          values: Float32Array.from(given.J.values).slice(18 * p, 18 * (p + 1)),
        };
        const angles = {
          shape: [N],
          values: Float32Array.from(given.theta.values).slice(N * row, N * (row + 1)),
        };
        const alone = await steady({ ...given, theta: angles, J });
        sameBits(alone, whole.subarray(3 * row, 3 * row + 3), `sample ${String(row)}`);
      }
  });

  it("has the same bits with 1, 2 and 3 threads, gradients included", async () => {
    const { threads } = hostPool();
    const results: Float32Array[][] = [];
    try {
      for (const count of [1, 2, 3]) {
        setThreads(count);
        results.push(
          await readAll(() => {
            const problem = {
              theta: tensor(theta([300, 2])),
              J: tensor(couplings([1, 2, 3, 3])),
              gamma: 15,
            };
            const { value, gradients } = network.steadyStateAndGradients(
              problem,
              tf.ones([300, 1, 3]),
              EXACT,
            );
            return [value, gradients.theta, gradients.J];
          }),
        );
      }
    } finally {
      setThreads(threads);
    }
    for (const result of results.slice(1))
      result.forEach((values, i) => {
        sameBits(values, results[0]![i]!, `result ${String(i)}`);
      });
  });

  it("has the gradients of tf.grads, for every tensor argument", async () => {
    const names = ["theta", "phi", "J", "gamma", "polarization"] as const;
    const make = (): Record<(typeof names)[number], tf.Tensor> => ({
      theta: tensor(theta([3, 5, 2])),
      phi: tensor(uniforms([3, 5, 2], 5, -Math.PI, Math.PI)),
      J: tensor(couplings([3, 2, 2, 3, 3])),
      gamma: tensor(uniforms([3], 4, 5, 50)),
      polarization: tensor(uniforms([3, 5], 6, 0.3, 1)),
    });
    const values = await readAll(() => {
      const problem = make();
      const cotangent = tensor(normals([3, 5, 2], 7));
      const options = { ...EXACT, observe: "x" } as const;
      const f = (...xs: tf.Tensor[]): tf.Tensor =>
        network.steadyState(
          Object.fromEntries(names.map((name, i) => [name, xs[i]!])) as never,
          options,
        );
      const { value, gradients } = network.steadyStateAndGradients(problem, cotangent, options);
      const given = names.map((name) => problem[name]);
      return [
        value,
        ...names.map((name) => gradients[name]!),
        f(...given),
        ...tf.grads(f)(given, cotangent),
      ];
    });
    names.forEach((name, i) => {
      closeTo(values[1 + i]!, values[7 + i]!, { rtol: 1e-6, atol: 1e-7 }, name);
    });
    closeTo(values[0]!, values[6]!, { atol: 1e-7 }, "value");
  });

  it("has second derivatives in its composed form, and refuses them in the fused one", () => {
    const twice = (method: "fused" | "composed"): Float32Array =>
      tf.tidy(() => {
        const J = tensor(couplings([1, 2, 3, 3]));
        const sz = (t: tf.Tensor): tf.Tensor =>
          tf.sum(
            network.steadyState({ theta: t, J, gamma: 50 }, { ...EXACT, method, observe: "z" }),
          );
        const slope = (t: tf.Tensor): tf.Tensor => tf.sum(tf.grad(sz)(t));
        return tf
          .grad(slope)(tensor(theta([2])))
          .dataSync() as Float32Array;
      });
    expect(() => twice("fused")).to.throw('method: "composed"');
    expect([...twice("composed")].every(Number.isFinite)).to.equal(true);
  });

  it("is the limit at Γ = Infinity", async () => {
    const given = { theta: theta([4, 2]), J: couplings([1, 2, 3, 3]), gamma: Infinity };
    sameBits(await steady(given), await steady(given, { path: "limit" }), "r");
  });

  it("leaves nothing but its result", () => {
    const problem = { theta: tensor(theta([9, 2])), J: tensor(couplings([1, 2, 3, 3])), gamma: 5 };
    const cotangent = tf.ones([9, 1, 3]);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      network.steadyState(problem, EXACT).dispose();
      const { value, gradients } = network.steadyStateAndGradients(problem, cotangent, EXACT);
      tf.dispose([value, gradients]);
    }
    expect(tf.memory().numTensors).to.equal(before);
    tf.dispose([problem, cotangent]);
  });

  it("agrees with a golden network through the door", async () => {
    const one = exactCases.find(({ name }) => name === "phi-n3-gamma30")!;
    const r = await read(() =>
      network.steadyState(
        {
          theta: tf.tensor1d([...one.theta]),
          phi: tf.tensor1d([...one.phi]),
          J: tf.tensor(one.J.flat(2), [1, 3, 3, 3]),
          gamma: one.gamma,
          polarization: one.z,
        },
        EXACT,
      ),
    );
    closeTo(r, one.r_full, { atol: 1e-6 });
  });

  const REFUSED: readonly [string, number, Options, string][] = [
    [
      "more than four inputs",
      5,
      EXACT,
      'network.steadyState: argument `theta` must have at most 4 inputs with path "exact" and method "fused", but has 5. Use { path: "effective" }.',
    ],
    [
      "more than three inputs in the composed form",
      4,
      { ...EXACT, method: "composed" },
      'network.steadyState: argument `theta` must have at most 3 inputs with path "exact" and method "composed", but has 4. Use { method: "fused" }, which has first derivatives.',
    ],
  ];
  for (const [what, N, options, message] of REFUSED)
    it(`refuses ${what}`, () => {
      const call = (): unknown =>
        tf.tidy(() =>
          network.steadyState(
            { theta: tensor(theta([N])), J: tensor(couplings([1, N, 3, 3])), gamma: 10 },
            options,
          ),
        );
      expect(call).to.throw(ArgumentError, message);
    });

  it("refuses a polarization beyond 1, and a missing Γ", () => {
    const call = (problem: { gamma?: number; polarization?: number }) => (): unknown =>
      tf.tidy(() =>
        network.steadyState(
          { theta: tensor(theta([2])), J: tensor(couplings([1, 2, 3, 3])), ...problem },
          EXACT,
        ),
      );
    expect(call({ gamma: 10, polarization: 1.5 })).to.throw(
      ArgumentError,
      "argument `polarization` must be between -1 and 1, but is 1.5.",
    );
    expect(call({})).to.throw(ArgumentError, "argument `gamma` must be given");
  });
});

describe("a DQGAN with forward=exact", () => {
  before(() => useBackend("wasm"));

  it("measures ⟨σ_z⟩ of the full equation", async () => {
    const given = { theta: theta([2, 7, 2]), J: couplings([2, 3, 2, 3, 3]), gamma: 20, z: 0.7 };
    const { model } = dqganConfig({ model: { forward: "exact", gamma: 20, polarization: 0.7 } });
    const measured = await read(() => measure(tensor(given.theta), tensor(given.J), model));
    sameBits(measured, await steady(given, { ...EXACT, observe: "z" }), "σ_z");
  });

  it("refuses more than four inputs", () => {
    expect(() => dqganConfig({ model: { forward: "exact", inputs: 5 } })).to.throw(
      "must be ≤ 4 with forward exact, got 5",
    );
  });
});
