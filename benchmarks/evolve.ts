// How fast is evolution in time, and how exact? Trajectories and gradients per second through the public door on one
// thread: chains of driven qubits, each damped, at t = 10, constant generators, by every method with a kernel.

import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../src/backend.js";
import * as os from "../src/open-systems/index.js";
import { normal, stream } from "../src/random.js";
import { calibrate } from "./calibration.js";
import { report, requireError, round, throughput, time } from "./harness.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

const [GAMMA, END, SAMPLES] = [10, 10, 64];
const METHODS = ["expm", "dopri5", "rk4"] as const;

type Workload = { readonly operators: Tensor; readonly jumpOps: os.Complex[]; readonly n: number };

/** The products of Pauli operators of each pair of neighbours as rows `[9 (qubits - 1), 2 n²]`, and the damping. */
function workload(qubits: number): Workload {
  const dims = new Array<number>(qubits).fill(2);
  const n = 2 ** qubits;
  const paulis = [os.sigmaX(), os.sigmaY(), os.sigmaZ()];
  const at = (A: os.Complex, site: number): os.Complex => os.embed(A, site, dims);
  const inputs = Array.from({ length: qubits - 1 }, (_, i) => i);
  const products = inputs.flatMap((i) =>
    paulis.flatMap((A) => paulis.map((B) => os.matMul(at(A, i), at(B, qubits - 1)))),
  );
  const rows = products.map(({ re, im }) => tf.reshape(tf.stack([re, im]), [2 * n * n]));
  const jumpOps = inputs.map((i) => os.scale(at(os.lower(), i), Math.sqrt(GAMMA)));
  return { operators: tf.stack(rows), jumpOps, n };
}

function hamiltonian(J: Tensor, { operators, n }: Workload): os.Complex {
  const flat = tf.reshape(tf.matMul(J, operators), [SAMPLES, 2, n * n]);
  const part = (k: number): Tensor =>
    tf.reshape(tf.slice(flat, [0, k], [SAMPLES, 1]), [SAMPLES, n, n]);
  return { re: part(0), im: part(1) };
}

async function measure(
  qubits: number,
  method: (typeof METHODS)[number],
  calibration: number,
  { profile }: SuiteOptions,
): Promise<Row[]> {
  const given = workload(qubits);
  const J = normal(stream(2, "problemGenerators", qubits), [SAMPLES, 9 * (qubits - 1)]);
  const observe = [os.embed(os.sigmaZ(), qubits - 1, new Array<number>(qubits).fill(2))];
  const run = (x: Tensor, by: os.EvolveOptions): Tensor =>
    os.evolve(hamiltonian(x, given), given.jumpOps, os.basis(given.n, 0), [0, END], {
      observe,
      ...by,
    }).expectations!;
  const options: os.EvolveOptions = { method, step: 0.02 };
  const tight: os.EvolveOptions = { method: "dopri5", rtol: 1e-10, atol: 1e-12 };
  const worst = tf.tidy(() => tf.max(tf.abs(tf.sub(run(J, options), run(J, tight)))));
  const [error] = await worst.data();
  worst.dispose();
  requireError("evolution", error!, 1e-5);
  const value = time(profile, () => {
    tf.tidy(() => void run(J, options));
  });
  const slope = tf.grad((x: Tensor) => tf.sum(run(x, options)));
  const gradient = time(profile, () => {
    slope(J).dispose();
  });
  tf.dispose([J, given.operators, given.jumpOps, observe]);
  const what = { method, n: given.n, samples: SAMPLES, error: round(error!, 2) };
  return [
    { ...what, task: "value", ...throughput(SAMPLES, value, calibration) },
    { ...what, task: "value and gradient", ...throughput(SAMPLES, gradient, calibration) },
  ];
}

async function run(options: SuiteOptions): Promise<Report> {
  const rows: Row[] = [];
  const calibration = calibrate();
  await useBackend("wasm", { threads: 1 });
  for (const qubits of [2, 3, 4])
    for (const method of METHODS) {
      options.log(`evolve: n=${String(2 ** qubits)}, ${method}`);
      rows.push(...(await measure(qubits, method, calibration, options)));
    }
  const note =
    "One thread. One item is one trajectory to t = 10 with one expectation value. Error: largest difference from dopri5 at rtol 1e-10.";
  return report(rows, [note], calibration);
}

/** The suite `evolve`. */
export const evolve: Suite = {
  title:
    "evolution in time: trajectories and gradients per second on one thread, error beside time",
  run,
};
