// The error of a run that cannot be written, and the translation of system errors into it.

/** A file or folder cannot be written; nothing is wrong with the computation. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  /** What the user can do about it. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

const FULL = "free some space or choose another folder with --output";
const PERMISSION = "choose a folder you may write to with --output, or change its permissions";
const PLACE = "choose another folder with --output";

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOSPC: ["no space is left on the device", FULL],
  EDQUOT: ["the disk quota is used up", FULL],
  EFBIG: ["the file would exceed the allowed size", "raise the limit (ulimit -f)"],
  EIO: ["the device reports an input/output error", PLACE],
  EACCES: ["permission denied", PERMISSION],
  EPERM: ["permission denied", PERMISSION],
  EROFS: ["the file system is read-only", PLACE],
  ENOTDIR: ["a part of the path is a file, not a folder", PLACE],
  EEXIST: ["a file of this name is in the way", `remove it, or ${PLACE}`],
  EISDIR: ["it is a folder", "give another name, or remove the folder"],
  ENOENT: ["its folder does not exist", "create the folder first"],
  ENAMETOOLONG: ["the name is too long", PLACE],
  ELOOP: ["its symbolic links form a loop", PLACE],
};

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The error as an `OutputError` where it says that `path` cannot be written, else unchanged. */
export function asOutputError(path: string, error: unknown): unknown {
  const reason = REASONS[codeOf(error)];
  if (reason === undefined) return error;
  return new OutputError(`${path} cannot be written: ${reason[0]}`, reason[1], { cause: error });
}

/**
 * Runs `write` and turns system errors into one clear `OutputError` that names `path`.
 *
 * @throws OutputError where the disk is full, read-only, not permitted or not a folder
 */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw asOutputError(path, error);
  }
}
