// The suite `effective-vs-full`: how far the effective equation is from the full Lindblad equation, what each costs, and
// whether it matters for what is trained with them. Points are measured one by one and kept; the report is made anew
// from all that are there.

import { backendInfo } from "../../src/backend.js";
import { ArgumentError } from "../../src/errors.js";
import { VERSION } from "../../src/version.js";
import { calibrate } from "../calibration.js";
import { runPoints } from "../campaign/run.js";
import { openStore } from "../campaign/store.js";
import { describeMachine, round } from "../harness.js";
import { activate, allThreads, presentBackends } from "./backends.js";
import { costOn } from "./cost.js";
import { errors } from "./errors.js";
import { integration } from "./integration.js";
import { orderChecks } from "./orders.js";
import { peers } from "./peers.js";
import { writeReport } from "./report.js";
import { summaryRows, tablesOf } from "./tables.js";
import { training } from "./training.js";
import type { Progress } from "../campaign/run.js";
import type { Identity } from "../campaign/store.js";
import type { Check, Report, Suite, SuiteOptions } from "../harness.js";

function notesOf(
  { points, done, failed }: Progress,
  missing: Readonly<Record<string, string>>,
): string[] {
  const state =
    done === points
      ? `${String(points)} points.`
      : `INTERRUPTED: ${String(done)} of ${String(points)} points; the same command continues.`;
  return [
    `${state} ${failed === 0 ? "None failed." : `${String(failed)} FAILED: table of points without a result.`}`,
    "Γ = 100, z = 1; errors are medians of the trace distance to the full steady state; speeds on one thread at the best batch.",
    ...Object.entries(missing).map(([name, why]) => `Backend ${name} was not measured: ${why}`),
  ];
}

function checksOf({ tables = {} }: Pick<Report, "tables">, { failed }: Progress): Check[] {
  return [
    ...orderChecks(tables["orders"]?.rows ?? [], tables["bounds"]?.rows ?? []),
    { what: "points that failed", measured: String(failed), bound: "0", ok: failed === 0 },
  ];
}

function identityOf({ profile }: SuiteOptions): Identity {
  const { commit, cpu } = describeMachine();
  return { suite: "effective-vs-full", profile, commit, cpu, version: VERSION };
}

async function run(options: SuiteOptions): Promise<Report> {
  const { folder } = options;
  if (folder === undefined)
    throw new ArgumentError("effective-vs-full: argument `folder` must be given, but is missing.");
  const { present, missing } = await presentBackends();
  const threads = await allThreads();
  await activate("wasm", 1);
  // The commit at the start: a long run may see another one at its end.
  const identity = identityOf(options);
  const store = openStore(folder, identity, options.fresh);
  const questions = [errors, costOn(present, threads), integration, peers, training];
  const progress = await runPoints(questions, store, options);
  await activate("wasm", threads);
  const tables = tablesOf(store.records());
  const report: Report = {
    machine: { ...describeMachine(), commit: identity.commit, threads: backendInfo().threads },
    calibration: round(calibrate()),
    rows: summaryRows(store.records()),
    notes: notesOf(progress, missing),
    tables,
    checks: checksOf({ tables }, progress),
    complete: progress.complete,
    folder,
  };
  options.status?.("writing tables and figures");
  await writeReport(folder, report, store.records());
  options.status?.(undefined);
  return report;
}

/** The suite `effective-vs-full`. */
export const effectiveVsFull: Suite = {
  title:
    "the effective equation against the full Lindblad equation: errors, costs, training, with figures",
  keepsFolder: true,
  run,
};
