// What does it cost to look at a sweep of a million rows? Written through the store; status, report and the live page run as a
// user runs them, in processes of their own.

import { rmSync } from "node:fs";
import { loadavg } from "node:os";
import { useBackend } from "../src/backend.js";
import { openStore } from "../src/sweeps/store/index.js";
import { calibrate } from "./calibration.js";
import { report, round } from "./harness.js";
import { HOW, type Cost } from "./sweeps/command.js";
import { look, openPage, writeRows, type Page } from "./sweeps/million.js";
import { freshFolder, sweep } from "./sweeps/ten-thousand.js";
import type { Check, Report, Row, Suite, SuiteOptions } from "./harness.js";

const ROWS = { quick: 100_000, full: 1_000_000 } as const;

/** Trials that are really trained, for the form of a row. */
const MODEL_TRIALS = 16;

type Looked = {
  readonly status: Cost;
  readonly first: Cost;
  readonly again: Cost;
  readonly page: Page;
};

function rowsOf({ status, first, again, page }: Looked): Row[] {
  const line = (what: string, cost: Cost): Row => ({
    what,
    seconds: round(cost.seconds),
    "processor seconds": round(cost.processor),
    "peak memory, MB": cost.peak === null ? null : Math.round(cost.peak),
  });
  const { peak } = page;
  return [
    line("status", status),
    line("report, the first one: it compacts the batches", first),
    line("report, later ones", again),
    { what: "live page: first numbers", seconds: round(page.first) },
    {
      what: "live page: all rows",
      seconds: round(page.whole),
      "peak memory, MB": peak === null ? null : Math.round(peak),
    },
  ];
}

function checksOf({ status, first, again, page }: Looked): Check[] {
  const bound = (what: string, value: number, most: number, unit: string): Check => ({
    what,
    measured: `${String(round(value))} ${unit}`,
    bound: `< ${String(most)} ${unit}`,
    ok: value < most,
  });
  const memory = Math.max(...[status, again, first, page].map(({ peak }) => peak ?? 0));
  // The processor's time: other programs on the machine stretch the wall's.
  return [
    bound("status, processor time", status.processor, 1, "s"),
    bound("report of rows that are compacted, processor time", again.processor, 10, "s"),
    bound("memory of one process", memory, 500, "MB"),
  ];
}

async function run({ profile, log }: SuiteOptions): Promise<Report> {
  const rows = ROWS[profile];
  const calibration = calibrate();
  await useBackend("wasm", { threads: 1 });
  const cwd = freshFolder();
  try {
    const [, trained] = await sweep(cwd, MODEL_TRIALS, 1);
    const model = openStore(trained);
    const [batch] = model.scan().batches.keys();
    log(`sweep-rows: ${String(rows)} rows`);
    const { folder, written } = writeRows(cwd, model, model.rows(batch!)[0]!, rows);
    log("sweep-rows: status, report");
    const status = await look("status", folder);
    const first = await look("report", folder);
    const again = await look("report", folder);
    log("sweep-rows: the live page");
    const looked: Looked = { status, first, again, page: await openPage(folder, rows) };
    const { megabytes, rowsPerSecond, commitsPerSecond } = written;
    const notes = [
      `${rows.toLocaleString("en-US")} rows of eight parameters and all metrics in batches of 1,024, ${String(Math.round(megabytes))} MB, written through the store at ${String(Math.round(rowsPerSecond))} rows/s; batches of 60 kB at ${String(Math.round(commitsPerSecond))} commits/s, each brought to the disk.`,
      `Whole commands, from ${HOW === "built" ? "the build" : "the sources"}; the live page counts from the start of its server. Load of the machine beside this suite: ${String(round(loadavg()[2]!, 2))} processes on average over the last 15 minutes (this suite takes one).`,
    ];
    return { ...report(rowsOf(looked), notes, calibration), checks: checksOf(looked) };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** The suite `sweep-rows`. */
export const sweepRows: Suite = {
  title: "what it costs to look at a sweep of a million rows: status, report, live page",
  run,
};
