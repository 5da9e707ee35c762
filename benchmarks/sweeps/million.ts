// A sweep of many rows, written through the store, and what looking at it costs: commits, status, report, the live page.

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { blockTrials, firstBlocks, planOf } from "../../src/sweeps/plan/index.js";
import { encodeBatch, openSweep, rowRules, type Store } from "../../src/sweeps/store/index.js";
import type { BatchHeader, Block, Parameter, Row, Study } from "../../src/sweeps/types.js";
import { costOf, program, watchMemory, type Cost } from "./command.js";

/** Parameters beside the four of the study: the targets are for eight. */
const MORE: Readonly<Record<string, Parameter>> = {
  "model.initialStd": { kind: "real", scale: "linear", min: 0.5, max: 2, isStatic: false },
  "model.latentStd": { kind: "real", scale: "linear", min: 0.2, max: 0.8, isStatic: false },
  "train.beta1": { kind: "real", scale: "linear", min: 0, max: 0.9, isStatic: false },
  "train.finalFraction": { kind: "real", scale: "log", min: 0.01, max: 1, isStatic: false },
};

const BLOCK_ROWS = 1024;
const COMMIT_BYTES = 60_000;
const MOST_COMMITS = 500;

/** How fast rows were written. */
export type Written = {
  /** Of whole blocks, rows a second. */
  readonly rowsPerSecond: number;
  readonly megabytes: number;
  /** Of batches of 60 kB. */
  readonly commitsPerSecond: number;
};

/** A live page that was opened on a finished sweep. */
export type Page = {
  /** Seconds from the start of the command until the page has its first numbers, and until it has all rows. */
  readonly first: number;
  readonly whole: number;
  readonly peak: number | null;
};

function emptyStore(root: string, model: Store, rows: number, name: string): Store {
  const { schema: _, ...lock } = model.lock;
  const parameters = { ...lock.study.parameters, ...MORE };
  const study: Study = { ...lock.study, name, trials: rows, parameters };
  const request = {
    root,
    text: `name: ${name}\n`,
    lock: { ...lock, study, blockSize: BLOCK_ROWS },
  };
  return openSweep({ ...request, fresh: true }, () => []);
}

/** Rows as a training leaves them: the form of `like`, and values that the parameters decide. */
function rowsOf({ lock: { study, identity } }: Store, block: Block, like: Row): readonly Row[] {
  const names = Object.keys(study.parameters).sort();
  return blockTrials(study, identity, block).map(({ index, values, seed }) => {
    const p = Object.fromEntries(names.map((name, d) => [name, values[d]!]));
    const noise = seed / 2 ** 31;
    const v =
      0.1 + 0.05 * Math.abs(Math.log(Number(p["train.generatorRate"]) / 0.005)) + 0.2 * noise;
    const m = Object.fromEntries(Object.keys(like.m).map((name, k) => [name, v / (k + 1)]));
    return { t: index, s: "ok", v, m, n: study.budget.max, probe: -1 - noise, p };
  });
}

function headerOf({ lock }: Store, block: Block, rows: number): BatchHeader {
  return {
    ...{ format: 1, study: lock.identity.hash, batch: block.id, rung: 0, generation: 0, rows },
    ...{ backend: "wasm", device: "cpu", numerics: lock.numericsVersion, host: "synthetic" },
    // One block after the other, as one worker would.
    started: new Date(
      Date.UTC(2026, 0, 1) + 26_000 * (block.trials[0]! / BLOCK_ROWS),
    ).toISOString(),
    seconds: 25,
  };
}

/** Batches of about 60 kB in a sweep of their own: the seconds that commits alone take. */
function commitRate(root: string, model: Store, like: Row, commits: number): number {
  const store = emptyStore(root, model, BLOCK_ROWS, "commits");
  const { study, identity } = store.lock;
  const [first] = firstBlocks(planOf(study, identity, { blockRows: BLOCK_ROWS }));
  const all = rowsOf(store, first!, like);
  const bytes = encodeBatch(headerOf(store, first!, all.length), all, rowRules(study)).length;
  const some = all.slice(0, Math.round((COMMIT_BYTES / bytes) * all.length));
  const header = headerOf(store, first!, some.length);
  const begun = performance.now();
  for (let k = 0; k < commits; k++) {
    const batch = `b-${k.toString(16).padStart(12, "0")}`;
    store.commit({ ...header, batch }, some);
  }
  const seconds = (performance.now() - begun) / 1000;
  rmSync(store.folder, { recursive: true });
  return commits / seconds;
}

/**
 * Writes a sweep of so many rows.
 *
 * @param model - a store whose study is taken over
 * @param like - one of its rows
 */
export function writeRows(
  root: string,
  model: Store,
  like: Row,
  rows: number,
): { readonly folder: string; readonly written: Written } {
  const commitsPerSecond = commitRate(
    root,
    model,
    like,
    Math.min(MOST_COMMITS, Math.ceil(rows / 1000)),
  );
  const store = emptyStore(root, model, rows, "many-rows");
  const { study, identity } = store.lock;
  let [seconds, bytes] = [0, 0];
  for (const block of firstBlocks(planOf(study, identity, { blockRows: BLOCK_ROWS }))) {
    const own = rowsOf(store, block, like);
    const header = headerOf(store, block, own.length);
    if (bytes === 0) bytes = (encodeBatch(header, own, rowRules(study)).length * rows) / own.length;
    const begun = performance.now();
    store.commit(header, own);
    seconds += (performance.now() - begun) / 1000;
  }
  const written = { rowsPerSecond: rows / seconds, megabytes: bytes / 1e6, commitsPerSecond };
  return { folder: store.folder, written };
}

/** Runs a verb on a sweep. */
export function look(verb: string, folder: string): Promise<Cost> {
  return costOf([...program(), verb, folder], { cwd: join(folder, "..") });
}

type Snapshot = { readonly read?: number };

/** What the events of a live page say, one after the other. */
async function* readings(url: string): AsyncGenerator<Snapshot> {
  const answer = await fetch(`${url}events`);
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of answer.body!) {
    text += decoder.decode(piece, { stream: true });
    const events = text.split("\n\n");
    text = events.pop()!;
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data) as Snapshot;
    }
  }
}

/** Opens the live page of a sweep of so many rows. */
export async function openPage(folder: string, rows: number): Promise<Page> {
  const begun = performance.now();
  const since = (): number => (performance.now() - begun) / 1000;
  const [node, ...args] = [...program(), "serve", folder, "--json"];
  const child = spawn(node, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const memory = watchMemory(child.pid!);
  try {
    let first: number | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      const { url } = JSON.parse(line) as { readonly url: string };
      for await (const { read } of readings(url)) {
        if (read === undefined || read === 0) continue;
        first ??= since();
        if (read >= rows) return { first, whole: since(), peak: memory() };
      }
    }
    throw new Error("bench: the live page ended before it had read all rows");
  } finally {
    memory();
    child.kill("SIGINT");
  }
}
