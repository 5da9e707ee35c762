// Cost of steady states of any Lindblad equation through the public door: dense random operators, with and without
// gradients. Rows of the suite `exact`.

import * as tf from "@tensorflow/tfjs";
import { lindbladProblem } from "./cases/lindblad-steady-state.js";
import { requireError, round, throughput, time } from "./harness.js";
import { steadyState } from "../src/open-systems/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Problem } from "./cases/case.js";
import type { Complex } from "../src/complex/index.js";
import type { Row, SuiteOptions } from "./harness.js";

/** B samples of Hilbert dimension n with two jump operators. */
export type GeneralCase = { readonly n: number; readonly B: number };

/** The dimensions that are compared with other packages. */
export const GENERAL_CASES: readonly GeneralCase[] = [
  { n: 4, B: 256 },
  { n: 8, B: 64 },
  { n: 16, B: 8 },
];

/** Samples whose error is looked at, and the largest dimension: the reference factors a complex matrix of n² rows. */
const CHECKED = 8;
const MOST_CHECKED = 8;

/** Real and imaginary parts `[B, n, n]` of H and of the jump operators, one after the other. */
function partsOf({ inputs }: Problem): Tensor[] {
  return tf.tidy(() =>
    ["H", "jumps"].flatMap((name) => {
      const { shape, values } = inputs[name]!;
      const [B, n] = [shape[0]!, shape.at(-1)!];
      const parts = tf.transpose(
        tf.tensor(values, [B, values.length / (B * n * n), n * n]),
        [1, 0, 2],
      );
      return tf.unstack(tf.reshape(parts, [-1, B, n, n]));
    }),
  );
}

/** Real over imaginary parts of the states. */
function states(...parts: Tensor[]): Tensor {
  const pairs = Array.from({ length: parts.length / 2 }, (_, i): Complex => {
    return { re: parts[2 * i]!, im: parts[2 * i + 1]! };
  });
  const { rho } = steadyState(pairs[0]!, pairs.slice(1));
  return tf.stack([rho.re, rho.im], 1);
}

async function errorOf(problem: Problem, n: number, parts: Tensor[]): Promise<number> {
  const output = tf.tidy(() => states(...parts));
  const values = await output.data();
  output.dispose();
  const size = 2 * n * n;
  const errors = Array.from({ length: CHECKED }, (_, b) => {
    const part = problem.part("B", b);
    return Math.max(
      ...part.reference(part.inputs).map((x, i) => Math.abs(x - values[b * size + i]!)),
    );
  });
  return Math.max(...errors);
}

/** Checks and times one workload on the active backend. */
export async function measureGeneral(
  { n, B }: GeneralCase,
  calibration: number,
  { profile }: SuiteOptions,
): Promise<Row[]> {
  const problem = lindbladProblem(10, [B, n, 2]);
  const parts = partsOf(problem);
  const error = n <= MOST_CHECKED ? await errorOf(problem, n, parts) : null;
  if (error !== null) requireError("general steady state", error, 2e-6);
  const value = time(profile, () => {
    tf.tidy(() => states(...parts)).dispose();
  });
  const cotangent = tf.ones(problem.output.shape as number[]);
  const both = time(profile, () => {
    tf.dispose(tf.valueAndGrads(states)(parts, cotangent));
  });
  tf.dispose([...parts, cotangent]);
  const checked = error === null ? null : round(error, 2);
  const what = { method: "any", N: null, n, gamma: null, samples: B, error: checked };
  return [
    { ...what, task: "value", ...throughput(B, value, calibration) },
    { ...what, task: "value and gradient", ...throughput(B, both, calibration) },
  ];
}
