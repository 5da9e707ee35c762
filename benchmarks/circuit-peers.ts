// How do circuits compare with what people use? The same circuits by JAX, PyTorch and PennyLane, in the same run on one
// core. The peers need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { useBackend } from "../src/backend.js";
import { calibrate } from "./calibration.js";
import { CASES, measureCase } from "./circuits.js";
import { report, requireError, round } from "./harness.js";
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

type PeerLine = { readonly peer: string; readonly missing: true } | Measured;

const PYTHON = process.env["ZENOFLOW_PYTHON"] ?? "python3";
const PEERS = ["jax", "torch", "pennylane"];

/** Milliseconds after which a peer is given up. */
const TIMEOUT = 600_000;

/** The script stands in the sources; from a build it is two folders further up. */
function script(): string {
  const here = import.meta.url.includes("/dist/") ? "../../benchmarks/peers/" : "peers/";
  return fileURLToPath(new URL(`${here}circuits.py`, import.meta.url));
}

/** One process a peer, on one core. */
function runPeer(peer: string, one: Case, { profile }: SuiteOptions): PeerLine[] {
  const { circuit, n, layers, B } = one;
  const seconds = profile === "full" ? 2 : 0.5;
  const job = { peer, circuit, n, layers, samples: B, seconds };
  const { stdout, stderr, status, error } = spawnSync(PYTHON, [script()], {
    input: JSON.stringify(job),
    encoding: "utf8",
    timeout: TIMEOUT,
    env: { ...process.env, XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false" },
  });
  if (error || status !== 0) {
    throw new Error(`bench: the peers did not run with ${PYTHON}: ${error?.message ?? stderr}`);
  }
  const lines = stdout.trim().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as PeerLine);
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
    for (const line of PEERS.flatMap((peer) => runPeer(peer, one, options))) {
      if ("missing" in line) missing.add(line.peer);
      else rows.push(peerRow(what, line));
    }
  }
  const notes = [
    "One core, float32. `fused` applies RZ RY of a wire as one matrix to the batch, `dense` multiplies by the ansatz as one unitary, `closed` is the closed form of the two-qubit circuit, `qnode` PennyLane's default.qubit on JAX with a batch of features; error: expectation values against complex128.",
    ...[...missing].map(
      (peer) => `${peer} is not installed: pip install -r benchmarks/peers/requirements.txt`,
    ),
  ];
  return report(rows, notes, calibration);
}

/** The suite `circuit-peers`. */
export const circuitPeers: Suite = {
  title: "parametrised circuits beside JAX, PyTorch and PennyLane in the same run (needs Python)",
  run,
};
