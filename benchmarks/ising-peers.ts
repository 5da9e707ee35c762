// How does Gibbs sampling compare with what people use? The same models by numba, thrml and D-Wave's samplers in the same
// run, on one core each. The peers need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { gibbs } from "../src/ising/index.js";
import { reportBesidePeers, type Compared } from "./beside-peers.js";
import { isingWorkloads, measureWorkload } from "./ising.js";
import { requireError, round } from "./harness.js";
import { askPeers, type Answers } from "./peer-driver.js";
import type { IsingWorkload } from "./ising.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

type Measured = {
  readonly peer: string;
  readonly version: string;
  readonly method: string;
  readonly perSecond: number;
  /** Mean energy of the check and its standard error. */
  readonly energy: number;
  readonly sigma: number;
};

const PEERS = ["numba", "thrml", "dwave"];

/** Where the mean energy is compared: temperatures at which some hundred sweeps forget the start. */
const CHECK: Readonly<Record<string, { beta: number; chains: number; sweeps: number }>> = {
  "torus 64 × 64": { beta: 0.3, chains: 64, sweeps: 100 },
  "Chimera C(4,4,4)": { beta: 0.5, chains: 1000, sweeps: 200 },
  "complete(100)": { beta: 1, chains: 400, sweeps: 400 },
};

function ask(one: IsingWorkload, { profile }: SuiteOptions): Promise<Answers<Measured>> {
  const { graph, couplings, biases } = one.model;
  return askPeers("ising.py", PEERS, {
    ...{ n: graph.n, edges: Array.from(graph.edges), colours: Array.from(graph.colour) },
    ...{ couplings: Array.from(couplings), biases: Array.from(biases), lattice: graph.lattice },
    ...{ beta: one.beta, chains: one.chains, sweeps: 5 * one.sweeps, check: CHECK[one.name] },
    seconds: profile === "full" ? 2 : 0.5,
  });
}

type Mean = { readonly energy: number; readonly sigma: number };

async function ownMean({ name, model }: IsingWorkload): Promise<Mean> {
  const { sweeps, ...check } = CHECK[name]!;
  const { energies } = await gibbs(model, { ...check, warmup: sweeps - 1, seed: 2 });
  const energy = energies.reduce((a, b) => a + b, 0) / energies.length;
  const spread = energies.reduce((sum, E) => sum + (E - energy) ** 2, 0) / energies.length;
  return { energy, sigma: Math.sqrt(spread / energies.length) };
}

function peerRow(what: Row, own: Mean, line: Measured): Row {
  const { peer, version, method, perSecond, energy, sigma } = line;
  const z = Math.abs(energy - own.energy) / Math.hypot(sigma, own.sigma);
  requireError(`${peer} ${method}: standard errors between the mean energies`, z, 5);
  const who = { who: `${peer} ${version}`, method, "decisions/ns": round(perSecond / 1e9) };
  return { ...what, ...who, "energy, sigmas": round(z, 2) };
}

async function compare(
  one: IsingWorkload,
  calibration: number,
  options: SuiteOptions,
): Promise<Compared> {
  options.log(`ising-peers: ${one.name}`);
  const what = { model: one.name, chains: one.chains };
  const own = await ownMean(one);
  const rows = (["fast", "exact"] as const).map((method): Row => {
    const { "decisions/ns": rate } = measureWorkload(one, method, calibration, options);
    return { ...what, who: "zenoflow", method, "decisions/ns": rate! };
  });
  const { lines, missing } = await ask(one, options);
  return { rows: [...rows, ...lines.map((line) => peerRow(what, own, line))], missing };
}

function run(options: SuiteOptions): Promise<Report> {
  return reportBesidePeers(
    isingWorkloads(),
    (one, calibration) => compare(one, calibration, options),
    "One core. Energy: how far the mean energies of zenoflow and the peer are apart, in standard errors.",
  );
}

/** The suite `ising-peers`. */
export const isingPeers: Suite = {
  title: "Gibbs sampling beside numba, thrml and D-Wave's samplers in the same run (needs Python)",
  run,
};
