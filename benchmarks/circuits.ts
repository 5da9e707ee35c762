// How fast are parametrised circuits, and how exact? Expectation values of Z on every wire, and their gradients by all
// angles and features, on one thread and on all: a hardware-efficient ansatz, and the two-qubit circuit of the hybrid
// QGAN.

import * as tf from "@tensorflow/tfjs";
import { circuitExpectation, circuitValueAndGradients } from "../kernels/circuit/index.js";
import { circuitState, wordExpectation } from "../kernels/circuit/reference.js";
import { stream, uniform } from "../src/random.js";
import { calibrate } from "./calibration.js";
import { layered, twoWires } from "./cases/circuit-programs.js";
import { oneThreadThenAll, report, requireError, round, throughput, time } from "./harness.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { GateProgram, PauliWord } from "../kernels/circuit/index.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

/** A workload: RX of the features, layers of RY, RZ and a ring of CZ; or the two-qubit circuit. */
export type Case = {
  readonly circuit: "layers" | "two qubits";
  readonly n: number;
  readonly layers: number;
  readonly B: number;
};

const layers = (n: number, B: number): Case => ({ circuit: "layers", n, layers: 4, B });

/** The workloads that other packages are measured with too. */
export const CASES: readonly Case[] = [
  { circuit: "two qubits", n: 2, layers: 0, B: 4096 },
  ...[4, 8, 10, 12].map((n) => layers(n, 256)),
];

const MORE: readonly Case[] = [layers(2, 65536), layers(4, 65536), layers(6, 4096), layers(14, 16)];

/** Samples whose error is looked at, 2^13 amplitudes in all. */
const checked = ({ n, B }: Case): number => Math.min(B, Math.max(1, 2 ** (13 - n)), 64);

type Setting = {
  readonly program: GateProgram;
  readonly words: readonly PauliWord[];
  readonly shared: Tensor;
  readonly sample: Tensor;
  readonly cotangent: Tensor;
};

function settingOf({ circuit, n, layers: L, B }: Case): Setting {
  const program = circuit === "layers" ? layered(n, L, "ring") : twoWires();
  const table = (event: number, shape: number[], lo: number): Tensor =>
    uniform(stream(1, "problemGenerators", event), shape, { lo, hi: Math.PI });
  return {
    program,
    words: Array.from({ length: n }, (_, q) => ({ x: 0, z: 1 << (n - 1 - q) })),
    shared: table(0, [1, program.shared], -Math.PI),
    sample: table(1, [1, B, n], 0),
    cotangent: tf.ones([1, B, n]),
  };
}

/** Largest error of the first samples against float64 at the same float32 inputs. */
async function errorOf(setting: Setting, one: Case): Promise<number> {
  const { program, words, shared, sample } = setting;
  const value = circuitExpectation({ shared, sample }, program, words, "fused");
  const [values, weights, features] = await Promise.all(
    [value, shared, sample].map((t) => t.data()),
  );
  value.dispose();
  let error = 0;
  for (let b = 0; b < checked(one); b++) {
    const row = features!.subarray(b * one.n, (b + 1) * one.n);
    const psi = circuitState(program, { shared: weights!, sample: row });
    words.forEach((word, w) => {
      const off = wordExpectation(psi, word) - values![b * words.length + w]!;
      error = Math.max(error, Math.abs(off));
    });
  }
  return error;
}

/** Checks and times one workload on the active backend. */
export async function measureCase(
  one: Case,
  calibration: number,
  { profile }: SuiteOptions,
): Promise<Row[]> {
  const setting = settingOf(one);
  const { program, words, shared, sample, cotangent } = setting;
  const error = await errorOf(setting, one);
  requireError("circuit", error, 5e-6);
  const value = time(profile, () => {
    circuitExpectation({ shared, sample }, program, words, "fused").dispose();
  });
  const both = time(profile, () => {
    const all = circuitValueAndGradients({ shared, sample }, cotangent, program, words);
    tf.dispose([all.value, all.shared, all.sample, all.initial.re, all.initial.im]);
  });
  tf.dispose([shared, sample, cotangent]);
  const { circuit, n, layers: L, B } = one;
  const what = { circuit, n, layers: L, samples: B, error: round(error, 2) };
  return [
    { ...what, task: "value", ...throughput(B, value, calibration) },
    { ...what, task: "value and gradient", ...throughput(B, both, calibration) },
  ];
}

async function run(options: SuiteOptions): Promise<Report> {
  const rows: Row[] = [];
  const calibration = calibrate();
  for await (const threads of oneThreadThenAll()) {
    for (const one of [...CASES, ...MORE]) {
      options.log(`circuits: ${one.circuit}, n=${String(one.n)}, ${String(threads)} threads`);
      const measured = await measureCase(one, calibration, options);
      rows.push(...measured.map((row) => ({ threads, ...row })));
    }
  }
  return report(
    rows,
    [
      "One item is one circuit with all its expectation values; layers: RX of each feature, 4 layers of RY, RZ and a ring of CZ. Gradient by all angles and features. Error: expectation values against float64.",
    ],
    calibration,
  );
}

/** The suite `circuits`. */
export const circuits: Suite = {
  title:
    "parametrised circuits: throughput of value and gradient on one thread and all, with errors",
  run,
};
