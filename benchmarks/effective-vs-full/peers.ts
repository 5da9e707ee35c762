// How do other packages compare? The same full steady states and evolutions by QuTiP, dynamiqs, PyTorch and JAX on one
// core, and by this package right before them.

import * as tf from "@tensorflow/tfjs";
import { exactSteadyState, generator } from "../../kernels/exact-steady-state/reference.js";
import { rates } from "../../kernels/exact-steady-state/superoperators.js";
import { openSystems as os } from "../../src/index.js";
import { question } from "../campaign/question.js";
import { requireError, round, timeBest } from "../harness.js";
import { activate } from "./backends.js";
import { tasksOf } from "./cost.js";
import { propagator } from "./gap.js";
import { lindbladOf } from "./lindblad.js";
import { drawTensors, networksOf } from "./problems.js";
import { driverLines } from "./python.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Measured, Point, PointOptions, Question } from "../campaign/question.js";
import type { Profile, Row } from "../harness.js";
import type { Tasks } from "./cost.js";
import type { Network, NetworkTensors } from "./problems.js";

/** One package with one job. */
export type PeerPoint = {
  readonly job: "steady" | "evolve";
  readonly N: number;
  readonly peer: "zenoflow" | "torch" | "jax" | "qutip" | "dynamiqs";
  readonly gamma: number;
  readonly batch: number;
};

const PEERS = {
  steady: ["zenoflow", "torch", "jax", "qutip"],
  evolve: ["zenoflow", "dynamiqs", "qutip"],
} as const;
/** Time to which evolutions run, and the rate at which they do. */
const EVOLVE = { time: 10, gamma: 10 } as const;
const SOLVE = { gamma: 100 } as const;
const BATCH = { steady: [0, 4096, 1024, 128], evolve: [0, 64, 64, 16] } as const;
const CHECKED = { steady: [0, 64, 32, 8], evolve: [0, 8, 8, 2] } as const;
const LEAST_RIGHT = 1e-4;

/** Seconds for a job: the first call of dynamiqs and JAX compiles, QuTiP is called once a network. */
const SECONDS = { zenoflow: 2, torch: 3, jax: 5, qutip: 5, dynamiqs: 12 } as const;

function points(profile: Profile): Point<PeerPoint>[] {
  const inputs = {
    steady: profile === "quick" ? [1, 2] : [1, 2, 3],
    evolve: profile === "quick" ? [1] : [1, 2, 3],
  };
  return (["steady", "evolve"] as const).flatMap((job) =>
    inputs[job].flatMap((N) =>
      PEERS[job].map((peer): Point<PeerPoint> => {
        const { gamma } = job === "steady" ? SOLVE : EVOLVE;
        const seconds = SECONDS[peer] * (profile === "quick" ? 1 : 3);
        return { spec: { job, N, peer, gamma, batch: BATCH[job][N]! }, seconds };
      }),
    ),
  );
}

/** Bloch vectors of outputs at the end of an evolution from |0…0⟩, in float64 in the frames of the inputs. */
function evolved(network: Network, gamma: number, time: number): number[] {
  const K = generator({ ...network, gamma, polarization: 1 });
  const D = rates(network.theta.length);
  const G = K.map((row, i) => row.map((x, j) => x - (i === j ? gamma * D[i]! : 0)));
  // |0⟩ in the frame (v', -v'', v) of an input: its components minus those of the state it relaxes to.
  const inputs = network.theta.map((t) => [1, Math.sin(t), 0, Math.cos(t) - 1]);
  const start = [...inputs, [1, 0, 0, 1]].reduce(
    (a, b) => a.flatMap((x) => b.map((y) => x * y)),
    [1],
  );
  const P = propagator(G, time);
  return [1, 2, 3].map((i) => P[i]!.reduce((sum, x, j) => sum + x * start[j]!, 0));
}

function expectedOf(networks: readonly Network[], { job, N, gamma }: PeerPoint): number[][] {
  const few = networks.slice(0, CHECKED[job][N]);
  if (job === "evolve") return few.map((one) => evolved(one, gamma, EVOLVE.time));
  return few.map((one) => [...exactSteadyState({ ...one, gamma, polarization: 1 })]);
}

