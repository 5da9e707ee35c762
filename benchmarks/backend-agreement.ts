// Do all backends train the same DQGAN? The acceptance run with the same seeds on each, in processes of their own.

import { useBackend } from "../src/backend.js";
import { BACKENDS_TO_MEASURE, backendsToTry } from "./backends/names.js";
import { beside, inOwnProcess, isAbsent } from "./backends/isolation.js";
import { median, report, requireError, round } from "./harness.js";
import type { Distances } from "./backends/dqgan-distances.js";
import type { Check, Report, Row, Suite, SuiteOptions } from "./harness.js";

const SEEDS = 10;
const STEPS = { full: 4000, quick: 200 } as const;

/** The scores that are compared, and their words. */
const SCORES = { joint: "D_joint", marginal: "D_marg" } as const;
type Score = keyof typeof SCORES;

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(4)} [${least.toFixed(4)}, ${most.toFixed(4)}]`;
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, seed) => Math.abs(value - b[seed]!)));
}

function rowOf(backend: string, { joint, marginal, seconds }: Distances, first: Distances): Row {
  return {
    backend,
    "D_joint median [min, max]": spread(joint),
    "D_marg median [min, max]": spread(marginal),
    "largest difference of a seed, D_joint": round(largestDifference(joint, first.joint), 2),
    seconds: round(seconds),
  };
}

/** Rounding is amplified by the game, so that seeds may part; what they are drawn from may not. */
function checkOf(backend: string, score: Score, own: Distances, first: Distances): Check {
  const difference = Math.abs(median(own[score]) - median(first[score]));
  const bound = standardDeviation(first[score]);
  return {
    what: `median ${SCORES[score]} on ${backend} against the first backend`,
    measured: `differs by ${String(round(difference, 2))}`,
    bound: `at most ${String(round(bound, 2))}, the standard deviation of its seeds`,
    ok: difference <= bound,
  };
}

async function run({ profile, log }: SuiteOptions): Promise<Report> {
  await useBackend("wasm", { threads: 1 });
  const child = beside(import.meta.url, "./backends/child");
  const options = { replicas: SEEDS, steps: STEPS[profile] };
  const rows: Row[] = [];
  const checks: Check[] = [];
  const notes = [
    `Preset robust, algorithm 2, ${String(SEEDS)} seeds, ${String(options.steps)} steps, one thread; 100,000 samples against as many. Seconds of the training on the clock.`,
  ];
  let first: Distances | undefined;
  for (const backend of backendsToTry(BACKENDS_TO_MEASURE)) {
    log(`backend-agreement: ${backend}`);
    const job = { backend, measure: "dqgan-distances", threads: 1, options };
    const own = await inOwnProcess<Distances>(child, job);
    if (isAbsent(own)) {
      notes.push(`${backend} was not tried: ${own.absent}`);
      continue;
    }
    first ??= own;
    requireError(`${backend}: distance`, Math.max(...own.joint), 1);
    rows.push(rowOf(backend, own, first));
    if (own === first) continue;
    for (const score of ["joint", "marginal"] as const)
      checks.push(checkOf(backend, score, own, first));
    if (backend === "webgpu" && process.env["ZENOFLOW_WEBGPU_SOFTWARE"] === "1")
      notes.push(`webgpu is ${own.device}, emulated on the processor.`);
  }
  return { ...report(rows, notes), checks };
}

/** The suite `backend-agreement`. */
export const backendAgreement: Suite = {
  title: "the acceptance run of the DQGAN with the same seeds on every backend",
  run,
};
