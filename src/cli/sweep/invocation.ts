// One call of `sweep` on a folder: its entry in the manifest, its lock, and the journal of what happened.

import { hostname } from "node:os";
import type { Done, ExecutorBackend } from "../../sweeps/execution/messages.js";
import { shownAddress } from "../../sweeps/engines/redis-address.js";
import type { SweepEvents } from "../../sweeps/engines/engine.js";
import {
  endSweepInvocation,
  openJournal,
  startSweepInvocation,
  superviseSweep,
  type Store,
  type SweepInvocation,
} from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { surroundings } from "../train/open-run.js";
import type { SweepOptions } from "./options.js";
import type { Standing } from "./tally.js";

/** A folder that this call supervises. */
export type OpenInvocation = {
  /** Notes what happens for other processes that look. */
  readonly journal: Pick<SweepEvents, "backend" | "progress" | "done" | "trouble">;
  /** Notes where the sweep stands. */
  pace(standing: Standing): void;
  /** Fails where another process has taken the sweep by force. */
  onLost(handle: (error: Error) => void): void;
  close(exit: number): void;
};

const BEAT_MS = 5000;
const PACE_MS = 1000;

function invocationOf(store: Store, options: SweepOptions, context: Context): SweepInvocation {
  const { identity, numericsVersion, datasets, blockSize } = store.lock;
  // The address of Redis may hold a password.
  const safe = { ...context, argv: context.argv.map(shownAddress) };
  return {
    ...surroundings(safe, "sweep", null, null),
    study: identity.hash,
    numericsVersion,
    executor: options.executor,
    workers: options.workers,
    blockSize,
    microBatch: {},
    datasets,
  };
}

/**
 * Opens a folder for this call.
 *
 * @throws OutputError where another process supervises it, or it cannot be written
 */
export function openInvocation(
  store: Store,
  options: SweepOptions,
  context: Context,
): OpenInvocation {
  const lock = superviseSweep(store.folder, { force: options.force });
  const known: { microBatch: Record<string, number>; backend: ExecutorBackend | null } = {
    microBatch: {},
    backend: null,
  };
  let lost: (error: Error) => void = () => undefined;
  startSweepInvocation(store.folder, invocationOf(store, options, context));
  const journal = openJournal(store.files.events, `${hostname()}-${process.pid.toString()}`);
  const note = (kind: string, entry: object): void => {
    try {
      journal.append({ time: new Date().toISOString(), kind, ...entry });
    } catch {
      // Events are for those who look; rows are what must not be lost.
    }
  };
  const beat = setInterval(() => {
    try {
      lock.beat();
    } catch (error) {
      lost(error as Error);
    }
  }, BEAT_MS);
  let paced = Number.NEGATIVE_INFINITY;
  return {
    journal: {
      backend(backend) {
        known.backend = backend;
        note("backend", { backend });
      },
      progress(slot, progress) {
        note("progress", { slot, ...progress });
      },
      done(block, done: Done) {
        known.microBatch[block.group] = done.microBatch;
        note("done", { rung: block.rung, rows: block.trials.length, ...done });
      },
      trouble(message) {
        note("trouble", { message });
      },
    },
    pace(standing) {
      if (performance.now() - paced < PACE_MS) return;
      paced = performance.now();
      note("pace", standing);
    },
    onLost(handle) {
      lost = handle;
    },
    close(exit) {
      clearInterval(beat);
      note("end", { exit });
      journal.close();
      try {
        endSweepInvocation(store.folder, exit, known);
      } finally {
        lock.release();
      }
    },
  };
}
