// A process of its own that writes into a sweep: endlessly, to be killed; beside another one; or onto a disk that is full, to
// say what happened.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DiskError, replaceFile } from "../../src/sweeps/store/exclusive.js";
import { openStore, type Store } from "../../src/sweeps/store/store.js";
import { superviseSweep } from "../../src/sweeps/store/supervisor-lock.js";
import { commitTrials, emptySweep, headerOf, rowOf, span } from "./sweep.js";

const ROWS = 256;

function loop(store: Store): void {
  process.stdout.write("ready\n");
  for (let block = 0; ; block++) {
    // The name of each block is new, so that every round writes.
    commitTrials(store, span(ROWS * block, ROWS * (block + 1)));
  }
}

/** Two processes commit the same blocks; each says how often it was first. */
function race(store: Store, blocks: number): void {
  let first = 0;
  for (let block = 0; block < blocks; block++) {
    const trials = span(ROWS * block, ROWS * (block + 1));
    const outcome = store.commit(
      headerOf(trials),
      trials.map((t) => rowOf(t)),
    );
    if (outcome === "committed") first++;
  }
  process.stdout.write(`${String(first)}\n`);
}

/** Two processes write one file, again and again. */
function replace(folder: string, rounds: number): void {
  const data = Buffer.alloc(1 << 16, process.pid);
  for (let round = 0; round < rounds; round++) replaceFile(join(folder, "replaced"), data);
}

function attempt(store: Store, from: number): string {
  try {
    commitTrials(store, span(from, from + ROWS));
    return "committed";
  } catch (error) {
    if (error instanceof DiskError) return error.code;
    throw error;
  }
}

/** On a small disk: commits until it is full, makes room, and goes on. */
function fill(folder: string): void {
  const store = emptySweep(folder);
  const filler = join(folder, "filler");
  writeFileSync(filler, Buffer.alloc(64 * 1024));
  const outcomes: string[] = [];
  let from = 0;
  while (outcomes.at(-1) !== "ENOSPC" && outcomes.length < 1000) {
    outcomes.push(attempt(store, from));
    if (outcomes.at(-1) === "committed") from += ROWS;
  }
  const files = readdirSync(store.files.batches);
  rmSync(filler);
  outcomes.push(attempt(store, from));
  const damaged = openStore(folder).repair().length;
  const rows = openStore(folder).scan().committed.count(0);
  const told = {
    outcomes,
    partial: files.filter((name) => !name.endsWith(".jsonl")),
    damaged,
    rows,
  };
  process.stdout.write(`${JSON.stringify({ ...told, expected: from + ROWS })}\n`);
}

/** Where no file may be large: one attempt. */
function one(folder: string): void {
  const store = openStore(folder);
  const outcome = attempt(store, 0);
  process.stdout.write(`${JSON.stringify({ outcome, files: readdirSync(store.files.batches) })}\n`);
}

function hold(folder: string): void {
  superviseSweep(folder);
  process.stdout.write("ready\n");
  setInterval(() => undefined, 1000);
}

const [mode, folder = ""] = process.argv.slice(2);
if (mode === "loop") loop(openStore(folder));
if (mode === "race") race(openStore(folder), 20);
if (mode === "replace") replace(folder, 200);
if (mode === "fill") fill(folder);
if (mode === "one") one(folder);
if (mode === "hold") hold(folder);
