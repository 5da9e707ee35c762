// The conformance suite: every kernel of benchmarks/cases on every backend. What a kernel must do to pass stands in
// checks/; what is particular to one kernel has a test file of its own.

import * as tf from "@tensorflow/tfjs";
import { kernelCases } from "../../benchmarks/cases/index.js";
import { nativeFormOf } from "../../kernels/runtime/tensorflow/define.js";
import { onEachRow } from "../support/backends.js";
import { checkGradients } from "./checks/gradients.js";
import { checkInvariance } from "./checks/invariance.js";
import { checkMemory } from "./checks/memory.js";
import { checkSecondDerivatives } from "./checks/second.js";
import { checkValues } from "./checks/values.js";

for (const kernel of kernelCases) {
  const native = nativeFormOf(kernel.contract.name) !== undefined;
  onEachRow(`kernels/${kernel.kernel}`, native, (row) => {
    // tfjs then counts the data of the backend around every kernel and throws where one keeps some.
    before(() => {
      tf.env().set("IS_TEST", true);
    });
    after(() => {
      tf.env().set("IS_TEST", false);
    });

    checkValues(kernel);
    if (kernel.contract.inputs.length > 0) {
      checkGradients(kernel);
      checkSecondDerivatives(kernel);
    }
    checkInvariance(kernel, row);
    checkMemory(kernel);
  });
}
