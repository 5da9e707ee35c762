// The verb `sample`: its arguments and flags.

import type { Command } from "commander";
import type { VerbRunner } from "../verb.js";
import { backendOption, runsOption, threadsOption, wholeNumber } from "./shared.js";

const EXAMPLES = `
Rows have the columns and units of the data. They come from the best replica of
the run (smallest validation distance) unless --replica names one. The same
seed gives the same rows.

Examples:
  $ zenoflow sample latest -n 100000 -o samples.csv
  $ zenoflow sample runs/mine -n 5 --seed 7
  $ zenoflow sample latest -n 1000000 -o samples.npy  for numpy.load`;

/** Adds the verb. */
export function addSample(program: Command, run: VerbRunner): void {
  program
    .command("sample")
    .summary("draw rows from a trained model")
    .description("Draw rows from the model of a run, as CSV on stdout or in a file.")
    .argument("<run>", "run folder, its name, or latest")
    .option("-n, --rows <n>", "how many rows", wholeNumber(0), 1000)
    .option("-o, --output <file>", "CSV, or float32 .npy by its ending; - or nothing: stdout", "-")
    .option("--replica <k>", "replica to draw from, the first is 0", wholeNumber(0))
    .option("--seed <n>", "seed of the draw (default: the run's)", wholeNumber(0))
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(runsOption())
    .addHelpText("after", EXAMPLES)
    .action((name: string, options: import("../use/sample.js").SampleOptions) =>
      run(async (context) => {
        const { sample } = await import("../use/sample.js");
        return sample(name, options, context);
      }),
    );
}
