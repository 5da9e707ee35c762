// Paths as users read them.

import { relative } from "node:path";

/** A path relative to the working directory where it lies below, else as it is. */
export function near(cwd: string, path: string): string {
  const short = relative(cwd, path);
  if (short === "") return ".";
  return short.startsWith("..") ? path : short;
}
