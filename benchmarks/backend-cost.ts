// What does a training step cost on each backend? A DQGAN, and replicas of a 64-64 critic with gradient penalty beside
// PyTorch and JAX in the same run; each in a process of its own on one thread. And how long each takes to its first result.
// The peers need Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { existsSync } from "node:fs";
import { useBackend } from "../src/backend.js";
import { BACKENDS_TO_MEASURE, backendsToTry } from "./backends/names.js";
import { criticJob } from "./backends/critic-step.js";
import { beside, inOwnProcess, isAbsent, type Absent } from "./backends/isolation.js";
import { median, report, requireError, round } from "./harness.js";
import { askPeers, PeerAbsent, type Answers } from "./peer-driver.js";
import type { CriticStep } from "./backends/critic-step.js";
import type { DqganStep } from "./backends/dqgan-step.js";
import type { Started } from "./backends/serve.js";
import type { Check, Report, Row, Suite, SuiteOptions } from "./harness.js";

/** Replicas of the critic's job, as in the peers' published figures. */
const REPLICAS = 64;
const DQGAN_REPLICAS = 10;

const LIMITS = {
  quick: { seconds: 3, dqgan: { steps: 20, turns: 2 }, rounds: 1, starts: 2 },
  full: { seconds: 6, dqgan: { steps: 50, turns: 4 }, rounds: 3, starts: 4 },
} as const;

/** Where most parameters must agree after the compared steps: Adam turns rounding next to a kink of ReLU into its rate. */
const QUANTILE = 0.99;
const AGREEMENT = 1e-5;

/** Replica steps a second and core that the critic's job is to reach, and milliseconds to the first result. */
const TARGETS: Readonly<Record<string, { readonly perSecond?: number; readonly start: number }>> = {
  wasm: { perSecond: 1000, start: 1500 },
  tensorflow: { perSecond: 2000, start: 3000 },
  webgpu: { start: 5000 },
};

type PeerLine = {
  readonly peer: string;
  readonly version: string;
  readonly method: string;
  readonly perSecond: number;
  readonly parameters: readonly number[];
};

type Measured = {
  readonly who: string;
  readonly perSecond: number;
  readonly parameters: readonly number[];
};

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))]!;
}

/** How far most parameters are from those that the first one found. */
function distance(one: Measured, first: Measured): number {
  const differences = one.parameters.map((x, i) => Math.abs(x - (first.parameters[i] ?? NaN)));
  return differences.some(Number.isNaN) ? Infinity : quantile(differences, QUANTILE);
}

const CHILD = beside(import.meta.url, "./backends/child");
const BUILT = new URL("../dist/benchmarks/backends/child.js", import.meta.url);

/** A measurement on a backend, or why there is none. */
function ask<Answer extends object>(
  backend: string,
  measure: string,
  options: object,
  child: URL = CHILD,
): Promise<Answer | Absent> {
  return inOwnProcess<Answer>(child, { backend, measure, threads: 1, options });
}

/** The best of turns that alternate, so that all meet the same load of the machine. */
function best(turns: readonly Measured[]): Measured[] {
  const names = [...new Set(turns.map(({ who }) => who))];
  return names.map((name) => {
    const own = turns.filter(({ who }) => who === name);
    return own.reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
  });
}

type Found = { readonly turns: Measured[]; readonly absent: Map<string, string> };

async function peersTurn(job: object, found: Found, log: SuiteOptions["log"]): Promise<void> {
  const none: Answers<PeerLine> = { lines: [], missing: [] };
  const answers = await askPeers<PeerLine>("critic.py", ["torch", "jax"], job).catch(
    (error: unknown) => {
      if (!(error instanceof PeerAbsent)) throw error;
      found.absent.set("peers", error.message);
      return none;
    },
  );
  for (const note of answers.missing) found.absent.set(note.split(" ")[0]!, note);
  for (const { peer, version, method, perSecond, parameters } of answers.lines) {
    log(`backend-cost: ${peer} ${perSecond.toFixed(0)} replica steps/s`);
    found.turns.push({ who: `${peer} ${version}, ${method}`, perSecond, parameters });
  }
}

async function criticTurns(names: readonly string[], options: SuiteOptions): Promise<Found> {
  const { seconds, rounds } = LIMITS[options.profile];
  const found: Found = { turns: [], absent: new Map() };
  const check = await criticJob();
  for (let turn = 0; turn < rounds; turn++) {
    for (const backend of names.filter((name) => !isEmulated(name))) {
      if (found.absent.has(backend)) continue;
      const wanted = { replicas: REPLICAS, seconds };
      const answer = await ask<CriticStep>(backend, "critic-step", wanted);
      if (isAbsent(answer)) found.absent.set(backend, answer.absent);
      else {
        const { replicaStepsPerSecond: perSecond, parameters } = answer;
        options.log(`backend-cost: ${backend} ${perSecond.toFixed(0)} replica steps/s`);
        found.turns.push({ who: `zenoflow ${backend}`, perSecond, parameters });
      }
    }
    await peersTurn({ replicas: REPLICAS, seconds, check }, found, options.log);
  }
  return found;
}

