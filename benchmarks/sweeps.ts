// What does a sweep cost? The study of ten thousand DQGANs with one and two workers beside its training alone, and the
// same study through Optuna. Everything runs as a user runs it, in processes of its own.

import { rmSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { useBackend } from "../src/backend.js";
import { calibrate } from "./calibration.js";
import { report, requireError, round } from "./harness.js";
import { PeerAbsent } from "./peer-driver.js";
import { HOW } from "./sweeps/command.js";
import {
  checkSteps,
  compareRows,
  optunaCost,
  type Agreement,
  type StudyCost,
  type Variant,
} from "./sweeps/optuna.js";
import { freshFolder, tenThousand, type Run, type TenThousand } from "./sweeps/ten-thousand.js";
import type { Check, Measure, Profile, Report, Row, Suite, SuiteOptions } from "./harness.js";

/** The trials of the study: what times are extrapolated to. */
const TRIALS = 10_000;

const SIZES = {
  quick: { trials: 1024, pureRows: 512, compared: 128 },
  full: { trials: TRIALS, pureRows: 2048, compared: 256 },
} as const;

/** Trials that Optuna runs: enough for a rate, few enough to wait for. */
const VARIANTS: Readonly<Record<Profile, readonly Variant[]>> = {
  quick: [
    { package: null, together: 1, trials: 200 },
    { package: "torch", together: 1, trials: 2 },
    { package: "jax", together: 1, trials: 20 },
    { package: "jax", together: 64, trials: 128 },
  ],
  full: [
    { package: null, together: 1, trials: 1000 },
    { package: "torch", together: 1, trials: 4 },
    { package: "jax", together: 1, trials: 100 },
    { package: "jax", together: 64, trials: 256 },
  ],
};

const DURATION: Measure = { better: "lower", noise: 0.2, calibrated: true };
const STUDY_MEASURES: Readonly<Record<string, Measure>> = {
  "processor ms/trial": DURATION,
  "overhead %": { better: "lower", noise: 0, floor: 5 },
};
/** Columns that say how much was run, and the wall's time, which other programs stretch. */
const EXTENT = [
  "trials",
  "seconds",
  "processor seconds",
  "trials/s",
  "10,000 trials, min",
  "compiling, s",
];

/** Overhead of a sweep: processor time of the whole command over that of its rows' training alone, less 1. */
export function overhead(run: Run, pure: TenThousand["pure"]): number {
  return run.cost.processor / run.rows / (pure.processor / pure.rows) - 1;
}

function costRow(who: string, rows: number, cost: { seconds: number; processor: number }): Row {
  return {
    who,
    trials: rows,
    seconds: round(cost.seconds),
    "processor seconds": round(cost.processor),
    "trials/s": round(rows / cost.seconds),
    "processor ms/trial": round((1000 * cost.processor) / rows),
  };
}

function ownRows({ runs, pure }: TenThousand): Row[] {
  return [
    ...runs.map((run) => ({
      ...costRow(`zenoflow sweep, ${plural(run.workers, "worker")}`, run.rows, run.cost),
      "10,000 trials, min": round((run.cost.seconds * TRIALS) / run.rows / 60),
      "overhead %": round(100 * overhead(run, pure), 2),
    })),
    {
      ...costRow("the same rows by `train` alone", pure.rows, pure),
      "10,000 trials, min": round((pure.seconds * TRIALS) / pure.rows / 60),
    },
  ];
}

function plural(n: number, noun: string, ending = "s"): string {
  return `${String(n)} ${noun}${n === 1 ? "" : ending}`;
}

function nameOf({ optuna, package: name, together }: StudyCost): string {
  const how =
    name === "" ? "no training" : together > 1 ? `${name}, ${String(together)} together` : name;
  return `Optuna ${optuna}, ${how}`;
}

function optunaRow(cost: StudyCost): Row {
  const { seconds, trials, compile, processes } = cost;
  return {
    ...costRow(`${nameOf(cost)}, ${plural(processes, "process", "es")}`, trials, cost),
    "10,000 trials, min": round((compile + (seconds * TRIALS) / trials) / 60),
    // What trains nothing compiles nothing.
    ...(cost.package !== "" && { "compiling, s": round(compile) }),
  };
}

type Peers = {
  readonly costs: readonly StudyCost[];
  readonly agreement: Agreement | undefined;
  readonly error: number;
  readonly notes: readonly string[];
};

async function peers(own: TenThousand, { profile, log }: SuiteOptions): Promise<Peers> {
  const notes: string[] = [];
  const costs: StudyCost[] = [];
  try {
    log("sweeps: whether PyTorch and JAX train the same networks");
    const errors = [await checkSteps("torch"), await checkSteps("jax")];
    const agreement = await compareRows(own.rows.slice(0, SIZES[profile].compared));
    for (const variant of VARIANTS[profile]) {
      const { package: name, together, trials } = variant;
      log(
        `sweeps: Optuna, ${name ?? "empty"}, ${String(together)} together, ${plural(trials, "trial")}`,
      );
      const cost = await optunaCost(variant, Math.min(2, availableParallelism()));
      if (cost === undefined) notes.push(`Optuna with ${name ?? "nothing"}: not installed.`);
      else costs.push(cost);
    }
    return { costs, agreement, notes, error: Math.max(...errors.map((one) => one ?? 0)) };
  } catch (error) {
    if (!(error instanceof PeerAbsent)) throw error;
    return { costs, agreement: undefined, notes: [error.message], error: NaN };
  }
}

function checksOf({ runs, pure }: TenThousand): Check[] {
  const percent = 100 * overhead(runs[0]!, pure);
  const what = "overhead of a sweep with one worker";
  return [{ what, measured: `${String(round(percent))} %`, bound: "< 10 %", ok: percent < 10 }];
}

function notesOf(own: TenThousand, { agreement, error, costs, notes }: Peers): string[] {
  const [one] = own.runs;
  const spent = own.runs.map(
    ({ training, cost, workers }) =>
      `${plural(workers, "worker")}: ${String(round(training))} s of training in ${String(round(workers * cost.seconds))} s of workers`,
  );
  const said = agreement && [
    `Before they are timed, PyTorch and JAX repeat ${plural(5, "step")} of the model from its own draws (largest difference of a coupling ${error.toExponential(1)}), and JAX trains the parameters of ${String(agreement.trials)} committed rows with other random numbers: medians ${String(round(agreement.ours))} here and ${String(round(agreement.theirs))} there, means ${String(round(agreement.sigmas, 2))} standard errors apart.`,
  ];
  return [
    `benchmarks/studies/ten-thousand.yaml: ${String(one!.rows)} trials of 500 steps. Seconds are those of the whole command, from ${HOW === "built" ? "the build" : "the sources"}; processor time is that of all its processes. Overhead: processor time a row over that of the same rows by the model's own \`train\` in one process, without its start; rows of both agree in every bit, and so do those of one and two workers.`,
    `As the batches state it, ${spent.join("; ")}.`,
    ...(costs.length === 0
      ? []
      : [
          "Optuna: one process a core, JournalStorage in a file, random sampling, the same networks, losses, steps, batches and metric, one thread each. JAX compiles all steps of a trial into one program, once a process; together: `ask` and `tell` around a program vmapped over trials. No training: what is left is Optuna's own work.",
          "10,000 trials are extrapolated from the trials of the row, compiling counted once a process, wherever fewer were run.",
        ]),
    ...(said ?? []),
    ...notes,
    `Load of the machine beside this suite: ${String(round(loadavg()[2]!, 2))} processes on average over the last 15 minutes (this suite takes up to two).`,
  ];
}

async function run(options: SuiteOptions): Promise<Report> {
  const { profile, log } = options;
  const { trials, pureRows } = SIZES[profile];
  const calibration = calibrate();
  await useBackend("wasm", { threads: 1 });
  const cwd = freshFolder();
  try {
    const own = await tenThousand(cwd, { trials, pureRows }, log);
    requireError("sweeps: rows that differ between one and two workers", own.different, 0);
    requireError("sweeps: rows that differ from training alone", own.pure.different, 0);
    requireError("sweeps: rows that are missing", trials - own.rows.length, 0);
    const others = await peers(own, options);
    const rows = [...ownRows(own), ...others.costs.map(optunaRow)];
    return {
      ...report(rows, notesOf(own, others), calibration),
      tables: {
        study: { title: "the study", rows, notes: [], measures: STUDY_MEASURES, ignored: EXTENT },
      },
      checks: checksOf(own),
    };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** The suite `sweeps`. */
export const sweeps: Suite = {
  title: "ten thousand DQGANs as a sweep, beside training alone and Optuna (needs Python)",
  run,
};
