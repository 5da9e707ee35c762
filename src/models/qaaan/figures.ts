// The figures of a QAAAN run.

import type { Evaluation, Figure, HistoryRow } from "../model.js";
import type { QaaanConfig } from "./config.js";

/** All figures of a run. */
export function qaaanFigures(
  _config: QaaanConfig,
  _history: readonly HistoryRow[],
  _evaluation: Evaluation,
): readonly Figure[] {
  return [];
}
