// The verb `sweep` (alias `resume`): its arguments and flags. The work is in ../sweep/.

import { InvalidArgumentError, Option, type Command } from "commander";
import type { SweepOptions } from "../sweep/options.js";
import type { VerbRunner } from "../verb.js";
import {
  backendOption,
  microBatchOption,
  redisOption,
  sweepsOption,
  threadsOption,
  timeOption,
  wholeNumber,
} from "./shared.js";

const EXAMPLES = `
Trains every trial of a study, hundreds of them together in one program, in a
folder <name>-<hash> below runs/. What can be changed there and what it means:
docs/sweeps.md. The same command again continues: rows that are committed are
never computed again, and the numbers do not depend on interruptions, on the
number of executors, or on how many rows fit into memory.

key=spec changes the study for this call:
  train.batch=64                  a fixed setting
  model.heads=1,2,4               choice(1,2,4), range(1,5) likewise
  train.generatorRate=log(interval(1e-4,0.1))
  trials=1000  budget.max=500     keys of the study itself

Ctrl-C, SIGTERM, SIGUSR2 and --time checkpoint what runs and exit with 75. A
second Ctrl-C ends at once; nothing that is committed is lost. kill -9 neither.

Examples:
  $ zenoflow sweep study.yaml                     start, or continue
  $ zenoflow sweep study.yaml --dry-run           what it would do and take
  $ zenoflow sweep study.yaml --workers 2         one executor a core
  $ zenoflow sweep study.yaml --retry error       rows that failed, once more
  $ zenoflow sweep study.yaml --detach && zenoflow watch
  $ zenoflow sweep study.yaml --gpus 0,1          one executor a GPU
  $ zenoflow sweep study.yaml --executor bullmq   and zenoflow worker elsewhere
  $ zenoflow sweep study.yaml --executor slurm --workers 8 --gres gpu:1`;

/** Reads `0,1` as names of GPUs. */
export function parseGpus(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => /^[\w-]+$/.test(name)) && new Set(names).size === names.length)
    return names;
  throw new InvalidArgumentError("It must be different GPUs, separated by commas: 0,1.");
}

function addHow(command: Command): Command {
  return command
    .addOption(
      new Option("--executor <name>", "who runs batches")
        .choices(["local", "bullmq", "slurm"])
        .default("local"),
    )
    .option(
      "--workers <n>",
      "executors, each with one thread where there are several; bullmq: of this process; slurm: tasks at a time",
      wholeNumber(0),
      1,
    )
    .option("--gpus <list>", "local: one executor for each of these GPUs, such as 0,1", parseGpus)
    .addOption(redisOption())
    .option("--tasks <n>", "slurm: tasks of the array (default: workers)", wholeNumber(1))
    .option("--gres <resource>", "slurm: a generic resource of each task, such as gpu:1")
    .option(
      "--sbatch <flag>",
      "slurm: a further flag, such as --sbatch=--partition=gpu; repeat it for more",
      (flag: string, flags: readonly string[]) => [...flags, flag],
      [],
    )
    .addOption(microBatchOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(sweepsOption())
    .option(
      "--models <n>",
      "best trials whose trained model is kept in best/ (default: 5)",
      wholeNumber(0),
    )
    .addOption(timeOption())
    .option("--fail-fast", "stop at the first row that fails, with 20", false)
    .option("--fail-on-trial-error", "exit with 20 where rows have failed", false)
    .option("--mix-backends", "continue on another backend than the first rows", false)
    .option("--detach", "run in the background; zenoflow watch follows", false);
}

function addWhat(command: Command): Command {
  return command
    .option("-n, --dry-run", "trials, groups, batches, memory and time; write nothing", false)
    .option("--print-trials", "print all trials with their parameters, run none", false)
    .option("--save-trials <file.csv>", "write them to a file, run none")
    .addOption(
      new Option("--retry <status>", "rows of this status once more").choices([
        "error",
        "diverged",
      ]),
    )
    .option("--max-trials <n>", "only the first n trials (key trials)", wholeNumber(1))
    .option("--new", "start another sweep even where one could be continued", false)
    .option("-f, --force", "take over from a supervisor that cannot be looked up from here", false);
}

/** Adds the verb. */
export function addSweep(program: Command, run: VerbRunner): void {
  const command = program
    .command("sweep")
    .alias("resume")
    .summary("train the trials of a study, or continue")
    .description("Train the trials of a study, or continue a sweep that was interrupted.")
    .argument("<study>", "study file (.yaml, .json)")
    .argument("[key=spec...]", "changes of the study, such as model.heads=1,2,4");
  addWhat(addHow(command))
    .addOption(
      new Option("--progress <how>", "progress on stderr")
        .choices(["auto", "plain", "json", "none"])
        .default("auto"),
    )
    .addHelpText("after", EXAMPLES)
    .action((study: string, overrides: readonly string[], options: SweepOptions) =>
      run(async (context) => {
        const { sweep } = await import("../sweep/sweep.js");
        return sweep(study, overrides, options, context);
      }),
    );
}
