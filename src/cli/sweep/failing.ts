// Failures of a sweep as the program reports them: with an exit code.

import { SweepFailure } from "../../sweeps/engines/engine.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";

const EXITS = {
  unavailable: EXIT.unavailable,
  output: EXIT.output,
  data: EXIT.data,
} as const;

/** The error as the program reports it. */
export function failureError(error: unknown): unknown {
  if (!(error instanceof SweepFailure)) return error;
  const { message, hint, reason } = error;
  const problem = { message, ...(hint !== undefined && { hint }) };
  return new CliError(EXITS[reason], problem, { cause: error });
}

/** What a promise resolves with; its failures are translated. */
export async function failing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw failureError(error);
  }
}
