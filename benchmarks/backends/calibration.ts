// The calibration of this machine: every backend that is there, one after the other, each in a process of its own.

import { BACKENDS_TO_MEASURE } from "./names.js";
import { beside, inOwnProcess, isAbsent } from "./isolation.js";
import type { BackendSpeed, Calibration } from "../../src/backend-calibration.js";

/** About two seconds for each backend. */
const OPTIONS = { each: 120, kernels: 1500 } as const;
/** Milliseconds after which a backend is given up. */
const PATIENCE = 120_000;

/** What was measured, and why other backends were not. */
export type Calibrated = {
  readonly calibration: Calibration;
  readonly absent: Readonly<Record<string, string>>;
};

/** Measures all backends. */
export async function calibrateMachine(log: (line: string) => void): Promise<Calibrated> {
  const child = beside(import.meta.url, "./child");
  const backends: Record<string, BackendSpeed> = {};
  const absent: Record<string, string> = {};
  for (const backend of BACKENDS_TO_MEASURE) {
    log(backend);
    const job = { backend, measure: "calibrate", options: OPTIONS };
    try {
      const answer = await inOwnProcess<BackendSpeed>(child, job, PATIENCE);
      if (isAbsent(answer)) absent[backend] = answer.absent;
      else backends[backend] = answer;
    } catch (error) {
      absent[backend] = error instanceof Error ? error.message : String(error);
    }
  }
  return { calibration: { date: new Date().toISOString().slice(0, 10), backends }, absent };
}
