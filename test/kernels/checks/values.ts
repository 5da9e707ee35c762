// Checks of values: against the float64 reference, with every entry written.

import { expect } from "chai";
import { closeWithin } from "../../support/close-to.js";
import { poison } from "../../support/poison.js";
import { tensorsOf, valueOf } from "../../support/tensors.js";
import { forEachProblem, labelOf, preparedProblems } from "./problems.js";
import type { KernelCase } from "../../../benchmarks/cases/case.js";
import type { Form } from "../../support/tensors.js";
import type { Prepared } from "./problems.js";

async function agrees(
  { bounds }: KernelCase,
  { problem, value, slack }: Prepared,
  form: Form,
): Promise<void> {
  poison([value.length]);
  const actual = await valueOf(problem, form);
  const { atol, rtol } = bounds.value;
  const allowed = value.map((x, i) => slack[i]! * (atol + rtol * Math.abs(x)));
  closeWithin(actual, value, allowed, "value");
}

/** Declares the checks of a kernel's values on the active backend. */
export function checkValues(kernel: KernelCase): void {
  const prepared = (): readonly Prepared[] => preparedProblems(kernel);

  it("agrees with the float64 reference and writes every entry", async () => {
    await forEachProblem(prepared(), labelOf, (one) => agrees(kernel, one, one.problem.fused));
  });

  if (kernel.contract.inputs.length > 0)
    it("agrees with the float64 reference in its composed form", async () => {
      await forEachProblem(prepared(), labelOf, (one) =>
        agrees(kernel, one, one.problem.composed!),
      );
    });

  it("has the shape of the contract, also without samples", async () => {
    await forEachProblem(prepared(), labelOf, async ({ problem }) => {
      const inputs = tensorsOf(problem.inputs);
      const forms = [problem.fused, problem.composed].filter((form) => form !== undefined);
      const outputs = forms.map((form) => form(inputs));
      for (const output of outputs) expect(output.shape).to.deep.equal(problem.output.shape);
      for (const tensor of [...outputs, ...Object.values(inputs)]) tensor.dispose();
    });
    const empty = prepared().filter(({ value }) => value.length === 0);
    expect(empty.length, "problems without samples").to.be.greaterThan(0);
  });
}
