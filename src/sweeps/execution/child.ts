// The supervisor's end of one executor: starts its process, talks to it, and kills it when it falls silent.

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import type { ExecutorBackend, FromExecutor, Progress, Start, ToExecutor } from "./messages.js";
import type { ProcessEnd } from "./out-of-memory.js";
import { deathTie, PARENT_VARIABLE } from "./parent.js";

/** How an executor's process is started. */
export type ExecutorCommand = {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** File that takes what the process writes. */
  readonly log: string;
  /** Milliseconds without a message after which the process counts as blocked. */
  readonly silence: number;
};

/** How a request to an executor ended. */
export type Answer =
  | Exclude<FromExecutor, Progress>
  /** The process is gone. */
  | (ProcessEnd & { readonly kind: "crashed"; readonly silent: boolean });

/** A running executor. */
export type ExecutorChild = {
  readonly pid: number | undefined;
  /** What the executor found; null before it is ready. */
  backend(): ExecutorBackend | null;
  /** Sends a request and waits for its answer; one at a time. Never rejects. */
  ask(
    message: Exclude<ToExecutor, Start | { kind: "stop" }>,
    onProgress: (progress: Progress) => void,
  ): Promise<Answer>;
  /** Asks it to checkpoint. */
  stop(): void;
  /** Kills it and waits until it is gone. */
  end(): Promise<void>;
};

const CHECK_MS = 250;
const TAIL = 4000;
// Steps differ: a program is compiled in the first one, and a validation takes longer than a step.
const SLOWEST = 10;

/** Kills for memory that the kernel has counted in this control group. */
function memoryKills(): number {
  try {
    const text = readFileSync("/sys/fs/cgroup/memory.events", "utf8");
    return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The end of a log, from where this executor began to write. */
function tailOf(path: string, from: number): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(TAIL, Math.max(0, size - from)));
      return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, size - bytes.length));
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function launch({ command, env, cwd, log }: ExecutorCommand): ChildProcess {
  const tie = deathTie();
  const [program = "", ...args] = [...(tie ?? []), ...command];
  const file = openSync(log, "a");
  try {
    return spawn(program, args, {
      cwd,
      env: {
        ...env,
        [PARENT_VARIABLE]: `${process.pid.toString()}${tie === undefined ? "" : " tied"}`,
      },
      stdio: ["ignore", file, file, "ipc"],
      // NaN and typed arrays as they are.
      serialization: "advanced",
      // Ctrl-C in a terminal reaches the supervisor alone.
      detached: true,
    });
  } finally {
    closeSync(file);
  }
}

/** Times without a word: how long is too long, given what has been seen. */
function createPatience(floor: number): { heard(): void; restart(): void; isOver(): boolean } {
  let last = performance.now();
  let slowest = 0;
  return {
    heard() {
      slowest = Math.max(slowest, performance.now() - last);
      last = performance.now();
    },
    restart() {
      last = performance.now();
      slowest = 0;
    },
    isOver: () => performance.now() - last > Math.max(floor, SLOWEST * slowest),
  };
}

/** Starts an executor; the first request waits until it is ready. */
export function startExecutor(how: ExecutorCommand, start: Start): ExecutorChild {
  const kills = memoryKills();
  const begun = sizeOf(how.log);
  const child = launch(how);
  const patience = createPatience(how.silence);
  let backend: ExecutorBackend | null = null;
  let silent = false;
  let asked:
    { answer: (answer: Answer) => void; progress: (progress: Progress) => void } | undefined;
  let early: Answer | undefined;

  const settle = (answer: Answer): void => {
    if (asked === undefined) early = answer;
    asked?.answer(answer);
    asked = undefined;
  };
  const gone = new Promise<void>((resolve) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearInterval(watch);
      const killedForMemory = memoryKills() > kills;
      settle({
        kind: "crashed",
        code,
        signal,
        tail: tailOf(how.log, begun),
        killedForMemory,
        silent,
      });
      resolve();
    };
    child.once("exit", ended);
    // The program cannot be started at all.
    child.once("error", () => {
      if (child.pid === undefined) ended(null, null);
    });
  });
  const watch = setInterval(() => {
    if (asked === undefined || !patience.isOver()) return;
    silent = true;
    child.kill("SIGKILL");
  }, CHECK_MS);

  child.on("message", (message) => {
    const told = message as FromExecutor;
    patience.heard();
    if (told.kind === "progress") asked?.progress(told);
    else if (told.kind === "ready") {
      ({ backend } = told);
      // Starting is no step: it says nothing about how long the next one may take.
      patience.restart();
    } else settle(told);
  });
  const send = (message: ToExecutor): void => {
    // A process that has just died is reported by its end.
    child.send(message, () => undefined);
  };
  if (child.pid !== undefined) send(start);

  return {
    pid: child.pid,
    backend: () => backend,
    ask(message, progress) {
      return new Promise((answer) => {
        if (early !== undefined) {
          answer(early);
          return;
        }
        asked = { answer, progress };
        patience.restart();
        send(message);
      });
    },
    stop() {
      if (child.connected) send({ kind: "stop" });
    },
    async end() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
