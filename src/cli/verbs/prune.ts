// The verb `prune`: its arguments and flags.

import { InvalidArgumentError, type Command } from "commander";
import type { PruneOptions } from "../sweep/prune.js";
import type { VerbRunner } from "../verb.js";
import { parseTime, sweepsOption } from "./shared.js";

const NOTES = `
Writes what is wanted into desired.json; a running sweep looks at it every
second, and starts no block without it. Trials that are given up before their
block starts become rows with status pruned; rows that are committed stay.

Examples:
  $ zenoflow prune latest 100-199,250     give these trials up
  $ zenoflow prune latest --pause         start no further block
  $ zenoflow prune latest --continue      go on
  $ zenoflow prune latest --stop          checkpoint and end, as Ctrl-C does
  $ zenoflow prune latest --failures 0.1  new limits`;

function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}

/** Adds the verb. */
export function addPrune(program: Command, run: VerbRunner): void {
  program
    .command("prune")
    .summary("give trials up, pause or stop a sweep")
    .description("Say what is wanted of a sweep: trials to give up, a pause, an end, new limits.")
    .argument("<sweep>", "sweep folder, its name, or latest")
    .argument("[trials]", "trials to give up, as ranges: 100-199,250")
    .option("--pause", "start no further block", false)
    .option("--continue", "go on after --pause or --stop", false)
    .option("--stop", "checkpoint and end", false)
    .option("--time <time>", "checkpoint and end after this time: 30min, 8h", parseTime)
    .option("--failures <fraction>", "end when this part of the rows has failed", fraction)
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((name: string, trials: string | undefined, options: PruneOptions) =>
      run(async (context) => {
        const { prune } = await import("../sweep/prune.js");
        return prune(name, trials, options, context);
      }),
    );
}
