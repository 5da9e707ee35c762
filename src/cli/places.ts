// Paths as users read them, and as they copy them into a command.

import { relative } from "node:path";

/** A path relative to the working directory where it lies below, else as it is. */
export function near(cwd: string, path: string): string {
  const short = relative(cwd, path);
  if (short === "") return ".";
  return short.startsWith("..") ? path : short;
}

/** A path as a word of a command that can be copied into a shell. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
