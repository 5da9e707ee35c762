// `zenoflow plot`: one figure of a sweep as SVG, PNG, its Vega-Lite specification, or a page.

import { dirname, join, resolve } from "node:path";
import { ArgumentError } from "../../errors.js";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import type { FigureKind, SweepFigure } from "../../sweeps/report/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near } from "../places.js";
import { CliError } from "../problem.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { rowsOf } from "./rows.js";

/** The forms of a figure. */
export type PlotFormat = "svg" | "png" | "json" | "html";

/** The flags of `plot`. */
export type PlotOptions = SweepPlaceOptions & {
  readonly format: PlotFormat;
  /** Pixels of the whole figure. */
  readonly width?: number;
  readonly top?: number;
  readonly to?: string;
};

/** The same drawing at another size: a picture of lines has no pixels of its own. */
function scaled(svg: string, width: number | undefined): string {
  const [, w, h] = /^<svg[^>]*? width="([\d.]+)"[^>]*? height="([\d.]+)"/u.exec(svg) ?? [];
  if (width === undefined || w === undefined || h === undefined) return svg;
  const height = Math.round((Number(h) / Number(w)) * width);
  return svg
    .replace(` width="${w}"`, ` width="${String(width)}"`)
    .replace(` height="${h}"`, ` height="${String(height)}"`);
}

async function contents(
  figure: SweepFigure,
  title: string,
  { format, width }: PlotOptions,
): Promise<string | Uint8Array> {
  if (format === "json") return `${JSON.stringify(figure.spec, null, 2)}\n`;
  const { renderSvg } = await import("../../figures/render.js");
  const svg = await renderSvg(figure.spec);
  if (format === "svg") return scaled(svg, width);
  if (format === "png") {
    const { renderPng } = await import("../../figures/png.js");
    return renderPng(svg, width === undefined ? {} : { width });
  }
  const { reportHtml } = await import("../../figures/report.js");
  return reportHtml({ title, figures: [{ name: figure.name, caption: figure.caption, svg }] });
}

/** Runs `zenoflow plot`; resolves with the exit code. */
export async function plot(
  kind: FigureKind,
  name: string | undefined,
  options: PlotOptions,
  context: Context,
): Promise<number> {
  const { io, terminal } = context;
  const store = findSweep(name, options, context);
  const table = await rowsOf(store, io.cwd);
  const { sweepFigureOf, viewOf } = await import("../../sweeps/report/index.js");
  const { study } = store.lock;
  const { format, to, top } = options;
  let figure: SweepFigure;
  try {
    const view = viewOf(study, table, store.scan().batches);
    figure = sweepFigureOf(view, kind, top === undefined ? {} : { top });
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new CliError(EXIT.data, { message: error.message }, { cause: error });
  }
  const path =
    to === undefined ? join(store.files.plots, `${kind}.${format}`) : resolve(io.cwd, to);
  makeFolder(dirname(path));
  writeAtomically(path, await contents(figure, study.name, options));
  if (terminal.options.json)
    await terminal.json({ schema: "zenoflow.plot/1", sweep: store.folder, kind, format, path });
  else await terminal.print(`${near(io.cwd, path)}\n`);
  return EXIT.done;
}