function evolveTasks(networks: NetworkTensors, gamma: number, method: "expm" | "dopri5"): Tasks {
  const n = 2 ** (networks.theta.shape[1]! + 1);
  const f = (theta: Tensor, J: Tensor): Tensor => {
    const { H, jumpOps, last } = lindbladOf({ theta, J }, gamma, 1);
    const start = os.projector(n, 0);
    const options = { method, observe: last, rtol: 1e-6, atol: 1e-8 };
    const { expectations } = os.evolve(H, jumpOps, start, [0, EVOLVE.time], options);
    const [B, m] = expectations!.shape as [number, number];
    return tf.reshape(tf.slice(expectations!, [0, 0, 1], [B, m, 1]), [B, 1, m]);
  };
  const { theta, J } = networks;
  const ones = tf.ones([theta.shape[0], 1, 3]);
  return {
    value: () => tf.tidy(() => f(theta, J)),
    both: () => {
      tf.tidy(() => tf.valueAndGrads(f)([theta, J], ones));
    },
    done: () => ones.dispose(),
  };
}

function ownMethods(networks: NetworkTensors, { job, gamma }: PeerPoint): Record<string, Tasks> {
  if (job === "evolve") {
    return {
      "evolve expm": evolveTasks(networks, gamma, "expm"),
      "evolve dopri5": evolveTasks(networks, gamma, "dopri5"),
    };
  }
  return {
    "network, exact": tasksOf(networks, "exact", gamma),
    steadyState: tasksOf(networks, "Lindblad", gamma),
  };
}

async function errorOf(value: Tensor, expected: readonly (readonly number[])[]): Promise<number> {
  const r = await value.data();
  value.dispose();
  const errors = expected.flatMap((one, b) => one.map((x, i) => Math.abs(x - r[3 * b + i]!)));
  return errors.reduce((a, b) => (Number.isNaN(b) ? Infinity : Math.max(a, b)), 0);
}

async function ownRows(
  networks: NetworkTensors,
  expected: readonly (readonly number[])[],
  spec: PeerPoint,
  profile: Profile,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [method, { value, both, done }] of Object.entries(ownMethods(networks, spec))) {
    const error = await errorOf(value(), expected);
    requireError(`zenoflow ${method}`, error, LEAST_RIGHT);
    const alone = (): void => {
      value().dispose();
    };
    const tasks = { value: alone, "value and gradient": both };
    for (const [task, run] of Object.entries(tasks)) {
      const { best, spread } = timeBest(profile, run);
      const perSecond = (1000 * spec.batch) / best;
      rows.push(rowOf(spec, { version: "", method, task, perSecond, error, spread }));
    }
    done();
  }
  return rows;
}

type Line = {
  readonly version: string;
  readonly method: string;
  readonly task: string;
  readonly perSecond: number;
  readonly error: number;
  readonly spread: number;
};

function rowOf({ job, N, peer, gamma }: PeerPoint, line: Line): Row {
  const { version, method, task, perSecond, error, spread } = line;
  return {
    job,
    N,
    gamma,
    who: peer,
    version,
    method,
    task,
    "per second": round(perSecond),
    error: round(error, 2),
    "spread %": round(100 * spread, 2),
  };
}

async function measure(spec: PeerPoint, { profile }: PointOptions): Promise<Measured> {
  await activate("wasm", 1);
  const tensors = drawTensors(spec.N, spec.batch);
  try {
    const networks = await networksOf(tensors);
    const expected = expectedOf(networks, spec);
    if (spec.peer === "zenoflow") return { rows: await ownRows(tensors, expected, spec, profile) };
    const lines = await driverLines<Line>("lindblad.py", spec.peer, {
      job: spec.job,
      N: spec.N,
      gamma: spec.gamma,
      theta: networks.map(({ theta }) => theta),
      J: networks.map(({ J }) => J),
      expected,
      seconds: profile === "quick" ? 0.4 : 2,
      // Compiling a gradient through an integration takes longer than the rest of the quick profile.
      gradients: spec.job === "steady" || profile === "full",
      time: EVOLVE.time,
    });
    for (const { method, error } of lines)
      requireError(`${spec.peer} ${method}`, error, LEAST_RIGHT);
    return { rows: lines.map((line) => rowOf(spec, line)) };
  } finally {
    tf.dispose([tensors.theta, tensors.J]);
  }
}

/** The question of the other packages. */
export const peers: Question = question<PeerPoint>({ name: "peers", points, measure });
