// Figures and report of a run folder, from stored data; without the optional packages only a note.

import { join } from "node:path";
import { BackendError } from "../../errors.js";
import type { Evaluation, Figure, ModelDefinition } from "../../models/model.js";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import { runFiles } from "../../runs/folder.js";
import { readHistory } from "../../runs/history.js";
import type { Context } from "../context.js";

/** What was drawn. */
export type Drawn = {
  /** Paths of the figures, SVG and PNG. */
  readonly figures: readonly string[];
  readonly report?: string;
};

type DrawnFigure = { readonly figure: Figure; readonly svg: string };

async function drawFigure(folder: string, figure: Figure): Promise<DrawnFigure> {
  const { renderSvg } = await import("../../figures/render.js");
  const { renderPng } = await import("../../figures/png.js");
  const svg = await renderSvg(figure.spec);
  writeAtomically(join(folder, `${figure.name}.svg`), svg);
  writeAtomically(join(folder, `${figure.name}.png`), await renderPng(svg));
  return { figure, svg };
}

/**
 * Draws the figures of a run and writes its report. Where the drawing packages are not installed, the user is
 * told how to install them and nothing is drawn.
 *
 * @throws OutputError where a file cannot be written
 */
export async function drawRun(
  folder: string,
  definition: ModelDefinition<unknown>,
  config: unknown,
  evaluation: Evaluation,
  context: Context,
): Promise<Drawn> {
  const files = runFiles(folder);
  const figures = definition.figures(config, readHistory(files.metrics), evaluation);
  makeFolder(files.figures);
  const drawn: DrawnFigure[] = [];
  try {
    for (const figure of figures) drawn.push(await drawFigure(files.figures, figure));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const hint = `then: zenoflow report ${folder}`;
    context.terminal.warn({ message: `no figures: ${error.message}`, hint });
    return { figures: [] };
  }
  const paths = drawn.flatMap(({ figure: { name } }) =>
    ["svg", "png"].map((type) => join(files.figures, `${name}.${type}`)),
  );
  return { figures: paths };
}
