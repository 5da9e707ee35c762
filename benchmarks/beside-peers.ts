// Workloads on one core beside the same by other packages: the loop of the suites that compare, and rows of throughputs. What is
// measured, and how far a peer may be off, is the suite's.

import { useBackend } from "../src/backend.js";
import { calibrate } from "./calibration.js";
import { report, requireError, round } from "./harness.js";
import type { Report, Row } from "./harness.js";

/** What one workload gave: rows of zenoflow and its peers, and in words which peers are not installed. */
export type Compared = { readonly rows: readonly Row[]; readonly missing: readonly string[] };

/**
 * The report of workloads one after the other, on one thread.
 *
 * @param compare - measures one workload, here and by peers
 * @param note - what the rows show
 */
export async function reportBesidePeers<Workload>(
  workloads: readonly Workload[],
  compare: (one: Workload, calibration: number) => Promise<Compared>,
  note: string,
): Promise<Report> {
  const calibration = calibrate();
  await useBackend("wasm", { threads: 1 });
  const rows: Row[] = [];
  const missing = new Set<string>();
  for (const one of workloads) {
    const compared = await compare(one, calibration);
    rows.push(...compared.rows);
    compared.missing.forEach((words) => missing.add(words));
  }
  return report(rows, [note, ...missing], calibration);
}

/** What a peer's driver prints for one method and task. */
export type PeerThroughput = {
  readonly peer: string;
  readonly version: string;
  readonly method: string;
  readonly task: string;
  readonly perSecond: number;
  readonly error: number;
};

/** A row of zenoflow, in the columns that peers have too. */
export function ownRow(what: Row, method: string, row: Row): Row {
  const { task, error } = row;
  return { ...what, who: "zenoflow", method, task: task!, "M/s": row["M/s"]!, error: error! };
}

/**
 * A row of a peer.
 *
 * @param bound - largest error at which its time says anything
 */
export function peerRow(what: Row, line: PeerThroughput, bound: number): Row {
  const { peer, version, method, task, perSecond, error } = line;
  requireError(`${peer} ${method}`, error, bound);
  return {
    ...what,
    ...{ who: `${peer} ${version}`, method, task },
    ...{ "M/s": round(perSecond / 1e6), error: round(error, 2) },
  };
}
