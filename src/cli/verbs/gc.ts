// The verb `gc`: its arguments and flags.

import type { Command } from "commander";
import type { GcOptions } from "../sweep/gc.js";
import type { VerbRunner } from "../verb.js";
import { sweepsOption } from "./shared.js";

const NOTES = `
A sweep cleans up as it goes; this removes what killed processes leave: where
interrupted blocks stood that another call has committed since, populations that
no later rung continues, and halves of files older than an hour. Committed rows,
and whatever a running sweep may need, are never touched.

Examples:
  $ zenoflow gc --dry-run    what would be removed from the newest sweep
  $ zenoflow gc rates-1a2b3c4d`;

/** Adds the verb. */
export function addGc(program: Command, run: VerbRunner): void {
  program
    .command("gc")
    .summary("remove what a sweep no longer needs")
    .description("Remove files of a sweep that nothing needs any more, and say how much that was.")
    .argument("[sweep]", "sweep folder, its name, or latest")
    .option("-n, --dry-run", "say what would be removed, and remove nothing", false)
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((name: string | undefined, options: GcOptions) =>
      run(async (context) => {
        const { gc } = await import("../sweep/gc.js");
        return gc(name, options, context);
      }),
    );
}
