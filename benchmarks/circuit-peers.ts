// How do circuits compare with what people use? The same circuits by JAX, PyTorch and PennyLane, in the same run on one
// core. The peers need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { ownRow, peerRow, reportBesidePeers } from "./beside-peers.js";
import { CASES, measureCase } from "./circuits.js";
import { askPeers, type Answers } from "./peer-driver.js";
import type { Compared, PeerThroughput } from "./beside-peers.js";
import type { Case } from "./circuits.js";
import type { Report, Suite, SuiteOptions } from "./harness.js";

const PEERS = ["jax", "torch", "pennylane"];

function ask(one: Case, { profile }: SuiteOptions): Promise<Answers<PeerThroughput>> {
  const { circuit, n, layers, B: samples } = one;
  const seconds = profile === "full" ? 2 : 0.5;
  return askPeers("circuits.py", PEERS, { circuit, n, layers, samples, seconds });
}

async function compare(one: Case, calibration: number, options: SuiteOptions): Promise<Compared> {
  options.log(`circuit-peers: ${one.circuit}, n=${String(one.n)}`);
  const what = { circuit: one.circuit, n: one.n, samples: one.B };
  const own = await measureCase(one, calibration, options);
  const { lines, missing } = await ask(one, options);
  const peers = lines.map((line) => peerRow(what, line, 2e-5));
  return { rows: [...own.map((row) => ownRow(what, "adjoint", row)), ...peers], missing };
}

function run(options: SuiteOptions): Promise<Report> {
  return reportBesidePeers(
    CASES,
    (one, calibration) => compare(one, calibration, options),
    "One core, float32. `fused` applies RZ RY of a wire as one matrix to the batch, `dense` multiplies by the ansatz as one unitary, `closed` is the closed form of the two-qubit circuit, `qnode` PennyLane's default.qubit on JAX with a batch of features; error: expectation values against complex128.",
  );
}

/** The suite `circuit-peers`. */
export const circuitPeers: Suite = {
  title: "parametrised circuits beside JAX, PyTorch and PennyLane in the same run (needs Python)",
  run,
};
