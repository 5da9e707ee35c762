// What does integrating to the steady state cost? Steps, time and error of every method of `evolve`, at tolerances and
// step sizes that span the useful ones; every network runs to a multiple of its own relaxation time.

import * as tf from "@tensorflow/tfjs";
import { exactSteadyState } from "../../kernels/exact-steady-state/reference.js";
import { openSystems as os } from "../../src/index.js";
import { question, NotRun } from "../campaign/question.js";
import { median, round } from "../harness.js";
import { activate } from "./backends.js";
import { relaxationRate } from "./gap.js";
import { initialStates, lindbladOf } from "./lindblad.js";
import { drawTensors, networksOf } from "./problems.js";
import { traceDistance } from "./variants.js";
import type { Measured, Point, Question } from "../campaign/question.js";
import type { Profile, Row } from "../harness.js";
import type { LindbladProblem } from "./lindblad.js";
import type { Network, NetworkTensors } from "./problems.js";
import type { Bloch } from "./variants.js";

/** Methods of `evolve`; those of fixed steps first. */
export const METHODS = ["rk4", "split", "rouchon2", "dopri5", "expm"] as const;
type Method = (typeof METHODS)[number];

/** One method with one setting. */
export type IntegrationPoint = {
  readonly method: Method;
  readonly N: number;
  readonly gamma: number;
  /** Fixed steps: their length times Γ. dopri5: the relative tolerance. expm: 0. */
  readonly setting: number;
  /** Relaxation times to integrate over. */
  readonly lifetimes: number;
  readonly batch: number;
};

/** Explicit fixed steps are stable up to about 2.8/(N Γ). */
const FIXED = { quick: [2, 0.5, 0.1], full: [2, 1, 0.5, 0.25, 0.1] } as const;
const TOLERANCES = {
  quick: [1e-2, 1e-4, 1e-6, 1e-8],
  full: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8],
} as const;
/** Relaxation left after so many lifetimes is 1e-7: below float32. */
const TO_THE_END = 16;
/** What others quote: 10 lifetimes at rtol 1e-6. */
const STIFFNESS = { lifetimes: 10, rtol: 1e-6, step: 1 } as const;

/** Slowest rate times Γ of the median network. */
const MEDIAN_RATE = [0, 20, 50, 60];
const BATCH = [0, 16, 8, 4];
/** Microseconds of four stages of one network, roughly. */
const STEP_US = [0, 2, 12, 100];
/** Steps beyond which a point is not run. */
export const MOST_STEPS = 2e6;
const LONGEST: Readonly<Record<Profile, number>> = { quick: 4, full: 40 };

function stepsOf({ method, N, gamma, setting, lifetimes }: IntegrationPoint): number {
  // The slowest network of a batch takes about three times as long as the median one.
  const time = (3 * lifetimes * gamma) / MEDIAN_RATE[N]!;
  if (method === "expm") return 10;
  return method === "dopri5" ? 20 + (time * gamma * N) / 3 : (time * gamma) / setting;
}

/** Seconds of a step of methods that are made of tf operations: the calls count, whatever the batch. */
const COMPOSED: Readonly<Partial<Record<Method, number>>> = { split: 2e-3, rouchon2: 1e-3 };

function secondsOf(spec: IntegrationPoint): number {
  const composed = COMPOSED[spec.method];
  if (composed !== undefined) return 0.1 + stepsOf(spec) * composed;
  const stages = spec.method === "dopri5" ? 7 : 4;
  return 0.1 + (stepsOf(spec) * spec.batch * STEP_US[spec.N]! * stages) / 4e6;
}

function points(profile: Profile): Point<IntegrationPoint>[] {
  const inputs = profile === "quick" ? [1, 2] : [1, 2, 3];
  const settings = (method: Method): readonly number[] =>
    method === "expm" ? [0] : method === "dopri5" ? TOLERANCES[profile] : FIXED[profile];
  const precision = inputs.flatMap((N) =>
    [10, 100].flatMap((gamma) =>
      METHODS.flatMap((method) =>
        settings(method).map((setting) => ({ method, N, gamma, setting, lifetimes: TO_THE_END })),
      ),
    ),
  );
  const stiffness = inputs.flatMap((N) =>
    [10, 30, 100, 300, 1000].flatMap((gamma) =>
      METHODS.map((method) => {
        const { lifetimes, rtol, step } = STIFFNESS;
        const setting = method === "dopri5" ? rtol : method === "expm" ? 0 : step;
        return { method, N, gamma, setting, lifetimes };
      }),
    ),
  );
  const all = [...precision, ...stiffness].map((one) => ({ ...one, batch: BATCH[one.N]! }));
  return all.map((spec) => ({ spec, seconds: Math.min(secondsOf(spec), 0.05 + limitOf(profile)) }));
}

/** A point that takes longer is not run, and stays visible as such. */
function limitOf(profile: Profile): number {
  return LONGEST[profile];
}

/** Operators in units of each network's own time, so that all of them run from 0 to 1. */
function inOwnTime(
  { H, jumpOps, last }: LindbladProblem,
  times: readonly number[],
): LindbladProblem {
  const span = tf.tensor1d([...times]);
  const root = tf.sqrt(span);
  return {
    H: os.scale(H, span),
    jumpOps: jumpOps.map((L) => os.scale(L, root)),
    last,
  };
}

type Prepared = {
  readonly H: os.Complex;
  readonly jumpOps: os.Complex[];
  readonly last: os.Complex[];
  readonly rho0: os.Complex;
};

