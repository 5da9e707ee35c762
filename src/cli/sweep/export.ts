// `zenoflow export`: the rows of a sweep in the form of another tool.

import { dirname, join, resolve } from "node:path";
import { makeFolder } from "../../runs/files.js";
import type { ExportFormat } from "../../sweeps/exports/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near } from "../places.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { grouped } from "./readings.js";
import { rowsOf } from "./rows.js";

/** The flags of `export`. */
export type ExportOptions = SweepPlaceOptions & { readonly to?: string };

const NAMES: Readonly<Record<ExportFormat, string>> = {
  csv: "results.csv",
  parquet: "results.parquet",
  npz: "results.npz",
  optuna: "optuna.journal",
  tensorboard: "tensorboard",
};

/** Runs `zenoflow export`; resolves with the exit code. */
export async function exportRows(
  format: ExportFormat,
  name: string | undefined,
  options: ExportOptions,
  context: Context,
): Promise<number> {
  const { io, terminal } = context;
  const store = findSweep(name, options, context);
  const table = await rowsOf(store, io.cwd);
  const path =
    options.to === undefined
      ? join(store.folder, "exports", NAMES[format])
      : resolve(io.cwd, options.to);
  makeFolder(dirname(path));
  const { exportSweep } = await import("../../sweeps/exports/index.js");
  const { rows, note } = exportSweep(store, table, format, path);
  if (terminal.options.json) {
    const more = note === undefined ? {} : { note };
    await terminal.json({
      schema: "zenoflow.export/1",
      sweep: store.folder,
      format,
      path,
      rows,
      ...more,
    });
    return EXIT.done;
  }
  terminal.note(`${grouped(rows)} rows${note === undefined ? "" : `; ${note}`}`);
  await terminal.print(`${near(io.cwd, path)}\n`);
  return EXIT.done;
}
