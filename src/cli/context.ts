// What every verb is handed: its surroundings, the terminal, the signals, and the call itself.

import type { Io } from "./io.js";
import type { Interruptions } from "./signals.js";
import type { Terminal } from "./terminal.js";

/** One call of the program. */
export type Context = {
  readonly io: Io;
  readonly terminal: Terminal;
  readonly interruptions: Interruptions;
  readonly argv: readonly string[];
  readonly version: string;
};
