// The verb `train` (alias `run`): its arguments and flags. The work is in ../train/.

import { InvalidArgumentError, Option, type Command } from "commander";
import type { CheckpointEvery } from "../../runs/train.js";
import type { TrainOptions } from "../train/options.js";
import type { VerbRunner } from "../verb.js";
import { backendOption, threadsOption, runsOption } from "./shared.js";

const EXAMPLES = `
One training in the foreground, in a run folder that explains itself:
config.yaml, manifest.json, metrics.jsonl, checkpoints/, evaluation.json,
figures/, report.html.

Where values come from; the first wins: flags and key=value; ZENOFLOW_*, such
as ZENOFLOW_TRAIN__STEPS=500; the configuration file; zenoflow.yaml in this
folder or above; ~/.config/zenoflow/config.yaml; the preset; the defaults.

The same command again continues a run that was interrupted or killed. At most
the steps since its last checkpoint are computed again, and the numbers are the
same as without the interruption. Without --output this is the newest
unfinished run with the same configuration below runs/, else a new one starts.
With --output it is the run in that folder; another configuration is refused.

Ctrl-C, SIGTERM and SIGUSR2 finish the step, write a checkpoint and exit with
75. A second one ends at once.

Examples:
  $ zenoflow train dqgan                              the embedded example
  $ zenoflow train dqgan --data my.csv model.heads=4  your own data
  $ zenoflow train dqgan --preset paper --replicas 10 -o runs/paper
  $ zenoflow train my-config.yaml train.steps=2000
  $ zenoflow train dqgan --dry-run                    what would be done
  $ zenoflow config dqgan                             all keys, explained`;

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** Reads `10s`, `5min`, `1h` or `500steps`. */
export function parseCheckpointEvery(text: string): CheckpointEvery {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(s|min|h|steps?)$/.exec(text.trim()) ?? [];
  const value = Number(number);
  const seconds = UNITS[unit];
  if (number === "" || value <= 0) {
    throw new InvalidArgumentError(
      "It must be a time or a number of steps: 10s, 5min, 1h, 500steps.",
    );
  }
  return seconds === undefined ? { steps: value } : { seconds: value * seconds };
}

/** Adds the verb. */
export function addTrain(program: Command, run: VerbRunner): void {
  program
    .command("train")
    .alias("run")
    .summary("train a model, or continue its training")
    .description("Train a model, or continue a training that was interrupted.")
    .argument(
      "[model|config.yaml]",
      "name of a model, or a configuration file with a line `task: <model>`",
    )
    .argument("[key=value...]", "values for keys of the configuration, such as train.steps=2000")
    .option("--preset <name>", "start from a preset (zenoflow config <model> --presets lists them)")
    .option("--data <path>", "learn this CSV file, folder of images or data set (key data.file)")
    .option("--replicas <n>", "networks trained together (key replicas)")
    .option("--seed <n>", "seed of everything random (key seed)")
    .addOption(backendOption())
    .addOption(threadsOption())
    .option(
      "-o, --output <folder>",
      "the run's folder itself; made if missing, continued if it holds this run",
    )
    .addOption(runsOption())
    .option("--new", "start a new run even where one could be continued", false)
    .option("-f, --force", "replace the run that lies in the --output folder", false)
    .option("--mix-backends", "continue a run on another backend than it was begun on", false)
    .addOption(
      new Option("--checkpoint-every <time|steps>", "10s, 5min, 1h or 500steps between checkpoints")
        .argParser(parseCheckpointEvery)
        .default({ seconds: 10 }, "10s"),
    )
    .option(
      "-n, --dry-run",
      "print the resolved configuration and what would be done, write nothing",
      false,
    )
    .option("--no-figures", "evaluate only; zenoflow report draws later")
    .addOption(
      new Option("--progress <how>", "progress on stderr")
        .choices(["auto", "plain", "json", "none"])
        .default("auto"),
    )
    .option(
      "--strict",
      "unknown keys in zenoflow.yaml and ZENOFLOW_* are errors, not warnings",
      false,
    )
    .addHelpText("after", EXAMPLES)
    .action((source: string | undefined, overrides: readonly string[], options: TrainOptions) =>
      run(async (context) => {
        const { train } = await import("../train/train.js");
        return train(source === undefined ? [] : [source, ...overrides], options, context);
      }),
    );
}
