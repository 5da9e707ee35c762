// A checked problem with all options filled in: types only.

import type { Complex } from "../../complex/index.js";
import type { Summand } from "./terms.js";
import type { EvolutionMethod } from "./types.js";

/** What the door hands to the methods. */
export type Problem = {
  /** Summands of H, then of each jump operator. */
  readonly slots: readonly (readonly Summand[])[];
  readonly n: number;
  readonly lead: readonly number[];
  readonly times: readonly number[];
  readonly method: Exclude<EvolutionMethod, "auto">;
  readonly form: "fused" | "composed";
  readonly observe: readonly Complex[];
  readonly storeStates: boolean;
  readonly rtol: number;
  readonly atol: number;
  readonly maxSteps: number;
  readonly step: number;
};
