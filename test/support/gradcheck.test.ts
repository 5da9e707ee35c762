// Tests of the differences that all gradients are compared with: on a problem with closed-form derivatives, with an
// axis shared by input and output, one that is summed, and one of size 1.

import { expect } from "chai";
import { closeTo } from "./close-to.js";
import { allowedErrors, differences, largest, secondDifferences } from "./gradcheck.js";
import type { ExactInputs, Problem } from "../../benchmarks/cases/case.js";

const [B, N] = [3, 2];
const x = Float32Array.of(0.5, -1.25, 2, 0.75, -0.5, 1.5);
const a = Float32Array.of(1.5);
const cotangent = [1, -2, 0.5];

/** y[b] = a sin(x[b][0]) x[b][1]²; b = 2 is ill-conditioned by decree. */
function value({ x: xs, a: as }: ExactInputs): Float64Array {
  const at = (b: number): number =>
    as!.values[0]! * Math.sin(xs!.values[b * N]!) * xs!.values[b * N + 1]! ** 2;
  return Float64Array.from({ length: B }, (_, b) => at(b));
}

const problem: Problem = {
  label: "a sin(x) y²",
  inputs: { x: { shape: [B, N], values: x }, a: { shape: [1], values: a } },
  axes: { x: "Bn", a: "B" },
  output: { shape: [B], axes: "B" },
  reference: value,
  slack: () => Float64Array.of(1, 1, 10),
  fused: () => {
    throw new Error("not called");
  },
  part: () => problem,
};

const exact = {
  x: [0, 1, 2].flatMap((b) => {
    const [u, v] = [x[b * N]!, x[b * N + 1]!];
    const c = cotangent[b]! * a[0]!;
    return [c * Math.cos(u) * v * v, c * 2 * Math.sin(u) * v];
  }),
  a: [
    [0, 1, 2].reduce((sum, b) => sum + cotangent[b]! * Math.sin(x[b * N]!) * x[b * N + 1]! ** 2, 0),
  ],
};

describe("differences()", () => {
  const slopes = differences(problem, cotangent);

  it("are the gradient, of entries on their own and of one that all share", () => {
    closeTo(slopes["x"]!.gradient, exact.x, { atol: 1e-9 });
    closeTo(slopes["a"]!.gradient, exact.a, { atol: 1e-9 });
  });

  it("add up magnitudes and norms", () => {
    closeTo(slopes["x"]!.terms, exact.x.map(Math.abs), { atol: 1e-9 });
    closeTo(slopes["a"]!.norms, [Math.hypot(1, 2, 5)], { atol: 1e-12 });
    const last = cotangent[2]! * Math.sin(x[4]!) * x[5]! ** 2;
    closeTo(slopes["a"]!.excess, [9 * Math.abs(last)], { atol: 1e-8 });
  });

  it("move the entries one after the other where the output has none of their axes", () => {
    const total: Problem = {
      ...problem,
      axes: { x: "Bn", a: "B" },
      output: { shape: [1], axes: "s" },
      reference: (inputs) => Float64Array.of(value(inputs).reduce((sum, y) => sum + y, 0)),
    };
    const perCotangent = exact.x.map((slope, at) => slope / cotangent[Math.floor(at / N)]!);
    closeTo(differences(total, [1])["x"]!.gradient, perCotangent, { atol: 1e-9 });
  });
});

describe("secondDifferences()", () => {
  it("are the second derivative along a direction", () => {
    const direction = { x: [1, 0.5, -1, 2, 0.25, -0.5], a: [0] };
    const hessian = [0, 1, 2].flatMap((b) => {
      const [u, v, c] = [x[b * N]!, x[b * N + 1]!, cotangent[b]! * a[0]!];
      const [du, dv] = [direction.x[b * N]!, direction.x[b * N + 1]!];
      const mixed = c * 2 * Math.cos(u) * v;
      return [-c * Math.sin(u) * v * v * du + mixed * dv, mixed * du + c * 2 * Math.sin(u) * dv];
    });
    // Steps of 1e-4: their square, and 1e-16 over it.
    closeTo(secondDifferences(problem, cotangent, direction)["x"]!, hessian, { atol: 1e-6 });
  });
});

describe("allowedErrors()", () => {
  const slopes = differences(problem, cotangent);

  it("are a fraction of the largest entry, with what ill-conditioned samples add", () => {
    const scale = largest(exact.x) + 9 * largest(exact.x.slice(4));
    const allowed = allowedErrors(problem, "x", slopes, { fraction: 0.5, of: "entries" });
    closeTo(
      allowed,
      exact.x.map(() => 0.5 * scale),
      { atol: 1e-7 },
    );
  });

  it("count the entries of inputs beside", () => {
    const bound = { fraction: 1, of: "entries", beside: ["x"] } as const;
    const [allowed] = allowedErrors(problem, "a", slopes, bound);
    const [alone] = allowedErrors(problem, "x", slopes, { fraction: 1, of: "entries" });
    expect(allowed).to.be.at.least(alone!);
  });

  it("are a fraction of the norm of the cotangents over the value, for a logarithm", () => {
    const allowed = allowedErrors(problem, "a", slopes, { fraction: 0.1, of: "logarithm" });
    closeTo(allowed, [(0.1 * Math.hypot(1, 2, 5)) / 1.5], { atol: 1e-12 });
  });
});
