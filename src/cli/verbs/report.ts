// The verb `report`: its argument.

import type { Command } from "commander";
import type { ReportOptions } from "../use/report.js";
import type { VerbRunner } from "../verb.js";
import { backendOption, runsOption, threadsOption, wholeNumber } from "./shared.js";

/** Adds the verb. */
export function addReport(program: Command, run: VerbRunner): void {
  program
    .command("report")
    .summary("figures and report of a run or a sweep")
    .description(
      "Draw the figures and report.html of a run again from its stored metrics and evaluation, or report.html of a sweep from its committed rows and the models of its best trials, which are measured once. Never touches what is running.",
    )
    .argument("<run>", "run or sweep folder, its name, or latest (run)")
    .option(
      "--best <n>",
      "sweep: best trials whose models are measured and drawn",
      wholeNumber(0),
      3,
    )
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(runsOption())
    .action((name: string, options: ReportOptions) =>
      run(async (context) => {
        const { report } = await import("../use/report.js");
        return report(name, options, context);
      }),
    );
}
