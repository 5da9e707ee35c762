// What is particular to the effective steady state: its accuracy over many samples, its scaling, and samples
// without a unique steady state among others.

import { expect } from "chai";
import {
  effectiveProblem,
  effectiveProblemOf,
  PLAIN,
} from "../../benchmarks/cases/effective-steady-state.js";
import { normals } from "../../benchmarks/cases/plain.js";
import { onEachBackend } from "../support/backends.js";
import { sameBits } from "../support/same-bits.js";
import { gradientsOf, valueOf } from "../support/tensors.js";
import type { Inputs, Plain, Problem } from "../../benchmarks/cases/case.js";
import type { Options } from "../../benchmarks/cases/network-problems.js";

const SIZES = { P: 1, B: 2000, M: 1, N: 2 };

/** Largest error of the Bloch vector of each sample, in order of size. */
async function errorsOf(problem: Problem): Promise<number[]> {
  const [actual, expected] = [
    await valueOf(problem, problem.fused),
    problem.reference(problem.inputs),
  ];
  const error = (at: number): number => Math.abs(actual[at]! - expected[at]!);
  const samples = Array.from({ length: expected.length / 3 }, (_, i) =>
    Math.max(error(3 * i), error(3 * i + 1), error(3 * i + 2)),
  );
  return samples.sort((a, b) => a - b);
}

const times = ({ shape, values }: Plain, factor: number): Plain => ({
  shape,
  values: values.map((x) => factor * x),
});

/** J and Γ multiplied by a factor. */
function rescaled({ inputs }: Problem, factor: number, options: Options): Problem {
  const gamma = inputs["gamma"] === undefined ? {} : { gamma: times(inputs["gamma"], factor) };
  const scaled: Inputs = { ...inputs, J: times(inputs["J"]!, factor), ...gamma };
  return effectiveProblemOf(`times ${String(factor)}`, scaled, options);
}

onEachBackend("effectiveSteadyState()", () => {
  for (const gamma of [1, 10, 100, 1000, 1e4, 1e5, "limit"] as const)
    it(`is within 1e-6 of the reference for 999 of 1000 random samples at rate ${gamma}`, async () => {
      for (const N of [2, 4]) {
        const options = { ...PLAIN, J: "per sample", phi: true, gamma } as const;
        const errors = await errorsOf(effectiveProblem(500 + N, { ...SIZES, N }, options));
        expect(errors[Math.floor(0.5 * errors.length)]!).to.be.below(1.5e-7);
        expect(errors[Math.floor(0.999 * errors.length)]!).to.be.below(1e-6);
      }
    });

  const scalings: readonly Options[] = [
    { ...PLAIN, gamma: "[P, B]" },
    { ...PLAIN, J: "per sample", phi: true, gamma: "[P, B]", polarization: 0.7 },
    { ...PLAIN, gamma: "limit" },
  ];
  for (const options of scalings)
    it(`has the same bits when J and the rate are multiplied by a power of two, J ${options.J}, gamma ${options.gamma}`, async () => {
      const problem = effectiveProblem(510, { P: 2, B: 5, M: 2, N: 2 }, options);
      const cotangent = normals([511, 1], problem.output.shape);
      const value = await valueOf(problem, problem.fused);
      const gradients = await gradientsOf(problem, problem.fused, cotangent);
      for (const factor of [2 ** 40, 2 ** -40]) {
        const other = rescaled(problem, factor, options);
        sameBits(await valueOf(other, other.fused), value, other.label);
        const theirs = await gradientsOf(other, other.fused, cotangent);
        sameBits(theirs["theta"]!, gradients["theta"]!, `${other.label}: theta`);
        const J = theirs["J"]!.map((x) => factor * x);
        sameBits(J, gradients["J"]!, `${other.label}: J`);
      }
    });

  it("answers one sample without a unique steady state with NaN and leaves the others alone", async () => {
    const options = { ...PLAIN, J: "per sample" } as const;
    const problem = effectiveProblem(520, { P: 1, B: 6, M: 1, N: 2 }, options);
    const cotangent = normals([521, 1], problem.output.shape);
    const J = { ...problem.inputs["J"]!, values: problem.inputs["J"]!.values.slice() };
    J.values.fill(0, 2 * 18, 3 * 18);
    const broken = effectiveProblemOf("one of them 0", { ...problem.inputs, J }, options);
    for (const form of ["fused", "composed"] as const) {
      const [before, after] = [
        await valueOf(problem, problem[form]!),
        await valueOf(broken, broken[form]!),
      ];
      expect([...after.subarray(6, 9)]).to.deep.equal([NaN, NaN, NaN]);
      const others = (x: Float32Array, size: number): Float32Array =>
        x.filter((_, i) => Math.floor(i / size) !== 2);
      sameBits(others(after, 3), others(before, 3), `${form} value`);
      const slopes = await gradientsOf(problem, problem[form]!, cotangent);
      const theirs = await gradientsOf(broken, broken[form]!, cotangent);
      sameBits(others(theirs["theta"]!, 2), others(slopes["theta"]!, 2), `${form} theta`);
      sameBits(others(theirs["J"]!, 18), others(slopes["J"]!, 18), `${form} J`);
      expect([...theirs["theta"]!.subarray(4, 6)]).to.deep.equal([NaN, NaN]);
    }
  });
});
