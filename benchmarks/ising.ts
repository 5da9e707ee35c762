// How many spin decisions a second? Sweeps through the kernel's call, bytes in and out included, on one thread and all.

import { sweep, prepareSweeps } from "../kernels/ising-sweeps/index.js";
import { referenceSweeps } from "../kernels/ising-sweeps/reference.js";
import { chimera, complete, model, torus } from "../src/ising/index.js";
import { randomSpins } from "../src/ising/samplers/chains.js";
import { normalArray, stream, uniformArray } from "../src/random.js";
import { calibrate } from "./calibration.js";
import { oneThreadThenAll, report, requireError, round, throughput, time } from "./harness.js";
import type { SweepCall } from "../kernels/ising-sweeps/contract.js";
import type { HostModel } from "../src/ising/index.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

/** A model, and the run that is timed. */
export type IsingWorkload = {
  readonly name: string;
  readonly model: HostModel;
  readonly beta: number;
  readonly chains: number;
  readonly sweeps: number;
};

const signs = (event: number, size: number): Float64Array =>
  Float64Array.from(uniformArray(stream(1, "problemGenerators", event), size), (u) =>
    u < 0.5 ? 1 : -1,
  );

function glass(n: number): HostModel {
  const of = complete(n);
  const draws = normalArray(stream(1, "problemGenerators", 2), of.edges.length / 2);
  return model(of, { couplings: Float64Array.from(draws, (x) => x / Math.sqrt(n)) });
}

/** A ferromagnet at its critical temperature, a hardware graph of signs, a Sherrington-Kirkpatrick glass. */
export function isingWorkloads(): IsingWorkload[] {
  const hardware = chimera(4, 4, 4);
  const signed = { couplings: signs(0, hardware.edges.length / 2), biases: signs(1, hardware.n) };
  return [
    {
      name: "torus 64 × 64",
      model: model(torus(64, 64), { couplings: 1 }),
      beta: 0.4407,
      chains: 32,
      sweeps: 20,
    },
    {
      name: "Chimera C(4,4,4)",
      model: model(hardware, signed),
      beta: 0.5,
      chains: 1000,
      sweeps: 20,
    },
    { name: "complete(100)", model: glass(100), beta: 1, chains: 1000, sweeps: 8 },
  ];
}

const CHECKED = { chains: 20, sweeps: 3 };

function callOf({ model: of, beta }: IsingWorkload, chains: number, sweeps: number): SweepCall {
  return {
    ...{ chains, sweeps, beta },
    seed: 1,
    firstSweep: 0,
    spins: randomSpins(of.graph, 1, chains),
  };
}

/** Spins that differ from the float64 reference. */
function wrongSpins(one: IsingWorkload, mode: "exact" | "fast"): number {
  const call = callOf(one, CHECKED.chains, CHECKED.sweeps);
  const expected = referenceSweeps(one.model, mode, call);
  const { spins } = sweep(prepareSweeps(one.model, mode), call);
  return spins.reduce((wrong, s, i) => wrong + (s === expected[i] ? 0 : 1), 0);
}

/** Checks and times one workload with the threads in use. */
export function measureWorkload(
  one: IsingWorkload,
  mode: "exact" | "fast",
  calibration: number,
  { profile }: SuiteOptions,
): Row {
  const error = wrongSpins(one, mode);
  requireError(`${one.name}, ${mode}: spins that differ from the reference`, error, 0);
  const prepared = prepareSweeps(one.model, mode);
  const call = callOf(one, one.chains, one.sweeps);
  const timing = time(profile, () => {
    sweep(prepared, call);
  });
  const decisions = one.model.graph.n * one.chains * one.sweeps;
  const perNs = round(decisions / (timing.median * 1e6));
  return {
    "decisions/ns": perNs,
    ...throughput(decisions, timing, calibration),
    "wrong spins": error,
  };
}

async function run(options: SuiteOptions): Promise<Report> {
  const calibration = calibrate();
  const rows: Row[] = [];
  for await (const threads of oneThreadThenAll()) {
    for (const one of isingWorkloads())
      for (const mode of ["fast", "exact"] as const) {
        options.log(`ising: ${one.name}, ${mode}, ${threads} threads`);
        const what = { threads, model: one.name, chains: one.chains, mode };
        rows.push({ ...what, ...measureWorkload(one, mode, calibration, options) });
      }
  }
  const note =
    "One decision is one turn of one spin of one chain. Checked: every spin of 20 chains after 3 sweeps.";
  return report(rows, [note], calibration);
}

/** The suite `ising`. */
export const ising: Suite = {
  title: "Gibbs sampling of Ising models: spin decisions per second, on one thread and all",
  run,
};
