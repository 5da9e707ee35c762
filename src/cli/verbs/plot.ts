// The verb `plot`: its arguments and flags.

import { Argument, Option, type Command } from "commander";
import { FIGURE_KINDS, type FigureKind } from "../../sweeps/report/kinds.js";
import type { PlotFormat, PlotOptions } from "../sweep/plot.js";
import type { VerbRunner } from "../verb.js";
import { sweepsOption, wholeNumber } from "./shared.js";

const FORMATS = ["svg", "png", "json", "html"] as const satisfies readonly PlotFormat[];

const NOTES = `
From committed rows only; a running sweep is not touched. json is the Vega-Lite
specification with its data. The path of the file is printed.

Example:
  $ zenoflow plot slice latest --format png --width 2000 --top 4`;

/** Adds the verb. */
export function addPlot(program: Command, run: VerbRunner): void {
  program
    .command("plot")
    .summary("draw one figure of a sweep")
    .description("Draw one figure of a sweep for a paper or a page.")
    .addArgument(new Argument("<kind>", "what to draw").choices(FIGURE_KINDS))
    .argument("[sweep]", "sweep folder, its name, or latest")
    .addOption(new Option("--format <format>", "form of the file").choices(FORMATS).default("svg"))
    .option(
      "--width <pixels>",
      "width of the figure (png: default 300 dots per inch)",
      wholeNumber(16),
    )
    .option(
      "--top <n>",
      "most important parameters to show; of curves, best trials",
      wholeNumber(1),
    )
    .option("--to <file>", "where to write it (default: plots/ of the sweep)")
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((kind: FigureKind, name: string | undefined, options: PlotOptions) =>
      run(async (context) => {
        const { plot } = await import("../sweep/plot.js");
        return plot(kind, name, options, context);
      }),
    );
}
