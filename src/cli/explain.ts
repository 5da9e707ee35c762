// Turns whatever was thrown into an error with an exit code: the one place that knows all error classes.

import { CommanderError } from "commander";
import { ArgumentError, BackendError, ConvergenceError, DataError, ShapeError } from "../errors.js";
import { OutputError, asOutputError } from "../runs/output-error.js";
import { ProblemsError } from "../settings/problem.js";
import { EXIT } from "./exit-codes.js";
import { isOutOfMemory } from "../sweeps/execution/out-of-memory.js";
import { CliError, type Problem } from "./problem.js";

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

// What is written says so itself; an error of the system that comes here bare is mostly of a file that was to be read.
const READING: readonly unknown[] = [
  "open",
  "read",
  "stat",
  "lstat",
  "scandir",
  "opendir",
  "access",
];
const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EIO: "the device reports an input/output error",
};

function asUnreadable(error: Error): CliError | undefined {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const reason = UNREADABLE[code ?? ""];
  if (reason === undefined || !READING.includes(syscall)) return undefined;
  const problem = {
    message: `${path ?? "a file"} cannot be read: ${reason}`,
    hint: "change its permissions, or name another place",
  };
  return new CliError(EXIT.missing, problem, { cause: error });
}

/** No bug: what was asked for is larger than this machine, or than an array may be. */
function shortage({ message }: Error): Problem {
  return {
    message: `this takes more memory than there is: ${message}`,
    hint: "ask for less at a time: a smaller batch, fewer replicas, rows or samples",
  };
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
  if (isOutOfMemory(error)) return new CliError(EXIT.usage, shortage(error), { cause: error });
  if (isMissing(error))
    return new CliError(EXIT.missing, { message: error.message }, { cause: error });
  const unread = asUnreadable(error);
  if (unread !== undefined) return unread;
  const written = asOutputError("the output", error);
  if (written instanceof OutputError) return fromError(written);
  const message = `${error.name}: ${error.message}`;
  return new CliError(EXIT.bug, { message, hint: ISSUES }, { cause: error });
}

/** The error as the program reports it. */
export function explain(error: unknown): CliError {
  return fromError(error instanceof Error ? error : new Error(String(error)));
}
