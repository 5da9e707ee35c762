// How far is the effective equation from the full one? Trace distances over Γ, inputs, polarization and strength of the
// couplings, in float64, and of the float32 kernels beside them.

import * as tf from "@tensorflow/tfjs";
import { steadyState, validity } from "../../src/open-systems/network/index.js";
import { activate } from "./backends.js";
import { drawTensors, networksOf } from "./problems.js";
import { question } from "../campaign/question.js";
import { median, round } from "../harness.js";
import { solutions, traceDistance, VARIANTS } from "./variants.js";
import type { Measured, Point, Question } from "../campaign/question.js";
import type { Profile, Row } from "../harness.js";
import type { NetworkTensors } from "./problems.js";
import type { Bloch } from "./variants.js";

/** A set of networks at one Γ. */
export type ErrorPoint = {
  readonly N: number;
  readonly z: number;
  readonly strength: number;
  readonly gamma: number;
  readonly draws: number;
};

/** What stands beside the variants: how exact the float32 kernels are, of which users get their numbers. */
export const KERNELS = ["exact, float32 kernel", "effective, float32 kernel"] as const;

/** Γ of the sweep. */
export const GAMMAS: readonly number[] = [1, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5];
const COARSE = [10, 100, 1e3, 1e4];

const DRAWS: Readonly<Record<Profile, readonly number[]>> = {
  quick: [0, 100, 60, 20, 0],
  full: [0, 400, 400, 100, 10],
};
/** Seconds for one draw: the float64 reference factors a matrix of 4^(N+1) rows. */
const COST = [0, 0.0004, 0.0015, 0.014, 0.8];

function points(profile: Profile): Point<ErrorPoint>[] {
  const of = (N: number, z: number, strength: number, gammas: readonly number[]) =>
    gammas.map((gamma): Point<ErrorPoint> => {
      const draws = DRAWS[profile][N]!;
      return { spec: { N, z, strength, gamma, draws }, seconds: 0.05 + COST[N]! * draws };
    });
  const all = [1, 2, 3, 4].flatMap((N) => of(N, 1, 1, GAMMAS));
  const half = [1, 2, 3].flatMap((N) => of(N, 0.5, 1, GAMMAS));
  const polarizations = [0.1, 0.25, 0.75].flatMap((z) =>
    [1, 2].flatMap((N) => of(N, z, 1, COARSE)),
  );
  const strengths = [0.3, 3].flatMap((s) => [1, 2].flatMap((N) => of(N, 1, s, COARSE)));
  return [...all, ...half, ...polarizations, ...strengths].filter(({ spec }) => spec.draws > 0);
}

/** Bloch vectors of a path through the public door. */
async function byKernel(
  networks: NetworkTensors,
  { gamma, z }: ErrorPoint,
  path: "exact" | "effective",
): Promise<Bloch[]> {
  const r = steadyState({ ...networks, gamma, polarization: z }, { path });
  const values = await r.data();
  r.dispose();
  return Array.from({ length: values.length / 3 }, (_, b): Bloch => {
    const [x, y, last] = values.subarray(3 * b, 3 * b + 3) as unknown as Bloch;
    return [x, y, last];
  });
}

async function figuresOfMerit(
  networks: NetworkTensors,
  gamma: number,
  polarization: number,
): Promise<{ kappa: number[]; chi: number[] }> {
  const verdict = tf.tidy(() => {
    const { kappa, chi } = validity({ ...networks, gamma, polarization });
    return { kappa, chi };
  });
  const [kappa, chi] = await Promise.all([verdict.kappa.data(), verdict.chi.data()]);
  tf.dispose(verdict);
  return { kappa: Array.from(kappa), chi: Array.from(chi) };
}

/** Statistics of one equation over the networks; a state that is not there is counted, not left out silently. */
function rowOf(spec: ErrorPoint, equation: string, distances: number[], states: Bloch[]): Row {
  const finite = distances.filter((x) => Number.isFinite(x));
  const { draws, ...point } = spec;
  const least = Math.min(...states.map((r) => (1 - Math.hypot(...r)) / 2));
  return {
    ...point,
    equation,
    "median error": finite.length > 0 ? round(median(finite)) : null,
    "largest error": finite.length > 0 ? round(Math.max(...finite)) : null,
    "smallest eigenvalue": Number.isFinite(least) ? round(least) : null,
    draws,
    "without a state": draws - finite.length,
  };
}

async function measure(spec: ErrorPoint): Promise<Measured> {
  await activate("wasm", 1);
  const tensors = drawTensors(spec.N, spec.draws, spec.strength);
  try {
    const networks = await networksOf(tensors);
    const solved = networks.map((one) => solutions(one, spec.gamma, spec.z));
    const full = solved.map((one) => one.full);
    const [exact, effective] = [
      await byKernel(tensors, spec, "exact"),
      await byKernel(tensors, spec, "effective"),
    ];
    const merit = await figuresOfMerit(tensors, spec.gamma, spec.z);
    const states: Record<string, Bloch[]> = {
      ...Object.fromEntries(VARIANTS.map((name) => [name, solved.map((one) => one[name])])),
      [KERNELS[0]]: exact,
      [KERNELS[1]]: effective,
    };
    const distances = Object.fromEntries(
      Object.entries(states).map(([name, r]) => [
        name,
        r.map((x, i) => traceDistance(x, full[i]!)),
      ]),
    );
    const rows = Object.entries(states).map(([name, r]) => rowOf(spec, name, distances[name]!, r));
    const estimate = solved.map((one) => traceDistance(one["third order"], one.effective));
    return { rows, samples: { ...merit, ...distances, estimate } };
  } finally {
    tf.dispose(tensors);
  }
}

/** The question of the errors. */
export const errors: Question = question<ErrorPoint>({ name: "errors", points, measure });
