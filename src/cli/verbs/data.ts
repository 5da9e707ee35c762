// The verb `data`: its arguments and flags.

import { Argument, type Command } from "commander";
import type { DataAction, DataOptions } from "../data-sets.js";
import type { VerbRunner } from "../verb.js";

const ACTIONS: readonly DataAction[] = ["list", "get", "verify", "path"];

/** Written out: looking them up would load the readers of files before --help. */
const NAMES = ["mnist"];

const NOTES = `
list      the data sets and whether they are here
get       download one, or take it from --from; only what is missing or damaged
verify    compare sizes and SHA-256 with what they must be
path      print the folder where its files are, or belong

Every file is unpacked and verified before it takes its name. Nothing but
\`data get\` ever uses the network. Data sets are kept in ZENOFLOW_DATA_DIR,
else $XDG_CACHE_HOME/zenoflow/datasets, else ~/.cache/zenoflow/datasets;
ZENOFLOW_MNIST names a folder for MNIST alone, ZENOFLOW_MIRRORS addresses to
download from, and ZENOFLOW_OFFLINE=1 forbids the network.

Examples:
  $ zenoflow data get mnist
  $ zenoflow data get mnist --from /media/stick/mnist
  $ zenoflow data verify
  $ zenoflow train boltzmann --data mnist`;

/** Adds the verb. */
export function addData(program: Command, run: VerbRunner): void {
  program
    .command("data")
    .summary("list, download and verify data sets")
    .description("List, download and verify data sets.")
    .addArgument(new Argument("<action>", "what to do").choices(ACTIONS))
    .addArgument(new Argument("[name]", "a data set (verify: all, if absent)").choices(NAMES))
    .option("--from <folder|url>", "get: take the files from there instead of the mirrors")
    .option("--offline", "never use the network (also ZENOFLOW_OFFLINE=1)")
    .addHelpText("after", NOTES)
    .action((action: DataAction, name: string | undefined, options: DataOptions) =>
      run(async (context) => {
        const { data } = await import("../data-sets.js");
        return data(action, name, options, context);
      }),
    );
}
