// The flags of `worker`.

import type { SweepPlaceOptions } from "./options.js";

/** One task of an array, counted from 0. */
export type Task = { readonly index: number; readonly count: number };

/** The flags of `worker`. */
export type WorkerOptions = SweepPlaceOptions & {
  readonly redis?: string;
  readonly task?: Task;
  readonly microBatch?: number;
  /** Seconds. */
  readonly time?: number;
  readonly idle?: number;
};
