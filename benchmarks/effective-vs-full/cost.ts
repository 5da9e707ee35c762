// What does a steady state cost? Time per sample of every path, value and value with gradients, over the batch and the
// backends that are present. Every sample has its own couplings and counts as one item.

import * as tf from "@tensorflow/tfjs";
import { exactSteadyState } from "../../kernels/exact-steady-state/reference.js";
import { effectiveSteadyState } from "../../kernels/effective-steady-state/reference.js";
import { openSystems as os } from "../../src/index.js";
import { steadyState, steadyStateAndGradients } from "../../src/open-systems/network/index.js";
import { calibrate } from "../calibration.js";
import { question } from "../campaign/question.js";
import { requireError, round, timeBest } from "../harness.js";
import { activate } from "./backends.js";
import { lindbladOf } from "./lindblad.js";
import { drawTensors, networksOf } from "./problems.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Measured, Point, PointOptions, Question } from "../campaign/question.js";
import type { Best, Profile, Row } from "../harness.js";
import type { Place } from "./backends.js";
import type { Network, NetworkTensors } from "./problems.js";

/** Ways to a steady state: three of the network, and the general solver on the Liouvillian. */
export const PATHS = ["limit", "effective", "exact", "Lindblad"] as const;
/** One of {@link PATHS}. */
export type Path = (typeof PATHS)[number];

/** One path at one batch size. */
export type CostPoint = Place & {
  readonly path: Path;
  readonly N: number;
  readonly gamma: number;
  readonly batch: number;
};

const CHECKED = [0, 32, 16, 4, 1];
/** Expected milliseconds of a value with gradients per sample on one thread: the estimate, and what is too long. */
const MS: Readonly<Record<Path, readonly number[]>> = {
  limit: [0, 1e-4, 2e-4, 3e-4, 4e-4],
  effective: [0, 1e-4, 2e-4, 3e-4, 4e-4],
  exact: [0, 1e-3, 4e-3, 0.02, 0.12],
  Lindblad: [0, 0.01, 0.2, 10],
};
/** Calls that are expected to take longer are left out, milliseconds. */
const LONGEST: Readonly<Record<Profile, number>> = { quick: 400, full: 4000 };

const BATCHES: Readonly<Record<Profile, readonly number[]>> = {
  quick: [1, 16, 256, 4096, 65536],
  full: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536],
};

function expectedMs({ path, N, batch, gamma }: Omit<CostPoint, "backend" | "threads">): number {
  const hard = path === "exact" && gamma < 100 ? 20 : 1;
  return 0.1 + MS[path][N]! * batch * hard;
}

/** Points of a place: at Γ = 100 every path, at Γ = 10 the one whose cost depends on Γ. */
function pointsAt(place: Place, profile: Profile, inputs: readonly number[]): Point<CostPoint>[] {
  const each = PATHS.flatMap((path) =>
    inputs
      .filter((N) => path !== "Lindblad" || N < 4)
      .flatMap((N) =>
        BATCHES[profile].flatMap((batch) =>
          (path === "exact" ? [100, 10] : [100]).map((gamma) => ({ path, N, gamma, batch })),
        ),
      ),
  );
  return each
    .filter((one) => expectedMs(one) <= LONGEST[profile])
    .map((one) => {
      const seconds = (profile === "quick" ? 0.7 : 3.7) + (8 * expectedMs(one)) / 1000;
      return { spec: { ...one, ...place }, seconds };
    });
}

/** The question of the costs on the backends that are present. */
export function costOn(present: readonly Place["backend"][], threads: number): Question {
  const points = (profile: Profile): Point<CostPoint>[] => {
    const one = pointsAt(
      { backend: "wasm", threads: 1 },
      profile,
      profile === "quick" ? [1, 2] : [1, 2, 3, 4],
    );
    const more = present
      .map((backend): Place => ({ backend, threads }))
      .filter(({ backend }) => backend !== "wasm" || threads > 1);
    const others = more.flatMap((place) => pointsAt(place, profile, [2]));
    const kept = others.filter(({ spec }) => spec.gamma === 100 && spec.path !== "Lindblad");
    return [
      ...one,
      ...(profile === "quick" ? kept.filter(({ spec }) => spec.path !== "limit") : kept),
    ];
  };
  return question<CostPoint>({ name: "cost", points, measure });
}

