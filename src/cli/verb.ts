// How a verb is run: it gets a context and resolves with an exit code.

import type { Context } from "./context.js";

/** Runs the work of a verb; keeps its exit code. */
export type VerbRunner = (work: (context: Context) => Promise<number>) => Promise<void>;
