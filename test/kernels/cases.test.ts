// Tests of what the cases are made of: plain tensors, selections of options, and that the selections hold what the
// conformance suite promises.

import { expect } from "chai";
import { kernelCases } from "../../benchmarks/cases/index.js";
import { pairwise } from "../../benchmarks/cases/pairs.js";
import { normals, take, takeAll, uniforms } from "../../benchmarks/cases/plain.js";
import type { Inputs, KernelCase } from "../../benchmarks/cases/case.js";

const matrix = { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };

describe("take()", () => {
  it("cuts one index out of an axis and keeps the axis", () => {
    expect(take(matrix, 0, 1)).to.deep.equal({ shape: [1, 3], values: Float32Array.of(4, 5, 6) });
    expect(take(matrix, 1, 2)).to.deep.equal({ shape: [2, 1], values: Float32Array.of(3, 6) });
  });

  it("takes an axis of size 1 whole, whatever the index", () => {
    const row = { shape: [1, 2], values: Float32Array.of(7, 8) };
    expect(take(row, 0, 5)).to.deep.equal(row);
  });

  it("leaves inputs without the axis as they are", () => {
    const inputs: Inputs = { x: matrix, a: { shape: [2], values: Float32Array.of(1, 2) } };
    const cut = takeAll(inputs, { x: "Bn", a: "n" }, "B", 0);
    expect(cut["x"]!.shape).to.deep.equal([1, 3]);
    expect(cut["a"]).to.equal(inputs["a"]);
  });
});

describe("uniforms()", () => {
  it("gives the same numbers for the same seed, and others for another input", () => {
    const identity = (u: number): number => u;
    expect(uniforms([3, 1], [5], identity)).to.deep.equal(uniforms([3, 1], [5], identity));
    expect(uniforms([3, 1], [5], identity)).to.not.deep.equal(uniforms([3, 2], [5], identity));
    expect(normals([3, 1], [2, 2]).values).to.have.length(4);
  });
});

describe("pairwise()", () => {
  const factors = { a: [0, 1, 2], b: ["x", "y"], c: [true, false], d: [1, 2, 3, 4] };
  const rows = pairwise(factors);
  const names = Object.keys(factors) as (keyof typeof factors)[];

  it("brings every two levels of different factors together", () => {
    for (const one of names)
      for (const other of names.filter((name) => name !== one))
        for (const x of factors[one])
          for (const y of factors[other])
            expect(rows.some((row) => row[one] === x && row[other] === y)).to.equal(true);
  });

  it("needs little more rows than the two largest factors have pairs", () => {
    expect(rows.length).to.be.within(12, 18);
  });

  it("is the same each time", () => {
    expect(pairwise(factors)).to.deep.equal(rows);
  });
});

/** Sizes of an axis of the output over all problems of a case. */
function sizesOf(kernel: KernelCase, letter: string): Set<number> {
  const sizes = kernel.problems().map(({ output }) => output.shape[output.axes.indexOf(letter)]!);
  return new Set(sizes);
}

describe("kernelCases", () => {
  for (const kernel of kernelCases) {
    it(`tries ${kernel.kernel} with batches of 0, 1 and 3`, () => {
      const sizes = sizesOf(kernel, kernel.batch ?? "n");
      for (const size of [0, 1, 3]) expect([...sizes]).to.include(size);
    });

    it(`times ${kernel.kernel} with as many samples as it says`, () => {
      expect(kernel.benchmarks.length).to.be.greaterThan(0);
      for (const { label, samples, problem } of kernel.benchmarks.filter(
        ({ samples: n }) => n <= 1e5,
      )) {
        const { inputs, output } = problem();
        const all = [output.shape, ...Object.values(inputs).map(({ shape }) => shape)];
        const largest = Math.max(...all.map((shape) => shape.reduce((a, b) => a * b, 1)));
        expect(samples, label).to.be.within(1, largest);
      }
    });
  }

  it("tries the effective steady state around its blocks of 256, with 1 to 4 inputs, and all options", () => {
    const kernel = kernelCases.find((one) => one.kernel === "effective-steady-state")!;
    const problems = kernel.problems();
    expect([...sizesOf(kernel, "B")]).to.include.members([0, 1, 2, 3, 4, 5, 63, 255, 256, 257]);
    expect([...sizesOf(kernel, "P")]).to.include.members([1, 2, 3]);
    expect([...sizesOf(kernel, "M")]).to.include.members([1, 2, 3]);
    const inputCounts = problems.map(({ inputs }) => inputs["theta"]!.shape[2]);
    expect([...new Set(inputCounts)]).to.include.members([1, 2, 3, 4]);
    for (const option of [
      "J shared",
      "J per sample",
      "phi",
      "gamma limit",
      "gamma 1,",
      "gamma 100000",
    ])
      expect(
        problems.some(({ label }) => label.includes(option)),
        option,
      ).to.equal(true);
    for (const shape of ["[1, 1]", "[P, 1]", "[1, B]", "[P, B]"])
      for (const rate of ["gamma", "z"])
        expect(problems.some(({ label }) => label.includes(`${rate} ${shape}`))).to.equal(true);
    for (const seen of ["all", "x", "y", "z"])
      expect(problems.some(({ label }) => label.endsWith(`, ${seen}`))).to.equal(true);
  });
});
