// Checks that nothing is left behind: neither tensors nor data of the backend, whether a call succeeds or throws.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { gradientsOf, tensorsOf, valueOf } from "../../support/tensors.js";
import { forEachProblem, labelOf, preparedProblems } from "./problems.js";
import type { KernelCase } from "../../../benchmarks/cases/case.js";
import type { TensorflowBackend } from "../../../kernels/runtime/tensorflow/operations.js";
import type { Prepared } from "./problems.js";

async function useAll({ problem, cotangent }: Prepared): Promise<void> {
  for (const form of [problem.fused, problem.composed]) {
    if (form === undefined) continue;
    await valueOf(problem, form);
    if (Object.keys(problem.inputs).length > 0) await gradientsOf(problem, form, cotangent);
  }
}

/** Tensors, their data, the bytes of it, and on tensorflow the handles of the native library. */
function memory(): readonly number[] {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  const { binding } = tf.backend() as Partial<TensorflowBackend>;
  return [numTensors, numDataBuffers, numBytes, ...(binding ? [binding.getNumOfTensors()] : [])];
}

/** Outside of any tidy, where what an operation forgets stays. */
function leavesOneTensor({ problem }: Prepared): Promise<void> {
  const inputs = tensorsOf(problem.inputs);
  for (const form of [problem.fused, problem.composed]) {
    if (form === undefined) continue;
    const { numTensors } = tf.memory();
    const output = form(inputs);
    expect(tf.memory().numTensors, "tensors").to.equal(numTensors + 1);
    output.dispose();
  }
  tf.dispose(inputs);
  return Promise.resolve();
}

/** Declares the checks of a kernel's memory on the active backend. */
export function checkMemory(kernel: KernelCase): void {
  it("leaves no tensors and no data behind", async () => {
    await forEachProblem(preparedProblems(kernel), labelOf, async (one) => {
      const before = memory();
      await useAll(one);
      expect(memory()).to.deep.equal(before);
    });
  });

  it("leaves nothing but its output", async () => {
    await forEachProblem(preparedProblems(kernel), labelOf, leavesOneTensor);
  });
}
