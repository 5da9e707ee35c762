// How fast are exact steady states, and how exact? Throughput of value, and of value and gradient, through the public
// door on one thread: where the fixed point converges, where it does not, the composed form, and any Lindblad equation.

import * as tf from "@tensorflow/tfjs";
import { exactSteadyState } from "../kernels/exact-steady-state/reference.js";
import { useBackend } from "../src/backend.js";
import { steadyState, steadyStateAndGradients } from "../src/open-systems/network/index.js";
import { normal, stream, uniform } from "../src/random.js";
import { calibrate } from "./calibration.js";
import { GENERAL_CASES, measureGeneral } from "./general-steady-state.js";
import { report, requireError, round, throughput, time } from "./harness.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { SteadyStateOptions } from "../src/open-systems/network/index.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

/** A workload: one output, z = 1, couplings N(0, 1) shared by the samples. */
export type Case = {
  readonly N: number;
  readonly gamma: number;
  readonly B: number;
  readonly method: "fused" | "composed";
};

/** Samples whose error is looked at: the reference factors a matrix of 4^(N+1) rows for each. */
const CHECKED = [0, 64, 64, 8, 1];

const fused = (N: number, gamma: number, B: number): Case => ({ N, gamma, B, method: "fused" });

const CASES: readonly Case[] = [
  ...[1, 2, 3, 4].map((N) => fused(N, 100, 1024)),
  ...[1, 2, 3].map((N) => fused(N, 100, 16384)),
  ...[1, 2].map((N) => fused(N, 1000, 1024)),
  fused(1, 10, 1024),
  fused(2, 10, 1024),
  fused(3, 10, 128),
  fused(4, 10, 16),
  fused(1, 1, 1024),
  fused(2, 1, 1024),
  fused(3, 1, 128),
  { N: 1, gamma: 100, B: 1024, method: "composed" },
  { N: 2, gamma: 100, B: 64, method: "composed" },
];

type Inputs = { readonly theta: Tensor; readonly J: Tensor };

function inputs({ N, B }: Case): Inputs {
  return {
    theta: uniform(stream(1, "problemGenerators", 0), [B, N], { hi: Math.PI }),
    J: normal(stream(1, "problemGenerators", 1), [1, N, 3, 3]),
  };
}

/** Largest error of the first samples' Bloch vectors against the float64 reference at the same float32 inputs. */
async function errorOf(given: Inputs, { N, B, gamma, method }: Case): Promise<number> {
  const r = tf.tidy(() => steadyState({ ...given, gamma }, { path: "exact", method }));
  const [values, theta, J] = await Promise.all([r.data(), given.theta.data(), given.J.data()]);
  r.dispose();
  const rows = Array.from({ length: N }, (_, n) =>
    [0, 1, 2].map((k) => Array.from(J.subarray(9 * n + 3 * k, 9 * n + 3 * k + 3))),
  );
  const errors = Array.from({ length: Math.min(CHECKED[N]!, B) }, (_, b) => {
    const angles = Array.from(theta.subarray(b * N, (b + 1) * N));
    const expected = exactSteadyState({ theta: angles, J: rows, gamma, polarization: 1 });
    return Math.max(...expected.map((x, i) => Math.abs(x - values[3 * b + i]!)));
  });
  return Math.max(...errors);
}

/** Checks and times one workload on the active backend. */
export async function measureCase(
  one: Case,
  calibration: number,
  { profile }: SuiteOptions,
): Promise<Row[]> {
  const { N, gamma, B, method } = one;
  const given = inputs(one);
  const error = await errorOf(given, one);
  requireError("exact steady state", error, method === "fused" ? 1e-6 : 1e-5);
  const problem = { ...given, gamma };
  const options: SteadyStateOptions = { path: "exact", method };
  const cotangent = normal(stream(1, "problemGenerators", 2), [B, 1, 3]);
  const value = time(profile, () => {
    steadyState(problem, options).dispose();
  });
  const both = time(profile, () => {
    if (method === "composed") {
      const f = (theta: Tensor, J: Tensor): Tensor => steadyState({ theta, J, gamma }, options);
      tf.dispose(tf.valueAndGrads(f)([given.theta, given.J], cotangent));
    } else tf.dispose(steadyStateAndGradients(problem, cotangent, { path: "exact" }));
  });
  tf.dispose([given.theta, given.J, cotangent]);
  const what = { method, N, n: null, gamma, samples: B, error: round(error, 2) };
  return [
    { ...what, task: "value", ...throughput(B, value, calibration) },
    { ...what, task: "value and gradient", ...throughput(B, both, calibration) },
  ];
}

async function run(options: SuiteOptions): Promise<Report> {
  const rows: Row[] = [];
  const calibration = calibrate();
  await useBackend("wasm", { threads: 1 });
  for (const one of CASES) {
    options.log(
      `exact: N=${String(one.N)}, gamma=${String(one.gamma)}, ${String(one.B)} samples, ${one.method}`,
    );
    rows.push(...(await measureCase(one, calibration, options)));
  }
  for (const one of GENERAL_CASES) {
    options.log(`exact: any equation, n=${String(one.n)}, ${String(one.B)} samples`);
    rows.push(...(await measureGeneral(one, calibration, options)));
  }
  return report(
    rows,
    [
      "One thread. One item is one output qubit of one sample. Error: Bloch vector against float64, largest over the samples checked (64, 64, 8, 1 for N = 1 to 4). One input has a closed form. With more, the fixed point solves most samples at gamma = 100 and above, and at gamma = 10 and below LU (N = 4: GMRES) in float64 does. Method any: steadyState() of dense random operators of dimension n with two jump operators, error of the largest entry over 8 samples.",
    ],
    calibration,
  );
}

/** The suite `exact`. */
export const exact: Suite = {
  title: "exact steady states: throughput of value and gradient on one thread, error beside time",
  run,
};
