// Checks of first derivatives: each form against central differences of the float64 reference at the inputs as
// float32 rounded them, the forms against each other, and each gradient asked for alone.

import { allowedErrors } from "../../support/gradcheck.js";
import { closeWithin } from "../../support/close-to.js";
import { poison } from "../../support/poison.js";
import { gradientsOf } from "../../support/tensors.js";
import { sameBits } from "../../support/same-bits.js";
import { forEachProblem, labelOf, preparedProblems } from "./problems.js";
import type { KernelCase } from "../../../benchmarks/cases/case.js";
import type { Form } from "../../support/tensors.js";
import type { Prepared } from "./problems.js";

type Gradients = Readonly<Record<string, Float32Array>>;

function gradients({ problem, cotangent }: Prepared, form: Form): Promise<Gradients> {
  poison(Object.values(problem.inputs).map(({ values }) => values.length));
  return gradientsOf(problem, form, cotangent);
}

/** Compares gradients by the bounds of the case, which are stated for differences. */
function compare(kernel: KernelCase, one: Prepared, actual: Gradients, expected?: Gradients): void {
  const slopes = one.slopes();
  for (const name of Object.keys(one.problem.inputs)) {
    const allowed = allowedErrors(one.problem, name, slopes, kernel.bounds.gradient[name]!);
    closeWithin(
      actual[name]!,
      expected?.[name] ?? slopes[name]!.gradient,
      allowed,
      `gradient by ${name}`,
    );
  }
}

/** Declares the checks of a kernel's gradients on the active backend. */
export function checkGradients(kernel: KernelCase): void {
  const prepared = (): readonly Prepared[] => preparedProblems(kernel);

  it("has the gradient of the reference by central differences", async () => {
    await forEachProblem(prepared(), labelOf, async (one) => {
      compare(kernel, one, await gradients(one, one.problem.fused));
    });
  });

  it("has the gradient of the reference in its composed form", async () => {
    await forEachProblem(prepared(), labelOf, async (one) => {
      compare(kernel, one, await gradients(one, one.problem.composed!));
    });
  });

  it("has the gradient of its composed form", async () => {
    await forEachProblem(prepared(), labelOf, async (one) => {
      const composed = await gradients(one, one.problem.composed!);
      compare(kernel, one, await gradients(one, one.problem.fused), composed);
    });
  });

  it("gives the gradient by one input alone the same bits", async () => {
    await forEachProblem(prepared(), labelOf, async (one) => {
      const all = await gradients(one, one.problem.fused);
      for (const name of Object.keys(all)) {
        const alone = await gradientsOf(one.problem, one.problem.fused, one.cotangent, [name]);
        sameBits(alone[name]!, all[name]!, `gradient by ${name}`);
      }
    });
  });
}
