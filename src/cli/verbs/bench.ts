// The verb `bench`: its arguments and flags.

import { Option, type Command } from "commander";
import type { BenchOptions } from "../bench.js";
import type { VerbRunner } from "../verb.js";

const EXAMPLES = `
Without a suite it lists them. Every suite checks its results before it times
them, and reports medians with their spread, the error beside the time, and the
ratio to a calibration kernel, which makes machines comparable.

Examples:
  $ zenoflow bench
  $ zenoflow bench effective --profile quick
  $ zenoflow bench effective --profile full --out results.json`;

/** Adds the verb. */
export function addBench(program: Command, run: VerbRunner): void {
  program
    .command("bench")
    .summary("measure speed and accuracy on this machine")
    .description("Run a benchmark suite, or list the suites.")
    .argument("[suite]", "name of a suite")
    .addOption(
      new Option("--profile <name>", "how long to measure")
        .choices(["quick", "full"])
        .default("quick"),
    )
    .option("-o, --out <file>", "also write the report as JSON into a file")
    .addHelpText("after", EXAMPLES)
    .action((suite: string | undefined, options: BenchOptions) =>
      run(async (context) => {
        const { bench } = await import("../bench.js");
        return bench(suite, options, context);
      }),
    );
}
