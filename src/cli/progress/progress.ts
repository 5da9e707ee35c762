// The progress of a training on stderr: one live line on a terminal, a plain line now and then elsewhere.

import type { TrainEvent } from "../../models/model.js";
import { toJson } from "../../runs/json.js";
import type { Io } from "../io.js";
import type { Terminal } from "../terminal.js";
import { createPace } from "./rate.js";
import { readings } from "./readings.js";

/** How progress is shown. */
export type ProgressMode = "auto" | "plain" | "json" | "none";

/** What is shown of an event. */
export type ProgressEvent = Omit<TrainEvent, "snapshot">;

/** Told of every event of a training. */
export type Progress = {
  event(event: ProgressEvent): void;
  /** Removes the live line. */
  done(): void;
};

/** Milliseconds between two states of a live line. */
export const LINE_MS = 100;

/** Milliseconds between two plain lines. */
export const PLAIN_MS = 10_000;

/** The first words that fit into a line; one as wide as the terminal would wrap in some of them. */
export function fit(words: readonly string[], columns: number): string {
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line}  ${word}`;
    if (longer.length >= columns) break;
    line = longer;
  }
  return line;
}

type Show = (words: readonly string[], event: ProgressEvent, rest: object) => void;

function shower(mode: ProgressMode, io: Io, terminal: Terminal): { show: Show; interval: number } {
  if (mode === "json") {
    const show: Show = (_words, { step, steps, losses, metrics }, pace) => {
      const row = { time: new Date().toISOString(), step, steps, ...pace, losses, metrics };
      io.stderr.write(`${toJson(row)}\n`);
    };
    return { show, interval: 0 };
  }
  if (mode === "auto" && io.stderr.isTTY === true && !terminal.options.plain) {
    const show: Show = (words) => {
      terminal.status(fit(words, io.stderr.columns ?? 80));
    };
    return { show, interval: LINE_MS };
  }
  const show: Show = (words) => {
    terminal.note(`${new Date().toISOString()}  ${words.join("  ")}`);
  };
  return { show, interval: PLAIN_MS };
}

/** The progress display of one training; `label` opens every line. */
export function createProgress(
  mode: ProgressMode,
  label: string,
  io: Io,
  terminal: Terminal,
): Progress {
  if (mode === "none" || (terminal.options.quiet && mode !== "json")) {
    return { event: () => undefined, done: () => undefined };
  }
  const { show, interval } = shower(mode, io, terminal);
  const pace = createPace();
  let metrics: TrainEvent["metrics"];
  let shown = Number.NEGATIVE_INFINITY;
  return {
    event(event) {
      metrics = event.metrics ?? metrics;
      const now = performance.now();
      const reading = pace(event.step, event.steps, now / 1000);
      if (now - shown < interval && event.step < event.steps) return;
      shown = now;
      show(readings(label, event, metrics, reading), event, reading);
    },
    done() {
      terminal.status(undefined);
    },
  };
}
