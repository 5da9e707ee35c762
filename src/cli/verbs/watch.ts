// The verb `watch`: its arguments and flags.

import type { Command } from "commander";
import type { WatchOptions } from "../sweep/watch.js";
import type { VerbRunner } from "../verb.js";
import { sweepsOption } from "./shared.js";

const NOTES = `
Follows until the sweep ends. On a terminal one line is kept up to date;
elsewhere a line is printed at every change. With --json a document a line, of
the schema zenoflow.status/1. Ctrl-C ends the watching, not the sweep.`;

/** Adds the verb. */
export function addWatch(program: Command, run: VerbRunner): void {
  program
    .command("watch")
    .summary("follow a sweep")
    .description("Follow a sweep that another process runs.")
    .argument("[sweep]", "sweep folder, its name, or latest")
    .option("--every <seconds>", "time between looks", Number, 1)
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((name: string | undefined, options: WatchOptions) =>
      run(async (context) => {
        const { watch } = await import("../sweep/watch.js");
        return watch(name, options, context);
      }),
    );
}
