// Calls of the program in this process, with captured streams; and in processes of their own.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Io } from "../../src/cli/io.js";
import { main } from "../../src/cli/main.js";
import { models } from "../../src/cli/models.js";
import { counterEntry } from "./counter-entry.js";
import { swarmEntry } from "./swarm-entry.js";

/** What a call wrote and how it ended. */
export type Outcome = { readonly code: number; readonly out: string; readonly err: string };

/** Captures what is written. */
export function capture(terminal?: { readonly columns: number }): {
  readonly stream: Io["stdout"];
  text(): string;
} {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  if (terminal !== undefined) Object.assign(stream, { isTTY: true, ...terminal });
  return { stream, text: () => text };
}

/** A backend that computes nothing. */
export const fakeBackend: Io["chooseBackend"] = async (name, { threads = 2 }) => ({
  name: name === "auto" ? "wasm" : name,
  device: "nowhere",
  threads,
});

/** Calls the program in this process; `counter` is among its models, no variable is set. */
export async function call(
  argv: readonly string[],
  options: Partial<Omit<Io, "stdout" | "stderr">> & { readonly columns?: number } = {},
): Promise<Outcome> {
  const { columns, ...io } = options;
  const out = capture();
  const err = capture(columns === undefined ? undefined : { columns });
  const code = await main(argv, {
    env: { HOME: "/nonexistent" },
    cwd: tmpdir(),
    models: { counter: counterEntry, swarm: swarmEntry, ...models },
    chooseBackend: fakeBackend,
    program: [process.execPath, ...programArgs([])],
    exit: (exit) => {
      throw new Error(`exit ${exit.toString()}`);
    },
    ...io,
    stdout: out.stream,
    stderr: err.stream,
  });
  return { code, out: out.text(), err: err.text() };
}

/** A folder that is removed when `use` has ended. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "zenoflow test é "));
  try {
    return await use(folder);
  } finally {
    // A process that has just been killed may leave a child that writes its last file.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

const PROGRAM = fileURLToPath(new URL("zenoflow-program.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");

/** Arguments of node that start the program from its sources, with `counter` among its models. */
export function programArgs(argv: readonly string[], nodeArgs: readonly string[] = []): string[] {
  return [...nodeArgs, "--import", TSX, PROGRAM, ...argv];
}

/** A running process of the program. */
export type Running = {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome & { readonly signal: NodeJS.Signals | null }>;
  /** Resolves when stderr holds `text`. */
  saw(text: string): Promise<void>;
};

/** Starts the program in a process of its own. */
export function start(
  argv: readonly string[],
  options: {
    readonly cwd: string;
    readonly nodeArgs?: readonly string[];
    readonly env?: NodeJS.ProcessEnv;
  },
): Running {
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", ...options.env };
  const child = spawn(process.execPath, programArgs(argv, options.nodeArgs), {
    cwd: options.cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  const watchers: (() => void)[] = [];
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
    watchers.forEach((watcher) => {
      watcher();
    });
  });
  const done = new Promise<Outcome & { readonly signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code: code ?? -1, signal, out, err });
    });
  });
  const saw = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (err.includes(text)) resolve();
      };
      watchers.push(look);
      look();
      void done.then(() => {
        reject(new Error(`the process ended without "${text}":\n${err}`));
      });
    });
  return { child, done, saw };
}
