// How does it compare with what people use? The same effective steady states by PyTorch and JAX, in the same run on
// one core: with all cores, PyTorch's threads lose to any other load and the comparison would say little. The peers need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { ownRow, peerRow, reportBesidePeers } from "./beside-peers.js";
import { measureCase, SHARED, PER_SAMPLE } from "./effective.js";
import { askPeers, type Answers } from "./peer-driver.js";
import type { Compared, PeerThroughput } from "./beside-peers.js";
import type { Case } from "./effective.js";
import type { Report, Suite, SuiteOptions } from "./harness.js";

const GAMMA = 100;
const PEERS = ["torch", "jax"];

function ask(
  { N, B, couplings }: Case,
  { profile }: SuiteOptions,
): Promise<Answers<PeerThroughput>> {
  const seconds = profile === "full" ? 2 : 0.5;
  return askPeers("effective.py", PEERS, { N, samples: B, couplings, gamma: GAMMA, seconds });
}

async function compare(one: Case, calibration: number, options: SuiteOptions): Promise<Compared> {
  options.log(`effective-peers: ${one.couplings} couplings`);
  const what = { N: one.N, couplings: one.couplings, samples: one.B };
  const own = await measureCase(one, calibration, options);
  const { lines, missing } = await ask(one, options);
  const peers = lines.map((line) => peerRow(what, line, 1e-5));
  return { rows: [...own.map((row) => ownRow(what, "closed", row)), ...peers], missing };
}

function run(options: SuiteOptions): Promise<Report> {
  return reportBesidePeers(
    [SHARED, PER_SAMPLE],
    (one, calibration) => compare(one, calibration, options),
    "One core, float32. `solve` is a batched 3 × 3 solve, `closed` the closed form that zenoflow uses; error: Bloch vector against float64.",
  );
}

/** The suite `effective-peers`. */
export const effectivePeers: Suite = {
  title: "effective steady states beside PyTorch and JAX in the same run (needs Python)",
  run,
};
