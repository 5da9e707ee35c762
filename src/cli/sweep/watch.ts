// `zenoflow watch`: follows a sweep that another process runs, until it ends.

import { setTimeout } from "node:timers/promises";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { fit } from "../progress/progress.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { sweepWords } from "./readings.js";
import { statusOf, type SweepStatus } from "./state.js";
import { statusText } from "./summary.js";

/** The flags of `watch`. */
export type WatchOptions = SweepPlaceOptions & {
  /** Seconds between looks. */
  readonly every: number;
};

function words(status: SweepStatus): readonly string[] {
  const { rows, counts, best, rungs, pace, state } = status;
  const rung = Math.max(0, ...rungs.map((one) => one.rung));
  const line = sweepWords(status.name, {
    rows: rows.done,
    total: rows.total,
    part: rows.total === 0 ? 1 : rows.done / rows.total,
    counts,
    best: best === null ? null : [best.trial, best.value],
    rung,
    rungs: Math.max(1, rungs.length),
    rate: pace?.rate ?? undefined,
    remaining: pace?.remaining ?? undefined,
  });
  return state === "running" ? line : [...line, state];
}

async function tell(status: SweepStatus, { io, terminal }: Context): Promise<void> {
  if (terminal.options.json) await terminal.json(status);
  else if (io.stderr.isTTY === true && !terminal.options.plain)
    terminal.status(fit(words(status), io.stderr.columns ?? 80));
  else terminal.note(`${new Date().toISOString()}  ${words(status).join("  ")}`);
}

/** Runs `zenoflow watch`; resolves with the exit code. */
export async function watch(
  name: string | undefined,
  options: WatchOptions,
  context: Context,
): Promise<number> {
  const { io, terminal } = context;
  const store = findSweep(name, options, context);
  let last = "";
  for (;;) {
    const found = statusOf(store);
    const { supervisor: _beats, ...seen } = found;
    const text = JSON.stringify(seen);
    const isLine = found.supervisor !== null || terminal.options.json;
    if (text !== last && isLine) await tell(found, context);
    last = text;
    if (found.supervisor === null) {
      terminal.status(undefined);
      if (!terminal.options.json) await terminal.print(statusText(found, io.cwd));
      return EXIT.done;
    }
    await setTimeout(Math.max(0.05, options.every) * 1000);
  }
}
