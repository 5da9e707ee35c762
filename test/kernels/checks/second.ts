// Checks of second derivatives: right in the composed form, and an error that names the way out in a fused form
// that has first derivatives only.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { normals } from "../../../benchmarks/cases/plain.js";
import { closeWithin } from "../../support/close-to.js";
import { largest, secondDifferences } from "../../support/gradcheck.js";
import { gradients, readAll, tensorOf, tensorsOf } from "../../support/tensors.js";
import { forEachProblem, tried } from "./problems.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { KernelCase, Plain, Problem } from "../../../benchmarks/cases/case.js";
import type { Form } from "../../support/tensors.js";

/** Normal numbers in units of the inputs, for inputs far from 1. */
function directionOf({ inputs }: Problem): Record<string, Plain> {
  const entries = Object.entries(inputs).map(([name, { shape, values }], i) => {
    const along = normals([79, i], shape).values.map(
      (x, at) => x * Math.max(1, Math.abs(values[at]!)),
    );
    return [name, { shape, values: along }];
  });
  return Object.fromEntries(entries) as Record<string, Plain>;
}

/** The derivative of the gradient along a direction. */
function secondOf(
  { inputs }: Problem,
  form: Form,
  cotangent: Plain,
  direction: Record<string, Plain>,
): Tensor[] {
  const names = Object.keys(inputs);
  const [along, dy, xs] = [tensorsOf(direction), tensorOf(cotangent), tensorsOf(inputs)];
  const slope = (...ts: Tensor[]): Tensor => {
    const given = Object.fromEntries(names.map((name, i) => [name, ts[i]!]));
    const parts = gradients(form, given, dy, names).map((t, i) =>
      tf.sum(tf.mul(t, along[names[i]!]!)),
    );
    return parts.reduce((a, b) => tf.add(a, b));
  };
  return tf.grads(slope)(names.map((name) => xs[name]!));
}

/**
 * Of an input that is bounded by its logarithm the derivative by that, Γ ∂/∂Γ, is a difference of terms as large as the
 * derivatives by the others: they set the size of its rounding.
 */
function allowedBy(
  bounds: KernelCase["bounds"],
  { inputs }: Problem,
  name: string,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): ArrayLike<number> {
  const own = expected[name]!;
  if (bounds.gradient[name]?.of !== "logarithm")
    return new Float64Array(own.length).fill(bounds.second * largest(own));
  const { values } = inputs[name]!;
  const others = Object.keys(expected).filter((other) => other !== name);
  const byLogarithm = Array.from(own, (x, at) => x * values[at]!);
  const size = Math.max(largest(byLogarithm), ...others.map((other) => largest(expected[other]!)));
  return Array.from(values, (x) => (bounds.second * size) / x);
}

async function isSecondDerivative(
  { bounds }: KernelCase,
  problem: Problem,
  form: Form,
): Promise<void> {
  const cotangent = normals([78, 9], problem.output.shape);
  const direction = directionOf(problem);
  const along = Object.fromEntries(
    Object.entries(direction).map(([name, { values }]) => [name, values]),
  );
  const expected = secondDifferences(problem, cotangent.values, along);
  const actual = await readAll(() => secondOf(problem, form, cotangent, direction));
  Object.keys(problem.inputs).forEach((name, i) => {
    const allowed = allowedBy(bounds, problem, name, expected);
    closeWithin(actual[i]!, expected[name]!, allowed, `second derivative, by ${name}`);
  });
}

/** Declares the checks of a kernel's second derivatives on the active backend. */
export function checkSecondDerivatives(kernel: KernelCase): void {
  const { guard } = kernel;
  const each = (check: (problem: Problem) => Promise<void>): Promise<void> =>
    forEachProblem(
      tried(kernel.smooth(), () => false),
      ({ label }) => label,
      check,
    );

  it("has the second derivative of the reference in its composed form", async () => {
    await each((problem) => isSecondDerivative(kernel, problem, problem.composed!));
  });

  if (guard === undefined)
    it("has the second derivative of the reference", async () => {
      await each((problem) => isSecondDerivative(kernel, problem, problem.fused));
    });
  else
    it(`refuses a second derivative of the fused form with a hint: ${guard}`, async () => {
      await each(async (problem) => {
        const cotangent = normals([78, 9], problem.output.shape);
        const twice = (): Promise<unknown> =>
          readAll(() => secondOf(problem, problem.fused, cotangent, directionOf(problem)));
        const message = await twice().then(
          () => "no error",
          (error: unknown) => (error as Error).message,
        );
        expect(message).to.include(guard);
      });
    });
}
