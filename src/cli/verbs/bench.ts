// The verb `bench`: its arguments and flags.

import { Option, type Command } from "commander";
import type { BenchOptions } from "../bench.js";
import type { VerbRunner } from "../verb.js";

const EXAMPLES = `
Without a suite it lists them. Every suite checks its results before it times
them, and reports times with their spread, the error beside the time, and the
ratio to a calibration kernel, which makes machines comparable.

The suite effective-vs-full keeps its points, tables (CSV, JSON), figures (SVG,
PNG) and one HTML page in a folder, runs/bench/<suite>-<profile> or --out.
Ctrl-C stops it after the point at hand, with a report of what there is (exit
75); the same command continues.

--compare reports what changed between two results beyond their noise, and
exits with 21 where something is worse, changed or missing.

Examples:
  $ zenoflow bench
  $ zenoflow bench effective-vs-full --profile quick
  $ zenoflow bench effective --profile full --out results.json
  $ zenoflow bench --compare before.json after.json`;

/** Adds the verb. */
export function addBench(program: Command, run: VerbRunner): void {
  program
    .command("bench")
    .summary("measure speed and accuracy on this machine")
    .description("Run a benchmark suite, or list the suites.")
    .argument("[names...]", "name of a suite; two results with --compare")
    .addOption(
      new Option("--profile <name>", "how long to measure")
        .choices(["quick", "full"])
        .default("quick"),
    )
    .option(
      "-o, --out <path>",
      "also write the report as JSON into a file; the folder of a suite that keeps one",
    )
    .option("--fresh", "forget the points that the folder holds")
    .option("--compare", "compare two results instead of measuring")
    .addHelpText("after", EXAMPLES)
    .action((names: readonly string[], options: BenchOptions) =>
      run(async (context) => {
        const { bench } = await import("../bench.js");
        return bench(names, options, context);
      }),
    );
}
