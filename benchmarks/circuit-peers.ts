// How do circuits compare with what people use? The same circuits by JAX, PyTorch and PennyLane, in the same run on one
// core. The peers need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { useBackend } from "../src/backend.js";
import { calibrate } from "./calibration.js";
import { CASES, measureCase } from "./circuits.js";
import { report, requireError, round } from "./harness.js";
import { askPeers, type Answers } from "./peer-driver.js";
import type { Case } from "./circuits.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

type Measured = {
  readonly peer: string;
  readonly version: string;
  readonly method: string;
  readonly task: string;
  readonly perSecond: number;
  readonly error: number;
};

const PEERS = ["jax", "torch", "pennylane"];

function ask(one: Case, { profile }: SuiteOptions): Promise<Answers<Measured>> {
  const { circuit, n, layers, B: samples } = one;
  const seconds = profile === "full" ? 2 : 0.5;
  return askPeers("circuits.py", PEERS, { circuit, n, layers, samples, seconds });
}

function ownRow(what: Row, row: Row): Row {
  const { task, error } = row;
  return {
    ...what,
    ...{ who: "zenoflow", method: "adjoint", task: task!, "M/s": row["M/s"]!, error: error! },
  };
}

function peerRow(what: Row, { peer, version, method, task, perSecond, error }: Measured): Row {
  requireError(`${peer} ${method}`, error, 2e-5);
  return {
    ...what,
    ...{ who: `${peer} ${version}`, method, task },
    ...{ "M/s": round(perSecond / 1e6), error: round(error, 2) },
  };
}

async function run(options: SuiteOptions): Promise<Report> {
  const calibration = calibrate();
  await useBackend("wasm", { threads: 1 });
  const rows: Row[] = [];
  const missing = new Set<string>();
  for (const one of CASES) {
    options.log(`circuit-peers: ${one.circuit}, n=${String(one.n)}`);
    const what = { circuit: one.circuit, n: one.n, samples: one.B };
    for (const row of await measureCase(one, calibration, options)) rows.push(ownRow(what, row));
    const answers = await ask(one, options);
    answers.missing.forEach((note) => missing.add(note));
    rows.push(...answers.lines.map((line) => peerRow(what, line)));
  }
  const notes = [
    "One core, float32. `fused` applies RZ RY of a wire as one matrix to the batch, `dense` multiplies by the ansatz as one unitary, `closed` is the closed form of the two-qubit circuit, `qnode` PennyLane's default.qubit on JAX with a batch of features; error: expectation values against complex128.",
    ...missing,
  ];
  return report(rows, notes, calibration);
}

/** The suite `circuit-peers`. */
export const circuitPeers: Suite = {
  title: "parametrised circuits beside JAX, PyTorch and PennyLane in the same run (needs Python)",
  run,
};
