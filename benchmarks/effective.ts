// How fast are effective steady states, and how exact? Throughput of value, and of value and gradient, through the
// public door: what a user gets, copies and tape included.

import * as tf from "@tensorflow/tfjs";
import { effectiveSteadyState } from "../kernels/effective-steady-state/reference.js";
import { steadyState, steadyStateAndGradients } from "../src/open-systems/network/index.js";
import { normal, stream, uniform } from "../src/random.js";
import { calibrate } from "./calibration.js";
import { oneThreadThenAll, report, requireError, round, throughput, time } from "./harness.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

/** A workload. */
export type Case = {
  readonly N: number;
  readonly B: number;
  readonly M: number;
  readonly P: number;
  readonly couplings: "shared" | "per sample";
  readonly path: "effective" | "limit";
};

const GAMMA = 100;
const CHECKED = 64;

/** Two inputs, one output, couplings shared by the samples: the discriminator of a DQGAN. */
export const SHARED: Case = { N: 2, B: 65536, M: 1, P: 1, couplings: "shared", path: "effective" };
/** Every sample with its own couplings. */
export const PER_SAMPLE: Case = { ...SHARED, couplings: "per sample" };

const CASES: readonly Case[] = [
  SHARED,
  { ...SHARED, path: "limit" },
  { ...SHARED, N: 1 },
  { ...SHARED, N: 4 },
  PER_SAMPLE,
  { ...SHARED, P: 10, B: 256, M: 8, path: "limit" },
];

type Inputs = { readonly theta: Tensor; readonly J: Tensor };

function inputs({ N, B, M, P, couplings }: Case): Inputs {
  const lead = couplings === "shared" ? [P] : [P, B];
  return {
    theta: uniform(stream(1, "problemGenerators", 0), [P, B, N], { hi: Math.PI }),
    J: normal(stream(1, "problemGenerators", 1), [...lead, M, N, 3, 3]),
  };
}

/** Largest error of the first samples' Bloch vectors against the float64 reference at the same float32 inputs. */
async function errorOf(given: Inputs, one: Case): Promise<number> {
  const r = tf.tidy(() => steadyState({ ...given, gamma: GAMMA }, { path: one.path }));
  const [values, theta, J] = await Promise.all([r.data(), given.theta.data(), given.J.data()]);
  r.dispose();
  let worst = 0;
  for (let b = 0; b < Math.min(CHECKED, one.B); b++) {
    const from = one.couplings === "shared" ? 0 : b * one.M * one.N * 9;
    const rows = Array.from({ length: one.N }, (_, n) =>
      [0, 1, 2].map((k) => Array.from(J.subarray(from + n * 9 + 3 * k, from + n * 9 + 3 * k + 3))),
    );
    const expected = effectiveSteadyState({
      theta: Array.from(theta.subarray(b * one.N, (b + 1) * one.N)),
      J: rows,
      gamma: one.path === "limit" ? Infinity : GAMMA,
      polarization: 1,
    });
    expected.forEach((x, i) => (worst = Math.max(worst, Math.abs(x - values[b * one.M * 3 + i]!))));
  }
  return worst;
}

/** Checks and times one workload on the active backend. */
export async function measureCase(
  one: Case,
  calibration: number,
  { profile }: SuiteOptions,
): Promise<Row[]> {
  const given = inputs(one);
  const error = await errorOf(given, one);
  requireError("effective steady state", error, 2e-6);
  const items = one.P * one.B * one.M;
  const f = (theta: Tensor, J: Tensor): Tensor =>
    steadyState({ theta, J, gamma: GAMMA }, { path: one.path });
  const cotangent = normal(stream(1, "problemGenerators", 2), [one.P, one.B, one.M, 3]);
  const value = time(profile, () => {
    f(given.theta, given.J).dispose();
  });
  const both = time(profile, () => {
    const { value: r, grads } = tf.valueAndGrads(f)([given.theta, given.J], cotangent);
    tf.dispose([r, ...grads]);
  });
  const onePass = time(profile, () => {
    const { value: r, gradients } = steadyStateAndGradients({ ...given, gamma: GAMMA }, cotangent, {
      path: one.path,
    });
    tf.dispose([r, gradients.theta, gradients.J]);
  });
  tf.dispose([given.theta, given.J, cotangent]);
  const { path, N, M, couplings, P, B } = one;
  const what = { path, N, M, couplings, samples: P * B, error: round(error, 2) };
  return [
    { ...what, task: "value", ...throughput(items, value, calibration) },
    { ...what, task: "value and gradient", ...throughput(items, onePass, calibration) },
    { ...what, task: "tf.valueAndGrads", ...throughput(items, both, calibration) },
  ];
}

async function run(options: SuiteOptions): Promise<Report> {
  const rows: Row[] = [];
  const calibration = calibrate();
  for await (const threads of oneThreadThenAll()) {
    for (const one of CASES) {
      options.log(`effective: N=${String(one.N)}, ${one.path}, ${String(threads)} threads`);
      rows.push(
        ...(await measureCase(one, calibration, options)).map((row) => ({ threads, ...row })),
      );
    }
  }
  return report(
    rows,
    [
      "One item is one output qubit of one sample. Error: Bloch vector against float64. value and gradient: steadyStateAndGradients, one pass; tf.valueAndGrads: the same through the tape, which runs the value first.",
    ],
    calibration,
  );
}

/** The suite `effective`. */
export const effective: Suite = {
  title: "effective steady states: throughput of value and gradient, on one thread and all",
  run,
};