/** Slowest rates of the first networks, which several points need. */
const known = new Map<string, readonly number[]>();

function ratesOf(
  networks: readonly Network[],
  { N, gamma, batch }: IntegrationPoint,
): readonly number[] {
  const key = [N, gamma, batch].join();
  const found = known.get(key) ?? networks.map((one) => relaxationRate(one, gamma, 1));
  known.set(key, found);
  return found;
}

function prepared({ theta, J }: NetworkTensors, times: readonly number[], gamma: number): Prepared {
  return tf.tidy(() => {
    const { H, jumpOps, last } = inOwnTime(lindbladOf({ theta, J }, gamma, 1), times);
    return { H, jumpOps: [...jumpOps], last: [...last], rho0: initialStates(theta, 1) };
  });
}

function optionsOf(
  { method, setting, gamma }: IntegrationPoint,
  longest: number,
): os.EvolveOptions {
  const common = { method, maxSteps: MOST_STEPS };
  if (method === "expm") return common;
  if (method === "dopri5") return { ...common, rtol: setting, atol: setting / 100 };
  return { ...common, step: setting / (gamma * longest) };
}

/** What one integration gave: final Bloch vectors, steps, and whether each network arrived. */
type Arrival = {
  readonly states: readonly Bloch[];
  readonly accepted: Float32Array | Int32Array;
  readonly rejected: Float32Array | Int32Array;
  readonly verdicts: Int32Array;
};

async function integrate(
  { H, jumpOps, last, rho0 }: Prepared,
  options: os.EvolveOptions,
): Promise<Arrival> {
  const { bloch, stats } = tf.tidy(() => {
    const evolution = os.evolve(H, jumpOps, rho0, [0, 1], { ...options, observe: last });
    const end = tf.stack(
      last.map((O) => os.expect(O, evolution.final)),
      -1,
    );
    const { accepted, rejected, verdict } = evolution.stats;
    return { bloch: end, stats: { accepted, rejected, verdict } };
  });
  const values = await bloch.data();
  const [accepted, rejected, verdicts] = await Promise.all([
    stats.accepted.data<"float32">(),
    stats.rejected.data<"float32">(),
    stats.verdict.data<"int32">(),
  ]);
  tf.dispose([bloch, stats.accepted, stats.rejected, stats.verdict]);
  const states = Array.from({ length: verdicts.length }, (_, b): Bloch => [
    values[3 * b]!,
    values[3 * b + 1]!,
    values[3 * b + 2]!,
  ]);
  return { states, accepted, rejected, verdicts };
}

/** Best of a few runs, milliseconds; one is enough where it is long. */
async function timed(run: () => Promise<Arrival>, budget: number): Promise<[Arrival, number]> {
  const once = async (): Promise<[Arrival, number]> => {
    const start = performance.now();
    return [await run(), performance.now() - start];
  };
  let [arrival, best] = await once();
  for (const end = performance.now() + budget; performance.now() + best < end;) {
    const [again, ms] = await once();
    if (ms < best) [arrival, best] = [again, ms];
  }
  return [arrival, best];
}

const VERDICTS: readonly string[] = os.EVOLUTION_VERDICTS;

function rowOf(spec: IntegrationPoint, full: readonly Bloch[], arrival: Arrival, ms: number): Row {
  const { states, accepted, rejected, verdicts } = arrival;
  const errors = states.map((r, b) => traceDistance(r, full[b]!)).filter((x) => Number.isFinite(x));
  const failed = verdicts.filter((verdict) => verdict !== 0);
  const unstable = errors.filter((x) => x > 1).length;
  const reasons = [...new Set(failed)].map((verdict) => VERDICTS[verdict]!);
  return {
    ...spec,
    "median error": errors.length > 0 ? round(median(errors)) : null,
    "largest error": errors.length > 0 ? round(Math.max(...errors)) : null,
    "median steps": median(Array.from(accepted)),
    "most steps": Math.max(...accepted),
    "rejected steps": Math.max(...rejected),
    "ms per network": round(ms / spec.batch),
    failed: spec.batch - errors.length + unstable,
    reason: unstable > 0 ? "unstable" : reasons.join(", "),
  };
}

async function measure(spec: IntegrationPoint, profile: Profile): Promise<Measured> {
  const seconds = secondsOf(spec);
  if (stepsOf(spec) > MOST_STEPS || seconds > limitOf(profile)) {
    throw new NotRun(`about ${stepsOf(spec).toPrecision(1)} steps, ${seconds.toFixed(0)} s`);
  }
  await activate("wasm", 1);
  const tensors = drawTensors(spec.N, spec.batch);
  const networks = await networksOf(tensors);
  const full = networks.map((one) =>
    exactSteadyState({ ...one, gamma: spec.gamma, polarization: 1 }),
  );
  const times = ratesOf(networks, spec).map((rate) => spec.lifetimes / rate);
  const start = prepared(tensors, times, spec.gamma);
  try {
    const options = optionsOf(spec, Math.max(...times));
    const budget = profile === "quick" ? 100 : 1000;
    const [arrival, ms] = await timed(() => integrate(start, options), budget);
    return { rows: [rowOf(spec, full, arrival, ms)] };
  } finally {
    tf.dispose([tensors.theta, tensors.J, start]);
  }
}

/** The question of integration to the steady state. */
export const integration: Question = question<IntegrationPoint>({
  name: "integration",
  points,
  measure: (spec, { profile }) => measure(spec, profile),
});
