// The cases of all kernels, in the order of their names. `npm run new-kernel` adds a line here.

import { adamStepCase } from "./adam-step.js";
import { circuitCase } from "./circuit.js";
import { criticLossCase } from "./critic-loss.js";
import { effectiveSteadyStateCase } from "./effective-steady-state.js";
import { exactSteadyStateCase } from "./exact-steady-state.js";
import { hermitianEigenvaluesCase } from "./hermitian-eigenvalues.js";
import { isingSplitCase } from "./ising-split.js";
import { isingSweepsCase } from "./ising-sweeps.js";
import { lindbladEvolutionCase } from "./lindblad-evolution.js";
import { lindbladSteadyStateCase } from "./lindblad-steady-state.js";
import { linearSolveCase } from "./linear-solve.js";
import { matrixExponentialCase } from "./matrix-exponential.js";
import { meanLogSigmoidCase } from "./mean-log-sigmoid.js";
import { philoxCase } from "./philox.js";
import type { KernelCase } from "./case.js";

/** One for each folder of kernels/ but runtime. */
export const kernelCases: readonly KernelCase[] = [
  adamStepCase,
  circuitCase,
  criticLossCase,
  effectiveSteadyStateCase,
  exactSteadyStateCase,
  hermitianEigenvaluesCase,
  isingSplitCase,
  isingSweepsCase,
  lindbladEvolutionCase,
  lindbladSteadyStateCase,
  linearSolveCase,
  matrixExponentialCase,
  meanLogSigmoidCase,
  philoxCase,
];
