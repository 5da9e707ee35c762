// The verdicts on the effective equation against float64.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { effectiveEquation, uniqueness } from "../../kernels/effective-steady-state/reference.js";
import { ArgumentError, network, useBackend } from "../../src/index.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { indices, normals, sampleOf, uniforms } from "../support/network-reference.js";
import type { Plain, PlainProblem } from "../support/network-reference.js";
import type { EffectiveProblem } from "../../kernels/effective-steady-state/reference.js";

const tensor = ({ shape, values }: Plain): tf.Tensor =>
  tf.tensor(Float32Array.from(values), [...shape], "float32");

const LEAD = [3, 4];
const problem: PlainProblem = {
  theta: uniforms([...LEAD, 2], 1, 0, Math.PI),
  J: normals([3, 2, 2, 3, 3], 2),
  gamma: 100,
  polarization: 0.8,
};

type Verdicts = Record<string, number[]>;

async function verdicts(given: PlainProblem): Promise<Verdicts> {
  const { theta, J, gamma, polarization = 1 } = given;
  const before = tf.memory().numTensors;
  const rate = typeof gamma === "number" ? gamma : tensor(gamma);
  const inputs = {
    theta: tensor(theta),
    J: tensor(J),
    gamma: rate,
    polarization: Number(polarization),
  };
  const result = network.validity(inputs);
  const read = await Promise.all(
    Object.entries(result).map(async ([name, t]): Promise<[string, number[]]> => {
      expect(t.shape).to.deep.equal([...LEAD, 2]);
      return [name, Array.from(await t.data())];
    }),
  );
  tf.dispose([result, inputs.theta, inputs.J, rate]);
  expect(tf.memory().numTensors).to.equal(before);
  return Object.fromEntries(read);
}

/** Of every sample and output. */
function each<T>(given: PlainProblem, f: (one: EffectiveProblem) => T): T[] {
  return indices([...LEAD, 2]).map((index) =>
    f(sampleOf(given, index.slice(0, -1), index.at(-1)!)),
  );
}

/** Largest |x| / |A x| by power iteration on AᵀA. */
function spectralNorm(A: readonly (readonly number[])[]): number {
  let x = [0.6, 0.5, 0.4];
  let norm = 0;
  for (let i = 0; i < 3000; i++) {
    const y = A.map((row) => row.reduce((sum, a, k) => sum + a * x[k]!, 0));
    const z = [0, 1, 2].map((k) => y.reduce((sum, b, i2) => sum + b * A[i2]![k]!, 0));
    norm = Math.sqrt(Math.hypot(...z));
    x = z.map((value) => value / Math.hypot(...z));
  }
  return norm;
}

const kappaOf = ({ J, gamma }: EffectiveProblem): number =>
  (2 / gamma) * J.reduce((sum, matrix) => sum + spectralNorm(matrix), 0);

function chiOf(one: EffectiveProblem): number {
  const { h, M } = effectiveEquation(one);
  return (2 * one.gamma * Math.hypot(...h)) / spectralNorm(M);
}

describe("network.validity()", () => {
  before(() => useBackend("wasm"));

  for (const gamma of [1, 100, 1e5]) {
    it(`has κ, χ and the uniqueness of float64 at Γ = ${gamma.toString()}`, async () => {
      const given = { ...problem, gamma };
      const { kappa, chi, uniqueness: u } = await verdicts(given);
      closeTo(kappa!, each(given, kappaOf), { rtol: 1e-5 }, "kappa");
      closeTo(chi!, each(given, chiOf), { rtol: 1e-5 }, "chi");
      closeTo(u!, each(given, uniqueness), { rtol: 2e-6 }, "uniqueness");
    });
  }

  it("takes Γ of a population or of samples", async () => {
    for (const shape of [[3], [3, 4], [1, 4]]) {
      const given = { ...problem, gamma: uniforms(shape, 4, 2, 50) };
      const { kappa, uniqueness: u } = await verdicts(given);
      closeTo(kappa!, each(given, kappaOf), { rtol: 1e-5 }, "kappa");
      closeTo(u!, each(given, uniqueness), { rtol: 2e-6 }, "uniqueness");
    }
  });

  it("takes couplings of every sample", async () => {
    const given = { ...problem, J: normals([...LEAD, 2, 2, 3, 3], 3) };
    const { kappa, chi } = await verdicts(given);
    closeTo(kappa!, each(given, kappaOf), { rtol: 1e-5 }, "kappa");
    closeTo(chi!, each(given, chiOf), { rtol: 1e-5 }, "chi");
  });

  it("draws its verdicts at the stated bounds", async () => {
    const values = [1, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000, 1e4];
    const given = { ...problem, gamma: { shape: LEAD, values } };
    const { kappa, chi, valid, marginal, limitValid, unique } = await verdicts(given);
    const flags = (holds: (k: number, i: number) => boolean): number[] =>
      kappa!.map((k, i) => Number(holds(k, i)));
    expect(valid).to.deep.equal(flags((k) => k < 0.1));
    expect(marginal).to.deep.equal(flags((k) => k < 0.5));
    expect(limitValid).to.deep.equal(flags((k, i) => k < 0.1 && chi![i]! > 50));
    expect(unique!.every((flag) => flag === 1)).to.equal(true);
    expect(new Set(valid), "both verdicts occur").to.have.property("size", 2);
    expect(new Set(marginal), "both verdicts occur").to.have.property("size", 2);
  });

  it("takes Γ = Infinity: exact, with the uniqueness of the limit", async () => {
    const given = { ...problem, gamma: Infinity };
    const { kappa, chi, uniqueness: u, limitValid } = await verdicts(given);
    expect(kappa!.every((k) => k === 0)).to.equal(true);
    expect(chi!.every((x) => x === Infinity)).to.equal(true);
    expect(limitValid!.every((flag) => flag === 1)).to.equal(true);
    closeTo(u!, each(given, uniqueness), { rtol: 2e-6 });
  });

  it("finds what is not unique: no couplings, or couplings of rank 1", async () => {
    const zero = { shape: [3, 2, 2, 3, 3], values: new Float32Array(108) };
    // Every J_n maps onto the same direction of the output.
    const [left, right] = [normals([3], 7).values, normals([3], 8).values];
    const rank1 = Float32Array.from(
      { length: 108 },
      (_, i) => left[Math.floor((i % 9) / 3)]! * right[i % 3]!,
    );
    for (const J of [zero, { ...zero, values: rank1 }]) {
      for (const gamma of [10, Infinity]) {
        const { unique, uniqueness: u } = await verdicts({ ...problem, J, gamma });
        expect(unique!.every((flag) => flag === 0)).to.equal(true);
        closeTo(u!, new Array<number>(24).fill(0), { atol: 1e-6 });
      }
    }
  });

  it("has to be given Γ", () => {
    const { theta, J } = problem;
    expect(() => tf.tidy(() => network.validity({ theta: tensor(theta), J: tensor(J) }))).to.throw(
      ArgumentError,
      "network.validity: argument `gamma` must be given, but is missing.",
    );
  });
});

onEachBackend("network.validity() without samples", () => {
  it("is empty", () => {
    tf.tidy(() => {
      const figures = network.validity({ theta: tf.zeros([0, 2]), J: tf.ones([3, 2, 3, 3]), gamma: 1 }); // prettier-ignore
      for (const figure of Object.values(figures)) expect(figure.shape).to.deep.equal([0, 3]);
    });
  });
});
