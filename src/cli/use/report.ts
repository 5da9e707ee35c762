// `zenoflow report`: figures and report of a run or a sweep from what is stored there.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { listRuns } from "../../runs/find.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near, shellWord } from "../places.js";
import { CliError } from "../problem.js";
import { configOf, entryOf, findRun } from "../run-argument.js";
import { drawRun } from "../train/draw.js";
import { readEvaluation } from "../train/summary.js";
import { placeSettings, type PlaceOptions } from "./load-run.js";

/** The flags of `report`. */
export type ReportOptions = PlaceOptions & {
  /** Of a sweep: best trials whose models are measured and drawn. */
  readonly best: number;
};

/** The folder of a sweep that the name means; undefined where it means none. Latest is a run where there is one. */
async function sweepFolder(name: string, runs: string, cwd: string): Promise<string | undefined> {
  const root = resolve(cwd, runs);
  const places = [resolve(cwd, name), join(root, name)];
  if (name === "latest" && listRuns(root).length === 0) {
    const { newestSweep } = await import("../sweep/folder.js");
    return newestSweep(root);
  }
  return places.find((folder) => existsSync(join(folder, "study.lock.json")));
}

/** Runs `zenoflow report`; resolves with the exit code. */
export async function report(
  name: string,
  options: ReportOptions,
  context: Context,
): Promise<number> {
  const { terminal, io } = context;
  const { runs } = placeSettings(options, context);
  const sweep = await sweepFolder(name, runs, io.cwd);
  if (sweep !== undefined) {
    const { openStore } = await import("../../sweeps/store/index.js");
    const { reportSweep } = await import("../sweep/report.js");
    return reportSweep(openStore(sweep), options, context);
  }
  const run = findRun(name, runs, io.cwd);
  const evaluation = readEvaluation(run.folder);
  if (evaluation === undefined) {
    throw new CliError(EXIT.missing, {
      message: `${run.folder} has no evaluation yet`,
      hint: `zenoflow evaluate ${shellWord(name)}`,
    });
  }
  const entry = entryOf(run, context);
  const config = await configOf(run, entry);
  const definition = await entry.load();
  const drawn = await drawRun(run.folder, definition, config, evaluation, context);
  const paths = [...(drawn.report === undefined ? [] : [drawn.report]), ...drawn.figures];
  if (terminal.options.json) {
    await terminal.json({ schema: "zenoflow.report/1", run: run.folder, ...drawn });
  } else await terminal.print(paths.map((path) => `${near(io.cwd, path)}\n`).join(""));
  return paths.length === 0 ? EXIT.unavailable : EXIT.done;
}
