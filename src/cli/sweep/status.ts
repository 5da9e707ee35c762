// `zenoflow status`: where a sweep stands. Loads neither schemas nor tensors.

import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { statusOf } from "./state.js";
import { statusText } from "./summary.js";

/** Runs `zenoflow status`; resolves with the exit code. */
export async function status(
  name: string | undefined,
  options: SweepPlaceOptions,
  context: Context,
): Promise<number> {
  const { io, terminal } = context;
  const found = statusOf(findSweep(name, options, context));
  if (terminal.options.json) await terminal.json(found);
  else await terminal.print(statusText(found, io.cwd));
  return EXIT.done;
}
