// How does it compare with what people use? The same effective steady states by PyTorch and JAX, in the same run on
// one core: with all cores, PyTorch's threads lose to any other load and the comparison would say little. The peers need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { useBackend } from "../src/backend.js";
import { calibrate } from "./calibration.js";
import { measureCase, SHARED, PER_SAMPLE } from "./effective.js";
import { report, requireError, round } from "./harness.js";
import { askPeers, type Answers } from "./peer-driver.js";
import type { Case } from "./effective.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

type Measured = {
  readonly peer: string;
  readonly version: string;
  readonly method: string;
  readonly task: string;
  readonly perSecond: number;
  readonly error: number;
};

const GAMMA = 100;
const PEERS = ["torch", "jax"];

function ask({ N, B, couplings }: Case, { profile }: SuiteOptions): Promise<Answers<Measured>> {
  const seconds = profile === "full" ? 2 : 0.5;
  return askPeers("effective.py", PEERS, { N, samples: B, couplings, gamma: GAMMA, seconds });
}

function ownRow(what: Row, row: Row): Row {
  const { task, error } = row;
  return {
    ...what,
    who: "zenoflow",
    method: "closed",
    task: task!,
    "M/s": row["M/s"]!,
    error: error!,
  };
}

function peerRow(what: Row, { peer, version, method, task, perSecond, error }: Measured): Row {
  requireError(`${peer} ${method}`, error, 1e-5);
  return {
    ...what,
    who: `${peer} ${version}`,
    method,
    task,
    "M/s": round(perSecond / 1e6),
    error: round(error, 2),
  };
}

async function run(options: SuiteOptions): Promise<Report> {
  const calibration = calibrate();
  await useBackend("wasm", { threads: 1 });
  const rows: Row[] = [];
  const missing = new Set<string>();
  for (const one of [SHARED, PER_SAMPLE]) {
    options.log(`effective-peers: ${one.couplings} couplings`);
    const what = { N: one.N, couplings: one.couplings, samples: one.B };
    for (const row of await measureCase(one, calibration, options)) rows.push(ownRow(what, row));
    const answers = await ask(one, options);
    answers.missing.forEach((note) => missing.add(note));
    rows.push(...answers.lines.map((line) => peerRow(what, line)));
  }
  const notes = [
    "One core, float32. `solve` is a batched 3 × 3 solve, `closed` the closed form that zenoflow uses; error: Bloch vector against float64.",
    ...missing,
  ];
  return report(rows, notes, calibration);
}

/** The suite `effective-peers`. */
export const effectivePeers: Suite = {
  title: "effective steady states beside PyTorch and JAX in the same run (needs Python)",
  run,
};
