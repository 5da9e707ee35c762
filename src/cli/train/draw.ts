// Figures and report of a run folder, from stored data. Without the drawing packages the report has tables only.

import { join } from "node:path";
import { BackendError } from "../../errors.js";
import type { ReportFigure } from "../../figures/report.js";
import type { Evaluation, Figure, ModelDefinition } from "../../models/model.js";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import { runFiles } from "../../runs/folder.js";
import { readHistory } from "../../runs/history.js";
import type { Context } from "../context.js";
import { near, shellWord } from "../places.js";
import { writeReport } from "./report.js";

/** What was drawn. */
export type Drawn = {
  /** Paths of the figures, SVG and PNG. */
  readonly figures: readonly string[];
  readonly report?: string;
};

type Tell = (error: BackendError) => void;

async function drawSvg(figure: Figure, folder: string): Promise<ReportFigure> {
  const { renderSvg } = await import("../../figures/render.js");
  const svg = await renderSvg(figure.spec);
  writeAtomically(join(folder, `${figure.name}.svg`), svg);
  return { name: figure.name, caption: figure.caption, svg };
}

async function drawPng({ name, svg }: ReportFigure, folder: string): Promise<void> {
  const { renderPng } = await import("../../figures/png.js");
  writeAtomically(join(folder, `${name}.png`), await renderPng(svg));
}

// A drawing package that is not installed costs the figures, not the run.
async function unlessMissing<T>(draw: () => Promise<T>, tell: Tell): Promise<T | undefined> {
  try {
    return await draw();
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    tell(error);
    return undefined;
  }
}

async function drawFigures(
  figures: readonly Figure[],
  folder: string,
  tell: Tell,
): Promise<readonly ReportFigure[]> {
  makeFolder(folder);
  const drawn: ReportFigure[] = [];
  for (const figure of figures) {
    const one = await unlessMissing(() => drawSvg(figure, folder), tell);
    if (one === undefined) return [];
    drawn.push(one);
  }
  return drawn;
}

async function drawPngs(
  figures: readonly ReportFigure[],
  folder: string,
  tell: Tell,
): Promise<boolean> {
  for (const figure of figures) {
    const done = await unlessMissing(async () => {
      await drawPng(figure, folder);
      return true;
    }, tell);
    if (done === undefined) return false;
  }
  return true;
}

/**
 * Draws the figures of a run and writes its report. Where a drawing package is not installed, the user is told
 * how to install it.
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
  const tell: Tell = ({ message }) => {
    const hint = `then: zenoflow report ${shellWord(near(context.io.cwd, folder))}`;
    context.terminal.warn({ message: `not all figures are drawn: ${message}`, hint });
  };
  const wanted = definition.figures(config, readHistory(files.metrics), evaluation);
  const figures = await drawFigures(wanted, files.figures, tell);
  const hasPng = await drawPngs(figures, files.figures, tell);
  const types = hasPng ? ["svg", "png"] : ["svg"];
  const report = await writeReport(folder, definition.title, evaluation, figures);
  const paths = figures.flatMap(({ name }) =>
    types.map((type) => join(files.figures, `${name}.${type}`)),
  );
  return { figures: paths, report };
}