/** What is timed. */
export type Tasks = {
  /** Bloch vectors `[B, 1, 3]`. */
  readonly value: () => Tensor;
  /** Value and gradients by angles and couplings. */
  readonly both: () => void;
  /** Frees what the tasks share. */
  readonly done: () => void;
};

function networkTasks(
  networks: NetworkTensors,
  path: "limit" | "effective" | "exact",
  gamma: number,
): Omit<Tasks, "done"> & { readonly dr: Tensor } {
  const dr = tf.ones([networks.theta.shape[0], 1, 3]);
  const problem = { ...networks, gamma };
  return {
    dr,
    value: () => steadyState(problem, { path }),
    both: () => tf.dispose(steadyStateAndGradients(problem, dr, { path })),
  };
}

/** Through the general solver; gradients by the couplings and angles, from which the operators are made on the tape. */
function lindbladTasks(
  { theta, J }: NetworkTensors,
  gamma: number,
): Omit<Tasks, "done"> & { readonly dr: Tensor } {
  const dr = tf.ones([theta.shape[0], 1, 3]);
  const f = (angles: Tensor, couplings: Tensor): Tensor => {
    const { H, jumpOps, last } = lindbladOf({ theta: angles, J: couplings }, gamma, 1);
    const { rho } = os.steadyState(H, jumpOps);
    const bloch = tf.stack(
      last.map((O) => os.expect(O, rho)),
      -1,
    );
    return tf.reshape(bloch, dr.shape);
  };
  return {
    dr,
    value: () => tf.tidy(() => f(theta, J)),
    both: () => {
      tf.tidy(() => tf.valueAndGrads(f)([theta, J], dr));
    },
  };
}

/** The tasks of a path at z = 1. */
export function tasksOf(networks: NetworkTensors, path: Path, gamma: number): Tasks {
  const { dr, ...tasks } =
    path === "Lindblad" ? lindbladTasks(networks, gamma) : networkTasks(networks, path, gamma);
  return { ...tasks, done: () => dr.dispose() };
}

function expectedState(network: Network, { path, gamma }: CostPoint): readonly number[] {
  const problem = { ...network, gamma: path === "limit" ? Infinity : gamma, polarization: 1 };
  if (path === "limit" || path === "effective") return effectiveSteadyState(problem);
  return exactSteadyState(problem);
}

async function errorOf(value: Tensor, networks: NetworkTensors, point: CostPoint): Promise<number> {
  const count = Math.min(point.batch, CHECKED[point.N]!);
  const some = tf.tidy(() => ({
    theta: tf.slice(networks.theta, 0, count),
    J: tf.slice(networks.J, 0, count),
  }));
  const [r, few] = [await value.data(), await networksOf(some)];
  tf.dispose([value, some.theta, some.J]);
  const errors = few.flatMap((one, b) =>
    expectedState(one, point).map((x, i) => Math.abs(x - r[3 * b + i]!)),
  );
  return Math.max(...errors);
}

function rowOf(
  spec: CostPoint,
  task: string,
  timing: Best,
  calibration: number,
  error: number,
): Row {
  const perSecond = (1000 * spec.batch) / timing.best;
  return {
    ...spec,
    task,
    "samples/s": round(perSecond),
    "µs per sample": round(1e6 / perSecond),
    "ms per call": round(timing.best),
    "spread %": round(100 * timing.spread, 2),
    "per calibration word": round(perSecond / (calibration * 1e9)),
    "state error": round(error, 2),
  };
}

async function measure(spec: CostPoint, { profile }: PointOptions): Promise<Measured> {
  await activate(spec.backend, spec.threads);
  const networks = drawTensors(spec.N, spec.batch);
  const { value, both, done } = tasksOf(networks, spec.path, spec.gamma);
  try {
    const error = await errorOf(value(), networks, spec);
    const bound = spec.path === "Lindblad" ? 1e-5 : 3e-6;
    requireError(`${spec.path}, N = ${String(spec.N)}`, error, bound);
    const before = calibrate();
    const valueTime = timeBest(profile, () => value().dispose());
    const bothTime = timeBest(profile, both);
    // Another process takes from calibration and case alike; the faster of two is what the core can do.
    const calibration = Math.max(before, calibrate());
    return {
      rows: [
        rowOf(spec, "value", valueTime, calibration, error),
        rowOf(spec, "value and gradient", bothTime, calibration, error),
      ],
    };
  } finally {
    done();
    tf.dispose([networks.theta, networks.J]);
  }
}
