// `zenoflow gc`: removes what nothing needs any more from a sweep folder, and prints it.

import { collect } from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near } from "../places.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { grouped } from "./readings.js";

/** The flags of `gc`. */
export type GcOptions = SweepPlaceOptions & { readonly dryRun: boolean };

/** Runs `zenoflow gc`; resolves with the exit code. */
export async function gc(
  name: string | undefined,
  { dryRun, ...place }: GcOptions,
  context: Context,
): Promise<number> {
  const { io, terminal } = context;
  const store = findSweep(name, place, context);
  const { files, bytes } = collect(store, { dryRun });
  if (terminal.options.json) {
    const document = { sweep: store.folder, removed: !dryRun, files, bytes };
    await terminal.json({ schema: "zenoflow.gc/1", ...document });
    return EXIT.done;
  }
  const words = dryRun ? "would be removed from" : "removed from";
  const count = `${grouped(files.length)} ${files.length === 1 ? "file" : "files"}, ${grouped(bytes)} bytes`;
  const lines = [...files, `${count} ${words} ${near(io.cwd, store.folder)}`];
  await terminal.print(`${lines.join("\n")}\n`);
  return EXIT.done;
}
