// What the program tells a user who must change something: problems, and the error that carries them.

import { EXIT } from "./exit-codes.js";

/** A place in a file or a setting. */
export type Place = {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Dotted key. */
  readonly path?: string;
};

/** One thing that is wrong, with the way out. */
export type Problem = {
  /** `<argument>: <what must hold>, got <value>`, without the place. */
  readonly message: string;
  readonly where?: Place;
  readonly hint?: string;
};

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

const MOST = 10;

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

/** `file:line:column`, as far as known. */
export function placeText(where: Place | undefined): string {
  const { file, line, column } = where ?? {};
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** The text of a problem: `study.yaml:4:21 train.steps must …` and an indented hint. */
export function problemText(problem: Problem): string {
  const place = placeText(problem.where);
  const path = problem.where?.path ?? "";
  const head = [place, path, problem.message].filter((part) => part !== "").join(" ");
  return problem.hint === undefined ? head : `${head}\n  hint: ${problem.hint}`;
}

/** The lines printed for an error: one block a problem, at most ten. */
export function errorText(error: CliError): string {
  const shown = error.problems.slice(0, MOST).map((p) => `zenoflow: error: ${problemText(p)}`);
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
