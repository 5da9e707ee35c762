// Rows computed again, to compare them with the committed ones: from the first step, in another micro-batch.

import { join } from "node:path";
import { SweepFailure, type EngineOptions } from "../engines/engine.js";
import { blockOf } from "../plan/blocks.js";
import { groupsOf } from "../plan/groups.js";
import { rungBudgets } from "../plan/halving.js";
import { spaceOf } from "../plan/space.js";
import { canonicalJson } from "../../runs/json.js";
import { philoxInto, STREAMS, unitInterval } from "../plan/philox.js";
import { compareRows, drawRows, type Store } from "../store/index.js";
import type { Block, ParameterValue, Row, Study } from "../types.js";
import { startExecutor } from "./child.js";
import { lastWords } from "./out-of-memory.js";
import type { ExecutorBackend, Probed } from "./messages.js";

/** A row that is not what it was. */
export type Mismatch = {
  readonly trial: number;
  readonly rung: number;
  readonly why: readonly string[];
};

/** What computing rows again has shown. */
export type Rerun = {
  readonly trials: readonly number[];
  /** Whether bits were compared, and not only first losses. */
  readonly bits: boolean;
  readonly mismatches: readonly Mismatch[];
  readonly backend: ExecutorBackend | null;
};

/** Backends whose rows have the same bits in every micro-batch. */
const EXACT: ReadonlySet<string> = new Set(["cpu", "wasm"]);

/** Trials drawn by the study's own stream, among rows that were trained to an end. */
export function drawTrials(store: Store, n: number): readonly number[] {
  const { study, identity } = store.lock;
  const committed = store.committed();
  const trials: number[] = [];
  for (let trial = 0; trial < study.trials; trial++) {
    const status = committed.status(0, trial);
    if (status === "ok" || status === "diverged") trials.push(trial);
  }
  const words = new Uint32Array(4);
  const uniform = (k: number): number => {
    philoxInto(identity.key, k, 0, STREAMS.verify, words);
    return unitInterval(words[0]!, words[1]!);
  };
  return drawRows(uniform, n, trials);
}

/** The greatest rung at which a trial was trained. */
function lastRung(store: Store, trial: number): number {
  const committed = store.committed();
  const trained = committed.rungs.filter((rung) => {
    const status = committed.status(rung, trial);
    return status === "ok" || status === "diverged";
  });
  return trained.at(-1) ?? 0;
}

/** The values that a committed row has: no method has to propose them again. */
export function rowValues(store: Store, rung: number, trial: number): readonly ParameterValue[] {
  const row = committedRow(store, rung, trial);
  return spaceOf(store.lock.study).names.map((name) => row?.p[name] ?? null);
}

function staticKey({ parameters }: Study, values: readonly ParameterValue[]): string {
  const names = Object.keys(parameters).sort();
  const own = names.flatMap((name, d) =>
    parameters[name]!.isStatic ? [[name, values[d] ?? null] as const] : [],
  );
  return canonicalJson(Object.fromEntries(own));
}

/**
 * Blocks of these trials, each of one group and one rung; none of them is committed.
 *
 * @param trials - ascending
 */
export function rerunBlocks(store: Store, trials: readonly number[]): readonly Block[] {
  const { study, identity } = store.lock;
  const budgets = rungBudgets(study);
  const units = new Map<string, Omit<Block, "id">>();
  for (const trial of trials) {
    const rung = lastRung(store, trial);
    const asked = study.method === "ask-tell" ? rowValues(store, rung, trial) : undefined;
    const group =
      asked === undefined
        ? groupsOf(study, identity, trial, trial + 1)[0]!.key
        : staticKey(study, asked);
    const key = `${rung.toString()} ${group}`;
    const before = units.get(key);
    const all = [...(before?.trials ?? []), trial];
    const values = asked && { values: [...(before?.values ?? []), asked] };
    const budget = budgets[rung]!;
    units.set(key, { cohort: 0, group, rung, budget, generation: 0, trials: all, ...values });
  }
  return [...units.values()].map((block) => blockOf(identity, block));
}

function committedRow(store: Store, rung: number, trial: number): Row | undefined {
  const id = store.committed().batch(rung, trial);
  return id === undefined ? undefined : store.rows(id).find(({ t }) => t === trial);
}

