// The error that carries problems to the user, with its exit code, and how it is printed.

import { MOST_PROBLEMS, problemText, type Problem } from "../settings/problem.js";
import { EXIT } from "./exit-codes.js";

export { placeText, problemText } from "../settings/problem.js";
export type { Place, Problem } from "../settings/problem.js";

const CODES: Readonly<Record<number, string>> = {
  [EXIT.failed]: "E_DIVERGED",
  [EXIT.different]: "E_DIFFERENT",
  [EXIT.usage]: "E_USAGE",
  [EXIT.data]: "E_DATA",
  [EXIT.missing]: "E_MISSING",
  [EXIT.unavailable]: "E_BACKEND",
  [EXIT.bug]: "E_BUG",
  [EXIT.output]: "E_OUTPUT",
};

/** An error with an exit code and at least one problem. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exit: number;
  readonly problems: readonly Problem[];

  constructor(exit: number, problems: readonly Problem[] | Problem, options?: ErrorOptions) {
    const list = "message" in problems ? [problems] : problems;
    super(list[0]?.message ?? "unknown problem", options);
    this.exit = exit;
    this.problems = list;
  }
}

/** The lines printed for an error: one block a problem, at most ten. */
export function errorText(error: CliError): string {
  const shown = error.problems
    .slice(0, MOST_PROBLEMS)
    .map((p) => `zenoflow: error: ${problemText(p)}`);
  const more = error.problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`  and ${more.toString()} more`] : [])].join("\n");
}

/** The document printed for an error under `--json`. */
export function errorDocument(error: CliError): Record<string, unknown> {
  return {
    schema: "zenoflow.error/1",
    code: CODES[error.exit] ?? "E_BUG",
    exit: error.exit,
    ...error.problems[0],
    problems: error.problems,
  };
}
