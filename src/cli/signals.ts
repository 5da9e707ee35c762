// Interruption: the first signal asks for a checkpoint where one is possible, the second ends at once.

import { constants } from "node:os";
import type { Io } from "./io.js";

/** The signals of one call. */
export type Interruptions = {
  /** The signal that asked to stop, or undefined. */
  requested(): NodeJS.Signals | undefined;
  /** From now on a first signal only asks; `say` prints that it was heard. */
  protect(say: (signal: NodeJS.Signals) => void): void;
  /** From now on a first signal ends the process. */
  unprotect(): void;
  dispose(): void;
};

// Not SIGUSR1: Node's inspector and NCCL use it.
const SIGNALS = ["SIGINT", "SIGTERM", "SIGUSR2"] as const;

function code(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Listens to the signals of `io` until disposed; `restore` leaves the terminal as it was. */
export function listen(io: Io, restore: () => void): Interruptions {
  let requested: NodeJS.Signals | undefined;
  let say: ((signal: NodeJS.Signals) => void) | undefined;
  const on = (signal: NodeJS.Signals): void => {
    if (say === undefined || requested !== undefined) {
      restore();
      io.exit(code(signal));
      return;
    }
    requested = signal;
    say(signal);
  };
  const handlers = SIGNALS.map(
    (signal) =>
      [
        signal,
        () => {
          on(signal);
        },
      ] as const,
  );
  for (const [signal, handler] of handlers) io.signals?.on(signal, handler);
  return {
    requested: () => requested,
    protect(heard) {
      say = heard;
    },
    unprotect() {
      say = undefined;
    },
    dispose() {
      for (const [signal, handler] of handlers) io.signals?.off(signal, handler);
    },
  };
}
