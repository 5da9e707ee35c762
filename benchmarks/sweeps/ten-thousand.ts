// The study of ten thousand DQGANs as a user runs it, with one worker and with two, beside the same rows trained without a
// sweep: what a sweep costs, and that its rows have the same bits.

import { mkdtempSync, readdirSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "../../src/sweeps/store/index.js";
import { rowText } from "../../src/sweeps/store/row-text.js";
import type { Row as SweepRow } from "../../src/sweeps/types.js";
import { costOf, program, type Cost } from "./command.js";
import type { PureDone, PureJob } from "./pure-training.js";

/** The study, by its path. In a build it stands beside the sources, two folders further up. */
export const STUDY: string = fileURLToPath(
  new URL(
    `${import.meta.url.includes("/dist/") ? "../../../benchmarks" : ".."}/studies/ten-thousand.yaml`,
    import.meta.url,
  ),
);

/** One way to train the rows. */
export type Run = {
  readonly workers: number;
  readonly rows: number;
  readonly cost: Pick<Cost, "seconds" | "processor" | "peak">;
  /** Of all blocks, as their headers state them: training with validation. */
  readonly training: number;
};

/** What was measured. */
export type TenThousand = {
  readonly runs: readonly Run[];
  readonly pure: PureDone;
  /** Rows that two runs do not agree on in every bit. */
  readonly different: number;
  /** The committed rows of the first run. */
  readonly rows: readonly SweepRow[];
  readonly folder: string;
};

/** A folder of this measurement's own; the caller removes it. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "zenoflow-bench-"));
}

function committedRows(folder: string): readonly SweepRow[] {
  const store = openStore(folder);
  return [...store.scan().batches.keys()].flatMap((id) => store.rows(id)).sort((a, b) => a.t - b.t);
}

/** Runs the first trials of the study in a fresh folder; resolves with its cost and the sweep's folder. */
export async function sweep(cwd: string, trials: number, workers: number): Promise<[Run, string]> {
  const output = join(cwd, `workers-${String(workers)}`);
  const args = ["--output", output, "--backend", "wasm", "--threads", "1", "--progress", "none"];
  const command = [...program(), "sweep", STUDY, `trials=${String(trials)}`, ...args];
  const cost = await costOf([...command, "--workers", String(workers)], { cwd });
  const [name = ""] = readdirSync(output).filter((one) => !one.startsWith("."));
  const folder = join(output, name);
  const scan = openStore(folder).scan();
  const training = [...scan.batches.values()].reduce((sum, { header }) => sum + header.seconds, 0);
  const rows = [...scan.batches.values()].reduce((sum, { header }) => sum + header.rows, 0);
  return [{ workers, rows, cost, training }, folder];
}

/** Rows of two sweeps that differ in any bit, a row that one of them lacks included. */
export function differingRows(a: readonly SweepRow[], b: readonly SweepRow[]): number {
  const length = Math.max(a.length, b.length);
  const text = (row: SweepRow | undefined): string => (row === undefined ? "" : rowText(row));
  return Array.from({ length }).filter((_, i) => text(a[i]) !== text(b[i])).length;
}

/**
 * Runs the study.
 *
 * @param cwd - an empty folder
 * @param trials - of the study, from the first
 * @param pureRows - how many of them are also trained without a sweep
 */
export async function tenThousand(
  cwd: string,
  { trials, pureRows }: { readonly trials: number; readonly pureRows: number },
  log: (line: string) => void,
): Promise<TenThousand> {
  const runs: Run[] = [];
  const folders: string[] = [];
  for (const workers of availableParallelism() > 1 ? [1, 2] : [1]) {
    log(`sweeps: ${String(trials)} trials, ${String(workers)} workers`);
    const [run, folder] = await sweep(cwd, trials, workers);
    runs.push(run);
    folders.push(folder);
  }
  log(`sweeps: ${String(pureRows)} of these rows without a sweep`);
  const job: PureJob = { folder: folders[0]!, rows: pureRows };
  const script = import.meta.url.includes("/dist/") ? "pure-training.js" : "pure-training.ts";
  const { stdout } = await costOf(program(script), { cwd, input: JSON.stringify(job) });
  const rows = committedRows(folders[0]!);
  const different = folders
    .slice(1)
    .reduce((n, one) => n + differingRows(rows, committedRows(one)), 0);
  return { runs, pure: JSON.parse(stdout) as PureDone, different, rows, folder: folders[0]! };
}
