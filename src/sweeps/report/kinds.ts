// The names of the figures of a sweep. Loads nothing, so that the command line can list them.

/** What can be drawn of a sweep, in the order of a report. */
export const FIGURE_KINDS = [
  "history",
  "importance",
  "slice",
  "contour",
  "parallel",
  "edf",
  "curves",
  "pareto",
  "timeline",
] as const;

/** One of {@link FIGURE_KINDS}. */
export type FigureKind = (typeof FIGURE_KINDS)[number];
