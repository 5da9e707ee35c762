// Turns whatever was thrown into an error with an exit code: the one place that knows all error classes.

import { CommanderError } from "commander";
import { ArgumentError, BackendError, ConvergenceError, DataError, ShapeError } from "../errors.js";
import { OutputError, asOutputError } from "../runs/output-error.js";
import { ProblemsError } from "../settings/problem.js";
import { EXIT } from "./exit-codes.js";
import { CliError } from "./problem.js";

const ISSUES =
  "please report it with the command and this message (--debug shows where it happened)";

const EXITS: readonly (readonly [abstract: new (message?: string) => Error, exit: number])[] = [
  [ArgumentError, EXIT.usage],
  [ShapeError, EXIT.data],
  [DataError, EXIT.data],
  [BackendError, EXIT.unavailable],
  [ConvergenceError, EXIT.failed],
];

// Commander writes "error: unknown command 'trian'\n(Did you mean train?)" and wants one line.
function usage(error: CommanderError): CliError {
  const text = error.message
    .replace(/^error: /, "")
    .replace(/\s*\(Did you mean (one of )?(.*?)\?\)/s, " (did you mean $1$2?)")
    .replace(/\.\s*$/, "");
  return new CliError(EXIT.usage, { message: text, hint: "zenoflow --help lists verbs and flags" });
}

function isMissing(error: Error): boolean {
  return "code" in error && error.code === "ENOENT";
}

function fromError(error: Error): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) return usage(error);
  if (error instanceof ProblemsError)
    return new CliError(EXIT.data, error.problems, { cause: error });
  if (error instanceof OutputError) {
    return new CliError(
      EXIT.output,
      { message: error.message, hint: error.hint },
      { cause: error },
    );
  }
  const known = EXITS.find(([type]) => error instanceof type);
  if (known !== undefined)
    return new CliError(known[1], { message: error.message }, { cause: error });
  if (isMissing(error))
    return new CliError(EXIT.missing, { message: error.message }, { cause: error });
  const written = asOutputError("the output", error);
  if (written instanceof OutputError) return fromError(written);
  const message = `${error.name}: ${error.message}`;
  return new CliError(EXIT.bug, { message, hint: ISSUES }, { cause: error });
}

/** The error as the program reports it. */
export function explain(error: unknown): CliError {
  return fromError(error instanceof Error ? error : new Error(String(error)));
}
