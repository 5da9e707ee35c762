// temporary
import * as tf from "@tensorflow/tfjs";
import { lindbladSteadyStateCase } from "../../benchmarks/cases/lindblad-steady-state.js";
import { onEachBackend } from "../support/backends.js";
import { checkGradients } from "./checks/gradients.js";
import { checkInvariance } from "./checks/invariance.js";
import { checkMemory } from "./checks/memory.js";
import { checkSecondDerivatives } from "./checks/second.js";
import { checkValues } from "./checks/values.js";
for (const kernel of [lindbladSteadyStateCase])
  onEachBackend(`kernels/${kernel.kernel}`, () => {
    before(() => {
      tf.env().set("IS_TEST", true);
    });
    after(() => {
      tf.env().set("IS_TEST", false);
    });
    checkValues(kernel);
    checkGradients(kernel);
    checkSecondDerivatives(kernel);
    checkInvariance(kernel);
    checkMemory(kernel);
  });
