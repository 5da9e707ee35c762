// The progress of a sweep on stderr: one live line on a terminal, a plain line now and then elsewhere.

import { toJson } from "../../runs/json.js";
import type { Context } from "../context.js";
import { fit, LINE_MS, PLAIN_MS, type ProgressMode } from "../progress/progress.js";
import { sweepWords } from "./readings.js";
import type { Standing } from "./tally.js";

/** Shows where a sweep stands. */
export type SweepProgress = {
  show(standing: Standing): void;
  /** Removes the live line. */
  done(): void;
};

type Way = { readonly interval: number; show(standing: Standing): void };

function wayOf(mode: ProgressMode, name: string, { io, terminal }: Context): Way {
  if (mode === "json") {
    const show = (standing: Standing): void => {
      io.stderr.write(`${toJson({ time: new Date().toISOString(), sweep: name, ...standing })}\n`);
    };
    return { interval: 0, show };
  }
  if (mode === "auto" && io.stderr.isTTY === true && !terminal.options.plain) {
    const show = (standing: Standing): void => {
      terminal.status(fit(sweepWords(name, standing), io.stderr.columns ?? 80));
    };
    return { interval: LINE_MS, show };
  }
  const show = (standing: Standing): void => {
    terminal.note(`${new Date().toISOString()}  ${sweepWords(name, standing).join("  ")}`);
  };
  return { interval: PLAIN_MS, show };
}

/** The progress display of a sweep; `name` opens every line. */
export function createSweepProgress(
  mode: ProgressMode,
  name: string,
  context: Context,
): SweepProgress {
  const { terminal } = context;
  if (mode === "none" || (terminal.options.quiet && mode !== "json"))
    return { show: () => undefined, done: () => undefined };
  const way = wayOf(mode, name, context);
  let shown = Number.NEGATIVE_INFINITY;
  return {
    show(standing) {
      const now = performance.now();
      if (now - shown < way.interval && standing.part < 1) return;
      shown = now;
      way.show(standing);
    },
    done() {
      terminal.status(undefined);
    },
  };
}
