// How many reads a second does annealing give, and how many of them are ground states? Path-integral and simulated
// annealing of a hardware graph of signs beside OpenJij and D-Wave's samplers in the same run, on one core each. The peers
// need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { useBackend } from "../src/backend.js";
import { anneal, groundStates, quantumAnneal } from "../src/ising/index.js";
import { calibrate } from "./calibration.js";
import { median, report, requireError, round } from "./harness.js";
import { isingWorkloads } from "./ising.js";
import { askPeers } from "./peer-driver.js";
import type { HostModel, SampleSet } from "../src/ising/index.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

type PeerLine = {
  readonly peer: string;
  readonly version: string;
  readonly method: string;
  readonly kind: "path integral" | "simulated annealing";
  readonly readsPerSecond: number;
  readonly success: number;
  readonly lowest: number;
};

/** Sweeps of all; slices, temperature and field of the path integral; temperatures of simulated annealing. */
const SETTINGS = { sweeps: 200, slices: 16, beta: 10, gamma: 3, hot: 0.1, cold: 3 } as const;

const PEERS = ["openjij", "dwave"];

/** Reads of one call. */
const READS = { "path integral": 112, "simulated annealing": 1008 } as const;

type Kind = keyof typeof READS;

const RUNS: Readonly<Record<Kind, (model: HostModel, seed: number) => Promise<SampleSet>>> = {
  "path integral": (model, seed) =>
    quantumAnneal(model, {
      ...{ chains: READS["path integral"], beta: SETTINGS.beta, slices: SETTINGS.slices, seed },
      // As OpenJij reads: the slice of least energy.
      read: "best",
      gamma: { kind: "linear", from: SETTINGS.gamma, to: 0, steps: SETTINGS.sweeps },
    }),
  "simulated annealing": (model, seed) =>
    anneal(model, {
      ...{ chains: READS["simulated annealing"], seed },
      schedule: { kind: "geometric", ...ends(), steps: SETTINGS.sweeps },
    }),
};

function ends(): { from: number; to: number } {
  return { from: SETTINGS.hot, to: SETTINGS.cold };
}

/** Median time and the fraction of ground states over all runs. */
async function measure(
  kind: Kind,
  model: HostModel,
  ground: number,
  { profile }: SuiteOptions,
): Promise<Row> {
  const times: number[] = [];
  let [hits, reads, lowest] = [0, 0, Infinity];
  await RUNS[kind](model, 0);
  for (let seed = 1; seed <= (profile === "full" ? 15 : 5); seed++) {
    const start = performance.now();
    const { energies } = await RUNS[kind](model, seed);
    times.push(performance.now() - start);
    hits += energies.filter((E) => Math.abs(E - ground) < 1e-6).length;
    reads += energies.length;
    lowest = Math.min(lowest, ...energies);
  }
  requireError(`${kind}: energy below the ground state`, Math.max(0, ground - lowest), 1e-6);
  const perSecond = round(READS[kind] / (median(times) / 1000));
  return rowOf(kind, "zenoflow", "", perSecond, hits / reads);
}

function rowOf(kind: string, who: string, method: string, perSecond: number, success: number): Row {
  return {
    ...{ kind, who, method, "reads/s": round(perSecond) },
    ...{ "ground states": round(success, 3), "ground states/s": round(perSecond * success) },
  };
}

function peerRow(line: PeerLine, ground: number): Row {
  const { peer, version, kind, method, readsPerSecond, success, lowest } = line;
  requireError(
    `${peer} ${kind}: energy below the ground state`,
    Math.max(0, ground - lowest),
    1e-6,
  );
  return rowOf(kind, `${peer} ${version}`, method, readsPerSecond, success);
}

async function run(options: SuiteOptions): Promise<Report> {
  await useBackend("wasm", { threads: 1 });
  const calibration = calibrate();
  const { model } = isingWorkloads().find(({ name }) => name.startsWith("Chimera"))!;
  const ground = groundStates(model, { limit: 1 }).energies[0]!;
  const rows: Row[] = [];
  for (const kind of Object.keys(READS) as Kind[]) {
    options.log(`ising-annealing: ${kind}`);
    rows.push(await measure(kind, model, ground, options));
  }
  const job = {
    ...{ n: model.graph.n, edges: Array.from(model.graph.edges), ground, ...SETTINGS },
    ...{ couplings: Array.from(model.couplings), biases: Array.from(model.biases) },
    seconds: options.profile === "full" ? 10 : 2,
  };
  const notes = [
    `Chimera C(4,4,4), signs for couplings and biases, ${SETTINGS.sweeps} sweeps, one core; the ground energy ${ground} is exact.`,
    `Path integrals at β = ${SETTINGS.beta}, Γ from ${SETTINGS.gamma} to 0, ${SETTINGS.slices} slices; D-Wave's is continuous in imaginary time.`,
  ];
  options.log("ising-annealing: peers");
  const { lines, missing } = await askPeers<PeerLine>("annealing.py", PEERS, job);
  rows.push(...lines.map((line) => peerRow(line, ground)));
  notes.push(...missing);
  return report(rows, notes, calibration);
}

/** The suite `ising-annealing`. */
export const isingAnnealing: Suite = {
  title:
    "Path-integral and simulated annealing beside OpenJij and D-Wave's samplers (needs Python)",
  run,
};
