// The verb `status`: its arguments and flags.

import type { Command } from "commander";
import type { SweepPlaceOptions } from "../sweep/options.js";
import type { VerbRunner } from "../verb.js";
import { sweepsOption } from "./shared.js";

const NOTES = `
Reads what is committed; never disturbs a running sweep. Without an argument
the newest sweep below runs/.`;

/** Adds the verb. */
export function addStatus(program: Command, run: VerbRunner): void {
  program
    .command("status")
    .summary("how far a sweep is")
    .description("Print how far a sweep is: counts, best trial, speed, time to go.")
    .argument("[sweep]", "sweep folder, its name, or latest")
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((name: string | undefined, options: SweepPlaceOptions) =>
      run(async (context) => {
        const { status } = await import("../sweep/status.js");
        return status(name, options, context);
      }),
    );
}
