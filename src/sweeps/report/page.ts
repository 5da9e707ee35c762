// report.html of a sweep: one file that opens offline, from committed rows only.

import { BackendError } from "../../errors.js";
import { renderSvg } from "../../figures/render.js";
import { reportHtml, type Report, type ReportFigure } from "../../figures/report.js";
import type { ReportTable } from "../../figures/tables.js";
import { bestTable, statusTable } from "./best-table.js";
import { sweepFigures } from "./figures.js";
import type { SweepFigure } from "./panels.js";
import { tradeOff } from "./trade-off.js";
import { threes, type View } from "./view.js";

/** What stands beside the rows. */
export type SweepPageParts = {
  /** The study as the user wrote it. */
  readonly text: string;
  readonly hash: string;
  /** Versions, machine and calls, by name. */
  readonly manifest: readonly (readonly [name: string, value: string])[];
  readonly notes?: readonly string[];
  readonly checkpoint?: (trial: number) => string | undefined;
  /** What the models of the best trials show. */
  readonly models?: Pick<Report, "tables" | "figures">;
  /** Receives the error where the packages that draw are not installed; the report then has tables only. */
  readonly onMissing?: (error: BackendError) => void;
};

/** Draws figures as SVG, one after the other. */
export async function drawFigures(
  figures: readonly SweepFigure[],
): Promise<readonly ReportFigure[]> {
  const drawn: ReportFigure[] = [];
  for (const { name, caption, spec } of figures)
    drawn.push({ name, caption, svg: await renderSvg(spec) });
  return drawn;
}

async function figuresOf(
  view: View,
  onMissing: (error: BackendError) => void,
): Promise<readonly ReportFigure[]> {
  try {
    return await drawFigures(sweepFigures(view));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    onMissing(error);
    return [];
  }
}

function frontTable(view: View): readonly ReportTable[] {
  const found = tradeOff(view);
  if (found === undefined) return [];
  const { metrics, rows, volume } = found;
  const front = rows.slice(0, 50);
  return [
    {
      title: "Trials that no other one beats",
      columns: ["trial", ...metrics.map(({ name, goal }) => `${name} (${goal}d)`)],
      rows: front.map((row) => [
        String(view.table.trial[row]!),
        ...metrics.map(({ name }) => view.table.metrics.get(name)?.values[row]),
      ]),
      note: `${threes(rows.length)} trials${front.length < rows.length ? ", the first 50 of them" : ""}; hypervolume ${Number.isFinite(volume) ? String(Number(volume.toPrecision(6))) : "not computed"} up to the worst value of each metric.`,
    },
  ];
}

const METHOD_NOTES = [
  "Made from committed rows only: every trial has one row a rung, and each row counts once.",
  "Values that are not finite have no place on an axis; they are counted in every subtitle and in the distribution.",
];

/** Says what the sweep is in one line. */
function subtitleOf({ study, first }: View, hash: string): string {
  const parts = [
    study.task,
    `${study.method} search of ${String(Object.keys(study.parameters).length)} parameters`,
    `${threes(first.length)} of ${threes(study.trials)} trials`,
    ...(study.halving === null ? [] : [`successive halving, η = ${String(study.halving.eta)}`]),
    `study ${hash.slice(0, 8)}`,
  ];
  return parts.join(" · ");
}

/** The HTML of a sweep's report. */
export async function sweepPage(view: View, parts: SweepPageParts): Promise<string> {
  const { onMissing = () => undefined, checkpoint = () => undefined } = parts;
  const { notes = [], models = {} } = parts;
  const figures = await figuresOf(view, onMissing);
  const report: Report = {
    title: view.study.name,
    subtitle: subtitleOf(view, parts.hash),
    tables: [
      bestTable(view, checkpoint),
      ...(models.tables ?? []),
      ...frontTable(view),
      statusTable(view),
    ],
    figures: [...figures, ...(models.figures ?? [])],
    notes: [...METHOD_NOTES, ...notes],
    config: parts.text,
    manifest: parts.manifest,
  };
  return reportHtml(report);
}