function isExact(store: Store, block: Block, backend: ExecutorBackend | null): boolean {
  const { committed, batches } = store.scan();
  const earlier = block.trials.map((trial) => {
    const id = committed.batch(block.rung, trial);
    return id === undefined ? undefined : batches.get(id)?.header.backend;
  });
  const name = backend?.name ?? "";
  return EXACT.has(name) && earlier.every((one) => one === name);
}

function compared(store: Store, block: Block, rows: readonly Row[], bits: boolean): Mismatch[] {
  return rows.flatMap((row) => {
    const before = committedRow(store, block.rung, row.t);
    const why = before === undefined ? ["is not committed"] : compareRows(before, row, { bits });
    return why.length === 0 ? [] : [{ trial: row.t, rung: block.rung, why }];
  });
}

/** An executor for questions: nothing it answers is committed. */
export type Asker = {
  /** Computes rows again; with `models` the models of these rows are kept. */
  rows(block: Block, microBatch: number | null, models?: boolean): Promise<readonly Row[]>;
  probe(block: Block): Promise<Probed>;
  backend(): ExecutorBackend | null;
  close(): Promise<void>;
};

/**
 * Starts an executor for questions.
 *
 * @param folder - of the sweep
 * @param logs - folder of logs
 */
export function startAsker(folder: string, logs: string, options: EngineOptions): Asker {
  const { backend, threads, workers, timing } = options;
  const log = join(logs, "executor-asked.log");
  const child = startExecutor(
    { command: options.executor, env: options.env, cwd: options.cwd, log, silence: timing.silence },
    { kind: "start", folder, backend, threads, workers, outputRetry: timing.outputRetry },
  );
  const stop = (): void => {
    child.stop();
  };
  options.stop.addEventListener("abort", stop);
  const ask = async (
    message: Parameters<typeof child.ask>[0],
  ): Promise<ReturnType<typeof child.ask>> => {
    const answer = await child.ask(message, () => undefined);
    if (answer.kind === "failed")
      throw new SweepFailure(answer.reason, answer.message, answer.hint ?? undefined);
    if (answer.kind === "crashed")
      throw new SweepFailure(
        "unavailable",
        `the executor ended (${lastWords(answer.tail)})`,
        `see ${log}`,
      );
    return answer;
  };
  return {
    backend: () => child.backend(),
    async rows(block, microBatch, models = false) {
      const answer = await ask({ kind: "rerun", block, microBatch, models });
      return answer.kind === "rows" ? answer.rows : [];
    },
    async probe(block) {
      const answer = await ask({ kind: "probe", block });
      if (answer.kind !== "probed") throw new Error(`executor: answered ${answer.kind} to a probe`);
      return answer;
    },
    async close() {
      options.stop.removeEventListener("abort", stop);
      await child.end();
    },
  };
}

/**
 * Computes rows again and compares them with the committed ones.
 *
 * @param microBatch - rows trained together; another number than before
 */
export async function rerunTrials(
  store: Store,
  trials: readonly number[],
  microBatch: number,
  options: EngineOptions,
): Promise<Rerun> {
  if (trials.length === 0) return { trials, bits: true, mismatches: [], backend: null };
  const asker = startAsker(store.folder, store.files.logs, options);
  try {
    const mismatches: Mismatch[] = [];
    let bits = true;
    for (const block of rerunBlocks(store, trials)) {
      if (options.stop.aborted) break;
      const rows = await asker.rows(block, microBatch);
      const exact = isExact(store, block, asker.backend());
      bits &&= exact;
      mismatches.push(...compared(store, block, rows, exact));
    }
    return { trials, bits, mismatches, backend: asker.backend() };
  } finally {
    await asker.close();
  }
}

/**
 * Trains trials again for their models, which were not kept.
 *
 * @returns those whose rows are not what they were, as far as bits can agree: trained on another device
 */
export async function retrainModels(
  store: Store,
  trials: readonly number[],
  options: EngineOptions,
): Promise<readonly Mismatch[]> {
  const asker = startAsker(store.folder, store.files.logs, options);
  try {
    const mismatches: Mismatch[] = [];
    const ascending = [...trials].sort((a, b) => a - b);
    for (const block of rerunBlocks(store, ascending)) {
      if (options.stop.aborted) break;
      const rows = await asker.rows(block, options.microBatch, true);
      mismatches.push(...compared(store, block, rows, true));
    }
    return mismatches;
  } finally {
    await asker.close();
  }
}
