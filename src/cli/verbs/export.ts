// The verb `export`: its arguments and flags.

import { Argument, type Command } from "commander";
import type { ExportFormat } from "../../sweeps/exports/index.js";
import type { ExportOptions } from "../sweep/export.js";
import type { VerbRunner } from "../verb.js";
import { sweepsOption } from "./shared.js";

// Written out: the module that writes them is loaded only to write.
const FORMATS = [
  "csv",
  "parquet",
  "npz",
  "optuna",
  "tensorboard",
] as const satisfies readonly ExportFormat[];

const NOTES = `
One line a trial and rung, from committed rows only; a running sweep is not
touched. optuna is a journal for its dashboard, tensorboard a folder for
--logdir. The path of the result is printed.`;

/** Adds the verb. */
export function addExport(program: Command, run: VerbRunner): void {
  program
    .command("export")
    .summary("rows of a sweep for other tools")
    .description("Write the rows of a sweep in the form of another tool.")
    .addArgument(new Argument("<format>", "form of the result").choices(FORMATS))
    .argument("[sweep]", "sweep folder, its name, or latest")
    .option("--to <path>", "where to write it (default: exports/ of the sweep)")
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((format: ExportFormat, name: string | undefined, options: ExportOptions) =>
      run(async (context) => {
        const { exportRows } = await import("../sweep/export.js");
        return exportRows(format, name, options, context);
      }),
    );
}