function criticRows({ turns }: Found): Row[] {
  const all = best(turns);
  // PyTorch's parameters where it is there, else those of the first backend.
  const first = all.find(({ who }) => who.startsWith("torch")) ?? all[0]!;
  return all.map((one) => {
    const error = distance(one, first);
    requireError(`${one.who}: parameters after the compared steps`, error, AGREEMENT);
    return {
      who: one.who,
      "replica steps/s": round(one.perSecond),
      "µs a replica and step": round(1e6 / one.perSecond),
      [`difference from ${first.who.split(" ")[0]!}`]: round(error, 2),
    };
  });
}

/** An emulated device is for tests: how long it takes to train says nothing, only how long it takes to start. */
function isEmulated(backend: string): boolean {
  return backend === "webgpu" && process.env["ZENOFLOW_WEBGPU_SOFTWARE"] === "1";
}

/** Milliseconds a step of a DQGAN; none on an emulated device. */
async function dqganCost(
  backend: string,
  profile: SuiteOptions["profile"],
): Promise<DqganStep | { readonly milliseconds: null } | Absent> {
  if (isEmulated(backend)) return { milliseconds: null };
  const options = { replicas: DQGAN_REPLICAS, ...LIMITS[profile].dqgan };
  return ask<DqganStep>(backend, "dqgan-step", options);
}

async function backendRow(
  backend: string,
  profile: SuiteOptions["profile"],
): Promise<Row | Absent> {
  const { starts } = LIMITS[profile];
  const answer = await dqganCost(backend, profile);
  if (isAbsent(answer)) return answer;
  const firsts: number[] = [];
  const cpu: number[] = [];
  let device = "";
  for (let i = 0; i < starts; i++) {
    // Users start what is built; compiling sources takes longer than everything else.
    const started = await ask<Started>(backend, "start", {}, existsSync(BUILT) ? BUILT : CHILD);
    if (isAbsent(started)) return started;
    device = started.info.device + (started.info.software === true ? ", emulated" : "");
    firsts.push(started.firstResult);
    cpu.push(started.firstResultCpu);
  }
  return {
    backend,
    device,
    "first result, s": round(median(firsts) / 1000),
    "least, s": round(Math.min(...firsts) / 1000),
    "processor, s": round(Math.min(...cpu) / 1000),
    ...stepCells(answer.milliseconds),
  };
}

function stepCells(milliseconds: number | null): Row {
  const [whole, seed] = ["DQGAN, ms a step", "ms a seed and step"] as const;
  if (milliseconds === null) return { [whole]: null, [seed]: null };
  return { [whole]: round(milliseconds), [seed]: round(milliseconds / DQGAN_REPLICAS) };
}

function checksOf(critic: readonly Row[], start: readonly Row[]): Check[] {
  return Object.entries(TARGETS).flatMap(([name, target]) => {
    const speed = critic.find(({ who }) => who === `zenoflow ${name}`)?.["replica steps/s"];
    const first = start.find(({ backend }) => backend === name)?.["processor, s"];
    const checks: Check[] = [];
    if (typeof speed === "number" && target.perSecond !== undefined)
      checks.push({
        what: `replica steps a second of the critic on ${name}`,
        measured: speed.toString(),
        bound: `at least ${target.perSecond.toString()}`,
        ok: speed >= target.perSecond,
      });
    if (typeof first === "number")
      checks.push({
        what: `seconds of the processor to the first result on ${name}`,
        measured: first.toString(),
        bound: `below ${(target.start / 1000).toString()}`,
        ok: first < target.start / 1000,
      });
    return checks;
  });
}

async function run(options: SuiteOptions): Promise<Report> {
  await useBackend("wasm", { threads: 1 });
  const names = backendsToTry(BACKENDS_TO_MEASURE);
  const found = await criticTurns(names, options);
  const critic = criticRows(found);
  const rows: Row[] = [];
  for (const backend of names.filter((name) => !found.absent.has(name))) {
    options.log(`backend-cost: ${backend}, DQGAN and start`);
    const row = await backendRow(backend, options.profile);
    if (isAbsent(row)) found.absent.set(backend, row.absent);
    else rows.push(row);
  }
  const notes = [
    `One thread, processes of their own. DQGAN: preset robust, ${DQGAN_REPLICAS.toString()} replicas. First result: from the start of the process to a steady state on the host, Node and libraries included, of the build where there is one (npm run build); median and least of several, and of the processor. Steps: time of the processor, so that waiting for other programs does not count.`,
    ...[...found.absent].map(([name, why]) => `${name}: ${why}`),
  ];
  const title = "WGAN-GP of a 64-64 critic, replicas in one program";
  const table = {
    title,
    rows: critic,
    notes: [
      `${REPLICAS.toString()} replicas, batch 64, five critic updates with fresh data and one generator update a step, Adam, float32; time of the processor on one core, the best of turns that alternate. Difference: 99th percentile over the parameters after three steps from the same start on the same data.`,
    ],
    measures: { "replica steps/s": { better: "higher", noise: 0.1 } },
    ignored: ["µs a replica and step"],
  } as const;
  return { ...report(rows, notes), tables: { critic: table }, checks: checksOf(critic, rows) };
}

/** The suite `backend-cost`. */
export const backendCost: Suite = {
  title: "cost of training steps on each backend beside PyTorch and JAX (needs Python for these)",
  run,
};
