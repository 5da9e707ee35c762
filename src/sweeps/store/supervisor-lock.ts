// The lock of a sweep folder: one supervisor plans and starts workers. Rows need no lock: commits are exclusive.
//
// Each holder has a file `supervisor/<term>.json`; the greatest term counts. Taking over a lock is creating the next
// term, which only one process can do; the file of the last term is never removed, only marked as released, so that
// no term comes twice.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../runs/files.js";
import { OutputError } from "../../runs/output-error.js";
import { createExclusively, DiskError, replaceFile } from "./exclusive.js";
import { lifeOf, self, type Holder, type Life } from "./holder.js";
import { sweepFiles } from "./layout.js";

/** What a lock file says. */
export type Supervision = Holder & {
  readonly term: number;
  /** For people; nothing is decided by it. */
  readonly since: string;
  /** Counts up while the holder lives: it is compared with itself, never with a clock. */
  readonly beat: number;
  readonly released: boolean;
};

/** Who supervises a sweep, as far as can be said from here. */
export type Supervisor = Supervision & { readonly life: Life };

/** The lock of a sweep that this process holds. */
export type SupervisorLock = {
  /**
   * Counts up; call it every few seconds.
   *
   * @throws OutputError where another process has taken the lock by force
   */
  beat(): void;
  release(): void;
};

const NAME = /^(\d+)\.json$/;

function terms(folder: string): readonly number[] {
  try {
    const names = readdirSync(sweepFiles(folder).supervisor);
    return names
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  } catch {
    return [];
  }
}

function termPath(folder: string, term: number): string {
  return join(sweepFiles(folder).supervisor, `${term}.json`);
}

/** Undefined where the file is gone or is none: then nobody can be respected. */
function readTerm(folder: string, term: number): Supervision | undefined {
  try {
    const value = JSON.parse(readFileSync(termPath(folder, term), "utf8")) as Partial<Supervision>;
    return typeof value.pid === "number" && typeof value.host === "string"
      ? (value as Supervision)
      : undefined;
  } catch {
    return undefined;
  }
}

function text(supervision: Supervision): string {
  return `${JSON.stringify(supervision)}\n`;
}

/** Who supervises a sweep; undefined where nobody does. */
export function supervisorOf(folder: string): Supervisor | undefined {
  const [last] = terms(folder);
  const found = last === undefined ? undefined : readTerm(folder, last);
  if (found === undefined || found.released) return undefined;
  const life = lifeOf(found);
  return life === "dead" ? undefined : { ...found, life };
}

/** The error of a sweep that another process supervises. */
export function supervisedError(
  folder: string,
  { pid, host, since, beat, life }: Supervisor,
): OutputError {
  const who = `${folder} is supervised by process ${pid} on ${host} since ${since}`;
  return life === "alive"
    ? new OutputError(who, "wait until it ends, stop it, or add a worker with `zenoflow worker`")
    : new OutputError(
        `${who} (beat ${beat}), which cannot be looked up from here`,
        "if that process has ended, take over with --force; if not, add a worker with `zenoflow worker`",
      );
}

/** The error of a holder whose lock another process has taken by force. */
function lostError(folder: string, term: number | undefined): OutputError {
  const { pid, host } = (term === undefined ? undefined : readTerm(folder, term)) ?? {};
  const who = pid === undefined ? "another process" : `process ${pid} on ${host!}`;
  return new OutputError(
    `${folder} is no longer supervised by this process: the lock was taken over by ${who}`,
    "continue there; the rows committed here are kept",
  );
}

/** Creates the term after the last one; undefined where another process was first. */
function takeNext(folder: string, last: number): Supervision | undefined {
  const term = last + 1;
  const own: Supervision = {
    term,
    ...self(),
    since: new Date().toISOString(),
    beat: 0,
    released: false,
  };
  if (!createExclusively(termPath(folder, term), text(own))) return undefined;
  // Whoever looked long ago may have made a term that had come and gone: only the greatest one counts.
  if (terms(folder)[0] !== term) {
    rmSync(termPath(folder, term), { force: true });
    return undefined;
  }
  return own;
}

function tryWrite(folder: string, supervision: Supervision): void {
  const path = termPath(folder, supervision.term);
  try {
    replaceFile(path, text(supervision));
  } catch (error) {
    // A full disk is the commits' business; the lock is held all the same.
    if (!(error instanceof DiskError)) throw error;
  }
}

function held(folder: string, own: Supervision): SupervisorLock {
  let beat = own.beat;
  return {
    beat() {
      const last = terms(folder)[0];
      if (last !== own.term) throw lostError(folder, last);
      tryWrite(folder, { ...own, beat: ++beat });
    },
    release() {
      if (terms(folder)[0] === own.term) tryWrite(folder, { ...own, beat, released: true });
      for (const term of terms(folder).slice(1)) rmSync(termPath(folder, term), { force: true });
    },
  };
}

const ATTEMPTS = 5;

/** Options of {@link superviseSweep}. */
export type SuperviseOptions = {
  /** Take it from a process that cannot be looked up from here; never from one that lives here. Default false. */
  readonly force?: boolean;
};

/**
 * Takes the lock of a sweep folder for this process. The lock of a process that has ended is taken over.
 *
 * @throws OutputError where another process holds it
 */
export function superviseSweep(folder: string, options: SuperviseOptions = {}): SupervisorLock {
  makeFolder(sweepFiles(folder).supervisor);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const last = terms(folder)[0] ?? 0;
    const holder = supervisorOf(folder);
    const isForced = options.force === true && holder?.life === "elsewhere";
    if (holder !== undefined && !isForced) throw supervisedError(folder, holder);
    const own = takeNext(folder, last);
    if (own === undefined) continue;
    for (const term of terms(folder).slice(1)) rmSync(termPath(folder, term), { force: true });
    return held(folder, own);
  }
  throw new OutputError(
    `${folder} cannot be supervised: other processes want to as well`,
    "wait a moment and try again",
  );
}
