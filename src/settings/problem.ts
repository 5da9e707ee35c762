// What is wrong with something a user wrote, its place, and the way out. How it is printed is the command line's.

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

/** Most problems that are shown at once. */
export const MOST_PROBLEMS = 10;

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

/** A file that a user wrote is not valid: everything that is wrong with it. */
export class ProblemsError extends Error {
  override readonly name = "ProblemsError";
  readonly problems: readonly Problem[];

  /**
   * Takes everything that is wrong.
   *
   * @param problems - at least one
   */
  constructor(problems: readonly Problem[]) {
    super(problems.slice(0, MOST_PROBLEMS).map(problemText).join("\n"));
    this.problems = problems;
  }
}
