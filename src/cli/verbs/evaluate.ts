// The verb `evaluate`: its arguments and flags.

import type { Command } from "commander";
import type { EvaluateOptions } from "../use/evaluate.js";
import type { VerbRunner } from "../verb.js";
import { backendOption, runsOption, threadsOption, wholeNumber } from "./shared.js";

const NOTES = `
Without -n and --seed the result is stored in the run folder, and figures and
report are drawn again; with them it is only printed. The floor beside a
distance is the same distance between two real samples of the same sizes: the
least that can be expected.`;

/** Adds the verb. */
export function addEvaluate(program: Command, run: VerbRunner): void {
  program
    .command("evaluate")
    .summary("measure a trained model against its data")
    .description(
      "Measure the model of a run against fresh data, by the protocol of its configuration.",
    )
    .argument("<run>", "run folder, its name, or latest")
    .option(
      "-n, --rows <n>",
      "real and generated samples (default: the configuration's)",
      wholeNumber(100),
    )
    .option("--seed <n>", "seed of the test (default: the run's)", wholeNumber(0))
    .option("--no-figures", "do not draw figures and report again")
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(runsOption())
    .addHelpText("after", NOTES)
    .action((name: string, options: EvaluateOptions) =>
      run(async (context) => {
        const { evaluate } = await import("../use/evaluate.js");
        return evaluate(name, options, context);
      }),
    );
}
